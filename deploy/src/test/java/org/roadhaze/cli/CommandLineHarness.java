// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import picocli.CommandLine;

/** Runs a command in this process, with what it prints caught. */
final class CommandLineHarness {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    int run(final String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        final CommandLine commandLine = Roadhaze.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    String lastLine() {
        return out().lines().reduce("", (before, line) -> line);
    }

    /** A file that the distribution ships. */
    static Path shipped(final String name) {
        return Path.of(System.getProperty("roadhaze.root"), "deploy", "config", name);
    }
}
