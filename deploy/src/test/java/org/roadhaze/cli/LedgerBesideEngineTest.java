// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;

/** {@code roadhaze ledger} beside an engine that lets records out meanwhile, and saves its account under the reader. */
@Timeout(180)
class LedgerBesideEngineTest {
    private static final String CONFIG = """
        data: data
        ack: persisted
        listeners: [{ protocol: teltonika, transport: tcp, address: 127.0.0.1:0 }]
        policy: { version: all-1 }
        streams:
          all:
            retention: 1d
            identity: { pseudonym: keyed, rotate: 5min }
            location: [exact]
            time: { round: 1s }
        """;
    private static final int DEVICES = 20;
    private static final Pattern ROW = Pattern.compile("[0-9a-f]{16} +(\\d+) .*");

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    @TempDir
    private Path files;

    /** The records of all devices, as the command tells them. */
    private long records() {
        final int exit = roadhaze.run(
                "ledger",
                "--stream",
                "all",
                "--top",
                "1000",
                "--data",
                files.resolve("data").toString());
        assertThat(exit).as("%s", roadhaze.err()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).startsWith("stream all");
        long sum = 0;
        final Matcher row = ROW.matcher(roadhaze.out());
        while (row.find()) {
            sum += Long.parseLong(row.group(1));
        }
        return sum;
    }

    @Test
    void shouldTellWhatHasLeftWhileMoreLeaves() throws IOException, InterruptedException {
        final Path config = Files.writeString(files.resolve("engine.yaml"), CONFIG);
        final TreeSet<Long> told = new TreeSet<>();
        final SimulatorSummary summary;
        try (Engine engine = Engine.start(EngineConfig.read(config));
                FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions()
                        .protocol("teltonika")
                        .target(engine.listening().get(0).address())
                        .devices(DEVICES)
                        .recordsPerSecond(200)
                        .duration(Duration.ofSeconds(25)))) {
            await().atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        final long records = records();
                        assertThat(records).isGreaterThanOrEqualTo(told.isEmpty() ? 0 : told.last());
                        told.add(records);
                        return told.size() > 2; // Nothing yet, and two accounts after it.
                    });
            summary = fleet.await();
            assertThat(summary.isComplete())
                    .as("%s %s", summary.failure(), summary.toJson())
                    .isTrue();
        }

        final long all = records();
        assertThat(told.first()).isZero();
        assertThat(all).isGreaterThanOrEqualTo(told.last()).isEqualTo(summary.recordsAcknowledged());
        assertThat(roadhaze.out()).contains(": " + DEVICES + " devices");
    }
}
