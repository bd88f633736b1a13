// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/** An engine that is told to stop while it rebuilds what its streams held stops at once, and the next one rebuilds it. */
@Timeout(300)
class StopWhileRebuildingTest {
    /** A cold engine rebuilds of so many for a second at least. */
    private static final int FRAMES = 120_000;

    /** It says when it begins to rebuild. */
    private static final EngineProcess.Launch TALKATIVE = new EngineProcess.Launch(List.of("-Dtinylog.level=info"), 0);

    private static final String POLICY = """
            policy: { version: held }
            streams:
              held:
                retention: 1d
                identity: none
                location:
                  - reorder: { late: 40s }
                  - cell: { h3: 11 }
                time: { round: 1s }
                attributes: { keep: [speed] }
              evidence:
                retention: 1d
                journal: true
            """;

    @TempDir
    private Path directory;

    private EngineProcess engine;

    @AfterEach
    void endEngine() {
        CloseHelper.close(engine);
    }

    @Test
    @DisplayName("R2: told to stop while held state is rebuilt")
    void shouldStopAtOnceAndLoseNothing() throws IOException, InterruptedException {
        final Path data = directory.resolve("data");
        final Path config = EngineFiles.withStreams(directory, POLICY, EngineFiles.freePorts(), "synced");
        engine = EngineProcess.start(config, data);
        final long acknowledged = loadAndKill();
        final List<Long> before = stored(data);

        engine = EngineProcess.launch(TALKATIVE, config, data);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> engine.err().contains("is rebuilt from") || !engine.isAlive());
        engine.terminate();
        assertThat(engine.awaitExit()).as("%s", engine.log()).isZero();
        assertThat(engine.lines()).singleElement().asString().startsWith("stopped: told to stop before it was ready");
        assertThat(stored(data)).isEqualTo(before);

        final int expected = distinctRecords(data);
        assertThat(expected).isGreaterThanOrEqualTo((int) acknowledged);
        engine = EngineProcess.start(config, data);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> stored(data).size() >= expected);
        engine.terminate();
        assertThat(engine.awaitExit()).isZero();
        assertThat(stored(data)).hasSize(expected);
    }

    /** Returns how many records the fleet has no more, since they were acknowledged. */
    private long loadAndKill() throws IOException, InterruptedException {
        try (FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions()
                .target(engine.address("teltonika tcp"))
                .devices(200)
                .recordsPerFrame(1)
                .ledger(directory.resolve("ledger")))) {
            await().atMost(Duration.ofMinutes(2)).until(() -> fleet.counters().recordsAcknowledged() > FRAMES);
            engine.kill();
            fleet.stop();
            return fleet.counters().recordsAcknowledged();
        }
    }

    private static List<Long> stored(final Path data) {
        final List<Long> times = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data, "held")) {
            while (reader.next()) {
                times.add(reader.timeMs());
            }
        }
        return times;
    }

    private static int distinctRecords(final Path data) throws IOException {
        final Set<String> records = new HashSet<>();
        final PositionBatch batch = new PositionBatch();
        try (JournalReader journal = JournalReader.open(data, "evidence")) {
            while (journal.next()) {
                journal.decode(batch);
                for (int i = 0; i < batch.size(); i++) {
                    records.add(batch.get(i).deviceId() + " " + batch.get(i).fixTimeMs());
                }
            }
        }
        return records.size();
    }
}
