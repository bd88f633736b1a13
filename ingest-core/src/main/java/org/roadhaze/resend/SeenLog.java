// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.roadhaze.anonymizer.key.SecretFile;
import org.roadhaze.stream.Durable;

/**
 * Which records were taken in, by tag, in files beside the queues: so that what a device sends again after the engine was
 * killed is known. No place, time or device can be read in it, but whoever holds it and its key can test a guess.
 * <pre>
 *   DATA/seen/key              random, for its owner alone
 *   DATA/seen/NUMBER.seen      see {@link SeenSegment}
 * </pre>
 * The tags of a batch are written <b>before</b> its documents are appended, with the last document that each stream has by then. At
 * the next start the queues say which of the documents came to be: a batch that was killed in between is stored in some streams
 * and not in others, and what is sent again goes to the others alone. (An entry written after its documents could be missing,
 * and the records would be stored twice.)
 *
 * <p>Two threads: the persist handler writes, the group commit forces. Nothing is allocated but at a new file.
 */
public final class SeenLog implements Durable, AutoCloseable {
    /** The most streams: each is a bit. */
    public static final int MAX_STREAMS = SeenSegment.MAX_STREAMS;

    private static final String KEY_FILE = "key";
    private static final int NUMBER_DIGITS = 10;
    private static final int SEGMENT_BYTES = 4 << 20;
    private static final int INITIAL_RECORDS = 8192;

    private final Path directory;
    private final byte[] key;
    private final int acrossStarts;
    private final List<String> streams;
    private final boolean isForced;
    private final SeenBefore before;
    private final NextSegments next;
    private final ArrayDeque<Segment> older = new ArrayDeque<>();

    /** What a force has to bring to the disk, oldest first: usually the current file alone. Its own lock guards it. */
    private final ArrayDeque<FileChannel> unforced = new ArrayDeque<>();

    private final CRC32C crc = new CRC32C();

    /** The entry that is being gathered; its tags lie from {@link #tagsAt} on. */
    private ByteBuffer entry;

    private final int tagsAt;
    private int records;

    private FileChannel current;
    private long newest;
    private int segmentRecords;
    private int entries;
    private int position;

    private final AtomicLong entriesWritten = new AtomicLong();

    /** The forcing thread's. */
    private long entriesForced;

    private FileChannel lastForced;

    private record Segment(Path path, int records) {}

    /**
     * Reads what was seen before, and goes on in a new file.
     *
     * @param directory   where the log is; made when it is not there, for its owner alone.
     * @param options     how many records a start knows.
     * @param streams     the streams' names, in the order of the writers; at most 64.
     * @param lastDocuments where each stream's last document lies, recovered; -1: there is none.
     * @param isForced    whether someone will call {@link #force}.
     * @throws IOException              when it cannot be read or written.
     * @throws IllegalArgumentException when there are more than {@link #MAX_STREAMS} streams.
     */
    public SeenLog(
            final Path directory,
            final ResendOptions options,
            final List<String> streams,
            final long[] lastDocuments,
            final boolean isForced)
            throws IOException {
        if (streams.size() > MAX_STREAMS) {
            throw new IllegalArgumentException("streams: found " + streams.size() + ", allowed at most " + MAX_STREAMS);
        }
        this.directory = directory;
        this.acrossStarts = options.acrossStarts();
        this.streams = List.copyOf(streams);
        this.isForced = isForced;
        key = SecretFile.readOrCreate(directory.resolve(KEY_FILE), RecordTags.KEY_LENGTH);
        before = recall(lastDocuments);
        next = new NextSegments(this::path, SEGMENT_BYTES, isForced);
        tagsAt = SeenSegment.ENTRY_FIXED - Integer.BYTES + streams.size() * Long.BYTES;
        entry = allocate(INITIAL_RECORDS);
        begin(lastDocuments);
        // Before any document: were the next start not to know that this one was, it could take this one's documents
        // for some
        // of a run before that never came to be.
        current.force(true);
        forceDirectory();
    }

