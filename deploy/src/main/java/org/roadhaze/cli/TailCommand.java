// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochClock;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.reader.JournalStreamException;
import org.roadhaze.reader.ReaderLag;
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
        description = {
            "Prints the records of a stream, one a line.",
            "With --follow it waits for more, and also for a stream that is not there yet; it ends when nobody reads its"
                    + " output any more.",
            "With --lag it says on standard error how far it is behind the end: how many documents, and since when at most the"
                    + " oldest of them has been there."
        },
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class TailCommand implements Callable<Integer> {
    private static final long POLL_NS = 20_000_000;
    private static final Path DEFAULT_DATA = Path.of("data");
    private static final String NAME = "[a-z][a-z0-9-]{0,62}";

    private static final long LOOK_MS = 1_000;

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

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory, as serve prints it (default: that of --config, or else data).")
    private Path data;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration whose data directory it is.")
    private Path config;

    @Option(names = "--from", description = "Where to begin: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private From from = From.start;

    @Option(names = "--count", paramLabel = "N", description = "End after N records.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--follow", description = "Wait for more records instead of ending at the last.")
    private boolean follow;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.json;

    @Option(
            names = "--lag",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "Says every so often, as 10s, how far it is behind.")
    private Duration lag;

    /** Where the record stands that was printed last. */
    private volatile long position = -1;

    @Override
    public Integer call() throws IOException {
        if (count < 0) {
            throw new ParameterException(spec.commandLine(), "--count: found " + count + ", allowed 0 or more");
        }
        if (data != null && config != null) {
            throw new ParameterException(spec.commandLine(), "--data and --config: found both, allowed one of them");
        }
        final Path directory =
                data != null ? data : config != null ? EngineConfig.read(config).data() : DEFAULT_DATA;
        if (!isThere(directory)) {
            if (!follow || !stream.matches(NAME)) {
                throw new ParameterException(spec.commandLine(), notThere(directory));
            }
            if (!awaitStream(directory)) {
                return Exit.OK;
            }
        }
        final PrintWriter out = spec.commandLine().getOut();
        final RecordFormat lines = format == Format.json ? new JsonRecordFormat() : new CsvRecordFormat();
        try (StreamReader reader = StreamReader.open(directory, stream);
                LagLines lagLines = lag == null ? null : new LagLines(directory)) {
            if (from == From.end) {
                reader.toEnd();
                position = reader.lastIndex();
            }
            if (lagLines != null) {
                lagLines.start();
            }
            lines.begin(out);
            for (long left = count; left > 0; left--) {
                if (!reader.next() && !awaitNext(reader, out)) {
                    break;
                }
                lines.print(reader, out);
                position = reader.index();
                if (out.checkError()) {
                    break;
                }
            }
        } catch (final JournalStreamException journal) {
            throw new ParameterException(spec.commandLine(), "--stream: " + journal.getMessage(), journal);
        }
        out.flush();
        return Exit.OK;
    }

    /** A queue is there with its first file: one that is opened before stays empty to its reader. */
    private boolean isThere(final Path directory) throws IOException {
        if (!stream.matches(NAME)) {
            return false;
        }
        final Path queue = StreamFiles.queue(directory, stream);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(queue, "*.cq4")) {
            return files.iterator().hasNext();
        } catch (final NoSuchFileException e) {
            return false;
        }
    }

    private boolean awaitStream(final Path directory) throws IOException {
        final PrintWriter err = spec.commandLine().getErr();
        err.println("roadhaze: waiting for stream '" + stream + "' under " + directory.toAbsolutePath());
        err.flush();
        while (!isThere(directory)) {
            if (Thread.currentThread().isInterrupted()
                    || StandardOutput.isClosed(spec.commandLine().getOut())) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }

    private String notThere(final Path directory) throws IOException {
        final List<String> there = StreamFiles.names(directory);
        final String found = "--stream: found '" + stream + "', allowed ";
        if (!there.isEmpty()) {
            return found + "a stream under " + directory + ": " + String.join(", ", there);
        }
        return found + "none: there are no streams under " + directory.toAbsolutePath()
                + "; name the data directory of serve by --data or --config";
    }

    /** Waits for the next record; ends when the reader of our output has gone. */
    private boolean awaitNext(final StreamReader reader, final PrintWriter out) {
        while (follow && !Thread.currentThread().isInterrupted() && !StandardOutput.isClosed(out)) {
            if (reader.next()) {
                return true;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return false;
    }

    /** On a thread of its own: whoever reads our output slowly keeps the other one waiting. */
    private final class LagLines implements AutoCloseable {
        private final ReaderLag behind;
        private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
            final Thread thread = new Thread(task, "lag");
            thread.setDaemon(true);
            return thread;
        });
        private long saidNs = System.nanoTime();

        LagLines(final Path directory) {
            behind = new ReaderLag(directory, stream, () -> position);
        }

        void start() {
            looks.scheduleAtFixedRate(this::look, 0, Math.min(LOOK_MS, lag.toMillis()), TimeUnit.MILLISECONDS);
        }

        private void look() {
            behind.look(SystemEpochClock.INSTANCE.time());
            final long nowNs = System.nanoTime();
            if (nowNs - saidNs >= lag.toNanos()) {
                saidNs = nowNs;
                say();
            }
        }

        private void say() {
            final PrintWriter err = spec.commandLine().getErr();
            err.printf(
                    Locale.ROOT,
                    "roadhaze: stream %s: documents behind: %,d; seconds behind: %,d at most%n",
                    stream,
                    behind.documents(),
                    (behind.atMost().toMillis() + 999) / 1_000);
            err.flush();
        }

        /** Says it once more, at the end. */
        @Override
        public void close() {
            looks.shutdown();
            try {
                if (looks.awaitTermination(LOOK_MS, TimeUnit.MILLISECONDS)) {
                    behind.look(SystemEpochClock.INSTANCE.time());
                    say();
                    behind.close();
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
