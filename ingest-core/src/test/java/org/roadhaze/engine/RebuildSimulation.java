// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.EventTimeMark;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.anonymizer.key.SeededKeyFiles;
import org.roadhaze.anonymizer.policy.RebuildRules;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.ring.AcknowledgementMailbox;
import org.roadhaze.ring.FrameWatch;
import org.roadhaze.ring.Origin;
import org.roadhaze.ring.SteppedRing;
import org.roadhaze.stream.StreamAppender;
import org.roadhaze.stream.StreamFiles;

/**
 * A few vehicles and the real engine but for its sockets and threads, in one thread, by one seed and a clock of its own: its queues,
 * keys and journal lie on the disk, it is killed between any two things that it writes, comes back sooner or later, and is sent again
 * what it has not acknowledged. At the end the stream is held against what a chain lets out that never died, by the same keys and
 * the frames that the journal has.
 */
final class RebuildSimulation {
    static final String STREAM = "held";
    static final long START_MS = 1_790_000_400_000L;

    private static final String JOURNAL = "evidence";
    static final int DEVICES = 6;
    /** For a quarter of an hour, and for as long again in which it is down. */
    static final int STEPS = 900;

    private static final int MOST_FRAMES = 16;
    /** Of {@link #DEVICES}, of more of them as much more: or they would be farther behind with every step. */
    private static final int MOST_FRAMES_AT_ONCE = 8;

    private static final long FIX_PERIOD_MS = 4_000;
    private static final long CLOCK_AHEAD_MS = 6_000;
    private static final int MOST_DELAY_MS = 45_000;
    private static final int[] DOWN_S = {0, 1, 5, 20, 60, 300};

    private final long seed;
    private final SplittableRandom random;
    private final Path directory;
    private final EngineOptions options;
    private final int steps;
    private final List<Device> devices = new ArrayList<>();
    private long nowMs = START_MS;
    /** By how much the network delays everything, for a while. */
    private long delayMs;

    private Life life;
    int deaths;
    /** When more had come than is given again. */
    int lateDeaths;
    /** Records that were due and left at a start. */
    int leftAtStarts;
    /** Chains that ask, after a start, whether what they let out has left. */
    int gates;
    /** Positions and records that chains had counted before anything new came. */
    long counted;

    int lateFrames;
    /** By the times of fixes, how much later one was received, milliseconds, at most. */
    final Map<Long, Long> delaysMs = new HashMap<>();

    long framesSentAgain;

    RebuildSimulation(final long seed, final Path directory, final String config, final int vehicles, final int steps)
            throws IOException {
        this.seed = seed;
        random = new SplittableRandom(seed);
        this.directory = directory;
        this.steps = steps;
        options = EngineConfig.read(Files.writeString(directory.resolve("engine.yaml"), config));
        for (int i = 0; i < vehicles; i++) {
            devices.add(new Device(i));
        }
    }

    /** A vehicle that drives, stops now and then, and keeps its frames until they are acknowledged. */
    private final class Device {
        private final long imei;
        private final Deque<byte[]> kept = new ArrayDeque<>();
        private int sent;
        private double latitude;
        private double longitude = 13.0;
        private double speed = 12;
        private long fixMs = START_MS;
        private long outOfReachUntilMs;
        private int serial;
        private final long aheadMs;
        private final byte[] bytes = new byte[Gt06Encoder.MAX_LENGTH];

        Device(final int index) {
            imei = 350_000_000_000_000L + index;
            latitude = 52.0 + 0.0004 * index;
            aheadMs = index == 0 ? CLOCK_AHEAD_MS : 0;
        }

        void drive() {
            while (fixMs + FIX_PERIOD_MS <= nowMs) {
                fixMs += FIX_PERIOD_MS;
                if (random.nextInt(60) == 0) {
                    speed = speed == 0 ? 12 : 0;
                }
                longitude += speed * 4 / 68_000;
                kept.add(frame());
            }
            if (random.nextInt(40) == 0) {
                outOfReachUntilMs = nowMs + 1_000L * random.nextInt(50);
            }
        }

