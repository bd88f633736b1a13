// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;

/**
 * Devices that were out of reach for half a year and send what they kept, as fast as it is acknowledged, beside others that
 * live. {@code -Droadhaze.backlog=N} devices have 2,000 records each, which is what trackers keep.
 */
@Timeout(600)
class BacklogTest {
    private static final int LATE_DEVICES = Integer.getInteger("roadhaze.backlog", 100);
    private static final int RECORDS_EACH = 2_000;
    private static final int RECORDS_A_FRAME = 50;
    private static final int LIVE_DEVICES = 100;
    private static final int LIVE_RECORDS_PER_SECOND = 2_000;
    private static final Duration LATE = Duration.ofDays(183);

    /** What a live device notices is far longer; how long it was is printed. */
    private static final Duration LIVE_P99 = Duration.ofMillis(250);

    @TempDir
    private Path directory;

    @Test
    @DisplayName("R17: a backlog of months is kept with the times that it says, and does not hold up who is live")
    void shouldTakeABacklogOfMonthsBesideLiveDevices() throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, "a backlog of months");
        final Path config = run.config("synced", "");
        final Path lateLedger = directory.resolve("late");
        try (EngineProcess engine = EngineProcess.start(config, run.data());
                FleetSimulator live = FleetSimulator.start(run.fleet(engine)
                        .devices(LIVE_DEVICES)
                        .recordsPerSecond(LIVE_RECORDS_PER_SECOND)
                        .seed(2))) {
            run.awaitMore(live, 5 * LIVE_RECORDS_PER_SECOND); // Compiled by then.
            live.ackLatencySinceLast();
            run.awaitMore(live, 5 * LIVE_RECORDS_PER_SECOND);
            final long aloneUs = live.ackLatencySinceLast().getValueAtPercentile(99);

            final long startNs = System.nanoTime();
            final SimulatorSummary late;
            try (FleetSimulator backlog = FleetSimulator.start(new SimulatorOptions()
                    .target(engine.address("teltonika tcp"))
                    .trace(trace())
                    .recordsPerFrame(RECORDS_A_FRAME)
                    .acknowledgementTimeout(Duration.ofMinutes(1))
                    .ledger(lateLedger))) {
                late = backlog.await();
            }
            final double seconds = (System.nanoTime() - startNs) / 1e9;
            final long besideUs = live.ackLatencySinceLast().getValueAtPercentile(99);
            System.out.printf(
                    Locale.ROOT,
                    "backlog of %,d records from %d devices: %.1f s, %,.0f records/s; live p99 %.1f ms alone, %.1f ms beside it%n",
                    late.recordsAcknowledged(),
                    LATE_DEVICES,
                    seconds,
                    late.recordsAcknowledged() / seconds,
                    aloneUs / 1e3,
                    besideUs / 1e3);
            assertThat(late.failure()).isEmpty();
            assertThat(late.recordsAcknowledged()).isEqualTo((long) LATE_DEVICES * RECORDS_EACH);
            assertThat(late.resends()).isZero();
            assertThat(Duration.ofNanos(1_000 * besideUs)).isLessThan(Crowd.stretched(LIVE_P99));
            run.end(live, engine);
        }
        new Books()
                .promised(directory.resolve("ledger"))
                .promised(lateLedger)
                .kept(run.data(), "all")
                .assertBalanced("a backlog of months");
    }

    /** Half a year ago, a fix a second. */
    private Path trace() throws IOException {
        final Path trace = directory.resolve("late.csv");
        final long firstSecond = Instant.now().minus(LATE).getEpochSecond();
        try (BufferedWriter rows = Files.newBufferedWriter(trace)) {
            rows.write("device,time,latitude,longitude\n");
            for (int second = 0; second < RECORDS_EACH; second++) {
                for (int device = 0; device < LATE_DEVICES; device++) {
                    rows.write(String.format(
                            Locale.ROOT,
                            "late%d,%d,37.%06d,-122.%06d%n",
                            device,
                            firstSecond + second,
                            100_000 + second,
                            100_000 + device));
                }
            }
        }
        return trace;
    }
}
