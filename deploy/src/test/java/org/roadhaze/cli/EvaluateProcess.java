// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts {@code evaluate} in a process of its own, which shares no state and no hash seeds with this one. */
final class EvaluateProcess {
    private EvaluateProcess() {}

    /**
     * Starts it, with its progress shown as at a terminal.
     *
     * @param around    a command that starts it, such as {@code env}; may be empty.
     * @param err       where its standard error goes.
     * @param arguments of evaluate.
     * @return the process.
     */
    static Process start(final List<String> around, final Path err, final List<String> arguments) throws IOException {
        final List<String> command = new ArrayList<>(around);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of(System.getProperty("roadhaze.root"), "deploy", "jvm.options"));
        command.addAll(List.of(
                "-Xmx512m",
                "-Droadhaze.terminal=true",
                "-cp",
                System.getProperty("java.class.path"),
                Roadhaze.class.getName(),
                "evaluate"));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
    }
}
