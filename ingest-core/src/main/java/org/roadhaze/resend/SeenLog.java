// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.roadhaze.anonymizer.key.SecretFile;
import org.roadhaze.stream.Durable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(SeenLog.class);
    private static final String KEY_FILE = "key";
    private static final int SEGMENT_BYTES = 4 << 20;
    private static final int INITIAL_RECORDS = 8192;

    private final Path directory;
    private final byte[] key;
    private final int acrossStarts;
    private final List<String> streams;
    private final boolean isForced;
    private final int segmentBytes;
    private final SeenBefore before;
    private TakenIn taken;
    private final NextSegments next;
    private final ArrayDeque<Segment> older;

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

    /** A file that is full. */
    record Segment(Path path, int records) {}

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
        this(directory, options, streams, lastDocuments, isForced, RebuiltStreams.NONE);
    }

    /**
     * The same, where some streams are rebuilt from a journal.
     *
     * @param directory   as above.
     * @param options     as above.
     * @param streams     as above.
     * @param lastDocuments as above.
     * @param isForced    as above.
     * @param rebuilt     the streams that have what the journal has.
     * @throws IOException              as above.
     * @throws IllegalArgumentException as above.
     */
    public SeenLog(
            final Path directory,
            final ResendOptions options,
            final List<String> streams,
            final long[] lastDocuments,
            final boolean isForced,
            final RebuiltStreams rebuilt)
            throws IOException {
        this(directory, options, streams, lastDocuments, isForced, rebuilt, SEGMENT_BYTES);
    }

    /** The same in files of another length. */
    SeenLog(
            final Path directory,
            final ResendOptions options,
            final List<String> streams,
            final long[] lastDocuments,
            final boolean isForced,
            final int segmentBytes)
            throws IOException {
        this(directory, options, streams, lastDocuments, isForced, RebuiltStreams.NONE, segmentBytes);
    }

    private SeenLog(
            final Path directory,
            final ResendOptions options,
            final List<String> streams,
            final long[] lastDocuments,
            final boolean isForced,
            final RebuiltStreams rebuilt,
            final int segmentBytes)
            throws IOException {
        if (streams.size() > MAX_STREAMS) {
            throw new IllegalArgumentException("streams: found " + streams.size() + ", allowed at most " + MAX_STREAMS);
        }
        this.directory = directory;
        this.acrossStarts = options.acrossStarts();
        this.streams = List.copyOf(streams);
        this.isForced = isForced;
        this.segmentBytes = segmentBytes;
        key = SecretFile.readOrCreate(directory.resolve(KEY_FILE), RecordTags.KEY_LENGTH);
        taken = new TakenIn(key);
        final SeenRecall recall =
                new SeenRecall(directory, acrossStarts, this.streams, lastDocuments, isForced, rebuilt, taken);
        before = recall.seen();
        older = recall.kept();
        newest = recall.newest();
        next = new NextSegments(number -> SeenSegment.path(directory, number), segmentBytes, isForced);
        tagsAt = SeenSegment.ENTRY_FIXED - Integer.BYTES + streams.size() * Long.BYTES;
        entry = allocate(Math.min(INITIAL_RECORDS, segmentBytes / Long.BYTES));
        begin(lastDocuments);
        // Before any document: were the next start not to know that this one was, it could take this one's documents
        // for
        // some of a run before that never came to be.
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
            for (final Path segment : SeenSegment.files(directory)) {
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

    /**
     * Which records the frames of the journal brought; forgotten here, since it is as much again as what is remembered.
     *
     * @return null when it was taken before.
     */
    public TakenIn takeTakenIn() {
        final TakenIn once = taken;
        taken = null;
        return once;
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
            if (position + length > segmentBytes && entries > 0) {
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
        older.add(new Segment(SeenSegment.path(directory, newest), segmentRecords));
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

    /** For a test: how many entries there are since the start, and how many of them are forced. */
    long[] entriesWrittenAndForced() {
        return new long[] {entriesWritten.get(), entriesForced};
    }

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
            try (channel) {
                if (channel == current && channel.isOpen()) {
                    channel.truncate(position);
                }
            } catch (final IOException e) { // on a disk that failed: zeros at the end are read as what they are
                LOG.debug("Zeros stay behind the last entry: {}", e.getMessage());
            }
        }
    }
}
