// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.stream.StreamFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the records of a stream. */
@Command(
        name = "tail",
        description = "Prints the records of a stream, one a line.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class TailCommand implements Callable<Integer> {
    private static final long POLL_NS = 20_000_000;

    enum From {
        start,
        end
    }

    enum Format {
        json,
        csv
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--stream", paramLabel = "S", required = true, description = "The stream's name.")
    private String stream;

    @Option(names = "--data", paramLabel = "DIR", description = "The data directory (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(names = "--from", description = "Where to begin: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private From from = From.start;

    @Option(names = "--count", paramLabel = "N", description = "End after N records.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--follow", description = "Wait for more records instead of ending at the last.")
    private boolean follow;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.json;

    @Override
    public Integer call() throws java.io.IOException {
        if (count < 0) {
            throw new ParameterException(spec.commandLine(), "--count: found " + count + ", allowed 0 or more");
        }
        if (!Files.isDirectory(StreamFiles.queue(data, stream))) {
            final List<String> there = StreamFiles.names(data);
            throw new ParameterException(
                    spec.commandLine(),
                    "--stream: found '" + stream + "', allowed "
                            + (there.isEmpty()
                                    ? "none: there are no streams under " + data
                                    : "a stream under " + data + ": " + String.join(", ", there)));
        }
        final PrintWriter out = spec.commandLine().getOut();
        final RecordFormat lines = format == Format.json ? new JsonRecordFormat() : new CsvRecordFormat();
        try (StreamReader reader = StreamReader.open(data, stream)) {
            if (from == From.end) {
                reader.toEnd();
            }
            lines.begin(out);
            for (long left = count; left > 0; left--) {
                if (!reader.next() && !awaitNext(reader, out)) {
                    break;
                }
                lines.print(reader, out);
                if (out.checkError()) {
                    break;
                }
            }
        }
        out.flush();
        return Exit.OK;
    }

    /** Waits for the next record; ends when the reader of our output has gone. */
    private boolean awaitNext(final StreamReader reader, final PrintWriter out) {
        while (follow && !Thread.currentThread().isInterrupted() && !out.checkError()) {
            if (reader.next()) {
                return true;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return false;
    }
}
