// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Position;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.resend.SimulatedSeenLog;
import org.roadhaze.ring.CommitOptions;
import org.roadhaze.ring.FrameCounters;
import org.roadhaze.ring.RingOptions;
import org.roadhaze.ring.SteppedRing;
import org.roadhaze.ring.WorkerParts;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stream.StreamAppender;

/** One process of an {@link EngineSimulation}. */
final class SimulatedEngine {
    static final UnpooledByteBufAllocator MEMORY = new UnpooledByteBufAllocator(false, true);

    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();
    private static final int TCP = 0;
    private static final int UDP = 1;
    private static final int SLOTS = 64;
    private static final int MAILBOX = 4096;
    private static final long NOW_MS = EngineSimulation.NOW_MS;
    private static final ConnectionLimits LIMITS = ConnectionLimits.DEFAULT;

    private static final Mechanism EVERYTHING = (candidate, outlet) -> {
        final Position position = candidate.position();
        candidate.release().pseudonym(position.deviceId());
        candidate.release().timeMs(position.fixTimeMs());
        candidate.release().coordinates(position.latitudeE7(), position.longitudeE7());
        outlet.pass(candidate);
    };

    private final EngineSimulation world;
    private final EmbeddedChannel home = channel();
    private final LoopState loop = new LoopState(home.eventLoop(), decoders(), MAILBOX);
    private final ListenerCounters counters = new ListenerCounters();
    private final SeenLog seenLog;
    final SteppedRing steppedRing;
    final EmbeddedChannel datagrams;
    private final DeviceConnections speakers = new DeviceConnections();
    private final Quarantine quarantine = new Quarantine(QuarantineOptions.DEFAULT);
    final List<Abandoned> abandoned = new ArrayList<>();
    boolean everAbandoned;
    private boolean dead;

    SimulatedEngine(final EngineSimulation world) {
        this.world = world;
        seenLog = world.openSeenLog();
        home.freezeTime();
        final List<WorkerParts> parts = new ArrayList<>();
        for (int i = 0; i < world.workers; i++) {
            parts.add(new WorkerParts(
                    List.of(decoders()),
                    new ResendFilter(SimulatedSeenLog.OPTIONS, new DeviceTable(2 * EngineSimulation.DEVICES), seenLog),
                    List.of(new PlausibilityStage(new DeviceTable(2 * EngineSimulation.DEVICES))),
                    new ReleaseStage(EngineSimulation.STREAMS.stream()
                            .map(name -> new StreamChain(name, List.of(EVERYTHING)))
                            .toArray(StreamChain[]::new))));
        }
        steppedRing = new SteppedRing(
                new RingOptions(SLOTS, world.workers, RingOptions.Waiting.PARKING, CommitOptions.of(world.level)),
                2,
                parts,
                world.streams.toArray(new StreamAppender[0]),
                seenLog,
                loop.mailbox(),
                e -> world.outcome.wrong("a stage failed: " + e),
                e -> dead = true);
        datagrams = channel();
        datagrams
                .pipeline()
                .addLast(new UdpSocket(loop, steppedRing.ring(), () -> NOW_MS, counters, TELTONIKA, UDP, quarantine));
    }

    private ProtocolDecoder[] decoders() {
        return new ProtocolDecoder[] {
            TELTONIKA.tcp().apply(DecoderOptions.ENGINE), TELTONIKA.udp().apply(DecoderOptions.ENGINE)
        };
    }

    private EmbeddedChannel channel() {
        final EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(MEMORY);
        return channel;
    }

    EmbeddedChannel accept() {
        final EmbeddedChannel channel = channel();
        channel.pipeline()
                .addLast(new TcpConnection(
                        loop,
                        steppedRing.ring(),
                        () -> NOW_MS,
                        counters,
                        TELTONIKA,
                        TCP,
                        LIMITS,
                        speakers,
                        quarantine,
                        0));
        return channel;
    }

    void work() {
        if (!dead) {
            steppedRing.step(world.random.nextInt(steppedRing.handlers()), 1 + world.random.nextInt(5));
        }
    }

    /** The event loop runs what it was asked to, and some time passes. */
    void turn() {
        prepare();
        home.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        home.runPendingTasks();
        home.runScheduledPendingTasks();
        abandoned.removeIf(each -> {
            each.channel.runPendingTasks();
            if (each.channel.isOpen()) {
                return false;
            }
            close(each.channel);
            return true;
        });
        world.devices.forEach(SimulatedDevice::runConnection);
    }

    boolean isDead() {
        return dead;
    }

    /** SIGTERM: nothing more is taken in; what was goes through, and its answers go out before the sockets close. */
    void stop() {
        loop.stopReading();
        while (!dead && !steppedRing.isDrained()) {
            for (int handler = 0; handler < steppedRing.handlers(); handler++) {
                steppedRing.step(handler, SLOTS);
            }
            steppedRing.commit();
        }
        turn();
        if (!dead && !loop.mailbox().isDrained()) {
            world.outcome.wrong("acknowledgements stayed behind in a clean stop");
        }
        dead = true;
        world.devices.forEach(SimulatedDevice::takeAnswers);
    }

    /** Housekeeping, on a thread of its own. */
    private void prepare() {
        try {
            if (world.random.nextInt(8) == 0) {
                seenLog.prepare();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void end() {
        for (final FrameCounters worker : steppedRing.ring().counters()) {
            world.outcome.sentAgain += worker.sentAgain(TCP) + worker.sentAgain(UDP);
        }
        world.outcome.stalls += counters.stalls();
        world.outcome.replaced += counters.replacedConnections();
        abandoned.forEach(each -> close(each.channel));
        loop.stopReading();
        datagrams.finishAndReleaseAll();
        home.finishAndReleaseAll();
        steppedRing.ring().close();
    }

    long memoryInUse() {
        return MEMORY.metric().usedHeapMemory() + MEMORY.metric().usedDirectMemory();
    }

    static void close(final EmbeddedChannel channel) {
        channel.releaseOutbound();
        channel.close();
        channel.finishAndReleaseAll();
    }

    /** A connection that its device has left, and the engine does not know it; some bytes of it are still on their way. */
    static final class Abandoned {
        final EmbeddedChannel channel;
        byte[] toEngine;

        Abandoned(final EmbeddedChannel channel, final byte[] toEngine) {
            this.channel = channel;
            this.toEngine = toEngine;
        }
    }
}
