// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/**
 * Makes the files of one queue durable. The queue forces neither its table of files nor its directory, and its own sync
 * leaves holes at the ends of blocks; a force of the whole file leaves none.
 *
 * <p>Two threads: the one that appends says {@link #appended}, another one calls {@link #force}. Appends go on meanwhile;
 * what they bring during a force is for the next one.
 */
final class QueueFiles implements Durable, AutoCloseable {
    private static final int NONE = Integer.MIN_VALUE;

    /** The queue's directory, that of all streams, the data directory, and where that is. */
    private static final int LEVELS = 4;

    private final Path directory;
    private final RollCycle rollCycle;
    private final DateTimeFormatter names;
    private final Queue<Path> rolledTo = new ConcurrentLinkedQueue<>();
    private volatile boolean dirty;

    /** The appending thread's. */
    private int newestCycle = NONE;

    /** The forcing thread's. */
    private FileChannel newest;

    QueueFiles(final Path directory, final RollCycle rollCycle) {
        this.directory = directory;
        this.rollCycle = rollCycle;
        names = DateTimeFormatter.ofPattern(rollCycle.format()).withZone(ZoneOffset.UTC);
    }

    /**
     * Told about every document. No allocation but at a roll.
     *
     * @param index the document's.
     */
    void appended(final long index) {
        final int cycle = rollCycle.toCycle(index);
        if (cycle != newestCycle) {
            newestCycle = cycle;
            rolledTo.add(file(cycle));
        }
        dirty = true;
    }

    private Path file(final int cycle) {
        final Instant start = Instant.ofEpochMilli((long) cycle * rollCycle.lengthInMillis());
        return directory.resolve(names.format(start) + SingleChronicleQueue.SUFFIX);
    }

    /** The documents, and what is needed to find them. */
    @Override
    public void force() throws IOException {
        if (!dirty) {
            return;
        }
        dirty = false; // Before anything is forced: what is appended from now on asks anew.
        boolean rolled = false;
        for (Path file = rolledTo.poll(); file != null; file = rolledTo.poll()) {
            if (newest != null) {
                newest.force(false); // Its end mark, too: readers wait before a file without.
                newest.close();
            }
            newest = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            rolled = true;
        }
        newest.force(false);
        if (rolled) {
            forceTable();
        }
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
            try (FileChannel channel = FileChannel.open(named, StandardOpenOption.READ)) {
                channel.force(true);
            }
            named = named.getParent();
        }
    }

    @Override
    public void close() throws IOException {
        if (newest != null) {
            newest.close();
        }
    }
}
