// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.policy.RebuildRules;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.stream.StreamFiles;

/** What a start makes of a journal, where the frames of a test say exactly what is to leave. */
class HeldRebuildTest {
    private static final long START_MS = 1_790_000_400_000L;
    private static final long STEP_MS = 10_000;
    private static final int LATITUDE_E7 = 520_000_000;
    private static final int LONGITUDE_E7 = 130_000_000;

    private static final String CONFIG = """
            data: data
            ack: synced
            engine: { workers: 1, slots: 64, max-devices: 1000 }
            listeners:
              - { protocol: gt06, transport: tcp, address: 127.0.0.1:0 }
            policy: { version: test }
            streams:
              evidence: { retention: 30d, journal: true }
            """;

    /** Keeps back where a vehicle stands for five minutes. */
    private static final String PARKED = """
              held:
                retention: 10d
                identity: none
                location:
                  - dwell: { radius: 200m, after: 5min, longest-wait: 10min }
                  - cell: { h3: 9 }
                time: { round: 5s }
            """;

    /** Holds everything for a minute. */
    private static final String MIXED = """
              held:
                retention: 10d
                identity: none
                location: [ cell: { h3: 9 } ]
                time: { round: 15s, shuffle: { late: 20s } }
            """;

    /** Holds everything for half a minute, and needs no key. */
    private static final String ORDERED =
            MIXED.replace("[ cell", "[ reorder: { late: 30s }, cell").replace(", shuffle: { late: 20s }", "");

    private static final long HOUR_MS = 3_600_000;

    @TempDir
    private Path directory;

    private EngineOptions read(final String streams) throws IOException {
        return read(streams, CONFIG);
    }

    private EngineOptions read(final String streams, final String head) throws IOException {
        return EngineConfig.read(Files.writeString(directory.resolve("engine.yaml"), head + streams));
    }

    /** Stands in one place until a time. */
    private static long park(final RebuiltEngine engine, final long fromMs, final long untilMs, final int latitudeE7)
            throws IOException {
        long nowMs = fromMs;
        while (nowMs < untilMs) {
            nowMs += STEP_MS;
            engine.advanceTo(nowMs);
            engine.send(1, latitudeE7, LONGITUDE_E7);
        }
        return nowMs;
    }

    /** The chain that is made again sees two minutes of a stop that lasted for hours, and takes it for a halt at a light. */
    @Test
    void shouldNotLetOutTheEndOfAStopThatBeganBeforeWhatIsGivenAgain() throws IOException {
        final EngineOptions options = read(PARKED);
        final long horizonMs =
                RebuildRules.horizon(options.policy().stream("held")).toMillis();
        final long beforeMs = Duration.ofHours(1).toMillis();
        final long lastMs;
        try (RebuiltEngine engine = new RebuiltEngine(options, START_MS)) {
            final long movesMs = park(engine, START_MS, START_MS + beforeMs + 120_000, LATITUDE_E7);
            lastMs = park(engine, movesMs, movesMs + horizonMs - 120_000, LATITUDE_E7 + 40_000);
            assertThat(engine.times("held")).isEmpty();
        }
        try (RebuiltEngine engine = new RebuiltEngine(options, lastMs + 1_000)) {
            assertThat(engine.times("held")).isEmpty();
            park(engine, lastMs, lastMs + horizonMs, LATITUDE_E7 + 40_000);
            assertThat(engine.times("held")).isEmpty();
        }
    }

    /** Nothing came for hours: the first frame after that lies in a file with none before it, and in the hour before is no file. */
    @Test
    void shouldRebuildOfTheFirstFrameAfterHoursOfSilence() throws IOException {
        final EngineOptions options = read(MIXED);
        final long laterMs = START_MS - START_MS % HOUR_MS + 3 * HOUR_MS + 120_000;
        try (RebuiltEngine engine = new RebuiltEngine(options, START_MS)) {
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
            engine.advanceTo(START_MS + 100_000);
            assertThat(engine.times("held")).hasSize(1);
        }
        try (RebuiltEngine engine = new RebuiltEngine(options, laterMs - 1_000)) {
            engine.advanceTo(laterMs);
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
            assertThat(engine.times("held")).hasSize(1);
        }
        assertThat(leaves(options, laterMs + 5_000)).hasSize(2);
    }

    /** There was no space for what was due after a long time, and then the engine died again: it waits for the next start. */
    @Test
    void shouldKeepWhatItIsRebuiltFromUntilWhatIsDueHasLeft() throws IOException {
        final EngineOptions options = read(
                ORDERED.replace("10d", "1h"),
                CONFIG.replace("30d", "1h").replace("policy:", "journal: { key-epoch: 1h }\npolicy:"));
        final long hourMs = START_MS - START_MS % HOUR_MS + HOUR_MS;
        try (RebuiltEngine engine = new RebuiltEngine(options, hourMs - 12_000)) {
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
            engine.advanceTo(hourMs + 1_000);
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
            assertThat(engine.times("held")).isEmpty();
        }
        assertThat(files(options, "evidence")).isEqualTo(2);
        final long laterMs = hourMs + HOUR_MS + 300_000;
        try (StreamRuntime killed =
                new StreamRuntime(options, new ProtocolTable(options.listeners()), () -> laterMs, () -> {})) {
            assertThat(killed.isAnyRebuilt()).isTrue();
            killed.endOld(laterMs);
        }
        assertThat(files(options, "evidence")).isEqualTo(2);
        try (StreamRuntime next =
                new StreamRuntime(options, new ProtocolTable(options.listeners()), () -> laterMs, () -> {})) {
            next.appendRebuilt();
            next.endOld(laterMs);
            assertThat(files(options, "evidence"))
                    .as("when nobody needs it any more")
                    .isEqualTo(1);
        }
        try (RebuiltEngine engine = new RebuiltEngine(options, laterMs + 1_000)) {
            assertThat(engine.times("held")).hasSize(2);
        }
    }

