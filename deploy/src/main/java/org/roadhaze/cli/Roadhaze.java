// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code roadhaze COMMAND}. Exit codes: 0 done, 1 done and not all is well, 2 not understood. */
@Command(
        name = "roadhaze",
        mixinStandardHelpOptions = true,
        version = "roadhaze 0.1.0",
        description = "Takes GPS trackers in at line rate and lets only anonymized location out.",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            SimulateCommand.class,
            DecodeCommand.class,
            TailCommand.class,
            QueueCommand.class,
            ValidateCommand.class
        })
public final class Roadhaze {
    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param arguments the command and its options.
     */
    public static void main(final String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Roadhaze()).setExecutionExceptionHandler(Roadhaze::report);
    }

    /** What a person can mend is a message; anything else is a fault of ours, and shows where. */
    private static int report(
            final Exception e, final CommandLine commandLine, final CommandLine.ParseResult parseResult)
            throws Exception {
        if (e instanceof ConfigException || e instanceof KeyFileException) {
            commandLine.getErr().println(e.getMessage());
            return Exit.USAGE;
        }
        throw e;
    }
}
