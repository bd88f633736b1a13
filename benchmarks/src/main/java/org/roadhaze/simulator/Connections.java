// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.simulator.SimulatedDevice.State;

/**
 * Brings devices to the target and back to it: connects some at a time, logs in, and after a failure waits before it
 * tries again, longer after each, and each device a little differently, as a fleet does.
 *
 * <p>Owned by the simulator's loop. Not thread safe. Times are nanoseconds of the loop's clock.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty tells through exceptionCaught and channelInactive what went wrong.
final class Connections {
    private static final int MAX_CONNECTING = 256;
    private static final int MAX_LOGIN_LENGTH = 64;
    private static final int MAX_DOUBLINGS = 10;
    private static final long MIN_BACK_OFF_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Transport transport;
    private final DeviceProtocol protocol;
    private final FleetCounters counters;
    private final SplittableRandom random;
    private final long maxBackOffNs;
    private int connecting;
    private int welcome;
    private volatile String lastTrouble = "";

    Connections(
            final Transport transport,
            final DeviceProtocol protocol,
            final FleetCounters counters,
            final SimulatorOptions options) {
        this.transport = transport;
        this.protocol = protocol;
        this.counters = counters;
        random = new SplittableRandom(options.seed());
        maxBackOffNs = options.longestBackOff().toNanos();
    }

    /**
     * Devices that are welcome at the target now.
     *
     * @return how many.
     */
    int welcome() {
        return welcome;
    }

    boolean mayConnect() {
        return connecting < MAX_CONNECTING;
    }

    /**
     * What went wrong last, for people.
     *
     * @return a few words.
     */
    String lastTrouble() {
        return lastTrouble.isEmpty() ? "no answer" : lastTrouble;
    }

    /**
     * The same for any thread.
     *
     * @return nothing as long as nothing went wrong.
     */
    String trouble() {
        return lastTrouble;
    }

    void trouble(final String words) {
        lastTrouble = words;
    }

    /**
     * Begins to connect a device; it tells the loop itself when it is connected.
     *
     * @param device   which.
     * @param onFailed runs when it could not be connected.
     */
    void connect(final SimulatedDevice device, final Runnable onFailed) {
        device.state = State.CONNECTING;
        connecting++;
        final ChannelFutureListener listener = connected -> {
            connecting--;
            if (!connected.isSuccess()) {
                lastTrouble = String.valueOf(connected.cause().getMessage());
                onFailed.run();
            }
        };
        transport.bootstrap().clone().handler(device).connect().addListener(listener);
    }

    /**
     * Greets the target on a new connection.
     *
     * @param device     which.
     * @param deadlineNs until when the target may answer.
     * @return true when the device needs no welcome.
     */
    boolean greet(final SimulatedDevice device, final long deadlineNs) {
        if (device.everConnected) {
            counters.reconnected();
        }
        device.everConnected = true;
        device.refused = false;
        if (!protocol.hasLogin()) {
            return true;
        }
        device.state = State.LOGGING_IN;
        device.deadlineNs = deadlineNs;
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[MAX_LOGIN_LENGTH]);
        final int length = protocol.login(bytes, device.imei);
        device.channel.writeAndFlush(
                Unpooled.wrappedBuffer(bytes.byteArray(), 0, length), device.channel.voidPromise());
        return false;
    }

    void welcomed(final SimulatedDevice device) {
        device.welcome = true;
        device.state = State.IDLE;
        welcome++;
        counters.connected(1);
    }

    /**
     * Leaves a connection, if the device still has it, and settles when to try again.
     *
     * @param device which.
     * @param nowNs  the time.
     */
    void disconnect(final SimulatedDevice device, final long nowNs) {
        final Channel channel = device.channel;
        device.channel = null;
        if (device.welcome) {
            device.welcome = false;
            welcome--;
            counters.connected(-1);
        }
        device.state = State.DISCONNECTED;
        final long longest = Math.min(maxBackOffNs, MIN_BACK_OFF_NS << Math.min(device.failures, MAX_DOUBLINGS));
        device.failures++;
        device.deadlineNs = nowNs + longest / 2 + random.nextLong(longest / 2);
        if (channel != null) {
            channel.close();
        }
    }

    /**
     * Ends all connections and the event loop.
     *
     * @param devices all of them.
     */
    void close(final SimulatedDevice[] devices) {
        for (final SimulatedDevice device : devices) {
            if (device.channel != null) {
                device.channel.close();
            }
        }
        transport.shutdown();
    }
}
