// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * One file of the {@link SeenLog}. Little endian:
 * <pre>
 *   head:  | "RHSEEN" 0 1 | length i32 | streams i32 | streams x (last document i64, name length u8, name) | CRC-32C i32 |
 *   entry: | length i32 | records i32 | number i64 | documents i64 | streams x last document i64 | records x tag i64 | CRC-32C i32 |
 * </pre>
 * An entry stands for one batch and is written before its documents are appended. {@code documents} has a bit for each stream
 * that the batch has a document for; {@code last document} is where the stream's last one before lies. Lengths include
 * themselves and the check sum, which is over all bytes before it. Behind the last entry there are zeros, or what a crash left.
 *
 * @param path        the file.
 * @param streams     the streams' names, in the order of the bits.
 * @param lastDocuments their last documents when the file was begun; -1: there was none.
 * @param entries     where the entries lie.
 * @param content     the whole file.
 */
record SeenSegment(
        Path path, List<String> streams, List<Long> lastDocuments, List<Integer> entries, ByteBuffer content) {
    static final String SUFFIX = ".seen";

    private static final int NUMBER_DIGITS = 10;

    /** Bytes of an entry beside places and tags. */
    static final int ENTRY_FIXED = 3 * Integer.BYTES + 2 * Long.BYTES;

    private static final byte[] MAGIC = {'R', 'H', 'S', 'E', 'E', 'N', 0, 1};
    static final int MAX_STREAMS = Long.SIZE;
    private static final int RECORDS = Integer.BYTES;
    private static final int NUMBER = RECORDS + Integer.BYTES;
    private static final int DOCUMENTS = NUMBER + Long.BYTES;
    private static final int PLACES = DOCUMENTS + Long.BYTES;

    /** The files in a directory, oldest first. */
    static List<Path> files(final Path directory) throws IOException {
        final List<Path> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (final Path file : files) {
                if (file.getFileName().toString().length() == NUMBER_DIGITS + SUFFIX.length()) {
                    segments.add(file);
                }
            }
        }
        Collections.sort(segments); // Their numbers have the same length.
        return segments;
    }

    static Path path(final Path directory, final long number) {
        return directory.resolve(String.format(Locale.ROOT, "%0" + NUMBER_DIGITS + "d", number) + SUFFIX);
    }

    static long number(final Path file) throws IOException {
        try {
            return Long.parseLong(file.getFileName().toString().substring(0, NUMBER_DIGITS));
        } catch (final NumberFormatException e) {
            throw new IOException(file + ": found a name of its own, allowed " + NUMBER_DIGITS + " digits", e);
        }
    }

    /**
     * Reads a file up to its last whole entry.
     *
     * @param path the file.
     * @return what is in it, or null when not even its head is whole.
     */
    static SeenSegment read(final Path path) throws IOException {
        final ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        final int headLength =
                content.remaining() < MAGIC.length + 2 * Integer.BYTES ? 0 : content.getInt(MAGIC.length);
        if (headLength < MAGIC.length + 3 * Integer.BYTES || !isWhole(content, 0, headLength)) {
            return null;
        }
        final int count = content.getInt(MAGIC.length + Integer.BYTES);
        if (count < 0 || count > MAX_STREAMS) {
            return null;
        }
        content.position(MAGIC.length + 2 * Integer.BYTES);
        final List<String> streams = new ArrayList<>();
        final List<Long> lastDocuments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lastDocuments.add(content.getLong());
            final byte[] name = new byte[content.get() & 0xFF];
            content.get(name);
            streams.add(new String(name, US_ASCII));
        }
        return new SeenSegment(path, streams, lastDocuments, entries(content, headLength, count), content);
    }

    private static List<Integer> entries(final ByteBuffer content, final int from, final int streams) {
        final List<Integer> entries = new ArrayList<>();
        int at = from;
        while (at + ENTRY_FIXED <= content.limit()) {
            final int length = content.getInt(at);
            final long records = content.getInt(at + RECORDS);
            if (records < 0
                    || length != ENTRY_FIXED + Long.BYTES * (streams + records)
                    || content.getLong(at + NUMBER) != entries.size()
                    || !isWhole(content, at, length)) {
                break;
            }
            entries.add(at);
            at += length;
        }
        return entries;
    }

    private static boolean isWhole(final ByteBuffer content, final int at, final int length) {
        if (length > content.limit() - at) {
            return false;
        }
        final CRC32C crc = new CRC32C();
        crc.update(content.slice(at, length - Integer.BYTES));
        return (int) crc.getValue() == content.getInt(at + length - Integer.BYTES);
    }

    /** Where the last whole entry ends. */
    int end() {
        if (entries.isEmpty()) {
            return content.getInt(MAGIC.length);
        }
        final int last = entries.get(entries.size() - 1);
        return last + content.getInt(last);
    }

    /**
     * Lowers what is known to be the least place of each stream's last document to that in the head.
     *
     * @param leastByName by the stream's name.
     * @return whether anything was lowered, or not known before.
     */
    boolean lowers(final Map<String, Long> leastByName) {
        boolean lowered = false;
        for (int i = 0; i < streams.size(); i++) {
            final Long known = leastByName.get(streams.get(i));
            if (known == null || lastDocuments.get(i) < known) {
                leastByName.put(streams.get(i), lastDocuments.get(i));
                lowered = true;
            }
        }
        return lowered;
    }

    int records(final int entry) {
        return content.getInt(entry + RECORDS);
    }

    int records() {
        int records = 0;
        for (final int entry : entries) {
            records += records(entry);
        }
        return records;
    }

    boolean hasDocument(final int entry, final int stream) {
        return (content.getLong(entry + DOCUMENTS) >>> stream & 1) != 0;
    }

    long lastDocumentBefore(final int entry, final int stream) {
        return content.getLong(entry + PLACES + stream * Long.BYTES);
    }

    long tag(final int entry, final int record) {
        return content.getLong(entry + PLACES + (streams.size() + record) * Long.BYTES);
    }

    long[] tags(final int entry) {
        final long[] tags = new long[records(entry)];
        for (int record = 0; record < tags.length; record++) {
            tags[record] = tag(entry, record);
        }
        return tags;
    }

    /**
     * Writes the head of a file.
     *
     * @param streams     see {@link SeenSegment}.
     * @param lastDocuments see {@link SeenSegment}.
     * @return its bytes.
     */
    static ByteBuffer head(final List<String> streams, final long[] lastDocuments) {
        int length = MAGIC.length + 3 * Integer.BYTES;
        for (final String stream : streams) {
            length += Long.BYTES + 1 + stream.length();
        }
        final ByteBuffer head = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        head.put(MAGIC).putInt(length).putInt(streams.size());
        for (int i = 0; i < streams.size(); i++) {
            head.putLong(lastDocuments[i]);
            head.put((byte) streams.get(i).length()).put(streams.get(i).getBytes(US_ASCII));
        }
        return putCheck(head, new CRC32C()).flip();
    }

    /** Puts the check sum over all that was put so far. */
    static ByteBuffer putCheck(final ByteBuffer bytes, final CRC32C crc) {
        final int length = bytes.position();
        crc.reset();
        bytes.position(0).limit(length);
        crc.update(bytes);
        return bytes.limit(bytes.capacity()).position(length).putInt((int) crc.getValue());
    }
}
