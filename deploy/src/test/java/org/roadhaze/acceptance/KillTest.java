// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;
import org.roadhaze.stream.StreamFiles;

/**
 * An engine that is killed while it works, and comes back, has every record that it acknowledged once, and acknowledges
 * again within seconds.
 */
@Timeout(1800)
class KillTest {
    /** {@code mvn verify -Droadhaze.kills=100} kills more often. */
    private static final int KILLS = Integer.getInteger("roadhaze.kills", 3);

    private static final int LEAST_RECORDS = 10_000;

    /** Between two kills, at most. */
    private static final int LORRY_RECORDS = 10_000;

    private static final int SCOOTER_RECORDS = 250;

    /**
     * From the start of the new process to the first acknowledgement that it sends; longer in proportion where more wants
     * to run than there are cores.
     */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private long longestBackNs;

    /** How an engine is started. */
    private interface Launch {
        EngineProcess start(Path config, Path data) throws IOException;
    }

    @Test
    void shouldHaveEveryAcknowledgedRecordOnceAfterEveryKill() throws IOException, InterruptedException {
        killAgainAndAgain(EngineProcess::start, "persisted");
    }

    /** The lock that a killed engine leaves holds the process id of the one that comes back. */
    @Test
    void shouldHaveThemWhereEveryEngineHasTheSameProcessId() throws IOException, InterruptedException {
        EngineProcess.assumeNamespaces();
        killAgainAndAgain(EngineProcess::startInNamespace, "synced");
    }

    @Test
    void shouldWriteAgainAlthoughItsOwnProcessIdHoldsTheLock() throws IOException, InterruptedException {
        EngineProcess.assumeNamespaces();
        final Path config = EngineFiles.acceptance(directory);
        final Path data = directory.resolve("data");
        try (EngineProcess engine = EngineProcess.startInNamespace(config, data);
                FleetSimulator lorries = start(engine, "teltonika", 1, 1)) {
            awaitLoad(lorries, 1);
            stop(lorries);
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
        }
        holdLockAndDie(StreamFiles.queue(data, "all"));
        final long startNs = System.nanoTime();
        try (EngineProcess engine = EngineProcess.startInNamespace(config, data);
                FleetSimulator scooters = start(engine, "gt06", 1, 1)) {
            awaitLoad(scooters, 1);
            longestBackNs = System.nanoTime() - startNs;
            assertBackInTime();
            assertThat(engine.err()).contains("write.lock was held by process 1");
        }
    }

    private static void holdLockAndDie(final Path queue) throws IOException, InterruptedException {
        final Process holder = EngineProcess.launchInNamespace(LockHolder.class, queue.toString());
        try (BufferedReader out = holder.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.equals(LockHolder.HOLDING)) {
                line = out.readLine();
            }
            assertThat(line).isEqualTo(LockHolder.HOLDING);
        } finally {
            EngineProcess.child(holder).destroyForcibly();
            holder.waitFor();
        }
    }

    private void killAgainAndAgain(final Launch launch, final String ack) throws IOException, InterruptedException {
        final Random random = new Random(KILLS);
        final Path config =
                EngineFiles.addJournal(EngineFiles.acceptance(directory, EngineFiles.freePorts(), ack), "evidence");
        final Path data = directory.resolve("data");
        EngineProcess engine = launch.start(config, data);
        try (FleetSimulator lorries = start(engine, "teltonika", 10, 20);
                FleetSimulator scooters = start(engine, "gt06", 10, 1)) {
            awaitLoad(lorries, LORRY_RECORDS);
            awaitLoad(scooters, SCOOTER_RECORDS);
            for (int kill = 1; kill <= KILLS; kill++) {
                engine.kill();
                final long reconnects = lorries.counters().reconnects();
                final long startNs = System.nanoTime();
                engine = launch.start(config, data);
                awaitFirstAcknowledgement(lorries, reconnects);
                longestBackNs = Math.max(longestBackNs, System.nanoTime() - startNs);
                awaitLoad(lorries, 1 + random.nextInt(LORRY_RECORDS));
                awaitLoad(scooters, 1 + random.nextInt(SCOOTER_RECORDS));
            }
            final SimulatorSummary lorriesDid = stop(lorries);
            final SimulatorSummary scootersDid = stop(scooters);
            assertThat(StreamFiles.nativeLibraries(data))
                    .as("what the engine unpacked that runs, and nothing of those that were killed")
                    .isDirectoryContaining("glob:**.so")
                    .satisfies(natives -> assertThat(natives.toFile().list()).hasSize(2));
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();

            final Books.Balance balance = new Books()
                    .promised(ledger("teltonika"))
                    .promised(ledger("gt06"))
                    .kept(data, "all")
                    .assertBalanced(KILLS + " kills", Books.Allow.NEW_PSEUDONYMS);
            new Books()
                    .promised(ledger("teltonika"))
                    .promised(ledger("gt06"))
                    .keptSealed(data, "evidence")
                    .assertBalanced("the journal after " + KILLS + " kills");
            System.out.printf(
                    "%d kills, %s: %d records acknowledged, %d missing, %d in the queue again, %d + %d frames sent again,"
                            + " back after %d ms at most%n",
                    KILLS,
                    ack,
                    balance.promised(),
                    balance.missing(),
                    balance.twice(),
                    lorriesDid.resends(),
                    scootersDid.resends(),
                    longestBackNs / 1_000_000);
            assertThat(balance.promised())
                    .isEqualTo(lorriesDid.recordsAcknowledged() + scootersDid.recordsAcknowledged())
                    .isGreaterThan(LEAST_RECORDS);
            assertThat(lorriesDid.resends() + scootersDid.resends()).isGreaterThanOrEqualTo(KILLS);
            assertBackInTime();
        } finally {
            engine.close();
        }
    }

    private void assertBackInTime() {
        assertThat(Duration.ofNanos(longestBackNs)).isLessThanOrEqualTo(Crowd.stretched(BACK_WITHIN));
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
                .longestBackOff(Duration.ofMillis(100))
                .unreachableAfter(Duration.ofMinutes(5))
                .ledger(ledger(protocol)));
    }

    /** Of an engine that a device has connected to after the kill: an older acknowledgement may still be on its way. */
    private static void awaitFirstAcknowledgement(final FleetSimulator fleet, final long reconnects) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> fleet.counters().reconnects() > reconnects);
        awaitLoad(fleet, 1);
    }

    /** Waits until so many more records were acknowledged: the engine is in the middle of its work. */
    private static void awaitLoad(final FleetSimulator fleet, final long records) {
        final long enough = fleet.counters().recordsAcknowledged() + records;
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(1))
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
