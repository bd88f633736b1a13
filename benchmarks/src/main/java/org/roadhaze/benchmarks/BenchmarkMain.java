// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * JMH's usual command line, with the JVM flags that the engine runs with given to every fork: the manifest of the jar
 * reaches the forks no more than the flags of this process do.
 */
public final class BenchmarkMain {
    private static final int JDK_WITH_MEMORY_ACCESS_WARNINGS = 24;

    private BenchmarkMain() {}

    /**
     * Runs benchmarks.
     *
     * @param args as JMH documents them ({@code -h} lists them).
     * @throws Exception when JMH fails.
     */
    public static void main(final String[] args) throws Exception {
        if (args.length == 1 && ("-h".equals(args[0]) || "-l".equals(args[0]))) {
            org.openjdk.jmh.Main.main(args);
            return;
        }
        try {
            final CommandLineOptions commandLine = new CommandLineOptions(args);
            new Runner(new OptionsBuilder()
                            .parent(commandLine)
                            .resultFormat(commandLine.getResultFormat().orElse(ResultFormatType.JSON))
                            .jvmArgsPrepend(flags().toArray(new String[0]))
                            .build())
                    .run();
        } catch (final CommandLineOptionException | RunnerException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(2);
        }
    }

    private static List<String> flags() throws IOException {
        final List<String> flags = new ArrayList<>(read("/jvm.options"));
        if (Runtime.version().feature() >= JDK_WITH_MEMORY_ACCESS_WARNINGS) {
            flags.addAll(read("/jvm-25.options"));
        }
        return flags;
    }

    private static List<String> read(final String resource) throws IOException {
        try (InputStream in = BenchmarkMain.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return lines.lines().filter(line -> !line.isBlank()).toList();
        }
    }
}
