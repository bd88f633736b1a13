// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.posix.MAdviseFlag;
import net.openhft.posix.PosixAPI;
import org.agrona.BufferUtil;
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

    private static final int PAGE_BYTES = 4096;
    private static final long PAGE_MASK = PAGE_BYTES - 1;

    private final QueueFiles files;

    /** The keeping thread's. */
    private FileChannel file;

    private long cycle = QueueFiles.NONE;
    private long readUpTo;

    @SuppressWarnings("UnusedVariable") // Written so that the compiler does not leave out what is touched for it.
    private volatile int touched;

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
        if (address != advised) {
            advised = address;
            advise(address, mapped.realCapacity());
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
        // The file grows when more of it is mapped to be written.
        final long upTo = Math.min(file.size(), position + AHEAD_BYTES) & ~PAGE_MASK;
        if (readUpTo < upTo) {
            touch(readUpTo, (int) (upTo - readUpTo));
            readUpTo = upTo;
        }
    }

    /** Page by page: a read call would have the kernel fill all that it reads ahead at once, and nobody else run meanwhile. */
    private void touch(final long from, final int length) throws IOException {
        final MappedByteBuffer window = file.map(FileChannel.MapMode.READ_ONLY, from, length);
        try {
            advise(BufferUtil.address(window), length);
            int sum = 0;
            for (int at = 0; at < length; at += PAGE_BYTES) {
                sum += window.get(at);
            }
            touched = sum;
        } finally {
            BufferUtil.free(window);
        }
    }

    private static void advise(final long address, final long length) {
        if (SystemUtil.isLinux()) {
            PosixAPI.posix().madvise(address, length, MAdviseFlag.MADV_RANDOM);
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
