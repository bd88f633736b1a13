// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.position.Position;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.ring.AckLevel;
import org.roadhaze.ring.CommitOptions;
import org.roadhaze.ring.RingOptions;
import org.roadhaze.ring.SteppedRing;
import org.roadhaze.ring.WorkerParts;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stream.StreamAppender;

/**
 * Devices, a network, an engine's life after life, and a disk, in one thread and by one seed: the same seed does the same,
 * step for step. Connections, datagram socket, decoders, ring, workers, persist handler, group commit and mailbox are the
 * real ones; sockets, clock and queue are not.
 *
 * <p>A step delivers some bytes, or lets one part of the engine do a little, or lets something go wrong. At the end faults
 * cease, everything that was sent must be acknowledged, and the engine dies once more; then the disk is compared with what
 * the devices were promised.
 */
final class EngineSimulation {
    /** How an engine of this level may die. */
    enum Death {
        KILL,
        POWER_CUT
    }

    private static final long NOW_MS = 1_790_000_000_000L;
    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();
    private static final int TCP = 0;
    private static final int UDP = 1;
    private static final int DEVICES = 4;
    private static final int SLOTS = 64;
    private static final int MAILBOX = 4096;
    private static final int STEPS = 400;
    private static final int MOST_SETTLING_STEPS = 20_000;
    private static final int WELCOME_LENGTH = 1;
    private static final int ACKNOWLEDGEMENT_LENGTH = 4;
    private static final int DATAGRAM_ACKNOWLEDGEMENT_LENGTH = 7;
    private static final ConnectionLimits LIMITS = ConnectionLimits.DEFAULT;
    private static final UnpooledByteBufAllocator MEMORY = new UnpooledByteBufAllocator(false, true);

    private static final Mechanism EVERYTHING = (candidate, outlet) -> {
        final Position position = candidate.position();
        candidate.release().pseudonym(position.deviceId());
        candidate.release().timeMs(position.fixTimeMs());
        candidate.release().coordinates(position.latitudeE7(), position.longitudeE7());
        outlet.pass(candidate);
    };

    /** What came of it. */
    static final class Outcome {
        final List<String> wrong = new ArrayList<>();
        long promised;
        long twice;
        long deaths;
        long stalls;
        long replaced;

        private void wrong(final String what) {
            wrong.add(what);
        }
    }

    private final SplittableRandom random;
    private final AckLevel level;
    private final Death worst;
    private final int workers;
    private final SimulatedStream stream;
    private final List<Device> devices = new ArrayList<>();
    private final Outcome outcome = new Outcome();
    private boolean faultsCease;
    private boolean forcing;
    private Life life;

    EngineSimulation(final long seed, final AckLevel level, final Death worst) {
        random = new SplittableRandom(seed);
        this.level = level;
        this.worst = worst;
        workers = 1 + random.nextInt(2);
        stream = new SimulatedStream(this::whileTheDiskIsBusy);
        for (int i = 0; i < DEVICES; i++) {
            devices.add(new Device(i, i % 2 == 1));
        }
        life = new Life();
    }

    /** A disk that says that all is well, and keeps nothing. */
    EngineSimulation withALyingDisk() {
        stream.lie();
        return this;
    }

    Outcome run() {
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        faultsCease = true;
        int steps = 0;
        while (!isSettled() && steps++ < MOST_SETTLING_STEPS) {
            step();
        }
        if (!isSettled()) {
            outcome.wrong("not everything was acknowledged though nothing went wrong any more");
        }
        die(worst);
        compare();
        if (life.memoryInUse() != 0) {
            outcome.wrong("memory that nobody gave back");
        }
        return outcome;
    }

    private boolean isSettled() {
        return devices.stream().allMatch(device -> device.count == 0 && device.next > 0);
    }

    private void step() {
        final int dice = random.nextInt(100);
        if (dice < 25) {
            devices.get(random.nextInt(DEVICES)).act();
        } else if (dice < 45) {
            devices.get(random.nextInt(DEVICES)).deliverToEngine();
        } else if (dice < 60) {
            devices.get(random.nextInt(DEVICES)).deliverToDevice();
        } else if (dice < 75) {
            life.work();
        } else if (dice < 83) {
            life.steppedRing.commit();
            if (!faultsCease && random.nextInt(12) == 0) {
                dieBehindTheAnswers();
            }
        } else if (dice < 93) {
            life.turn();
        } else if (!faultsCease) {
            goWrong();
        } else {
            life.steppedRing.ring().hold(false);
        }
        if (life.isDead()) {
            die(random.nextBoolean() ? worst : Death.KILL);
        }
    }