        private byte[] frame() {
            final int length = Gt06Encoder.location(
                    new UnsafeBuffer(bytes),
                    0,
                    fixMs + aheadMs,
                    (int) (latitude * 1e7),
                    (int) (longitude * 1e7),
                    (int) (speed * 3.6),
                    90,
                    9,
                    ++serial);
            return Arrays.copyOf(bytes, length);
        }

        void send() {
            if (nowMs < outOfReachUntilMs) {
                return;
            }
            for (final byte[] each : List.copyOf(kept).subList(sent, kept.size())) {
                final long sentFixMs = fixMs - FIX_PERIOD_MS * (kept.size() - 1 - sent);
                if (sent == MOST_FRAMES || sentFixMs > nowMs - delayMs || !life.publish(this, each)) {
                    return;
                }
                sent++;
                if (random.nextInt(15) == 0) {
                    life.publish(this, each); // Doubled on its way.
                }
            }
        }

        /** By its serial, since some were sent twice. */
        private void acknowledged(final DirectBuffer answer) {
            final int serialOf = answer.getShort(4, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            final byte[] first = kept.peekFirst();
            if (first != null && serialOf == serialOf(first)) {
                kept.removeFirst();
                sent--;
            }
        }

        private int serialOf(final byte[] frame) {
            return (frame[frame.length - 6] & 0xFF) << 8 | (frame[frame.length - 5] & 0xFF);
        }

        void reconnect() {
            framesSentAgain += sent;
            sent = 0;
        }
    }

    /** One process. */
    private final class Life {
        private final StreamRuntime runtime;
        private final SteppedRing ring;
        private final AcknowledgementMailbox mailbox = new AcknowledgementMailbox(1024, () -> {});
        private final Origin origin = () -> mailbox;
        private boolean dead;
        private int writesToLive = Integer.MAX_VALUE;

        Life() throws IOException {
            runtime = new StreamRuntime(options, new ProtocolTable(options.listeners()), () -> nowMs, () -> {});
            final StreamAppender[] appenders = runtime.appenders();
            for (int i = 0; i < appenders.length; i++) {
                appenders[i] = new Mortal(appenders[i], this::write);
            }
            ring = new SteppedRing(
                    options.ring(),
                    1,
                    runtime.workerParts(),
                    appenders,
                    runtime.seenLog(),
                    mailbox,
                    new FrameWatch() {
                        @Override
                        public void failed(final Throwable thrown) {
                            throw new IllegalStateException(thrown);
                        }

                        @Override
                        public void lost(
                                final String why,
                                final int protocol,
                                final long deviceId,
                                final long receivedTimeMs,
                                final DirectBuffer frame,
                                final int offset,
                                final int length) {
                            throw new IllegalStateException(why);
                        }
                    },
                    e -> dead = true);
            final int before = stored().size();
            runtime.appendRebuilt();
            leftAtStarts += stored().size() - before;
            for (final StreamChain chain : runtime.chains(0)) {
                gates += chain.isGated() ? 1 : 0;
                counted += chain.offered() + chain.published();
            }
        }

        private void write() {
            if (--writesToLive < 0) {
                dead = true;
                throw new IllegalStateException("killed, though only in a simulation");
            }
        }

        boolean publish(final Device device, final byte[] frame) {
            return ring.ring()
                    .tryPublish(origin, device, 0, device.imei, nowMs, new UnsafeBuffer(frame), 0, frame.length);
        }

        void work() {
            if (!dead) {
                ring.step(0, 1 + random.nextInt(MOST_FRAMES_AT_ONCE * devices.size() / DEVICES));
            }
            if (!dead && random.nextInt(3) == 0) {
                ring.commit();
            }
            if (!dead) {
                mailbox.drain((origin, device, buffer, length) -> ((Device) device).acknowledged(buffer));
            }
        }

        void end() {
            ring.ring().close();
            runtime.close();
        }
    }

    /** Dies before or behind something that it writes. */
    private record Mortal(StreamAppender stream, Runnable beforeWrite) implements StreamAppender {
        @Override
        public boolean hasRoom(final int sourceLength, final int count) {
            return stream.hasRoom(sourceLength, count);
        }

