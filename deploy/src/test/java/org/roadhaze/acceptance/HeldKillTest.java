// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;
import org.roadhaze.stream.StreamFiles;

/**
 * Of an engine that is killed while its streams hold records back, and comes back at once or later than those were due, leaves what
 * leaves of one that is never killed, and nothing twice.
 */
@Timeout(900)
class HeldKillTest {
    /** {@code -Droadhaze.heldKills=20} kills more often. */
    private static final int KILLS = Integer.getInteger("roadhaze.heldKills", 2);

    private static final int DEVICES = 20;
    private static final long WINDOW_MS = 5_000;

    private static final String POLICY = """
            policy: { version: held }
            streams:
              crowd:
                retention: 1d
                identity: none
                location:
                  - crowd: { k: 2, window: 5s, ladder: [500m, 2km, 8km], late: 5s, publish: cell }
                time: { round: 5s }
                attributes: { keep: [speed] }
              trips:
                retention: 1d
                identity: { pseudonym: keyed, rotate: 24h }
                location:
                  - reorder: { late: 5s }
                  - trip-ends: { trim: 50m, stop-radius: 20m, stop-dwell: 30s, silence: 5min }
                  - cell: { h3: 11, publish: both }
                time: { round: 1s }
                attributes: { keep: [speed] }
              pieces:
                retention: 1d
                identity: { pseudonym: per-segment }
                location:
                  - reorder: { late: 5s }
                  - split-and-gap: { segment: 10s..15s, gap: 10s..15s }
                  - cell: { h3: 11, publish: both }
                time: { round: 1s }
                attributes: { keep: [speed] }
              evidence:
                retention: 1d
                journal: true
            """;

    private static final List<String> STREAMS = List.of("crowd", "trips", "pieces");

    @TempDir
    private Path directory;

    private Path data;
    private long startMs;
    /** The one that runs, or ran last. */
    private EngineProcess engine;

    @AfterEach
    void endEngine() {
        CloseHelper.close(engine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"persisted", "synced"})
    void shouldLetOutWhatAnEngineLetsOutThatIsNeverKilled(final String ack) throws IOException, InterruptedException {
        final Random random = new Random(KILLS);
        data = directory.resolve("data");
        final Path config = EngineFiles.withStreams(directory, POLICY, EngineFiles.freePorts(), ack);
        engine = EngineProcess.start(config, data);
        copyKeys();
        startMs = startMs();
        try (FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions()
                .protocol("teltonika")
                .target(engine.address("teltonika tcp"))
                .devices(DEVICES)
                .recordsPerSecond(2L * DEVICES)
                .recordsPerFrame(2)
                .intervalMs(500)
                .duration(Duration.ofMinutes(20))
                .acknowledgementTimeout(Duration.ofSeconds(2))
                .longestBackOff(Duration.ofMillis(100))
                .unreachableAfter(Duration.ofMinutes(5))
                .ledger(directory.resolve("fleet.ledger")))) {
            awaitLoad(fleet, 15L * 2 * DEVICES);
            for (int kill = 0; kill < KILLS; kill++) {
                awaitLoad(fleet, 1 + random.nextInt(4 * 2 * DEVICES));
                engine.kill();
                if (kill % 2 == 1) {
                    awaitThatAllIsDue();
                }
                engine = EngineProcess.start(config, data);
            }
            awaitLoad(fleet, 8L * 2 * DEVICES);
            fleet.stop();
            final SimulatorSummary summary = fleet.await();
            assertThat(summary.failure()).isEmpty();
            assertThat(summary.recordsAcknowledged()).isEqualTo(summary.recordsSent());
            for (final String stream : STREAMS) {
                final List<String> expected = expected(config, stream);
                await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertThat(wrong(stored(stream), expected))
                                .as("%s; the engine says: %s", stream, engine.err())
                                .isEmpty());
                System.out.printf(
                        "%s, %d kills: %d records of stream %s are those of an engine that never dies%n",
                        ack, KILLS, expected.size(), stream);
                assertThat(expected).hasSizeGreaterThan(5 * DEVICES);
            }
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
            for (final String stream : STREAMS) {
                assertThat(wrong(stored(stream), expected(config, stream))).isEmpty();
            }
        }
    }

    /** Longer than a window of the crowd and what waits for it. */
    private static void awaitThatAllIsDue() {
        final long dueNs = System.nanoTime() + Duration.ofMillis(3 * WINDOW_MS).toNanos();
        await().atMost(Duration.ofMinutes(1)).until(() -> System.nanoTime() > dueNs);
    }

    private static void awaitLoad(final FleetSimulator fleet, final long records) {
        final long enough = fleet.counters().recordsAcknowledged() + records;
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> fleet.counters().recordsAcknowledged() >= enough);
    }

    /** When the first engine began to give its chains records: it noted that, behind by what. */
    private long startMs() throws IOException {
        final String line =
                Files.readAllLines(StreamFiles.lag(data, "crowd", 0)).get(1); // begun TIME
        return Long.parseLong(line.substring(line.indexOf(" ") + 1));
    }

    private Path keysOfTheStart() {
        return directory.resolve("keys-of-the-start");
    }

    /** Noise, orders and pseudonyms are those of then. */
    private void copyKeys() throws IOException {
        Files.createDirectory(
                keysOfTheStart(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(StreamFiles.keys(data), "*.keys")) {
            for (final Path file : files) {
                Files.copy(file, keysOfTheStart().resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** What is there and should not be, and the other way round. */
    private static List<String> wrong(final List<String> stored, final List<String> expected) {
        final List<String> missing = new ArrayList<>(expected);
        Collections.sort(missing);
        final List<String> wrong = new ArrayList<>();
        for (final String each : stored) {
            final int at = Collections.binarySearch(missing, each);
            if (at < 0) {
                wrong.add("not to be there: " + each);
            } else {
                missing.remove(at);
            }
        }
        missing.forEach(each -> wrong.add("lost: " + each));
        return wrong;
    }

    private List<String> stored(final String stream) {
        final List<String> stored = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data, stream)) {
            while (reader.next()) {
                stored.add((reader.hasPseudonym() ? reader.pseudonym() : "") + " " + reader.timeMs() + " "
                        + reader.cellId() + " " + reader.attributeValue(0));
            }
        }
        return stored;
    }

    /** By one chain, from what the journal has. */
    private List<String> expected(final Path config, final String stream) throws IOException {
        final List<String> expected = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        final PositionBatch batch = new PositionBatch();
        StreamChain chain = null;
        long lastMs = 0;
        try (JournalReader journal = JournalReader.open(data, "evidence")) {
            while (journal.next()) {
                if (chain == null) {
                    final KeyRing keys = KeyRing.open(keysOfTheStart(), startMs);
                    chain = EngineConfig.read(config).policy().stream(stream).newChain(keys, 1_000);
                }
                lastMs = journal.receivedTimeMs();
                journal.decode(batch);
                for (int i = 0; i < batch.size(); i++) {
                    final Position position = batch.get(i);
                    if (seen.add(position.deviceId() + " " + position.fixTimeMs())) {
                        chain.offer(position, release -> expected.add(text(release)));
                    }
                }
            }
        }
        do {
            chain.advanceTo(lastMs + 6 * WINDOW_MS, release -> expected.add(text(release)));
        } while (chain.isLettingGo());
        return expected;
    }

    private static String text(final Release release) {
        final String pseudonym = release.pseudonym() == Release.NO_PSEUDONYM
                ? ""
                : HexFormat.of().toHexDigits(release.pseudonym());
        return pseudonym + " " + release.timeMs() + " " + release.cell() + " " + release.attributeValue(0);
    }
}
