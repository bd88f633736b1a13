// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One seed, one result: each shipped policy but {@code trips}, whose steps the others have, gives the same JSON to the byte here
 * and in another process. In one process sets and maps of the Java library would iterate in the same order twice and hide what
 * depends on it.
 */
class EvaluateRepeatsTest {
    private static final long PATIENCE_SECONDS = 600;

    @TempDir
    private Path files;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    private List<String> arguments(final String policy, final Path json, final String seed) {
        return List.of(
                "--policy",
                CommandLineHarness.shipped("policies/" + policy + ".yaml").toString(),
                "--traces",
                CommandLineHarness.shipped("traces/town.delta.gz").toString(),
                "--seed",
                seed,
                "--json",
                json.toString());
    }

    private String here(final String policy, final String seed) throws IOException {
        final Path json = files.resolve("here.json");
        final List<String> arguments = arguments(policy, json, seed);
        final String[] words = new String[arguments.size() + 1];
        words[0] = "evaluate";
        for (int i = 0; i < arguments.size(); i++) {
            words[i + 1] = arguments.get(i);
        }
        assertThat(roadhaze.run(words)).as("%s", roadhaze.err()).isIn(Exit.OK, Exit.LIMIT_BROKEN);
        return Files.readString(json);
    }

    private String elsewhere(final String policy, final String seed) throws IOException, InterruptedException {
        final Path json = files.resolve("elsewhere.json");
        final Path err = files.resolve("elsewhere.err");
        final Process process = EvaluateProcess.start(List.of(), err, arguments(policy, json, seed));
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s", err).isIn(Exit.OK, Exit.LIMIT_BROKEN);
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"traffic", "heatmap", "coarse-legal", "counts"})
    @Timeout(2 * PATIENCE_SECONDS)
    void shouldGiveTheSameToTheByteInAnotherProcess(final String policy) throws IOException, InterruptedException {
        assertThat(elsewhere(policy, "7")).isEqualTo(here(policy, "7"));
    }

    /** Else nothing would be random, and nothing repeated. */
    @Test
    void shouldGiveSomethingElseForAnotherSeed() throws IOException {
        final String json = here("traffic", "7");
        assertThat(here("traffic", "8").replace("\"seed\":8", "\"seed\":7")).isNotEqualTo(json);
    }
}
