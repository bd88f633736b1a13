// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.nio.file.Path;

/** Where this distribution lies, as its launcher says. */
final class Installation {
    private Installation() {}

    /**
     * The default configuration of the distribution.
     *
     * @return the file.
     */
    static Path defaultConfig() {
        return Path.of(System.getProperty("roadhaze.home", "deploy"), "config", "roadhaze.yaml");
    }

    /**
     * How the person called us, to be shown in hints.
     *
     * @return the command, as a shell wants it.
     */
    static String command() {
        return quoted(System.getProperty("roadhaze.command", "roadhaze"));
    }

    /** Whether a person sees the standard error as it comes, which the launcher knows and Java does not. */
    static boolean isTerminal() {
        return Boolean.getBoolean("roadhaze.terminal");
    }

    /**
     * A path to be shown in hints.
     *
     * @param path the path.
     * @return the path, as a shell wants it.
     */
    static String quoted(final Path path) {
        return quoted(path.toString());
    }

    private static String quoted(final String word) {
        return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
