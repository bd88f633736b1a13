// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The single writer of one stream's queue. Records gather in a document until {@link #flush}; what was flushed survives
 * the death of the process (it lies in the page cache), what was not was never promised.
 *
 * <p>Gathering costs one copy of some tens of bytes a record, inside the cache; a document of its own per record would
 * cost 150 to 300 ns. Not thread safe: the persist handler owns it.
 */
public final class StreamWriter implements StreamAppender, AutoCloseable {
    private static final int DOCUMENT_CAPACITY = 1 << 20;

    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final QueueFiles files;
    private final SpaceReserve reserve;
    private final CycleOutput output;
    private final long policyHash;
    private final byte[] policyVersion;
    private final UnsafeBuffer document = new UnsafeBuffer(0, 0);
    private final DocumentChecksum checksum = new DocumentChecksum();
    private final DocumentLayout layout;
    private final Durable first;
    private ByteBuffer documentMemory;
    private int length;
    private int records;
    private long lastDocument;

    /**
     * Opens a stream's queue for appending, making it when it is not there. The data directory is held: a lock that a
     * killed writer left in the queue is released.
     *
     * @param data          the data directory.
     * @param stream        the stream's name.
     * @param policyVersion goes into every document, ASCII.
     * @param policyHash    goes into every document.
     * @param clock         decides when the queue rolls to the next file, as {@link SteadyClock} lets it.
     */
    public StreamWriter(
            final Path data,
            final String stream,
            final String policyVersion,
            final long policyHash,
            final EpochClock clock) {
        this(data, stream, policyVersion, policyHash, clock, SystemNanoClock.INSTANCE);
    }

    StreamWriter(
            final Path data,
            final String stream,
            final String policyVersion,
            final long policyHash,
            final EpochClock clock,
            final NanoClock elapsed) {
        this(data, stream, DocumentLayout.RELEASES, policyVersion, policyHash, clock, elapsed, () -> {});
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
        return new StreamWriter(
                data, stream, DocumentLayout.JOURNAL, policyVersion, policyHash, clock, SystemNanoClock.INSTANCE, keys);
    }

    private StreamWriter(
            final Path data,
            final String stream,
            final DocumentLayout layout,
            final String policyVersion,
            final long policyHash,
            final EpochClock clock,
            final NanoClock elapsed,
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
        final SteadyClock time = new SteadyClock(clock, elapsed);
        final Path directory = StreamFiles.queue(data, stream);
        final ForcedPosition forced = new ForcedPosition(StreamFiles.forced(data, stream));
        final QueueRecovery.Recovered recovered = recover(directory, forced);
        time.notBefore(recovered.notBeforeMs());
        lastDocument = recovered.lastDocument();
        queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(StreamFiles.ROLL_CYCLE)
                .timeProvider(time::time)
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
        reserve = new SpaceReserve(files);
        output = new CycleOutput(files);
    }

    private static QueueRecovery.Recovered recover(final Path directory, final ForcedPosition forced) {
        try {
            return QueueRecovery.recover(directory, forced);
        } catch (final IOException e) {
            throw new UncheckedIOException("the queue " + directory + " cannot be recovered: " + e.getMessage(), e);
        }
    }

    private void allocate(final int capacity) {
        documentMemory = ByteBuffer.allocateDirect(capacity);
        document.wrap(documentMemory);
    }

    @Override
    public boolean hasRoom(final int sourceLength, final int count) {
        return records == 0
                || (records + count <= ReleaseLayout.MAX_RECORDS && length + sourceLength <= room(document.capacity()));
    }

    @Override
    public boolean isPending() {
        return records > 0;
    }

    @Override
    public long lastDocument() {
        return lastDocument;
    }

    @Override
    public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
        if (!hasRoom(sourceLength, count)) {
            throw new IllegalStateException("the document has no room for " + sourceLength + " bytes");
        }
        if (length + sourceLength > room(document.capacity())) {
            allocate(2 * (length + sourceLength + ReleaseLayout.MAX_VERSION_LENGTH));
        }
        document.putBytes(length, source, offset, sourceLength);
        length += sourceLength;
        records += count;
    }

    private int room(final int capacity) {
        return capacity - 1 - policyVersion.length - CycleOutput.BEHIND_LENGTH;
    }

    @Override
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
     * Keeps space on the disk reserved ahead of what is written. To be called several times a second, by one thread, which
     * is not the one that appends.
     *
     * @param freeBytes what is free on the disk.
     * @return false when so little is reserved, and no more can be, that nothing more should be taken in.
     * @throws IOException when a file cannot be read.
     */
    public boolean reserve(final long freeBytes) throws IOException {
        return reserve.keep(freeBytes);
    }

    /**
     * Deletes the files of the queue that hold nothing younger than something; never the newest. Readers that stand in one of
     * them read it to its end, and go on with the oldest that is there. To be called by one thread, not the one that appends.
     *
     * @param beforeMs milliseconds since 1970-01-01 UTC.
     * @return how many were deleted.
     * @throws IOException when some that should be may still be there.
     */
    public int deleteBefore(final long beforeMs) throws IOException {
        final int deleted = files.deleteBefore(beforeMs);
        if (deleted > 0) {
            queue.refreshDirectoryListing(); // Where the oldest is, readers learn from the queue's table.
        }
        return deleted;
    }

    /**
     * Brings to the disk what an engine before this one appended and may not have forced, before any of it is relied on.
     *
     * @throws IOException see {@link #force}.
     */
    public void forceRecovered() throws IOException {
        files.forceRecovered();
    }

    /**
     * Nobody is going to force this queue: what is known of its files on the disk would soon be too old to go by.
     *
     * @throws IOException when that cannot be forgotten.
     */
    public void leaveUnforced() throws IOException {
        files.forgetForced();
    }

    @Override
    public void handOver() {
        appender.singleThreadedCheckReset();
    }

    /** Closing a context commits it: a document that was not written whole is taken back instead. */
    private void write() {
        final long start;
        final long end;
        try (DocumentContext context = appender.writingDocument()) {
            try {
                output.expectNoReading(context.wire().bytes().bytesStore());
                final long content = context.wire().bytes().writePosition();
                start = content - CycleFile.HEADER_LENGTH;
                end = content + length;
                document.putLong(length, 0);
                output.write(appender.cycle(), content, documentMemory, length);
                context.wire().bytes().writeSkip(length);
            } catch (final IOException e) {
                context.rollbackOnClose();
                throw new UncheckedIOException(e);
            } catch (final RuntimeException | Error e) {
                context.rollbackOnClose();
                throw e;
            }
        }
        final long index = appender.lastIndexAppended();
        lastDocument = QueueFiles.place(queue.rollCycle().toCycle(index), start);
        files.appended(index, end, CycleFile.HEADER_LENGTH + length);
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
        CloseHelper.closeAll(output, reserve::giveBack, files);
    }
}
