// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/** Reading a stream in a process of its own, beside the engine that writes it. */
@Timeout(120)
class TailTest {
    /** An analyst's program. */
    static final class Program {
        private Program() {}

        public static void main(final String[] arguments) {
            StreamReader.open(Path.of(arguments[0]), "all").close();
        }
    }

    @TempDir
    private Path directory;

    @Test
    void shouldSayWhichFlagsAreMissing() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("streams/all"));
        final Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        final String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(reader.waitFor()).isEqualTo(1);
        assertThat(said).contains("java @jvm.options");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void shouldEndWhenNobodyReadsItsOutputThoughTheStreamIsIdle() throws IOException, InterruptedException {
        final Path data = directory.resolve("data");
        try (EngineProcess engine = EngineProcess.start(EngineFiles.acceptance(directory), data);
                FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions()
                        .target(engine.address("teltonika tcp"))
                        .devices(1)
                        .duration(Duration.ofMillis(200)))) {
            assertThat(fleet.await().recordsAcknowledged()).isPositive();
            final List<String> command = new ArrayList<>(EngineProcess.java());
            command.addAll(
                    List.of("tail", "--stream", "all", "--data", data.toString(), "--from", "start", "--follow"));
            final Process tail = new ProcessBuilder(command).start();
            try {
                // To be idle it has to have said everything.
                final BufferedReader lines =
                        new BufferedReader(new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8));
                for (long left = fleet.await().recordsAcknowledged(); left > 0; left--) {
                    assertThat(lines.readLine()).startsWith("{");
                }
                assertThat(tail.isAlive()).isTrue();
                lines.close();
                assertThat(tail.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(tail.exitValue()).isZero();
            } finally {
                tail.destroyForcibly();
            }
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
        }
    }
}
