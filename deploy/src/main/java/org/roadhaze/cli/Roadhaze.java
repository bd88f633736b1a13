// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

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
            VerifyCommand.class,
            EvaluateCommand.class,
            QueueCommand.class,
            LedgerCommand.class,
            JournalCommand.class,
            DeadLettersCommand.class,
            ValidateCommand.class,
            AttributesCommand.class
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
        return new CommandLine(new Roadhaze())
                .registerConverter(Path.class, Roadhaze::path)
                .setExecutionExceptionHandler(Roadhaze::report);
    }

    /** An empty path is the working directory to Java, and an unset variable to whoever wrote it. */
    private static Path path(final String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("found an empty path, allowed that of a file or directory");
        }
        return Path.of(text);
    }

    /** What a person can mend is a message; anything else is a fault of ours, and shows where. */
    private static int report(
            final Exception e, final CommandLine commandLine, final CommandLine.ParseResult parseResult)
            throws Exception {
        if (e instanceof ConfigException || e instanceof KeyFileException) {
            commandLine.getErr().println(e.getMessage());
            return Exit.USAGE;
        }
        if (e instanceof IOException || e instanceof UncheckedIOException) {
            final IOException failure =
                    e instanceof IOException direct ? direct : ((UncheckedIOException) e).getCause();
            commandLine.getErr().println("roadhaze: " + Failures.sentence(failure));
            return Exit.USAGE;
        }
        throw e;
    }
}
