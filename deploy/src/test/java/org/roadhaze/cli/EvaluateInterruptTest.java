// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of a run. */
@Timeout(180)
class EvaluateInterruptTest {
    /** As shells tell it: 128 and the number of the signal. */
    private static final int INTERRUPTED = 130;

    @TempDir
    private Path files;

    /** A report that was there stays as it was; and neither a new file nor a part of one is left. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNoHalfFilesAndTellTheSignal() throws IOException, InterruptedException {
        final Path made = Files.createDirectory(files.resolve("made"));
        final Path out = Files.writeString(made.resolve("report.html"), "of last week");
        final Path err = files.resolve("err");
        final List<String> arguments = List.of(
                "--policy",
                CommandLineHarness.shipped("policies/traffic.yaml").toString(),
                "--traces",
                CommandLineHarness.shipped("traces/town.delta.gz").toString(),
                "--sweep",
                "--out",
                out.toString(),
                "--json",
                made.resolve("report.json").toString());
        // Whoever runs the tests in the background has the signal ignored, and processes inherit that.
        final Process process = EvaluateProcess.start(List.of("env", "--default-signal=INT"), err, arguments);
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.readString(err).contains("%, the policy as it is") || !process.isAlive());
            assertThat(process.isAlive())
                    .as("in the middle of a run: %s", Files.readString(err))
                    .isTrue();
            final Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
            assertThat(kill.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
        } finally {
            process.destroyForcibly();
        }
        try (Stream<Path> left = Files.list(made)) {
            assertThat(left).containsExactly(out);
        }
        assertThat(Files.readString(out, StandardCharsets.UTF_8)).isEqualTo("of last week");
    }
}
