// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs commands of the operating system. */
final class Commands {
    private static final long PATIENCE_SECONDS = 60;

    private Commands() {}

    /**
     * Runs a command to its end.
     *
     * @param words the command and its arguments.
     * @throws IOException with what it said, when it fails or there is none.
     */
    static void run(final String... words) throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder(words).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", words) + ": " + said.strip());
        }
    }
}