    /** The worst moment: what was let go has just reached its devices. */
    private void dieBehindTheAnswers() {
        life.turn();
        devices.forEach(Device::deliverToDevice);
        die(worst);
    }

    /** While a force is under way, everything else goes on but the commit itself. */
    private void whileTheDiskIsBusy() {
        if (forcing) {
            return;
        }
        forcing = true;
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> life.turn();
                case 1 -> devices.get(random.nextInt(DEVICES)).deliverToEngine();
                default -> life.work();
            }
        }
        forcing = false;
    }

    private void goWrong() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> devices.get(random.nextInt(DEVICES)).disconnect();
            case 3, 4 -> devices.get(random.nextInt(DEVICES)).loseSomething();
            case 5 -> devices.get(random.nextInt(DEVICES)).comeAgain();
            case 6, 7 -> life.steppedRing.ring().hold(!life.steppedRing.ring().isHeld());
            case 8 -> {
                if (random.nextInt(4) == 0) {
                    stream.failNextForce();
                }
            }
            case 9 -> {
                if (random.nextInt(4) == 0) {
                    stream.failNextAppend();
                }
            }
            case 10 -> die(random.nextBoolean() ? worst : Death.KILL);
            default -> life.stop();
        }
    }

    private void die(final Death death) {
        outcome.deaths++;
        devices.forEach(Device::disconnect);
        life.end();
        if (death == Death.POWER_CUT) {
            stream.cutPower(random);
        } else {
            stream.kill();
        }
        life = new Life();
    }

    /** I1 to I3: promised records are there, nothing else is, and each device's are in order. */
    private void compare() {
        final Map<Integer, Map<Integer, Integer>> found = new HashMap<>();
        final int[] newest = new int[DEVICES];
        for (final SimulatedStream.Stored each : stream.stored()) {
            final int device = (int) (each.deviceId() - imei(0));
            final int number = (int) ((each.timeMs() - timeOf(0)) / 1000);
            if (device < 0
                    || device >= DEVICES
                    || number >= devices.get(device).next
                    || each.latitudeE7() != latitudeOf(number)
                    || each.longitudeE7() != longitudeOf(device)) {
                outcome.wrong("a record that no device sent: " + each);
                continue;
            }
            if (found.computeIfAbsent(device, index -> new HashMap<>()).merge(number, 1, Integer::sum) > 1) {
                outcome.twice++;
            } else if (number < newest[device]) {
                outcome.wrong("record " + number + " of device " + device + " came after " + newest[device]);
            }
            newest[device] = Math.max(newest[device], number);
        }
        for (final Device device : devices) {
            outcome.promised += device.promised;
            for (int number = 0; number < device.promised; number++) {
                if (!found.getOrDefault(device.index, Map.of()).containsKey(number)) {
                    outcome.wrong("record " + number + " of device " + device.index + " was acknowledged and is lost");
                }
            }
        }
    }

    private static long imei(final int device) {
        return 350_000_000_000_000L + device;
    }

    private static long timeOf(final int number) {
        return NOW_MS - 1_000_000_000 + 1000L * number;
    }

    private static int latitudeOf(final int number) {
        return 520_000_000 + number;
    }

    private static int longitudeOf(final int device) {
        return 130_000_000 + device;
    }

    /** One process. */
    private final class Life {
        private final EmbeddedChannel home = channel();
        private final LoopState loop = new LoopState(home.eventLoop(), decoders(), MAILBOX);
        private final ListenerCounters counters = new ListenerCounters();
        private final SteppedRing steppedRing;
        private final EmbeddedChannel datagrams;
        private final DeviceConnections speakers = new DeviceConnections();
        private final Quarantine quarantine = new Quarantine(QuarantineOptions.DEFAULT);
        private final List<Abandoned> abandoned = new ArrayList<>();
        private boolean everAbandoned;
        private boolean dead;

        Life() {
            home.freezeTime();
            final List<WorkerParts> parts = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                parts.add(new WorkerParts(
                        List.of(decoders()),
                        ResendFilter.none(),
                        List.of(new PlausibilityStage(2 * DEVICES)),
                        new ReleaseStage(new StreamChain[] {new StreamChain("all", List.of(EVERYTHING))})));
            }
            steppedRing = new SteppedRing(
                    new RingOptions(SLOTS, workers, RingOptions.Waiting.PARKING, CommitOptions.of(level)),
                    2,
                    parts,
                    new StreamAppender[] {stream},
                    loop.mailbox(),
                    e -> outcome.wrong("a stage failed: " + e),
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
                            loop, steppedRing.ring(), () -> NOW_MS, counters, TELTONIKA, TCP, LIMITS, speakers, quarantine, 0));
            return channel;
        }

        void work() {
            if (!dead) {
                steppedRing.step(random.nextInt(steppedRing.handlers()), 1 + random.nextInt(5));
            }
        }

        /** The event loop runs what it was asked to, and some time passes. */
        void turn() {
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
            devices.forEach(Device::runConnection);
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
                outcome.wrong("acknowledgements stayed behind in a clean stop");
            }
            dead = true;
            devices.forEach(Device::takeAnswers);
        }

        void end() {
            outcome.stalls += counters.stalls();
            outcome.replaced += counters.replacedConnections();
            abandoned.forEach(each -> close(each.channel));
            loop.stopReading();
            datagrams.finishAndReleaseAll();
            home.finishAndReleaseAll();
            steppedRing.ring().close();
        }

        long memoryInUse() {
            return MEMORY.metric().usedHeapMemory() + MEMORY.metric().usedDirectMemory();
        }
    }

    /** A connection that its device has left, and the engine does not know it; some bytes of it are still on their way. */
    private static final class Abandoned {
        private final EmbeddedChannel channel;
        private byte[] toEngine;

        Abandoned(final EmbeddedChannel channel, final byte[] toEngine) {
            this.channel = channel;
            this.toEngine = toEngine;
        }
    }

    private static void close(final EmbeddedChannel channel) {
        channel.releaseOutbound();
        channel.close();
        channel.finishAndReleaseAll();
    }

    /** A tracker: one frame in flight, sent again until it is acknowledged, the same bytes each time. */
    private final class Device {
        private final int index;
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
        private int next;
        /** Records in the frame in flight. */
        private int count;

        private int promised;
        private int frames;

        Device(final int index, final boolean udp) {
            this.index = index;
            this.udp = udp;
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_000 + index);
        }

        void act() {
            if (count == 0 && !faultsCease) {
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
                connection = life.accept();
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
            final byte[] bytes = new byte[encoder.encodeLogin(buffer, 0, imei(index))];
            buffer.getBytes(0, bytes);
            return bytes;
        }

        private byte[] frame() {
            if (udp) {
                encoder.beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8, imei(index), frames & 0xFFFF, frames & 0xFF);
            } else {
                encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
            }
            for (int number = next - count; number < next; number++) {
                encoder.record(timeOf(number), latitudeOf(number), longitudeOf(index), 30, 90, 9, 50);
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
                    if (faultsCease || random.nextInt(8) > 0) { // Otherwise it comes twice.
                        datagramsToEngine.remove(which);
                    }
                    life.datagrams.writeInbound(new DatagramPacket(Unpooled.copiedBuffer(bytes), address, address));
                }
            } else if (connection == null || random.nextInt(4) == 0) {
                deliverAbandoned();
            } else if (connection.isOpen()
                    && toEngine.length > 0
                    && connection.config().isAutoRead()) {
                final int length = 1 + random.nextInt(toEngine.length);
                final ByteBuf bytes = MEMORY.buffer(length).writeBytes(toEngine, 0, length);
                toEngine = cut(toEngine, length);
                connection.writeInbound(bytes);
            }
        }

        private void deliverAbandoned() {
            if (!life.abandoned.isEmpty()) {
                final Abandoned one = life.abandoned.get(random.nextInt(life.abandoned.size()));
                if (one.channel.isOpen() && one.channel.config().isAutoRead()) {
                    one.channel.writeInbound(
                            MEMORY.buffer(Math.max(1, one.toEngine.length)).writeBytes(one.toEngine));
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
                outcome.wrong("an acknowledgement of " + toDevice[3] + " records for " + count);
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
                    if (!life.everAbandoned) {
                        outcome.wrong("a connection without fault was closed");
                    }
                    disconnect(); // A late login on the one before has won.
                }
            }
        }

        private void takeDatagrams() {
            for (DatagramPacket out = life.datagrams.readOutbound(); out != null; out = life.datagrams.readOutbound()) {
                final Device to = devices.get(out.recipient().getPort() - 10_000);
                final byte[] bytes = new byte[out.content().readableBytes()];
                out.content().readBytes(bytes);
                out.release();
                final boolean lost = !faultsCease && random.nextInt(5) == 0;
                if (bytes.length != DATAGRAM_ACKNOWLEDGEMENT_LENGTH) {
                    outcome.wrong("an answer of " + bytes.length + " bytes");
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
                close(connection);
            }
            forget();
        }

        /** Its connection has broken without a word; it comes on another one. */
        void comeAgain() {
            if (connection != null) {
                life.everAbandoned = true;
                life.abandoned.add(new Abandoned(connection, toEngine));
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
