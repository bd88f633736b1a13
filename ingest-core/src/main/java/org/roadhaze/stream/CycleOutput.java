// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.posix.MAdviseFlag;
import net.openhft.posix.PosixAPI;
import org.agrona.SystemUtil;

/**
 * Writes the content of a queue's documents to its files by system calls. The queue itself writes through its mapping, which
 * costs more than the copy: each page is filled with zeros or read before it is written to, faults twice, and is made read-only
 * again by every force, one page after the other, with an interrupt of all processors for each. A page that is written by a
 * call has none of that, and is in the page cache as well: readers find it in their mappings, and it survives the death of the
 * process. What is left to the mapping are the documents' headers, which say when a content is there, and the queue's index.
 *
 * <p>Not thread safe: the appending thread's.
 */
final class CycleOutput implements AutoCloseable {
    /**
     * Zeros behind each content: as many as the queue puts there itself when it ends a document, so that their page is there. The
     * header of the next document lies in them.
     */
    static final int BEHIND_LENGTH = 8;

    private static final long PAGE_MASK = 4095;

    private final QueueFiles files;
    private FileChannel file;
    private int cycle = QueueFiles.NONE;
    private BytesStore<?, ?> advised;

    CycleOutput(final QueueFiles files) {
        this.files = files;
    }

    /**
     * Writes a content where the queue is going to look for it.
     *
     * @param toCycle  the number of the file.
     * @param position where in it, before its end.
     * @param content  from its beginning, followed by {@link #BEHIND_LENGTH} zeros; limit and position change.
     * @param length   how long it is, without the zeros.
     * @throws IOException when the disk does not take it: the header must not be completed.
     */
    void write(final int toCycle, final long position, final ByteBuffer content, final int length) throws IOException {
        if (toCycle != cycle) {
            close();
            file = FileChannel.open(files.file(toCycle), StandardOpenOption.WRITE);
            cycle = toCycle;
        }
        final long end = position + length + BEHIND_LENGTH;
        final long lastPage = (end - 1) & ~PAGE_MASK;
        final int before = (int) Math.max(0, lastPage - position);
        // The last page by itself. The kernel keeps what is written at once in pages as large as that, and a header
        // makes the whole of one dirty: the next force would write all of it again.
        put(position, content, 0, before);
        put(position, content, before, length + BEHIND_LENGTH);
    }

    private void put(final long position, final ByteBuffer content, final int from, final int to) throws IOException {
        content.limit(to).position(from);
        while (content.hasRemaining()) {
            file.write(content, position + content.position());
        }
    }

    /**
     * Told what mapping the headers are written to. Where a page is missing all the same, in the queue's own index, the kernel
     * would take it for the beginning of a long read, and fill as much as the disk is set to read ahead. No system call unless
     * it is another mapping than before.
     *
     * @param mapped the mapping.
     */
    void expectNoReading(final BytesStore<?, ?> mapped) {
        if (mapped != advised) {
            advised = mapped;
            if (SystemUtil.isLinux()) {
                final long address = mapped.addressForRead(mapped.start());
                // Its capacity is counted from the file's beginning.
                final long length = mapped.realCapacity() - mapped.start();
                PosixAPI.posix().madvise(address, length, MAdviseFlag.MADV_RANDOM);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
        cycle = QueueFiles.NONE;
    }
}
