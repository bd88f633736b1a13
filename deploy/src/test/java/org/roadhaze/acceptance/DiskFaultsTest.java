// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.simulator.FleetSimulator;

/** Disks that are stuck, and disks that fail. What a full one does is {@link DiskFullTest}'s matter. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class DiskFaultsTest {
    /** {@code -Droadhaze.freeze=30} freezes the disk for as many seconds. */
    private static final Duration FREEZE = Duration.ofSeconds(Long.getLong("roadhaze.freeze", 3));

    private static final long DISK_BYTES = 2L << 30;
    private static final long SMALL_DISK_BYTES = 96L << 20;
    private static final long MOST_GROWTH = 96L << 20;
    private static final int FAILED = 1;

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "told to stop meanwhile: {0}")
    @DisplayName("R5: every write waits for a disk that is stuck")
    @ValueSource(booleans = {false, true})
    void shouldWaitForADiskThatIsStuckAndLoseNothing(final boolean stopped) throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, "a disk that is stuck for " + FREEZE);
        try (LoopDisk disk = LoopDisk.make(directory.resolve("disk"), directory.resolve("mounted"), DISK_BYTES)) {
            final Path data = disk.directory().resolve("data");
            try (EngineProcess engine = EngineProcess.start(run.config("synced", ""), data);
                    FleetSimulator fleet = FleetSimulator.start(run.fleet(engine))) {
                run.awaitMore(fleet, 5_000);
                final long bytesBefore = engine.residentBytes();
                freeze(disk, true);
                final long whileFrozen;
                try {
                    whileFrozen = awaitSilence(run, fleet);
                    if (stopped) {
                        engine.terminate();
                    }
                    final long end = System.nanoTime() + FREEZE.toNanos();
                    Awaitility.await().atMost(FREEZE.plusSeconds(10)).until(() -> System.nanoTime() > end);
                    assertThat(fleet.counters().recordsAcknowledged()).isEqualTo(whileFrozen);
                    assertThat(engine.residentBytes() - bytesBefore).isLessThan(MOST_GROWTH);
                } finally {
                    freeze(disk, false);
                }
                if (stopped) {
                    assertThat(engine.awaitExit()).isZero();
                } else {
                    run.awaitMore(fleet, 5_000);
                    run.end(fleet, engine);
                    assertThat(fleet.await().reconnects()).isZero();
                }
            }
            run.assertBalanced(data, stopped ? new Books.Allow[] {Books.Allow.UNACKNOWLEDGED} : new Books.Allow[0]);
        }
    }

    private static void freeze(final LoopDisk disk, final boolean freeze) throws IOException, InterruptedException {
        Commands.run(
                "fsfreeze", freeze ? "--freeze" : "--unfreeze", disk.directory().toString());
    }

    /** What was forced before is acknowledged; then nothing more is for a while. */
    private static long awaitSilence(final FaultRun run, final FleetSimulator fleet) {
        final long[] last = {-1, System.nanoTime()};
        run.await(() -> {
            final long now = fleet.counters().recordsAcknowledged();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > Duration.ofMillis(500).toNanos();
        });
        return last[0];
    }

    /** A disk that takes writes until they are brought to it, and then fails: it lies in a file that cannot grow. */
    @Test
    @DisplayName("R6: the disk fails to write what it had taken")
    void shouldAcknowledgeNothingMoreAndEndWhenAForceFails() throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, "a disk that fails");
        final Path store = Files.createDirectory(directory.resolve("store"));
        try {
            Commands.run("mount", "-t", "tmpfs", "-o", "size=" + SMALL_DISK_BYTES, "tmpfs", store.toString());
        } catch (final IOException e) {
            Assumptions.abort("needs root to mount: " + e.getMessage());
        }
        try (LoopDisk disk = LoopDisk.make(store.resolve("disk"), directory.resolve("mounted"), DISK_BYTES)) {
            final Path data = disk.directory().resolve("data");
            final Path config = run.config("synced", "");
            try (FleetSimulator fleet = runUntilTheDiskFails(run, config, data)) {
                Commands.run("mount", "-o", "remount,size=1g", store.toString());
                goOnOn(disk, run, config, data, fleet);
            }
        } finally {
            Commands.run("umount", "--lazy", store.toString());
        }
    }

    private static FleetSimulator runUntilTheDiskFails(final FaultRun run, final Path config, final Path data)
            throws IOException, InterruptedException {
        try (EngineProcess engine = EngineProcess.start(config, data)) {
            final FleetSimulator fleet = FleetSimulator.start(
                    run.fleet(engine).devices(50).recordsPerFrame(100).acknowledgementTimeout(Duration.ofSeconds(2)));
            assertThat(engine.awaitExit()).as(engine.err()).isEqualTo(FAILED);
            assertThat(engine.err()).contains("The engine stopped acknowledging");
            assertThat(fleet.counters().recordsAcknowledged()).isPositive();
            return fleet;
        }
    }

    private static void goOnOn(
            final LoopDisk disk, final FaultRun run, final Path config, final Path data, final FleetSimulator fleet)
            throws IOException, InterruptedException {
        disk.mountAgain();
        try (EngineProcess engine = EngineProcess.start(config, data)) {
            run.awaitMore(fleet, 5_000);
            run.end(fleet);
            run.stop(engine);
        }
        run.assertBalanced(data, Books.Allow.TWICE, Books.Allow.NEW_PSEUDONYMS);
    }
}