    /** It asks while it rebuilds, and while it waits for space. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30})
    void shouldStopWhenToldToBeforeItIsReady(final int asksBefore) throws IOException {
        final long nowMs = SystemEpochClock.INSTANCE.time() / 1_000 * 1_000 - 600_000; // As a fix has it.
        final EngineOptions options = read(ORDERED);
        try (RebuiltEngine engine = new RebuiltEngine(options, nowMs)) {
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
            assertThat(engine.times("held")).isEmpty();
        }
        final EngineOptions full = read(
                ORDERED,
                CONFIG.replace("policy:", "disk: { stop-below: 200000GiB, resume-above: 250000GiB }\npolicy:"));
        final AtomicInteger asks = new AtomicInteger();
        assertThatExceptionOfType(StartStoppedException.class)
                .isThrownBy(() -> Engine.start(full, () -> asks.getAndIncrement() >= asksBefore));
        assertThat(asks).as("not asked again").hasValue(asksBefore + 1);
        try (Engine engine = Engine.start(options)) {
            assertThat(engine.failure()).isNotDone();
        }
        try (StreamReader left = StreamReader.open(options.data(), "held")) {
            assertThat(left.next()).isTrue();
            assertThat(left.next()).isFalse();
        }
    }

    private static int files(final EngineOptions options, final String stream) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(StreamFiles.queue(options.data(), stream), "*.cq4")) {
            for (final Path file : files) {
                count += file.toString().isEmpty() ? 0 : 1;
            }
        }
        return count;
    }

    /** One fix is held when an engine dies; what has left five minutes after the next start. */
    private List<Long> leavesAfterAStart(final EngineOptions before, final EngineOptions after, final long startMs)
            throws IOException {
        try (RebuiltEngine engine = new RebuiltEngine(before, startMs)) {
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
        }
        return leaves(after, startMs + 5_000);
    }

    private static List<Long> leaves(final EngineOptions options, final long startMs) throws IOException {
        try (RebuiltEngine engine = new RebuiltEngine(options, startMs)) {
            engine.advanceTo(startMs + 300_000);
            return engine.times("held");
        }
    }

    @Test
    void shouldLetNothingOutByAPolicyThatItWasNotTakenInBy() throws IOException {
        final EngineOptions before = read(MIXED);
        final EngineOptions after = read(MIXED.replace("h3: 9", "h3: 8"));
        assertThat(leavesAfterAStart(before, after, START_MS)).isEmpty();
        assertThat(leavesAfterAStart(after, after, START_MS + 400_000)).hasSize(1);
    }

    @Test
    void shouldLetNothingOutThatOtherWorkersHeld() throws IOException {
        final EngineOptions before = read(ORDERED);
        final EngineOptions after = read(ORDERED, CONFIG.replace("workers: 1", "workers: 2"));
        assertThat(leavesAfterAStart(before, after, START_MS)).isEmpty();
        assertThat(leavesAfterAStart(after, after, START_MS + 400_000)).hasSize(1);
    }

    /** A clock that was a day ahead: what was held then is given up, and the next start knows what came since. */
    @Test
    void shouldGoOnBehindAClockThatWasPutBack() throws IOException {
        final EngineOptions options = read(MIXED);
        try (RebuiltEngine engine =
                new RebuiltEngine(options, START_MS + Duration.ofDays(1).toMillis())) {
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
        }
        assertThat(leavesAfterAStart(options, options, START_MS))
                .hasSize(1)
                .allMatch(timeMs -> timeMs < START_MS + 300_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00ff\u00fe", "policy", ""})
    void shouldBeginAnewWhereNobodyKnowsSinceWhen(final String damaged) throws IOException {
        final EngineOptions options = read(MIXED);
        try (RebuiltEngine engine = new RebuiltEngine(options, START_MS)) {
            engine.send(1, LATITUDE_E7, LONGITUDE_E7);
            Files.write(engine.lag("held"), damaged.getBytes(ISO_8859_1));
        }
        assertThat(leaves(options, START_MS + 5_000)).isEmpty();
        assertThat(leavesAfterAStart(options, options, START_MS + 400_000)).hasSize(1);
    }

    @Test
    void shouldNotBelieveALineThatWasCut() throws IOException {
        final EngineOptions options = read(MIXED);
        try (RebuiltEngine engine = new RebuiltEngine(options, START_MS)) {
            final Path file = engine.lag("held");
            assertThat(LagHistory.read(file, 0).startMs()).isEqualTo(START_MS);
            final byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length - 1));
            assertThat(LagHistory.read(file, 0).startMs()).isEqualTo(LagHistory.UNKNOWN);
        }
    }
}
