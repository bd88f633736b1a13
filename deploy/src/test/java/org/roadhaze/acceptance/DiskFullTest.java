// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/**
 * A disk that somebody else fills while an engine works on it: the engine takes nothing more in before the disk is full, and
 * goes on by itself when there is room again. Where it is filled faster than anyone can look, what is on its way has its
 * space already.
 */
@Timeout(180)
class DiskFullTest {
    private static final long DISK_BYTES = 700L << 20;
    private static final long STOP_BELOW = 128L << 20;
    private static final long RESUME_ABOVE = 160L << 20;

    @TempDir
    private Path directory;

    @Test
    void shouldTakeNothingInWhileTheDiskIsNearlyFullAndGoOnByItself() throws IOException, InterruptedException {
        fillAndEmpty("{ stop-below: 128MiB, resume-above: 160MiB }", 4_000, DiskFullTest::fillSlowly);
    }

    @Test
    void shouldLoseNothingWhenTheDiskIsFullAtOnce() throws IOException, InterruptedException {
        fillAndEmpty("{ stop-below: 16MiB, resume-above: 17MiB }", SimulatorOptions.MAX_RATE, DiskFullTest::fillAtOnce);
    }

    private interface Filling {
        void fill(Path ballast) throws IOException, InterruptedException;
    }

    private void fillAndEmpty(final String marks, final long rate, final Filling filling)
            throws IOException, InterruptedException {
        final Path ledger = directory.resolve("ledger");
        final Path config = EngineFiles.acceptance(directory, List.of(0, 0, 0), "synced");
        Files.writeString(config, "disk: " + marks + "\n" + Files.readString(config));
        try (LoopDisk disk = LoopDisk.make(directory.resolve("disk"), directory.resolve("mounted"), DISK_BYTES)) {
            final Path data = disk.directory().resolve("data");
            final Path ballast = Files.createDirectory(disk.directory().resolve("ballast"));
            try (EngineProcess engine = EngineProcess.start(config, data);
                    FleetSimulator fleet = start(engine, ledger, rate)) {
                awaitMore(fleet, 2_000);
                filling.fill(ballast);
                await().atMost(Duration.ofSeconds(30)).until(() -> engine.log().contains("nothing is taken in"));
                awaitSilence(fleet);
                final long whileFull = fleet.counters().recordsAcknowledged();
                empty(ballast);
                await().atMost(Duration.ofSeconds(30)).until(() -> engine.log().contains("taken in again"));
                awaitMore(fleet, 2_000);
                assertThat(fleet.counters().recordsAcknowledged()).isGreaterThan(whileFull);
                fleet.stop();
                assertThat(fleet.await().failure()).isEmpty();
                engine.terminate();
                assertThat(engine.awaitExit()).isZero();
            }
            new Books().promised(ledger).kept(data, "all").assertBalanced("disk full");
        }
    }

    private static FleetSimulator start(final EngineProcess engine, final Path ledger, final long rate)
            throws IOException {
        return FleetSimulator.start(new SimulatorOptions()
                .target(engine.address("teltonika tcp"))
                .devices(20)
                .recordsPerFrame(20)
                .recordsPerSecond(rate)
                .duration(Duration.ofMinutes(5))
                .acknowledgementTimeout(Duration.ofSeconds(60))
                .ledger(ledger));
    }

    private static void fillSlowly(final Path ballast) throws IOException {
        final FileStore disk = Files.getFileStore(ballast);
        final byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(ballast.resolve("0"), StandardOpenOption.CREATE)) {
            while (disk.getUsableSpace() > STOP_BELOW - (8L << 20)) {
                out.write(block);
            }
        }
        assertThat(disk.getUsableSpace()).isLessThan(RESUME_ABOVE);
    }

    /** To the last block, root's share included; but for 2 %, which the file system keeps for what it has to know itself. */
    private static void fillAtOnce(final Path ballast) throws IOException, InterruptedException {
        final FileStore disk = Files.getFileStore(ballast);
        int files = 0;
        for (long bytes = disk.getUnallocatedSpace(); bytes >= 4096; bytes /= 2) {
            for (int i = 0; i < 2; i++) {
                try {
                    Commands.run(
                            "fallocate",
                            "-l",
                            Long.toString(bytes),
                            ballast.resolve("" + files++).toString());
                } catch (final IOException e) {
                    assertThat(e).hasMessageContaining("No space left");
                }
            }
        }
        assertThat(disk.getUnallocatedSpace()).isLessThanOrEqualTo(DISK_BYTES / 40);
    }

    private static void empty(final Path ballast) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ballast)) {
            for (final Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static void awaitMore(final FleetSimulator fleet, final long records) {
        final long enough = fleet.counters().recordsAcknowledged() + records;
        await().atMost(Duration.ofSeconds(60)).until(() -> fleet.counters().recordsAcknowledged() >= enough);
    }

    /** What was on its way has gone through: nothing was acknowledged for a second. */
    private static void awaitSilence(final FleetSimulator fleet) {
        final long[] last = {-1};
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    final long before = last[0];
                    last[0] = fleet.counters().recordsAcknowledged();
                    return before == last[0];
                });
    }
}
