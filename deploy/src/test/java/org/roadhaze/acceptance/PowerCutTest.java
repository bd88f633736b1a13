// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;

/**
 * An engine whose power is cut in the middle of its work: stopped where it is, its disk copied from under it, and killed.
 * Another engine starts on the copy, and has every record that was acknowledged.
 */
@Timeout(120)
class PowerCutTest {
    /** {@code mvn verify -Droadhaze.power-cuts=20} cuts more often. */
    private static final int CUTS = Integer.getInteger("roadhaze.power-cuts", 2);

    private static final long DISK_BYTES = 2L << 30;
    private static final int DEVICES = 100;
    private static final int RECORDS_PER_FRAME = 20;
    private static final int LEAST_RECORDS = 20_000;

    @TempDir
    private Path directory;

    static IntStream cuts() {
        return IntStream.rangeClosed(1, CUTS);
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void shouldHaveEveryRecordThatWasAcknowledgedAsSynced(final int cut) throws IOException, InterruptedException {
        final Path ledger = directory.resolve("ledger");
        final Path config =
                EngineFiles.addJournal(EngineFiles.acceptance(directory, List.of(0, 0, 0), "synced"), "evidence");
        try (LoopDisk disk = LoopDisk.make(directory.resolve("disk"), directory.resolve("mounted"), DISK_BYTES)) {
            try (LoopDisk after = runAndCutPower(disk, config, ledger, cut)) {
                goOn(after, config, ledger);
            }
        }
    }

    /**
     * A killed engine leaves records that it appended and never forced. Their devices send them again, the next engine
     * knows them, appends nothing, and acknowledges: then the power goes.
     */
    @Test
    void shouldHaveWhatAKilledEngineAppendedAndTheNextOneAcknowledged() throws IOException, InterruptedException {
        final Path ledger = directory.resolve("ledger");
        final Path config = withAForceASecond(EngineFiles.addJournal(
                EngineFiles.acceptance(directory, EngineFiles.freePorts(), "synced"), "evidence"));
        try (LoopDisk disk = LoopDisk.make(directory.resolve("disk"), directory.resolve("mounted"), DISK_BYTES)) {
            final Path data = disk.directory().resolve("data");
            final EngineProcess killed = EngineProcess.start(config, data);
            try (FleetSimulator fleet = start(killed, ledger, 1)) {
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() ->
                                fleet.counters().recordsAcknowledged() > LEAST_RECORDS && waitsForTheDisk(fleet, data));
                killed.kill();
                fleet.stop();
                try (EngineProcess next = EngineProcess.start(config, data)) {
                    final SimulatorSummary summary = fleet.await();
                    assertThat(summary.isComplete()).isTrue();
                    assertThat(summary.resends()).isPositive();
                    next.stopWhereItIs();
                    try (LoopDisk after = disk.cutPower(directory.resolve("copy"), directory.resolve("after"))) {
                        next.kill();
                        goOn(after, config, ledger);
                    }
                }
            } finally {
                killed.close();
            }
        }
    }

    /** Whether all that the fleet has sent is in the queue, and some of it not acknowledged. */
    private static boolean waitsForTheDisk(final FleetSimulator fleet, final Path data) {
        final long sent = fleet.counters().recordsSent();
        if (sent - fleet.counters().recordsAcknowledged() < DEVICES * RECORDS_PER_FRAME) {
            return false;
        }
        long kept = 0;
        try (StreamReader reader = StreamReader.open(data, "all")) {
            while (reader.next()) {
                kept++;
            }
        }
        return kept == sent && fleet.counters().recordsSent() == sent;
    }

    private static Path withAForceASecond(final Path config) throws IOException {
        return Files.writeString(config, "commit: { every: 1s, bytes: 1GiB }\n" + Files.readString(config));
    }

    private LoopDisk runAndCutPower(final LoopDisk disk, final Path config, final Path ledger, final int seed)
            throws IOException, InterruptedException {
        try (EngineProcess engine = EngineProcess.start(config, disk.directory().resolve("data"));
                FleetSimulator fleet = start(engine, ledger, seed)) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> fleet.counters().recordsAcknowledged() >= (long) LEAST_RECORDS * (1 + seed % 4));
            engine.stopWhereItIs();
            final LoopDisk after = disk.cutPower(directory.resolve("copy"), directory.resolve("after"));
            engine.kill();
            return after;
        }
    }

    private void goOn(final LoopDisk after, final Path config, final Path ledger)
            throws IOException, InterruptedException {
        final Path data = after.directory().resolve("data");
        final Path laterLedger = directory.resolve("later");
        try (EngineProcess engine = EngineProcess.start(config, data);
                FleetSimulator fleet = start(engine, laterLedger, 99)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> fleet.counters().recordsAcknowledged() > 1_000);
            fleet.stop();
            assertThat(fleet.await().failure()).isEmpty();
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
        }
        final Books.Balance balance = new Books()
                .promised(ledger)
                .promised(laterLedger)
                .kept(data, "all")
                .assertBalanced("power cut", Books.Allow.TWICE, Books.Allow.UNACKNOWLEDGED, Books.Allow.NEW_PSEUDONYMS);
        assertThat(balance.promised()).isGreaterThan(LEAST_RECORDS);
        new Books()
                .promised(ledger)
                .promised(laterLedger)
                .keptSealed(data, "evidence")
                .assertBalanced("the journal after a power cut", Books.Allow.TWICE, Books.Allow.UNACKNOWLEDGED);
        System.out.printf(
                "power cut: %d records acknowledged, %d more in the queue%n",
                balance.promised(), balance.kept() - balance.promised());
        Files.delete(laterLedger);
    }

    private static FleetSimulator start(final EngineProcess engine, final Path ledger, final int seed)
            throws IOException {
        return FleetSimulator.start(new SimulatorOptions()
                .target(engine.address("teltonika tcp"))
                .devices(DEVICES)
                .seed(seed)
                .recordsPerFrame(RECORDS_PER_FRAME)
                .duration(Duration.ofMinutes(5))
                .acknowledgementTimeout(Duration.ofSeconds(30))
                .ledger(ledger));
    }
}
