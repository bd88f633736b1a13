// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.ExpandableArrayBuffer;

/** Reads the documents of a stream's queue, raw. Never writes; not thread safe. */
public final class DocumentTailer implements AutoCloseable {
    private final ChronicleQueue queue;
    private final ExcerptTailer tailer;
    private long index = -1;

    /**
     * Opens a queue at its first document.
     *
     * @param directory the queue's directory, which exists.
     */
    public DocumentTailer(final Path directory) {
        queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(StreamFiles.ROLL_CYCLE)
                .readOnly(true)
                .build();
        tailer = queue.createTailer();
    }

    /** Moves behind the last document. */
    public void toEnd() {
        tailer.toEnd();
    }

    /**
     * Copies the next document.
     *
     * @param target where to, from offset 0; grows as needed.
     * @return its length, or -1 when there is none now.
     */
    public int read(final ExpandableArrayBuffer target) {
        try (DocumentContext context = tailer.readingDocument()) {
            if (!context.isPresent() || context.wire() == null) {
                return -1;
            }
            index = context.index();
            final Bytes<?> bytes = context.wire().bytes();
            final int length = (int) bytes.readRemaining();
            target.checkLimit(length);
            bytes.read(target.byteArray(), 0, length);
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

    @Override
    public void close() {
        tailer.close();
        queue.close();
    }
}
