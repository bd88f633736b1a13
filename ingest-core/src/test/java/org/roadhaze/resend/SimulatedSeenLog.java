// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A real {@link SeenLog} in small files, and what a death leaves of them. A kill leaves the files as they lie. A power cut takes,
 * of every file, some of its last entries that were not forced, or the whole file where nothing of it was. What was forced is
 * believed to be on the disk as the log says; that it calls the operating system for it is not seen here.
 */
public final class SimulatedSeenLog implements AutoCloseable {
    /** As many records as a simulation has. */
    public static final ResendOptions OPTIONS = new ResendOptions(64, 1_000);

    private static final int SEGMENT_BYTES = 1024;
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private SeenLog log;
    private long firstNumber;

    /** In memory, where there is a file system for that. */
    public SimulatedSeenLog() {
        try {
            directory = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "seen")
                    : Files.createTempDirectory("seen");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A start of the engine. */
    public SeenLog open(final List<String> streams, final long[] lastDocuments, final boolean isForced) {
        try {
            log = new SeenLog(directory, OPTIONS, streams, lastDocuments, isForced, SEGMENT_BYTES);
            final List<Path> files = SeenSegment.files(directory);
            firstNumber = SeenSegment.number(files.get(files.size() - 1));
            return log;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process dies. */
    public void kill() {
        try {
            leave(contents());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The machine dies. */
    public void cutPower(final SplittableRandom random) {
        try {
            final Map<Path, byte[]> contents = contents();
            long ordinal = 0;
            for (final Path file : new ArrayList<>(contents.keySet())) {
                final SeenSegment segment = SeenSegment.read(file);
                if (SeenSegment.number(file) >= firstNumber && segment != null) {
                    cut(file, segment, ordinal, contents, random);
                    ordinal += segment.entries().size();
                }
            }
            leave(contents);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cut(
            final Path file,
            final SeenSegment segment,
            final long firstEntry,
            final Map<Path, byte[]> contents,
            final SplittableRandom random)
            throws IOException {
        final int entries = segment.entries().size();
        final int forced = (int) Math.min(entries, Math.max(0, log.entriesWrittenAndForced()[1] - firstEntry));
        final int left = forced + random.nextInt(entries - forced + 1);
        if (left == entries) {
            return;
        }
        if (left == 0 && SeenSegment.number(file) > firstNumber && random.nextBoolean()) {
            contents.remove(file);
            return;
        }
        final int from =
                segment.entries().get(left) + (random.nextBoolean() ? 0 : Long.BYTES); // A torn one has its length.
        Arrays.fill(contents.get(file), from, contents.get(file).length, (byte) 0);
    }

    private Map<Path, byte[]> contents() throws IOException {
        final Map<Path, byte[]> contents = new TreeMap<>();
        for (final Path file : SeenSegment.files(directory)) {
            contents.put(file, Files.readAllBytes(file));
        }
        return contents;
    }

    /** Gives the log's files back to the operating system, and undoes what it did to them on that occasion. */
    private void leave(final Map<Path, byte[]> contents) throws IOException {
        log.close();
        for (final Path file : SeenSegment.files(directory)) {
            if (!contents.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (final Map.Entry<Path, byte[]> file : contents.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
    }

    /** When the simulation is over. */
    @Override
    public void close() {
        try {
            log.close();
            SeenLog.remove(directory);
            Files.delete(directory);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