        @Override
        public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
            stream.append(source, offset, sourceLength, count);
        }

        @Override
        public boolean isPending() {
            return stream.isPending();
        }

        @Override
        public void flush() {
            beforeWrite.run();
            stream.flush();
            beforeWrite.run();
        }

        @Override
        public void seal(final long request) {
            stream.seal(request);
        }

        @Override
        public void letGo(final long done) {
            beforeWrite.run();
            stream.letGo(done);
            beforeWrite.run();
        }

        @Override
        public boolean isEmpty() {
            return stream.isEmpty();
        }

        @Override
        public long lastDocument() {
            return stream.lastDocument();
        }

        @Override
        public void force() throws IOException {
            stream.force();
        }
    }

    /** Everything that was let out, and what a chain lets out that never died, each in an order of its own. */
    record Outcome(List<String> stored, List<String> expected) {
        /** What is there once too often, and what is not there. */
        List<String> wrong() {
            final List<String> missing = new ArrayList<>(expected);
            final List<String> wrong = new ArrayList<>();
            for (final String each : stored) {
                if (!missing.remove(each)) {
                    wrong.add("not to be there: " + each);
                }
            }
            missing.forEach(each -> wrong.add("lost: " + each));
            return wrong;
        }

        /** What is there more often than it should be, under whatever pseudonyms. */
        List<String> twice() {
            final List<String> left = new ArrayList<>();
            expected.forEach(each -> left.add(withoutPseudonym(each)));
            final List<String> twice = new ArrayList<>(stored);
            twice.removeIf(each -> left.remove(withoutPseudonym(each)));
            return twice;
        }

        private static String withoutPseudonym(final String text) {
            return text.substring(text.indexOf(' '));
        }
    }

    Outcome run() throws IOException {
        final KeyRing keys = SeededKeyFiles.ring(StreamFiles.keys(options.data()), seed, START_MS);
        options.policy().stream(STREAM).newChain(keys, 1); // It asks for its keys, and the engine finds them.
        life = new Life();
        copyKeys();
        life.publish(devices.get(0), devices.get(0).frame()); // The journal begins when the engine does.
        life.ring.step(0, 1);
        for (int i = 0; i < steps; i++) {
            step();
            if (life.dead || random.nextInt(300) == 0) {
                die();
            } else if (random.nextInt(150) == 0) {
                life.writesToLive = random.nextInt(12);
            }
        }
        settle();
        die();
        life.end();
        return new Outcome(stored(), expected(options));
    }

    private void step() throws IOException {
        nowMs += 100L * random.nextInt(20);
        if (random.nextInt(150) == 0) {
            delayMs = random.nextBoolean() ? 0 : random.nextInt(MOST_DELAY_MS);
        }
        devices.forEach(Device::drive);
        devices.get(random.nextInt(devices.size())).send();
        if (random.nextInt(3) == 0) {
            life.ring.ring().tick(nowMs);
        }
        life.work();
        if (random.nextInt(5) == 0) {
            life.runtime.saveLags();
            life.runtime.advanceTo(nowMs);
        }
    }

    private void die() throws IOException {
        deaths++;
        final long givenAgainMs =
                RebuildRules.horizon(options.policy().stream(STREAM)).toMillis();
        lateDeaths += nowMs - START_MS > givenAgainMs + 2 * EventTimeMark.MINUTE_MS ? 1 : 0;
        life.end();
        devices.forEach(Device::reconnect);
        nowMs += 1_000L * DOWN_S[random.nextInt(DOWN_S.length)];
        life = new Life();
    }

    /** All that was sent is acknowledged, and all that may leave does. */
    private void settle() throws IOException {
        delayMs = 0;
        for (int i = 0; i < 20_000 && devices.stream().anyMatch(device -> !device.kept.isEmpty()); i++) {
            if (life.dead) {
                die();
            }
            life.writesToLive = Integer.MAX_VALUE;
            for (final Device device : devices) {
                device.outOfReachUntilMs = 0;
                device.send();
            }
            life.work();
        }
        if (devices.stream().anyMatch(device -> !device.kept.isEmpty())) {
            throw new AssertionError("not everything was acknowledged");
        }
        for (int i = 0; i < 3_000; i++) {
            nowMs += 1_000;
            life.ring.ring().tick(nowMs);
            life.ring.step(0, 8);
            life.ring.commit();
        }
    }