    /**
     * Removes a log that is not wanted any more.
     *
     * @param directory where it is.
     * @throws IOException when it cannot be removed.
     */
    public static void remove(final Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            for (final Path segment : segments(directory)) {
                Files.delete(segment);
            }
            Files.deleteIfExists(directory.resolve(KEY_FILE));
        }
    }

    private ByteBuffer allocate(final int capacity) {
        return ByteBuffer.allocateDirect(tagsAt + capacity * Long.BYTES + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] key() {
        return key;
    }

    SeenBefore before() {
        return before;
    }

    // --- the start

    private static List<Path> segments(final Path directory) throws IOException {
        final List<Path> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SeenSegment.SUFFIX)) {
            for (final Path file : files) {
                if (file.getFileName().toString().length() == NUMBER_DIGITS + SeenSegment.SUFFIX.length()) {
                    segments.add(file);
                }
            }
        }
        Collections.sort(segments); // Their numbers have the same length.
        return segments;
    }

    /**
     * Reads newest first, as far as the options reach; what lies behind is removed.
     *
     * <p>Whether the document of an entry came to be shows in where its stream's last document was later on: at this start, or
     * when any later file was begun. The least of them decides. A greater one may be that of another document, which took the
     * place of one that a kill prevented; or of one that a power cut took away again.
     */
    private SeenBefore recall(final long[] lastDocuments) throws IOException {
        final List<Path> files = segments(directory);
        if (!files.isEmpty()) {
            newest = number(files.get(files.size() - 1));
        }
        final SeenBefore seen = new SeenBefore(removeOld(files));
        final Map<String, Long> leastByName = new HashMap<>();
        for (int i = 0; i < lastDocuments.length; i++) {
            leastByName.put(streams.get(i), lastDocuments[i]);
        }
        for (int i = files.size() - 1; i >= 0; i--) {
            final SeenSegment segment = SeenSegment.read(files.get(i));
            if (segment
                    == null) { // Begun, and no entry in it: it would be behind the head, which was forced at a start.
                Files.delete(files.get(i));
                continue;
            }
            recall(segment, leastByName, seen);
            final boolean isNews = segment.lowers(leastByName);
            if (segment.entries().isEmpty() && !isNews) {
                Files.delete(files.get(i));
            } else {
                shorten(segment);
                older.addFirst(new Segment(segment.path(), segment.records()));
            }
        }
        return seen;
    }

    /** Removes the oldest files that are not needed any more, from the list, too; returns how many records the others have. */
    private int removeOld(final List<Path> files) throws IOException {
        int total = 0;
        int first = files.size();
        while (first > 0 && total < acrossStarts) {
            first--;
            final SeenSegment segment = SeenSegment.read(files.get(first));
            total += segment == null ? 0 : segment.records();
        }
        for (int i = 0; i < first; i++) {
            Files.delete(files.get(i));
        }
        files.subList(0, first).clear();
        return total;
    }

    private static long number(final Path file) throws IOException {
        try {
            return Long.parseLong(file.getFileName().toString().substring(0, NUMBER_DIGITS));
        } catch (final NumberFormatException e) {
            throw new IOException(file + ": found a name of its own, allowed " + NUMBER_DIGITS + " digits", e);
        }
    }

    private void shorten(final SeenSegment segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
            channel.truncate(segment.end());
            if (isForced) { // What it says is going to be acknowledged by.
                channel.force(true);
            }
        }
    }

    private void recall(final SeenSegment segment, final Map<String, Long> leastByName, final SeenBefore seen) {
        for (final int entry : segment.entries()) {
            boolean anyStored = false;
            long notStored = 0;
            boolean allStored = true;
            for (int stream = 0; stream < segment.streams().size(); stream++) {
                if (segment.hasDocument(entry, stream)) {
                    final String name = segment.streams().get(stream);
                    if (leastByName.getOrDefault(name, Long.MIN_VALUE) > segment.lastDocumentBefore(entry, stream)) {
                        anyStored = true;
                    } else {
                        allStored = false;
                        final int now = streams.indexOf(name);
                        notStored |= now < 0 ? 0 : 1L << now;
                    }
                }
            }
            if (allStored || anyStored) {
                // A stream that was not in the policy then is not to have it now.
                final long storedIn = allStored ? SeenBefore.EVERYWHERE : ~notStored;
                for (int record = 0; record < segment.records(entry); record++) {
                    seen.put(segment.tag(entry, record), storedIn);
                }
            }
        }
    }

    // --- the persist handler's side

    /**
     * Adds the tags of records that are about to be appended.
     *
     * @param tags   8 bytes each, little endian.
     * @param offset where they begin.
     * @param count  how many.
     */
    public void add(final DirectBuffer tags, final int offset, final int count) {
        final int at = tagsAt + records * Long.BYTES;
        final int length = count * Long.BYTES;
        if (at + length + Integer.BYTES > entry.capacity()) {
            final ByteBuffer larger = allocate(2 * (records + count));
            entry.clear();
            larger.put(0, entry, 0, at);
            entry = larger;
        }
        tags.getBytes(offset, entry, at, length);
        records += count;
    }

    /**
     * Writes what was added as one entry; nothing when nothing was. To be called before any document of these records is
     * appended.
     *
     * @param documents   a bit for each stream that is about to append one.
     * @param lastDocuments where each stream's last document lies.
     */
    public void flush(final long documents, final long[] lastDocuments) {
        if (records == 0) {
            return;
        }
        try {
            final int length = tagsAt + records * Long.BYTES + Integer.BYTES;
            if (position + length > SEGMENT_BYTES && entries > 0) {
                roll(lastDocuments);
            }
            entry.clear().putInt(length).putInt(records).putLong(entries).putLong(documents);
            for (final long index : lastDocuments) {
                entry.putLong(index);
            }
            entry.position(length - Integer.BYTES);
            SeenSegment.putCheck(entry, crc).flip();
            write(entry, position);
            position += length;
            entries++;
            segmentRecords += records;
            records = 0;
            entriesWritten.lazySet(entriesWritten.getPlain() + 1);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(final ByteBuffer bytes, final long from) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            at += current.write(bytes, at);
        }
    }

    private void roll(final long[] lastDocuments) throws IOException {
        final FileChannel full = current;
        full.truncate(position);
        older.add(new Segment(path(newest), segmentRecords));
        begin(lastDocuments);
        if (!isForced) {
            synchronized (unforced) {
                unforced.remove(full);
            }
            full.close();
        }
        long enough = 0;
        for (final Segment segment : older) {
            enough += segment.records();
        }
        while (!older.isEmpty() && enough - older.peekFirst().records() >= acrossStarts) {
            enough -= older.peekFirst().records();
            next.discard(older.removeFirst().path());
        }
    }

    private Path path(final long number) {
        return directory.resolve(String.format(Locale.ROOT, "%0" + NUMBER_DIGITS + "d", number) + SeenSegment.SUFFIX);
    }

    /** A file full of zeros, so that a force need not bring the file's length and blocks to the disk each time. */
    private void begin(final long[] lastDocuments) throws IOException {
        final NextSegments.Segment segment = next.take(newest + 1);
        newest = segment.number();
        current = segment.channel();
        final ByteBuffer head = SeenSegment.head(streams, lastDocuments);
        position = head.remaining();
        write(head, 0);
        entries = 0;
        segmentRecords = 0;
        synchronized (unforced) { // Before any entry is in it.
            unforced.add(current);
        }
    }

    private void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    // --- the group commit's side

    @Override
    public void force() throws IOException {
        final long upTo = entriesWritten.get();
        if (upTo == entriesForced) {
            return;
        }
        boolean more = true;
        while (more) {
            final FileChannel oldest;
            synchronized (unforced) {
                oldest = unforced.peekFirst();
                more = unforced.size() > 1;
            }
            oldest.force(more);
            if (oldest != lastForced) {
                forceDirectory();
                lastForced = oldest;
            }
            if (more) {
                synchronized (unforced) {
                    unforced.removeFirst();
                }
                oldest.close();
            }
        }
        entriesForced = upTo;
    }

    // --- a thread that has time

    /**
     * Makes the next file ahead, and removes what is not needed any more. To be called several times a second.
     *
     * @throws IOException when the disk does not let it: then the next file is made when it is needed.
     */
    public void prepare() throws IOException {
        next.prepare();
    }

    /** All threads must have ended. */
    @Override
    public void close() throws IOException {
        next.close();
        for (final FileChannel channel : unforced) {
            if (channel == current && channel.isOpen()) {
                channel.truncate(position);
            }
            channel.close();
        }
    }
}
