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
     * @return the command.
     */
    static String command() {
        return System.getProperty("roadhaze.command", "roadhaze");
    }
}
