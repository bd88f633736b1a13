// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import org.agrona.SystemUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps disk space reserved ahead of where a queue is written. Headers and index are written to memory that is mapped on files
 * with holes: a hole for which the disk has no room is a fault at the write, which nobody can answer; and a content that the
 * disk does not take ends the engine. What is reserved here is there when it is written, and that there is no more of it is a
 * value.
 *
 * <p>The reserved space reads as zeros, as a hole does, and changes no file's size. What a file did not need is given back
 * when the next one was begun, or at the end.
 *
 * <p>Where reserving is not supported (other systems than Linux, some file systems) nothing is reserved, and nothing held up.
 * Not thread safe: one thread's, but not the one that appends.
 */
final class SpaceReserve {
    /** How much is reserved ahead. */
    static final long AHEAD_BYTES = 128L << 20;

    /** With less than this ahead nothing more should be taken in: what is on its way fits into it. */
    static final long LEAST_BYTES = AHEAD_BYTES / 2;

    /** Never reserved: keys and tables need some. */
    static final long SLACK_BYTES = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(SpaceReserve.class);
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int NO_SPACE = 28;
    private static final long PAGE_MASK = 4095;

    private final QueueFiles files;
    private boolean supported = SystemUtil.isLinux();
    private long cycle = QueueFiles.NONE;
    private long reservedUpTo;

    /** Where the queue was seen to write last: the end of a document. */
    private long position;

    SpaceReserve(final QueueFiles files) {
        this.files = files;
    }

    /**
     * Reserves what is missing.
     *
     * @param freeBytes what is free on the disk.
     * @return false when less than {@link #LEAST_BYTES} is reserved and no more can be.
     * @throws IOException when a file cannot be read.
     */
    boolean keep(final long freeBytes) throws IOException {
        if (!supported) {
            return true;
        }
        final long written = files.appendedUpTo();
        final long writtenCycle = QueueFiles.cycleOf(written);
        if (written == 0) {
            return freeBytes >= AHEAD_BYTES + SLACK_BYTES;
        }
        if (writtenCycle != cycle) {
            giveBack();
            cycle = writtenCycle;
            reservedUpTo = 0;
        }
        position = QueueFiles.positionOf(written);
        if (reservedUpTo < position + AHEAD_BYTES - AHEAD_BYTES / 4) {
            reserve(Math.max(position & ~PAGE_MASK, reservedUpTo), position + AHEAD_BYTES, freeBytes);
        }
        return !supported || reservedUpTo >= position + LEAST_BYTES;
    }

    private void reserve(final long from, final long upTo, final long freeBytes) {
        if (freeBytes < upTo - from + SLACK_BYTES) {
            return;
        }
        final int error = allocate(KEEP_SIZE, from, upTo);
        if (error == 0) {
            reservedUpTo = upTo;
        } else if (error != NO_SPACE) {
            supported = false;
            LOG.warn(
                    "No space is reserved ahead in {}, error {}: a disk that fills up within a moment may stop the engine",
                    files.file((int) cycle),
                    error);
        }
    }

    /** Gives back what the last file did not need. For the end: nobody appends any more. */
    void giveBack() throws IOException {
        if (cycle == QueueFiles.NONE || reservedUpTo == 0) {
            return;
        }
        final long end;
        try (CycleFile walk = CycleFile.open(files.file((int) cycle))) {
            walk.skipTo((position + 3) & ~3L);
            boolean more = walk.next();
            while (more) {
                more = walk.next();
            }
            if (walk.end() != CycleFile.End.MARKED && walk.end() != CycleFile.End.OPEN) {
                return; // A document was begun there.
            }
            end = walk.endPosition() + CycleFile.HEADER_LENGTH;
        }
        final Path file = files.file((int) cycle);
        final long from = (end + PAGE_MASK) & ~PAGE_MASK;
        final long size = Files.size(file);
        if (from < size) {
            allocate(KEEP_SIZE | PUNCH_HOLE, from, size);
        }
        withDescriptor(file, descriptor -> PosixAPI.posix().ftruncate(descriptor, size)); // What lies behind its size.
        cycle = QueueFiles.NONE;
    }

    private int allocate(final int mode, final long from, final long upTo) {
        return withDescriptor(
                files.file((int) cycle), descriptor -> PosixAPI.posix().fallocate(descriptor, mode, from, upTo - from));
    }

    /** Returns 0, or the number of the error. */
    private static int withDescriptor(final Path file, final IntUnaryOperator call) {
        final PosixAPI posix = PosixAPI.posix();
        final int descriptor = posix.open(file.toString(), OpenFlag.O_RDWR, 0);
        if (descriptor < 0) {
            return posix.lastError();
        }
        try {
            return call.applyAsInt(descriptor) == 0 ? 0 : posix.lastError();
        } finally {
            posix.close(descriptor);
        }
    }
}
