// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.posix.MAdviseFlag;
import net.openhft.posix.PosixAPI;
import org.agrona.SystemUtil;

/**
 * Has the pages of a queue's file in memory before they are written. The queue writes to mapped memory: where a page is
 * missing, the kernel takes it for the beginning of a long read and fills as much as the disk is set to read ahead, zeros
 * in a new file, while the one that appends waits. Measured: 20 ms for each 16 MiB, with a disk that reads 8 MiB ahead.
 *
 * <p>{@link #expectWrites} tells the kernel that nobody reads on through the mapping; it is the appending thread's.
 * {@link #keep} reads what will be written next, so that even the first page of a mapping is there; it is another thread's.
 */
final class PagesAhead implements AutoCloseable {
    /** More than the fastest measured stream writes between two calls of {@link #keep}, three times. */
    static final long AHEAD_BYTES = 32L << 20;

    private static final int PIECE_BYTES = 1 << 16;
    private static final long PAGE_MASK = 4095;

    private final QueueFiles files;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    private final boolean canAdvise = SystemUtil.isLinux();

    /** The keeping thread's. */
    private FileChannel file;

    private long cycle = QueueFiles.NONE;
    private long readUpTo;

    /** The appending thread's. */
    private long advised;

    PagesAhead(final QueueFiles files) {
        this.files = files;
    }

    /**
     * Told what is written to; no system call unless it is another piece of memory than before.
     *
     * @param mapped the mapping.
     */
    void expectWrites(final BytesStore<?, ?> mapped) {
        final long address = mapped.addressForRead(mapped.start());
        if (address != advised && canAdvise) {
            advised = address;
            PosixAPI.posix().madvise(address, mapped.realCapacity(), MAdviseFlag.MADV_RANDOM);
        }
    }

    /**
     * Reads on to {@link #AHEAD_BYTES} before where the queue is written, or to the end of its file. To be called several
     * times a second, by one thread.
     *
     * @throws IOException when the file cannot be read.
     */
    void keep() throws IOException {
        final long written = files.appendedUpTo();
        if (written == 0) {
            return;
        }
        final long position = QueueFiles.positionOf(written);
        if (QueueFiles.cycleOf(written) != cycle) {
            close();
            cycle = QueueFiles.cycleOf(written);
            final Path path = files.file((int) cycle);
            file = FileChannel.open(path, StandardOpenOption.READ);
            readUpTo = 0;
        }
        readUpTo = Math.max(readUpTo, position & ~PAGE_MASK);
        while (readUpTo < position + AHEAD_BYTES) {
            piece.clear();
            final int read = file.read(piece, readUpTo);
            if (read <= 0) {
                return; // The file grows when more of it is mapped.
            }
            readUpTo += read;
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
