// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The single writer of one stream's queue. Records gather in a document until {@link #flush}; what was flushed survives
 * the death of the process (it lies in the page cache), what was not was never promised.
 *
 * <p>Gathering costs one copy of some tens of bytes a record, inside the cache; a document of its own per record would
 * cost 150 to 300 ns. Not thread safe: the persist handler owns it.
 */
public final class StreamWriter implements Durable, AutoCloseable {
    private static final int DOCUMENT_CAPACITY = 1 << 20;

    /**
     * How long a lock of the queue may stay taken. Longer means that its holder was killed (in a container the new
     * process has the same id, and the lock looks alive): it is then broken, which the data directory's own lock makes
     * safe.
     */
    private static final long LOCK_TIMEOUT_MS = 1_000;

    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final QueueFiles files;
    private final long policyHash;
    private final byte[] policyVersion;
    private final UnsafeBuffer document = new UnsafeBuffer(0, 0);
    private final DocumentChecksum checksum = new DocumentChecksum();
    private final DocumentLayout layout;
    private final Durable first;
    private BytesStore<?, ByteBuffer> documentStore;
    private int length;
    private int records;

    /**
     * Opens a stream's queue for appending, making it when it is not there.
     *
     * @param data          the data directory.
     * @param stream        the stream's name.
     * @param policyVersion goes into every document, ASCII.
     * @param policyHash    goes into every document.
     * @param clock         decides when the queue rolls to the next file.
     */
    public StreamWriter(
            final Path data,
            final String stream,
            final String policyVersion,
            final long policyHash,
            final EpochClock clock) {
        this(data, stream, DocumentLayout.RELEASES, policyVersion, policyHash, clock, () -> {});
    }

    /**
     * Opens the queue of a journal for appending, making it when it is not there.
     *
     * @param data          the data directory.
     * @param stream        the stream's name.
     * @param policyVersion goes into every document, ASCII.
     * @param policyHash    goes into every document.
     * @param clock         decides when the queue rolls to the next file.
     * @param keys          what the frames are sealed under; forced before every document, so that no document is ever
     *                      without its keys.
     * @return the writer.
     */
    public static StreamWriter ofJournal(
            final Path data,
            final String stream,
            final String policyVersion,
            final long policyHash,
            final EpochClock clock,
            final Durable keys) {
        return new StreamWriter(data, stream, DocumentLayout.JOURNAL, policyVersion, policyHash, clock, keys);
    }

    private StreamWriter(
            final Path data,
            final String stream,
            final DocumentLayout layout,
            final String policyVersion,
            final long policyHash,
            final EpochClock clock,
            final Durable first) {
        this.layout = layout;
        this.first = first;
        this.length = layout.headLength();
        this.policyHash = policyHash;
        this.policyVersion = policyVersion.getBytes(StandardCharsets.US_ASCII);
        if (this.policyVersion.length > ReleaseLayout.MAX_VERSION_LENGTH) {
            throw new IllegalArgumentException("policy.version: found " + this.policyVersion.length
                    + " characters, allowed at most " + ReleaseLayout.MAX_VERSION_LENGTH);
        }
        allocate(DOCUMENT_CAPACITY);
        final MonotonicTime time = new MonotonicTime(clock);
        final Path directory = StreamFiles.queue(data, stream);
        final ForcedPosition forced = new ForcedPosition(StreamFiles.forced(data, stream));
        time.notBefore(recover(directory, forced));
        queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(StreamFiles.ROLL_CYCLE)
                .timeProvider(time)
                .timeoutMS(LOCK_TIMEOUT_MS)
                .build();
        boolean open = false;
        try {
            appender = queue.createAppender();
            open = true;
        } finally {
            if (!open) {
                queue.close();
            }
        }
        // The appender stays with the thread that first uses it; opening and appending are on two.
        appender.singleThreadedCheckReset();
        files = new QueueFiles(directory, queue.rollCycle(), forced);
    }

    private static long recover(final Path directory, final ForcedPosition forced) {
        try {
            return QueueRecovery.recover(directory, forced);
        } catch (final IOException e) {
            throw new UncheckedIOException("the queue " + directory + " cannot be recovered: " + e.getMessage(), e);
        }
    }

    private void allocate(final int capacity) {
        final ByteBuffer memory = ByteBuffer.allocateDirect(capacity);
        document.wrap(memory);
        documentStore = BytesStore.wrap(memory);
    }

    /**
     * Adds records to the current document.
     *
     * @param source       encoded as the layout says ({@link ReleaseLayout#putRecord}), one after the other.
     * @param offset       where they begin.
     * @param sourceLength how many bytes.
     * @param count        how many records.
     */
    public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
        if (records + count > ReleaseLayout.MAX_RECORDS || length + sourceLength > room(document.capacity())) {
            flush();
            if (length + sourceLength > room(document.capacity())) {
                allocate(2 * (length + sourceLength + ReleaseLayout.MAX_VERSION_LENGTH));
            }
        }
        document.putBytes(length, source, offset, sourceLength);
        length += sourceLength;
        records += count;
    }

    private int room(final int capacity) {
        return capacity - 1 - policyVersion.length;
    }

    /** Ends the current document and appends it to the queue; nothing when there are no records. */
    public void flush() {
        if (records == 0) {
            return;
        }
        forceFirst();
        layout.putHead(document, policyHash, records);
        length += ReleaseLayout.putTail(document, length, policyVersion);
        checksum.put(document, length);
        write();
        length = layout.headLength();
        records = 0;
    }

    private void forceFirst() {
        try {
            first.force();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was flushed; what only gathers in a document is not written yet. */
    @Override
    public void force() throws IOException {
        files.force();
    }

    /**
     * Nobody is going to force this queue: what is known of its files on the disk would soon be too old to go by.
     *
     * @throws IOException when that cannot be forgotten.
     */
    public void leaveUnforced() throws IOException {
        files.forgetForced();
    }

    /** Closing a context commits it: a document that was not written whole is taken back instead. */
    private void write() {
        final long end;
        try (DocumentContext context = appender.writingDocument()) {
            try {
                context.wire().bytes().write(documentStore, 0L, (long) length);
                end = context.wire().bytes().writePosition();
            } catch (final RuntimeException | Error e) {
                context.rollbackOnClose();
                throw e;
            }
        }
        files.appended(appender.lastIndexAppended(), end);
    }

    @Override
    public void close() {
        if (queue.isClosed()) {
            return;
        }
        // Whoever appends after this finds no room, rather than memory that is gone.
        document.wrap(new byte[0]);
        appender.close();
        queue.close();
        CloseHelper.close(files);
    }
}
