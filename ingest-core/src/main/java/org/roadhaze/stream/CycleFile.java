// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The documents of one file of a queue, walked as they lie there, without the queue: what a disk made of them is seen as it
 * is, and nothing is changed.
 * <pre>
 *   document  | header u32, little endian | content | padding to 4 |
 *   header    | incomplete 1 bit | meta 1 bit | length 30 bits |       0: nothing was written here yet
 *                                                                       C0000000: the end of a file that was rolled away
 * </pre>
 * Format: net.openhft.chronicle.wire.Wires and the specification in its repository.
 *
 * <p>Mapped in windows, since a file may have more bytes than one buffer. Not thread safe.
 */
final class CycleFile implements AutoCloseable {
    /** What the walk stopped at. */
    enum End {
        /** Nothing was written here yet. */
        OPEN,
        /** The mark of a file that was rolled away. */
        MARKED,
        /** A document that was begun and not finished. */
        INCOMPLETE,
        /** A document that would be longer than the file. */
        BEYOND_FILE
    }

    /** The mark at the end of a file that was rolled away. */
    static final int END_MARK = 0xC000_0000;

    static final int HEADER_LENGTH = Integer.BYTES;

    private static final int INCOMPLETE = 0x8000_0000;
    private static final int META = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final long WINDOW = 256L << 20;

    /** What the queue calls it, behind two bytes that say that a name of this length follows. */
    private static final byte[] INDEX_OF_INDICES = "index2index".getBytes(StandardCharsets.US_ASCII);

    private final FileChannel channel;
    private final long size;
    private final UnsafeBuffer content = new UnsafeBuffer(0, 0);
    private MappedByteBuffer window;
    private long windowStart;
    private long at;
    private long position;
    private int length;
    private boolean meta;
    private long documents;
    private long highestReference;
    private End end;

    private CycleFile(final FileChannel channel) throws IOException {
        this.channel = channel;
        size = channel.size();
    }

    static CycleFile open(final Path file) throws IOException {
        return new CycleFile(FileChannel.open(file, StandardOpenOption.READ));
    }

    /** Whether a header is that of a document that was finished. */
    static boolean isComplete(final int header) {
        return header != 0 && (header & INCOMPLETE) == 0;
    }

    /** Whether a document is the queue's own, no data. */
    static boolean isMeta(final int header) {
        return (header & META) != 0;
    }

    static int lengthOf(final int header) {
        return header & LENGTH_MASK;
    }

