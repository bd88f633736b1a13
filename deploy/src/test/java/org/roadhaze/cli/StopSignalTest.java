// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
class StopSignalTest {
    /** A command that is asked to stop, and never does. */
    static final class Stuck {
        private Stuck() {}

        public static void main(final String[] arguments) throws InterruptedException {
            final StopSignal stop = new StopSignal(Duration.ofSeconds(1));
            System.out.println("ready");
            stop.await(null);
            Thread.currentThread().join();
        }
    }

    @Test
    @DisplayName("R2: told to stop, and stuck")
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void shouldEndACommandThatDoesNotStopInTime() throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stuck.class.getName())
                .start();
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                BufferedReader err =
                        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("ready");
            process.toHandle().destroy(); // The process itself would close what it said, too.
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(Exit.FAILED);
            assertThat(err.readLine()).contains("did not end within 1 s");
        } finally {
            process.destroyForcibly();
        }
    }
}
