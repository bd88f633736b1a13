// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a queue fit to be appended to and read from after whatever ended its last writer, before anyone opens it.
 *
 * <p>A killed process leaves its locks, which are released, and at most one document that was begun: one that has a header is
 * wiped, one that has only some content is what the file ends before. A power cut may keep any page that was written since
 * the last force and lose any other: documents without content, holes with documents behind them, an index that points at
 * nothing. None of it was acknowledged as synced. The file then ends, for good, before the first such place: a mark is set
 * there, and the queue goes on in the next file. What was forced, and so may have been acknowledged, is never cut, nor
 * walked: a start takes no longer the more a file holds.
 */
final class QueueRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(QueueRecovery.class);

    /** There is no document. */
    static final long NO_DOCUMENT = -1;

    private QueueRecovery() {}

    /**
     * What there was.
     *
     * @param notBeforeMs  the time before which the queue may not append, milliseconds since 1970-01-01 UTC: the clock may have
     *                     been ahead when the newest file was begun, and a file that ended has ended for good.
     * @param lastDocument where the last document begins, see {@link QueueFiles#place}, or {@link #NO_DOCUMENT}.
     */
    record Recovered(long notBeforeMs, long lastDocument) {
        private static final Recovered NOTHING = new Recovered(0, NO_DOCUMENT);
    }

    /**
     * Recovers one queue. Nobody else may write to it.
     *
     * @param queue  its directory, which need not exist.
     * @param forced up to where it is known to lie on the disk.
     * @return what it found.
     * @throws IOException when it cannot be read or mended.
     */
    static Recovered recover(final Path queue, final ForcedPosition forced) throws IOException {
        if (!Files.isDirectory(queue)) {
            return Recovered.NOTHING;
        }
        final Path table = queue.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE);
        removeEmptyTable(table);
        if (Files.exists(table)) {
            QueueLocks.release(table);
        }
        final List<Path> files = QueueVerifier.cycleFiles(queue);
        for (int i = files.size() - 1; i >= 0; i--) {
            final Path newest = files.get(i);
            if (isBegun(newest)) {
                final Recovered recovered = recoverFile(newest, forced);
                return recovered.lastDocument() == NO_DOCUMENT
                        ? new Recovered(recovered.notBeforeMs(), lastDocument(files.subList(0, i)))
                        : recovered;
            }
            LOG.warn("{} was made and never forced: removed", newest);
            Files.delete(newest);
        }
        return Recovered.NOTHING;
    }

    /** In files that were rolled away, and so are whole. */
    private static long lastDocument(final List<Path> files) throws IOException {
        for (int i = files.size() - 1; i >= 0; i--) {
            try (CycleFile walk = CycleFile.open(files.get(i))) {
                long last = NO_DOCUMENT;
                while (walk.next()) {
                    last = walk.position();
                }
                if (last != NO_DOCUMENT) {
                    return QueueFiles.place(QueueFiles.cycleOf(files.get(i), StreamFiles.ROLL_CYCLE), last);
                }
            }
        }
        return NO_DOCUMENT;
    }

    /** The queue never forces its table: after a power cut it may be all zeros, and is made anew from the files. */
    private static void removeEmptyTable(final Path table) throws IOException {
        if (Files.exists(table) && !isBegun(table)) {
            LOG.warn("{} is empty: removed, to be made anew", table);
            Files.delete(table);
        }
    }

    /** Whether a file has a complete header of its own: without it, nothing in it was ever forced. */
    private static boolean isBegun(final Path file) throws IOException {
        try (CycleFile walk = CycleFile.open(file)) {
            walk.next();
            return walk.endPosition() > 0;
        }
    }

    private static Recovered recoverFile(final Path file, final ForcedPosition forced) throws IOException {
        final int cycle = QueueFiles.cycleOf(file, StreamFiles.ROLL_CYCLE);
        final long forcedUpTo = forced.inCycle(cycle);
        final DocumentChecksum checksum = new DocumentChecksum();
        long lastDocument = NO_DOCUMENT;
        try (CycleFile walk = CycleFile.open(file)) {
            final long last = forced.lastDocument(cycle);
            if (walk.isDocument(last, forcedUpTo)) {
                walk.skipTo(last);
            }
            while (walk.next()) {
                if (walk.position() >= forcedUpTo && !checksum.isRight(walk.content(), walk.length())) {
                    return new Recovered(cut(file, walk.position(), cycle), lastDocument);
                }
                lastDocument = QueueFiles.place(cycle, walk.position());
            }
            final long end = walk.endPosition();
            final long behind = walk.end() == CycleFile.End.MARKED ? -1 : walk.firstByteBehindEnd();
            final boolean isAhead = walk.highestReference() >= Math.max(end, 1);
            final long notBeforeMs =
                    switch (walk.end()) {
                        case MARKED -> startOf(cycle + 1);
                        case BEYOND_FILE -> cut(file, end, cycle);
                        case OPEN -> behind >= 0 || isAhead ? cut(file, end, cycle) : startOf(cycle);
                        case INCOMPLETE -> isAhead ? cut(file, end, cycle) : wipe(file, end, cycle);
                    };
            return new Recovered(notBeforeMs, lastDocument);
        }
    }

    /** Ends a file at a position, for good. */
    private static long cut(final Path file, final long position, final int cycle) throws IOException {
        LOG.warn(
                "{} ends at byte {} now: what lay behind it was never finished, or not forced before the power went",
                file,
                position);
        final ByteBuffer mark = ByteBuffer.allocate(Integer.BYTES).order(LITTLE_ENDIAN);
        mark.putInt(0, CycleFile.END_MARK);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            write(channel, mark, position);
            channel.force(true);
        }
        return startOf(cycle + 1);
    }

    private static long startOf(final int cycle) {
        return (long) cycle * StreamFiles.ROLL_CYCLE.lengthInMillis();
    }

    /** Undoes a document that was begun: its header first, so that readers see nothing of it. */
    private static long wipe(final Path file, final long position, final int cycle) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            write(channel, ByteBuffer.allocate(Integer.BYTES), position);
            final ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 16);
            long behind = firstByteBehind(file);
            while (behind >= 0) {
                write(channel, zeros.clear().limit((int) Math.min(zeros.capacity(), channel.size() - behind)), behind);
                behind = firstByteBehind(file);
            }
            channel.force(true);
        }
        return startOf(cycle);
    }

    private static long firstByteBehind(final Path file) throws IOException {
        try (CycleFile walk = CycleFile.open(file)) {
            boolean more = walk.next();
            while (more) {
                more = walk.next();
            }
            return walk.firstByteBehindEnd();
        }
    }

    private static void write(final FileChannel channel, final ByteBuffer bytes, final long position)
            throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
