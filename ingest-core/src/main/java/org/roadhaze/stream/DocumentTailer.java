// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.Long2LongHashMap;

/** Reads the documents of a stream's queue, raw. Never writes; not thread safe. */
public final class DocumentTailer implements AutoCloseable {
    private static final long NOT_COUNTED = -1;

    private final Path directory;
    private final ChronicleQueue queue;
    private final ExcerptTailer tailer;
    private MappedFile file;
    private long fileSize;
    private boolean damaged;
    private long index = -1;
    private long place = -1;
    private final Long2LongHashMap documentsByCycle = new Long2LongHashMap(NOT_COUNTED);

    /**
     * Opens a queue at its first document.
     *
     * @param directory the queue's directory, which exists.
     */
    public DocumentTailer(final Path directory) {
        this.directory = directory;
        queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(StreamFiles.ROLL_CYCLE)
                .readOnly(true)
                .build();
        tailer = queue.createTailer();
        tailer.singleThreadedCheckDisabled(true); // One at a time, but not always the same.
        passDeletedFiles();
    }

    /** The queue's table still names the first file, where whoever deleted it was killed before he said so there. */
    private void passDeletedFiles() {
        try {
            final List<Path> files = QueueVerifier.cycleFiles(directory);
            if (!files.isEmpty()) {
                final long first =
                        StreamFiles.ROLL_CYCLE.toIndex(QueueFiles.cycleOf(files.get(0), StreamFiles.ROLL_CYCLE), 0);
                if (queue.firstIndex() < first) {
                    tailer.moveToIndex(first);
                }
            }
        } catch (final IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    /** Moves behind the last document. */
    public void toEnd() {
        tailer.toEnd();
    }

    /**
     * Copies the next document.
     *
     * @param target where to, from offset 0; grows as needed.
     * @return its length, or -1 when there is none now, or none that can be reached: see {@link #isDamaged}.
     */
    public int read(final ExpandableArrayBuffer target) {
        if (damaged) {
            return -1;
        }
        try (DocumentContext context = tailer.readingDocument()) {
            if (!context.isPresent() || context.wire() == null) {
                return -1;
            }
            index = context.index();
            final Bytes<?> bytes = context.wire().bytes();
            final int length = (int) bytes.readRemaining();
            if (bytes instanceof MappedBytes mapped && isBeyondFile(mapped, mapped.readLimit())) {
                damaged = true;
                context.rollbackOnClose();
                return -1;
            }
            place = QueueFiles.place(
                    StreamFiles.ROLL_CYCLE.toCycle(index), bytes.readPosition() - CycleFile.HEADER_LENGTH);
            target.checkLimit(length);
            final long end = bytes.readLimit();
            bytes.read(target.byteArray(), 0, length);
            if (bytes instanceof MappedBytes mapped) {
                lookAhead(mapped, end);
            }
            return length;
        }
    }

    /**
     * Where the document stands that was copied last.
     *
     * @return its queue index; -1 before the first.
     */
    public long index() {
        return index;
    }

    /**
     * Where the document lies that was copied last, as {@link StreamAppender#lastDocument} has it.
     *
     * @return its place; -1 before the first.
     */
    public long place() {
        return place;
    }

    /**
     * Moves to the first document that was not written before a time, or up to an hour further back: to the start of the file.
     *
     * @param timeMs milliseconds since 1970-01-01 UTC.
     * @return whether there is no document before it in the queue.
     * @throws IOException when the directory cannot be read.
     */
    public boolean toFileOf(final long timeMs) throws IOException {
        final List<Path> files = QueueVerifier.cycleFiles(directory);
        final long cycle = timeMs / StreamFiles.ROLL_CYCLE.lengthInMillis();
        for (int i = 0; i < files.size(); i++) {
            final int found = QueueFiles.cycleOf(files.get(i), StreamFiles.ROLL_CYCLE);
            if (found >= cycle && tailer.moveToIndex(StreamFiles.ROLL_CYCLE.toIndex(found, 0))) {
                return i == 0;
            }
        }
        tailer.toEnd();
        return false;
    }

    /**
     * The starts of the hours of which there are documents.
     *
     * @return milliseconds since 1970-01-01 UTC, the oldest first.
     * @throws IOException when the directory cannot be read.
     */
    public List<Long> fileTimesMs() throws IOException {
        final List<Long> times = new ArrayList<>();
        for (final Path each : QueueVerifier.cycleFiles(directory)) {
            times.add(
                    (long) QueueFiles.cycleOf(each, StreamFiles.ROLL_CYCLE) * StreamFiles.ROLL_CYCLE.lengthInMillis());
        }
        return times;
    }

    /**
     * Where the last document stands that is there now.
     *
     * @return its queue index, or -1 when there is none.
     */
    public long lastIndex() {
        return queue.lastIndex();
    }

    /**
     * Where the first document stands that is there now.
     *
     * @return its queue index; of an empty queue a number that no document has.
     */
    public long firstIndex() {
        return queue.firstIndex();
    }

    /**
     * How many documents stand behind one.
     *
     * @param document the queue index of one that is there or was once; -1 for before the first.
     * @param last     the index of one that is there, see {@link #lastIndex}.
     * @return documents behind the one, up to the last, itself included.
     */
    public long documentsBehind(final long document, final long last) {
        final RollCycle rollCycle = StreamFiles.ROLL_CYCLE;
        long behind = 0;
        for (long cycle = Math.max(rollCycle.toCycle(Math.max(document, 0)), rollCycle.toCycle(queue.firstIndex()));
                cycle < rollCycle.toCycle(last);
                cycle++) {
            behind += documentsOf(cycle, last);
        }
        behind += rollCycle.toSequenceNumber(last) + 1;
        final boolean isCounted = document >= 0 && rollCycle.toCycle(document) >= rollCycle.toCycle(queue.firstIndex());
        return isCounted ? behind - rollCycle.toSequenceNumber(document) - 1 : behind;
    }

    /** Nothing is added to a file once there is a later one; counting means looking into it. */
    private long documentsOf(final long cycle, final long last) {
        final long known = documentsByCycle.get(cycle);
        if (known != NOT_COUNTED) {
            return known;
        }
        final long documents = Math.max(0, tailer.excerptsInCycle((int) cycle));
        if (cycle + 1 < StreamFiles.ROLL_CYCLE.toCycle(last)) {
            documentsByCycle.put(cycle, documents);
        }
        return documents;
    }

    /**
     * When the file of a document was begun.
     *
     * @param document its queue index.
     * @return milliseconds since 1970-01-01 UTC: the document was not written before.
     */
    public static long notBeforeMs(final long document) {
        return (long) StreamFiles.ROLL_CYCLE.toCycle(document) * StreamFiles.ROLL_CYCLE.lengthInMillis();
    }

    /**
     * The queue itself follows whatever length it finds, to where no memory is, and the fault comes at some later time from
     * anywhere: so the way to the next document is walked before the queue is asked for it.
     */
    private void lookAhead(final MappedBytes bytes, final long from) {
        long next = from;
        boolean isOfTheQueue = true;
        while (isOfTheQueue && !isBeyondFile(bytes, next)) {
            next = (next + 3) & ~3L;
            if (isBeyondFile(bytes, next + CycleFile.HEADER_LENGTH)) {
                return; // The file has yet to grow.
            }
            final int header = bytes.readVolatileInt(next);
            if (!CycleFile.isComplete(header)) {
                return; // Nothing is there yet, or nothing more.
            }
            isOfTheQueue = CycleFile.isMeta(header);
            next += CycleFile.HEADER_LENGTH + CycleFile.lengthOf(header);
        }
        damaged = isBeyondFile(bytes, next);
    }

    private boolean isBeyondFile(final MappedBytes bytes, final long end) {
        if (bytes.mappedFile() != file || end > fileSize) { // To ask costs a call of the system, and files only grow.
            file = bytes.mappedFile();
            fileSize = file.actualSize();
        }
        return end > fileSize;
    }

    /**
     * Whether the reader has come to a document whose length cannot be: it and what lies behind it cannot be read.
     *
     * @return true once that was met.
     */
    public boolean isDamaged() {
        return damaged;
    }

    @Override
    public void close() {
        tailer.close();
        queue.close();
    }
}
