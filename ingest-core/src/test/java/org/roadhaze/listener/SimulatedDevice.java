// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.protocol.TeltonikaEncoder;

/** A tracker: one frame in flight, sent again until it is acknowledged, the same bytes each time. */
final class SimulatedDevice {
    private static final int WELCOME_LENGTH = 1;
    private static final int ACKNOWLEDGEMENT_LENGTH = 4;
    private static final int DATAGRAM_ACKNOWLEDGEMENT_LENGTH = 7;
    private static final int FIRST_PORT = 10_000;

    private final EngineSimulation world;
    private final SplittableRandom random;
    final int index;
    private final boolean udp;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final TeltonikaEncoder encoder = new TeltonikaEncoder();
    private final List<byte[]> datagramsToEngine = new ArrayList<>();
    private final InetSocketAddress address;
    private EmbeddedChannel connection;
    private byte[] toEngine = {};
    private byte[] toDevice = {};
    private boolean welcome;
    private boolean sent;
    /** The next record that was never in a frame. */
    int next;
    /** Records in the frame in flight. */
    int count;

    int promised;
    private int frames;

    SimulatedDevice(final EngineSimulation world, final int index, final boolean udp) {
        this.world = world;
        random = world.random;
        this.index = index;
        this.udp = udp;
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_PORT + index);
    }

    void act() {
        if (count == 0 && !world.faultsCease) {
            count = 1 + random.nextInt(3);
            next += count;
            frames++;
            sent = false;
        }
        if (udp) {
            if (count > 0 && (!sent || random.nextInt(4) == 0)) {
                datagramsToEngine.add(frame());
                sent = true;
            }
            return;
        }
        if (connection == null) {
            connection = world.life.accept();
            toEngine = login();
            sent = false;
        } else if (welcome && count > 0 && !sent) {
            toEngine = join(toEngine, frame());
            sent = true;
        } else if (sent && random.nextInt(12) == 0) {
            disconnect(); // It has waited for too long: a late answer could be taken for that of the next frame.
        }
    }

    private byte[] login() {
        final byte[] bytes = new byte[encoder.encodeLogin(buffer, 0, EngineSimulation.imei(index))];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private byte[] frame() {
        if (udp) {
            encoder.beginDatagram(
                    buffer, 0, TeltonikaEncoder.CODEC_8, EngineSimulation.imei(index), frames & 0xFFFF, frames & 0xFF);
        } else {
            encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
        }
        for (int number = next - count; number < next; number++) {
            encoder.record(
                    EngineSimulation.timeOf(number),
                    EngineSimulation.latitudeOf(number),
                    EngineSimulation.longitudeOf(index),
                    30,
                    90,
                    9,
                    50);
        }
        final byte[] bytes = new byte[encoder.end()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    void deliverToEngine() {
        if (udp) {
            if (!datagramsToEngine.isEmpty()) {
                final int which = random.nextInt(datagramsToEngine.size());
                final byte[] bytes = datagramsToEngine.get(which);
                if (world.faultsCease || random.nextInt(8) > 0) { // Otherwise it comes twice.
                    datagramsToEngine.remove(which);
                }
                world.life.datagrams.writeInbound(new DatagramPacket(Unpooled.copiedBuffer(bytes), address, address));
            }
        } else if (connection == null || random.nextInt(4) == 0) {
            deliverAbandoned();
        } else if (connection.isOpen()
                && toEngine.length > 0
                && connection.config().isAutoRead()) {
            final int length = 1 + random.nextInt(toEngine.length);
            final ByteBuf bytes = SimulatedEngine.MEMORY.buffer(length).writeBytes(toEngine, 0, length);
            toEngine = cut(toEngine, length);
            connection.writeInbound(bytes);
        }
    }

    private void deliverAbandoned() {
        if (!world.life.abandoned.isEmpty()) {
            final SimulatedEngine.Abandoned one = world.life.abandoned.get(random.nextInt(world.life.abandoned.size()));
            if (one.channel.isOpen() && one.channel.config().isAutoRead()) {
                one.channel.writeInbound(SimulatedEngine.MEMORY
                        .buffer(Math.max(1, one.toEngine.length))
                        .writeBytes(one.toEngine));
                one.toEngine = new byte[0];
            }
        }
    }

    /** What other connections asked its event loop for. */
    void runConnection() {
        if (connection != null) {
            connection.runPendingTasks();
        }
    }

    void deliverToDevice() {
        takeAnswers();
        if (udp || toDevice.length == 0) {
            return;
        }
        final int wanted = welcome ? ACKNOWLEDGEMENT_LENGTH : WELCOME_LENGTH;
        if (toDevice.length < wanted) {
            return;
        }
        if (!welcome) {
            welcome = toDevice[0] == 1;
        } else if (sent && toDevice[3] == count) {
            acknowledged();
        } else {
            world.outcome.wrong("an acknowledgement of " + toDevice[3] + " records for " + count);
        }
        toDevice = cut(toDevice, wanted);
    }

    /** What the engine's sockets have taken is on its way, whatever becomes of the engine. */
    void takeAnswers() {
        if (udp) {
            takeDatagrams();
        } else if (connection != null) {
            for (ByteBuf out = connection.readOutbound(); out != null; out = connection.readOutbound()) {
                final byte[] bytes = new byte[out.readableBytes()];
                out.readBytes(bytes);
                out.release();
                toDevice = join(toDevice, bytes);
            }
            if (!connection.isOpen()) {
                if (!world.life.everAbandoned) {
                    world.outcome.wrong("a connection without fault was closed");
                }
                disconnect(); // A late login on the one before has won.
            }
        }
    }

    private void takeDatagrams() {
        for (DatagramPacket out = world.life.datagrams.readOutbound();
                out != null;
                out = world.life.datagrams.readOutbound()) {
            final SimulatedDevice to = world.devices.get(out.recipient().getPort() - FIRST_PORT);
            final byte[] bytes = new byte[out.content().readableBytes()];
            out.content().readBytes(bytes);
            out.release();
            final boolean lost = !world.faultsCease && random.nextInt(5) == 0;
            if (bytes.length != DATAGRAM_ACKNOWLEDGEMENT_LENGTH) {
                world.outcome.wrong("an answer of " + bytes.length + " bytes");
            } else if (!lost && to.count == bytes[6] && (to.frames & 0xFF) == (bytes[5] & 0xFF)) {
                to.acknowledged();
            }
        }
    }

    private void acknowledged() {
        promised += count;
        count = 0;
        sent = false;
    }

    /** Some of what is on its way never arrives. */
    void loseSomething() {
        if (udp) {
            datagramsToEngine.clear();
        } else if (toDevice.length > 0 || toEngine.length > 0) {
            disconnect(); // A byte stream has no holes: what is lost is its end.
        }
    }

    void disconnect() {
        if (connection != null) {
            SimulatedEngine.close(connection);
        }
        forget();
    }

    /** Its connection has broken without a word; it comes on another one. */
    void comeAgain() {
        if (connection != null) {
            world.life.everAbandoned = true;
            world.life.abandoned.add(new SimulatedEngine.Abandoned(connection, toEngine));
        }
        forget();
    }

    private void forget() {
        connection = null;
        toEngine = new byte[0];
        toDevice = new byte[0];
        welcome = false;
        sent = false;
    }

    private static byte[] join(final byte[] first, final byte[] second) {
        final byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] cut(final byte[] bytes, final int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }
}
