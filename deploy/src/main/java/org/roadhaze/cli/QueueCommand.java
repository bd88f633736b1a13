// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.roadhaze.stream.QueueVerifier;
import org.roadhaze.stream.StreamFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be done with the queues of a data directory. */
@Command(
        name = "queue",
        description = "Looks after the queues of a data directory.",
        mixinStandardHelpOptions = true,
        subcommands = QueueCommand.Verify.class)
public final class QueueCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "queue: found no command, allowed verify");
    }

    /** Walks all documents. */
    @Command(
            name = "verify",
            description =
                    "Walks all documents of the queues, and names every fault with its file, byte and index. Changes"
                            + " nothing; an engine may be running. Exit 1 when there is a fault.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Verify implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--stream", paramLabel = "S", description = "One stream alone (default: all).")
        private String stream;

        @Option(names = "--data", paramLabel = "DIR", description = "The data directory (default: ${DEFAULT-VALUE}).")
        private Path data = Path.of("data");

        @Override
        public Integer call() throws IOException {
            final List<String> there = StreamFiles.names(data);
            if (there.isEmpty() || (stream != null && !there.contains(stream))) {
                throw new ParameterException(
                        spec.commandLine(),
                        there.isEmpty()
                                ? "--data: found " + data + ", which has no streams, allowed a data directory"
                                : "--stream: found '" + stream + "', allowed " + String.join(", ", there));
            }
            boolean sound = true;
            for (final String each : stream == null ? there : List.of(stream)) {
                sound &= verify(each);
            }
            return sound ? Exit.OK : Exit.FAILED;
        }

        private boolean verify(final String name) throws IOException {
            final PrintWriter out = spec.commandLine().getOut();
            final QueueVerifier verifier = new QueueVerifier().verify(StreamFiles.queue(data, name));
            for (final QueueVerifier.Fault fault : verifier.faults()) {
                out.printf(
                        "%s: byte %d%s: %s%n",
                        fault.file(),
                        fault.position(),
                        fault.index() < 0 ? "" : ", index " + Long.toHexString(fault.index()),
                        fault.problem());
            }
            out.printf(
                    "stream %s: %d files, %d documents, %d records, %d faults%n",
                    name,
                    verifier.files(),
                    verifier.documents(),
                    verifier.records(),
                    verifier.faults().size());
            out.flush();
            return verifier.faults().isEmpty();
        }
    }
}
