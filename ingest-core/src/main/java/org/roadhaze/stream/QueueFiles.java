// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the files of one queue durable. The queue forces neither its table of files nor its directory, and its own sync
 * leaves holes at the ends of blocks; a force of the whole file leaves none.
 *
 * <p>Two threads: the one that appends says {@link #appended}, another one calls {@link #force}. Appends go on meanwhile;
 * what they bring during a force is for the next one.
 */
final class QueueFiles implements Durable, AutoCloseable {
    static final int NONE = Integer.MIN_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(QueueFiles.class);

    private static final int CHANGING = -1;

    /** A terabyte: more than an hour brings. */
    private static final int POSITION_BITS = 40;

    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;

    /** The queue's directory, that of all streams, the data directory, and where that is. */
    private static final int LEVELS = 4;

    private final Path directory;
    private final RollCycle rollCycle;
    private final DateTimeFormatter names;
    private final Queue<Path> rolledTo = new ConcurrentLinkedQueue<>();
    private final ForcedPosition forced;

    /** Cycle and position of the end of the last document, in one: they are read together. */
    private volatile long appendedUpTo;

    /** How long that document is, its header included; being written while {@link #CHANGING}. */
    private volatile int lastLength;

    /** The appending thread's. */
    private int newestCycle = NONE;

    /** The forcing thread's. */
    private FileChannel newest;

    private long forcedUpTo;

    /**
     * Makes the files of a queue durable from now on.
     *
     * @param directory the queue's.
     * @param rollCycle the queue's.
     * @param forced    told up to where that has come.
     */
    QueueFiles(final Path directory, final RollCycle rollCycle, final ForcedPosition forced) {
        this.directory = directory;
        this.rollCycle = rollCycle;
        this.forced = forced;
        names = DateTimeFormatter.ofPattern(rollCycle.format()).withZone(ZoneOffset.UTC);
    }

    /**
     * Told about every document. No allocation but at a roll.
     *
     * @param index  the document's.
     * @param upTo   where it ends in its file.
     * @param length how long it is, its header included.
     */
    void appended(final long index, final long upTo, final int length) {
        final int cycle = rollCycle.toCycle(index);
        if (cycle != newestCycle) {
            newestCycle = cycle;
            rolledTo.add(file(cycle));
        }
        lastLength = CHANGING;
        appendedUpTo = place(cycle, upTo);
        lastLength = length;
    }

    /**
     * A position in a queue as one number: later ones are greater.
     *
     * @param cycle    the file's.
     * @param position in the file.
     * @return the number.
     */
    static long place(final int cycle, final long position) {
        return (long) cycle << POSITION_BITS | position;
    }

    /**
     * The cycle that a file is named for.
     *
     * @param file      one of a queue's.
     * @param rollCycle the queue's.
     * @return its number.
     */
    static int cycleOf(final Path file, final RollCycle rollCycle) {
        final String name = file.getFileName().toString();
        final String time = name.substring(0, name.length() - SingleChronicleQueue.SUFFIX.length());
        final long startMs = LocalDateTime.parse(time, DateTimeFormatter.ofPattern(rollCycle.format()))
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
        return (int) (startMs / rollCycle.lengthInMillis());
    }

    /**
     * Up to where was appended. Any thread's.
     *
     * @return for {@link #cycleOf(long)} and {@link #positionOf}; 0 when nothing was yet.
     */
    long appendedUpTo() {
        return appendedUpTo;
    }

    static long cycleOf(final long upTo) {
        return upTo >>> POSITION_BITS;
    }

    static long positionOf(final long upTo) {
        return upTo & POSITION_MASK;
    }

    Path file(final int cycle) {
        final Instant start = Instant.ofEpochMilli((long) cycle * rollCycle.lengthInMillis());
        return directory.resolve(names.format(start) + SingleChronicleQueue.SUFFIX);
    }

    /** The documents, and what is needed to find them. */
    @Override
    public void force() throws IOException {
        int length = lastLength;
        long upTo = appendedUpTo;
        while (length == CHANGING || length != lastLength || upTo != appendedUpTo) {
            Thread.onSpinWait();
            length = lastLength;
            upTo = appendedUpTo;
        }
        if (upTo == forcedUpTo) {
            return;
        }
        boolean rolled = false;
        for (Path file = rolledTo.poll(); file != null; file = rolledTo.poll()) {
            if (newest != null) {
                newest.force(false); // Its end mark, too: readers wait before a file without.
                newest.close();
            }
            newest = null;
            try {
                newest = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } catch (final NoSuchFileException e) {
                LOG.debug("{} was given up before it was forced: it was older than it is to be kept", file);
            }
            rolled = true;
        }
        newest.force(false);
        if (rolled) {
            forceTable();
        }
        final long position = positionOf(upTo);
        forced.put(cycleOf(upTo), position, position - length);
        forcedUpTo = upTo;
    }

    /**
     * Brings to the disk what a writer before this one appended and may not have forced. A record of it that is sent again is
     * not appended again, but acknowledged.
     */
    void forceRecovered() throws IOException {
        final long firstCycle = forced.cycle();
        for (final Path file : QueueVerifier.cycleFiles(directory)) {
            if (cycleOf(file, rollCycle) >= firstCycle) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
        forceTable();
    }

    /**
     * Deletes the files of which every document is older than something. Never the newest, which is appended to: of a queue that
     * nothing is appended to it stays. What is deleted stays so when the power is cut. Any thread's, one at a time.
     *
     * @param beforeMs milliseconds since 1970-01-01 UTC.
     * @return how many were deleted.
     */
    int deleteBefore(final long beforeMs) throws IOException {
        final List<Path> files = QueueVerifier.cycleFiles(directory);
        int deleted = 0;
        while (deleted < files.size() - 1 && endMs(files.get(deleted)) <= beforeMs) {
            Files.delete(files.get(deleted)); // The oldest first: what a kill leaves has no gap.
            deleted++;
        }
        if (deleted > 0) {
            forceDirectory(directory);
        }
        return deleted;
    }

    /** When the hour of a stream's file ends, milliseconds since 1970-01-01 UTC. */
    static long endMs(final Path file) {
        return (1L + cycleOf(file, StreamFiles.ROLL_CYCLE)) * StreamFiles.ROLL_CYCLE.lengthInMillis();
    }

    void forgetForced() throws IOException {
        forced.forget();
    }

    /** Forces the table of files, and the directories that name them all, up to what holds the data directory. */
    private void forceTable() throws IOException {
        final Path table = directory.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE);
        if (Files.exists(table)) {
            try (FileChannel channel = FileChannel.open(table, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        Path named = directory.toAbsolutePath();
        for (int level = 0; level < LEVELS && named != null; level++) {
            forceDirectory(named);
            named = named.getParent();
        }
    }

    static void forceDirectory(final Path named) throws IOException {
        try (FileChannel channel = FileChannel.open(named, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (newest != null) {
            newest.close();
        }
        forced.close();
    }
}