    private void copyKeys() throws IOException {
        final Path copy = Files.createDirectories(directory.resolve("keys-of-the-start"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(StreamFiles.keys(options.data()), "*.keys")) {
            for (final Path file : files) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
    }

    private List<String> stored() {
        final List<String> stored = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(options.data(), STREAM)) {
            while (reader.next()) {
                final StringBuilder text = new StringBuilder();
                text.append(reader.hasPseudonym() ? reader.pseudonym() : "").append(' ');
                text.append(reader.timeMs()).append(' ');
                text.append(reader.hasCell() ? reader.cellId() : 0).append(' ');
                text.append(reader.hasCoordinates() ? reader.latitudeE7() + "," + reader.longitudeE7() : "");
                for (int i = 0; i < reader.attributeCount(); i++) {
                    text.append(' ').append(reader.attributeKey(i)).append('=').append(reader.attributeValue(i));
                }
                stored.add(text.toString());
            }
        }
        return stored;
    }

    /** What a chain lets out that never dies, by another policy. */
    List<String> expectedOf(final String config) throws IOException {
        return expected(EngineConfig.read(Files.writeString(directory.resolve("other.yaml"), config)));
    }

    /** How late a fix may come so that, wherever the engine dies, the begin of a segment that it is in is given again. */
    long mostDelayMs() {
        final StreamPolicy stream = options.policy().stream(STREAM);
        return RebuildRules.horizon(stream).toMillis()
                - RebuildRules.segmentsKnownAfterMs(stream)
                - 2 * RebuildRules.MARGIN.toMillis();
    }

    /** Whether the stream was never begun anew. */
    boolean isOneChain() throws IOException {
        return LagHistory.read(StreamFiles.lag(options.data(), STREAM, 0), 0).startMs() == START_MS;
    }

    private List<String> expected(final EngineOptions by) throws IOException {
        final List<String> expected = new ArrayList<>();
        final KeyRing keys = KeyRing.open(directory.resolve("keys-of-the-start"), START_MS);
        final StreamChain chain = by.policy().stream(STREAM).newChain(keys, 1_000);
        final Set<String> seen = new HashSet<>();
        final PositionBatch batch = new PositionBatch();
        try (JournalReader journal = JournalReader.open(
                options.data(), JOURNAL, KeyEncryptionKey.read(StreamFiles.journalKey(options.data())))) {
            while (journal.next()) {
                journal.decode(batch);
                for (int i = 0; i < batch.size(); i++) {
                    final Position position = batch.get(i);
                    if (seen.add(position.deviceId() + " " + position.fixTimeMs())) {
                        final long late = position.receivedTimeMs() - position.fixTimeMs();
                        lateFrames += late > 10_000 ? 1 : 0;
                        delaysMs.merge(position.fixTimeMs(), late, Math::max);
                        chain.offer(position, release -> expected.add(text(release)));
                    }
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        do {
            chain.advanceTo(nowMs, release -> expected.add(text(release)));
        } while (chain.isLettingGo());
        return expected;
    }

    private static String text(final Release release) {
        final StringBuilder text = new StringBuilder();
        text.append(
                        release.pseudonym() == Release.NO_PSEUDONYM
                                ? ""
                                : HexFormat.of().toHexDigits(release.pseudonym()))
                .append(' ');
        text.append(release.timeMs()).append(' ').append(release.cell()).append(' ');
        text.append(
                release.latitudeE7() == Release.NO_COORDINATE
                        ? ""
                        : release.latitudeE7() + "," + release.longitudeE7());
        for (int i = 0; i < release.attributeCount(); i++) {
            text.append(' ').append(release.attributeKey(i)).append('=').append(release.attributeValue(i));
        }
        return text.toString();
    }
}