    /**
     * Moves to the next document that is data.
     *
     * @return false at the {@link #end}.
     */
    boolean next() throws IOException {
        while (nextOfAnyKind()) {
            if (!meta) {
                documents++;
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a whole document of data lies at a place.
     *
     * @param begin where it would begin, its header included.
     * @param upTo  where it would end.
     * @return true if it does.
     */
    boolean isDocument(final long begin, final long upTo) throws IOException {
        if (begin < 0 || (begin & 3) != 0 || upTo > size || begin + HEADER_LENGTH >= upTo) {
            return false;
        }
        final int header = header(begin);
        return (header & (INCOMPLETE | META)) == 0 && begin + HEADER_LENGTH + header == upTo;
    }

    /**
     * Passes over the documents before one, but for what the queue keeps of positions there.
     *
     * @param document where it begins: {@link #isDocument}.
     */
    void skipTo(final long document) throws IOException {
        boolean data = false;
        while (at < document && !data && nextOfAnyKind()) {
            data = !meta;
            if (meta && isIndexOfIndices()) {
                noteIndices(position, length, document);
            }
        }
        end = null;
        at = document;
    }

    /** The first of its two levels: what it refers to are the indices themselves. */
    private boolean isIndexOfIndices() throws IOException {
        final MappedByteBuffer bytes = map(position, HEADER_LENGTH + length);
        final int from = (int) (position - windowStart) + HEADER_LENGTH;
        if (length < 2 + INDEX_OF_INDICES.length) {
            return false;
        }
        for (int i = 0; i < INDEX_OF_INDICES.length; i++) {
            if (bytes.get(from + 2 + i) != INDEX_OF_INDICES[i]) {
                return false;
            }
        }
        return true;
    }

    private void noteIndices(final long table, final int tableLength, final long before) throws IOException {
        for (long entry = (table + HEADER_LENGTH + 7) & ~7L;
                entry + Long.BYTES <= table + HEADER_LENGTH + tableLength;
                entry += Long.BYTES) {
            final long index = map(entry, Long.BYTES).getLong((int) (entry - windowStart));
            if (index > table && index < before && (index & 3) == 0) {
                final int header = header(index);
                if ((header & INCOMPLETE) == 0 && (header & META) != 0 && index + (header & LENGTH_MASK) < size) {
                    position = index;
                    length = header & LENGTH_MASK;
                    noteReferences();
                }
            }
        }
    }

    private boolean nextOfAnyKind() throws IOException {
        if (end != null) {
            return false;
        }
        if (at + HEADER_LENGTH > size) {
            end = End.OPEN;
            return false;
        }
        final int header = header(at);
        if (header == 0) {
            end = End.OPEN;
        } else if (header == END_MARK) {
            end = End.MARKED;
        } else if ((header & INCOMPLETE) != 0) {
            end = End.INCOMPLETE;
        } else if (at + HEADER_LENGTH + lengthOf(header) > size) {
            end = End.BEYOND_FILE;
        }
        if (end != null) {
            return false;
        }
        position = at;
        length = lengthOf(header);
        meta = isMeta(header);
        at = (at + HEADER_LENGTH + length + 3) & ~3L;
        if (meta) {
            noteReferences();
        }
        return true;
    }

    /** What the queue keeps of positions: where it writes, and its index. All lie in documents of its own, aligned. */
    private void noteReferences() throws IOException {
        final MappedByteBuffer bytes = map(position, HEADER_LENGTH + length);
        final int from = (int) (position - windowStart) + HEADER_LENGTH;
        for (int i = (from + 7) & ~7; i + Long.BYTES <= from + length; i += Long.BYTES) {
            final long value = bytes.getLong(i);
            if (value > highestReference && value < size) {
                highestReference = value;
            }
        }
    }

    /**
     * The highest position that the queue itself points at, in the documents walked so far. Not behind the end, unless the
     * pages that it points at were lost.
     *
     * @return a position in the file.
     */
    long highestReference() {
        return highestReference;
    }

    private int header(final long offset) throws IOException {
        return map(offset, HEADER_LENGTH).getInt((int) (offset - windowStart));
    }

    private MappedByteBuffer map(final long offset, final long bytes) throws IOException {
        if (window == null || offset < windowStart || offset + bytes > windowStart + window.capacity()) {
            IoUtil.unmap(window); // Without waiting for the collector: there may be many windows.
            windowStart = offset & ~4095L;
            window = channel.map(
                    FileChannel.MapMode.READ_ONLY,
                    windowStart,
                    Math.min(size - windowStart, Math.max(WINDOW, offset - windowStart + bytes)));
            window.order(LITTLE_ENDIAN);
        }
        return window;
    }

    /**
     * The content of the current document.
     *
     * @return at offset 0, {@link #length} bytes; valid until the next move.
     */
    DirectBuffer content() throws IOException {
        final long start = position + HEADER_LENGTH;
        final MappedByteBuffer bytes = map(start, length);
        content.wrap(bytes, (int) (start - windowStart), length);
        return content;
    }

    int length() {
        return length;
    }

    /** Where the current document begins, its header included. */
    long position() {
        return position;
    }

    /** How many data documents were met, the current one included. */
    long documents() {
        return documents;
    }

    /** What the walk stopped at, or null while it goes on. */
    End end() {
        return end;
    }

    /** Where the walk stopped, or goes on. */
    long endPosition() {
        return at;
    }

    /**
     * Where something lies behind the end, where nothing should.
     *
     * @return the first such position, or -1.
     */
    long firstByteBehindEnd() throws IOException {
        long offset = at + (end == End.MARKED || end == End.INCOMPLETE ? HEADER_LENGTH : 0);
        while (offset < size) {
            final long upTo = Math.min(size, offset + WINDOW);
            final MappedByteBuffer bytes = map(offset, upTo - offset);
            int from = (int) (offset - windowStart);
            final int to = (int) (upTo - windowStart);
            while (from < to && bytes.get(from) == 0) {
                from++;
                while (from + Long.BYTES <= to && bytes.getLong(from) == 0) {
                    from += Long.BYTES;
                }
            }
            if (from < to) {
                return windowStart + from;
            }
            offset = upTo;
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        IoUtil.unmap(window);
        window = null;
        channel.close();
    }
}
