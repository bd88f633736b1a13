// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;

/** An engine that is killed while it works, and comes back, has every record that it acknowledged. */
@Timeout(1200)
class KillTest {
    /** {@code mvn verify -Droadhaze.kills=100} kills more often. */
    private static final int KILLS = Integer.getInteger("roadhaze.kills", 10);

    private static final int LEAST_RECORDS = 10_000;

    @TempDir
    private Path directory;

    @Test
    void shouldHaveEveryAcknowledgedRecordAfterEveryKill() throws IOException, InterruptedException {
        final List<Integer> ports = EngineFiles.freePorts();
        final Path config = EngineFiles.addJournal(EngineFiles.acceptance(directory, ports), "evidence");
        final Path data = directory.resolve("data");
        EngineProcess engine = EngineProcess.start(config, data);
        try (FleetSimulator lorries = start(engine, "teltonika", 10, 20);
                FleetSimulator scooters = start(engine, "gt06", 10, 1)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitLoad(lorries, 20_000);
                awaitLoad(scooters, 500);
                engine.kill();
                engine = EngineProcess.start(config, data);
            }
            awaitLoad(lorries, 20_000);
            awaitLoad(scooters, 500);
            final SimulatorSummary lorriesDid = stop(lorries);
            final SimulatorSummary scootersDid = stop(scooters);
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();

            final Books books = new Books()
                    .promised(ledger("teltonika"))
                    .promised(ledger("gt06"))
                    .kept(data, "all");
            System.out.printf(
                    "%d kills: %d records acknowledged, %d in the queue again, %d + %d frames sent again%n",
                    KILLS, books.promisedRecords(), books.extraRecords(), lorriesDid.resends(), scootersDid.resends());
            books.assertNothingIsMissing();
            books.assertNothingIsMadeUp();
            final Books sealed = new Books()
                    .promised(ledger("teltonika"))
                    .promised(ledger("gt06"))
                    .keptSealed(data, "evidence");
            sealed.assertNothingIsMissing();
            sealed.assertNothingIsMadeUp();
            assertThat(books.promisedRecords())
                    .isEqualTo(lorriesDid.recordsAcknowledged() + scootersDid.recordsAcknowledged())
                    .isGreaterThan(LEAST_RECORDS);
            assertThat(lorriesDid.resends() + scootersDid.resends()).isGreaterThanOrEqualTo(KILLS);
        } finally {
            engine.close();
        }
    }

    private Path ledger(final String protocol) {
        return directory.resolve(protocol + ".ledger");
    }

    private FleetSimulator start(
            final EngineProcess engine, final String protocol, final int devices, final int recordsPerFrame)
            throws IOException {
        return FleetSimulator.start(new SimulatorOptions()
                .protocol(protocol)
                .target(engine.address(protocol + " tcp"))
                .devices(devices)
                .recordsPerFrame(recordsPerFrame)
                .duration(Duration.ofMinutes(30))
                .acknowledgementTimeout(Duration.ofSeconds(2))
                .ledger(ledger(protocol)));
    }

    /** Waits until so many more records were acknowledged: the engine is in the middle of its work. */
    private static void awaitLoad(final FleetSimulator fleet, final long records) {
        final long enough = fleet.counters().recordsAcknowledged() + records;
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> fleet.counters().recordsAcknowledged() >= enough);
    }

    private static SimulatorSummary stop(final FleetSimulator fleet) throws InterruptedException {
        fleet.stop();
        final SimulatorSummary summary = fleet.await();
        assertThat(summary.failure()).isEmpty();
        assertThat(summary.recordsAcknowledged()).isEqualTo(summary.recordsSent());
        return summary;
    }
}
