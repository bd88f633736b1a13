// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/** Ten thousand devices: all at once after a restart, and idle. Needs 11,000 file handles a process. */
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is read from /proc")
class ManyDevicesTest {
    private static final int DEVICES = 10_000;
    private static final Duration SERVED_WITHIN = Duration.ofSeconds(10);
    private static final long MOST_BYTES_A_CONNECTION = 12 << 10;

    /** What collecting garbage, compiling and filling buffers may add after the first ten seconds. */
    private static final double MOST_GROWTH = 1.25;

    @TempDir
    private Path directory;

    @Test
    void shouldServeAllThatConnectAtOnce() throws IOException, InterruptedException {
        final Path config = EngineFiles.acceptance(directory, List.of(0, 0, 0), "synced");
        final Path data = directory.resolve("data");
        try (EngineProcess engine = EngineProcess.start(config, data);
                FleetSimulator warming = start(engine.address("teltonika tcp"), 100, 1)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> warming.counters().recordsAcknowledged() > 50_000);
            warming.stop();
            warming.await();
            final long before = engine.ownMemoryBytes();
            final long startNs;
            final long served;
            try (FleetSimulator fleet = start(engine.address("teltonika tcp"), DEVICES, 2)) {
                startNs = System.nanoTime();
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> fleet.counters().devicesServed() == DEVICES);
                served = System.nanoTime() - startNs;
                final long memory = engine.ownMemoryBytes();
                final long enough = fleet.counters().recordsAcknowledged() + 20 * DEVICES;
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> fleet.counters().recordsAcknowledged() >= enough);
                final long later = engine.ownMemoryBytes();
                System.out.printf(
                        "%d devices: all served after %d ms; %d MiB before, %d MiB then, %d MiB %d records later%n",
                        DEVICES, served / 1_000_000, before >> 20, memory >> 20, later >> 20, 20 * DEVICES);
                assertThat(fleet.counters().refusedLogins()).isZero();
                assertThat(fleet.counters().reconnects()).isZero();
                assertThat(Duration.ofNanos(served)).isLessThanOrEqualTo(Crowd.stretched(SERVED_WITHIN));
                assertThat((double) later).isLessThanOrEqualTo(MOST_GROWTH * Math.max(memory, before));
            }
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
        }
    }

    private static FleetSimulator start(final InetSocketAddress target, final int devices, final int seed)
            throws IOException {
        return FleetSimulator.start(new SimulatorOptions()
                .target(target)
                .devices(devices)
                .seed(seed)
                .acknowledgementTimeout(Duration.ofMinutes(1))
                .duration(Duration.ofMinutes(4)));
    }

    /** The engine is in this process, so that its memory can be seen; the fleet is in another one. */
    @Test
    void shouldKeepLittleForConnectionsThatAreIdle() throws IOException, InterruptedException {
        final Path config = EngineFiles.acceptance(directory, List.of(0, 0, 0), "synced");
        try (Engine engine = Engine.start(EngineConfig.read(config).withData(directory.resolve("data")))) {
            final InetSocketAddress target = engine.listening().get(0).address();
            final Process few = fleet(target, 50, 500);
            await().atMost(Duration.ofMinutes(1)).until(() -> engine.snapshot().positions() > 200);
            end(few, engine);
            final long before = usedBytes();
            final Process many = fleet(target, DEVICES, DEVICES / 10);
            try {
                final long enough = engine.snapshot().positions() + DEVICES + DEVICES / 2;
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> engine.snapshot().positions() >= enough);
                assertThat(engine.snapshot().connections()).isEqualTo(DEVICES);
                final long each = (usedBytes() - before) / DEVICES;
                System.out.printf("%d idle connections: %d bytes of heap and direct memory each%n", DEVICES, each);
                assertThat(each).isBetween(1L, MOST_BYTES_A_CONNECTION);
            } finally {
                end(many, engine);
            }
        }
    }

    private static long usedBytes() {
        System.gc();
        System.gc(); // What the first one found is cleaned up before the second.
        final Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
    }

    private Process fleet(final InetSocketAddress target, final int devices, final int recordsPerSecond)
            throws IOException {
        final List<String> command = new ArrayList<>(EngineProcess.java());
        command.addAll(List.of("simulate", "--protocol", "teltonika"));
        command.addAll(List.of("--target", target.getHostString() + ":" + target.getPort()));
        command.addAll(List.of("--devices", Integer.toString(devices), "--rate", recordsPerSecond + "/s"));
        command.addAll(List.of("--duration", "600s"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(directory, "fleet", ".out").toFile())
                .start();
    }

    private static void end(final Process fleet, final Engine engine) throws InterruptedException {
        fleet.destroyForcibly();
        fleet.waitFor();
        await().atMost(Duration.ofMinutes(1)).until(() -> engine.snapshot().connections() == 0);
    }
}
