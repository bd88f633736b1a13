// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;

/** An engine that is killed while it works, and comes back, has every record that it acknowledged. */
@Timeout(1200)
class KillTest {
    /** {@code mvn verify -Droadhaze.kills=100} kills more often. */
    private static final int KILLS = Integer.getInteger("roadhaze.kills", 10);

    /** {@code mvn verify -Droadhaze.contained-kills=100} kills more often in a namespace of processes. */
    private static final int CONTAINED_KILLS = Integer.getInteger("roadhaze.contained-kills", 3);

    private static final int LEAST_RECORDS = 10_000;

    @TempDir
    private Path directory;

    /** Contained, each engine has the process number of the one that was killed: locks that name it look alive. */
    @ParameterizedTest(name = "contained: {0}")
    @DisplayName("R1: kill -9 under load")
    @ValueSource(booleans = {false, true})
    void shouldHaveEveryAcknowledgedRecordAfterEveryKill(final boolean contained)
            throws IOException, InterruptedException {
        if (contained) {
            assumeNamespaces();
        }
        final EngineProcess.Launch launch = contained ? EngineProcess.Launch.CONTAINED : EngineProcess.Launch.NORMAL;
        final int kills = contained ? CONTAINED_KILLS : KILLS;
        Duration longestStart = Duration.ZERO;
        final List<Integer> ports = EngineFiles.freePorts();
        final Path config = EngineFiles.acceptance(directory, ports);
        final Path data = directory.resolve("data");
        EngineProcess engine = EngineProcess.start(launch, config, data);
        try (FleetSimulator lorries = start(engine, "teltonika", 10, 20);
                FleetSimulator scooters = start(engine, "gt06", 10, 1)) {
            for (int kill = 1; kill <= kills; kill++) {
                awaitLoad(lorries, 20_000);
                awaitLoad(scooters, 500);
                engine.kill();
                final long killedNs = System.nanoTime();
                engine = EngineProcess.start(launch, config, data);
                awaitLoad(lorries, 1);
                final Duration start = Duration.ofNanos(System.nanoTime() - killedNs);
                longestStart = start.compareTo(longestStart) > 0 ? start : longestStart;
            }
            awaitLoad(lorries, 20_000);
            awaitLoad(scooters, 500);
            final SimulatorSummary lorriesDid = stop(lorries);
            final SimulatorSummary scootersDid = stop(scooters);
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();

            final Books.Balance balance = new Books()
                    .promised(ledger("teltonika"))
                    .promised(ledger("gt06"))
                    .kept(data, "all")
                    .assertBalanced(kills + " kills", Books.Allow.TWICE);
            System.out.printf(
                    "%d kills%s: %d records acknowledged, %d in the queue again, %d + %d frames sent again, %d ms at"
                            + " most from a kill to the next acknowledgement%n",
                    kills,
                    contained ? ", contained" : "",
                    balance.promised(),
                    balance.twice(),
                    lorriesDid.resends(),
                    scootersDid.resends(),
                    longestStart.toMillis());
            assertThat(balance.promised())
                    .isEqualTo(lorriesDid.recordsAcknowledged() + scootersDid.recordsAcknowledged())
                    .isGreaterThan(LEAST_RECORDS);
            assertThat(lorriesDid.resends() + scootersDid.resends()).isGreaterThanOrEqualTo(kills);
        } finally {
            engine.close();
        }
    }

    private static void assumeNamespaces() throws InterruptedException {
        try {
            Commands.run("unshare", "--pid", "--fork", "--mount-proc", "true");
        } catch (final IOException e) {
            Assumptions.abort("needs root to make a namespace: " + e.getMessage());
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
