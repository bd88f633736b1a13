// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.reader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import org.roadhaze.stream.DocumentTailer;
import org.roadhaze.stream.StreamFiles;

/**
 * How far a reader is behind the end of its stream, in documents and in time. It looks by itself, not through the reader: from
 * another thread it tells of one that stands still, too.
 *
 * <p>Streams do not say when their records left, which would tell of the devices. So the time is a bound: at each look it is
 * noted where the end is, and what stands there later was written later. Of what was there before the first look it is known
 * in which hour it was written. Looks once a second give a bound that is a second wide.
 *
 * <p>Not thread safe, but for the reader's position, which may change meanwhile.
 */
public final class ReaderLag implements AutoCloseable {
    /** Looks that are remembered; of more, every second one is forgotten: the bound gets wider then. */
    static final int MOST_LOOKS = 4096;

    private final DocumentTailer tailer;
    private final LongSupplier position;
    private final long[] lookedMs = new long[MOST_LOOKS];
    private final long[] lastIndex = new long[MOST_LOOKS];
    private int looks;
    private long documents;
    private long atMostMs;

    /**
     * Watches a reader.
     *
     * @param data     the engine's data directory.
     * @param stream   the stream's name.
     * @param position the queue index of the document that the reader has come to, -1 before the first: {@link
     *                 StreamReader#index} or {@link JournalReader#index}.
     * @throws NoSuchElementException when there is no such stream there.
     */
    public ReaderLag(final Path data, final String stream, final LongSupplier position) {
        final Path queue = StreamFiles.queue(data, stream);
        if (!Files.isDirectory(queue)) {
            throw new NoSuchElementException("no stream '" + stream + "' under " + data);
        }
        tailer = new DocumentTailer(queue);
        this.position = position;
    }

    /**
     * Looks where the end is, and how far the reader.
     *
     * @param nowMs the time, milliseconds since 1970-01-01 UTC; no earlier than at the look before.
     */
    public void look(final long nowMs) {
        final long read = position.getAsLong();
        final long last = tailer.lastIndex();
        if (last <= read) { // Before there is anything, too: both are -1.
            documents = 0;
            atMostMs = 0;
        } else {
            documents = tailer.documentsBehind(read, last);
            atMostMs = Math.max(0, nowMs - writtenAfterMs(read, last));
        }
        remember(nowMs, last, read);
    }

    /** When the document behind the last that was read was not there yet. */
    private long writtenAfterMs(final long read, final long last) {
        for (int i = looks - 1; i >= 0; i--) {
            if (lastIndex[i] <= read) {
                return lookedMs[i];
            }
        }
        final long next = read < 0 ? tailer.firstIndex() : Math.min(read + 1, last);
        return DocumentTailer.notBeforeMs(next);
    }

    private void remember(final long nowMs, final long last, final long read) {
        if (looks > 0 && lastIndex[looks - 1] == last) {
            lookedMs[looks - 1] = nowMs;
            return;
        }
        if (looks == MOST_LOOKS) {
            looks = 0;
            for (int i = 0; i < MOST_LOOKS; i++) {
                final boolean isPassed = i + 1 < MOST_LOOKS && lastIndex[i + 1] <= read;
                if (!isPassed && (i & 1) == 0) {
                    lookedMs[looks] = lookedMs[i];
                    lastIndex[looks++] = lastIndex[i];
                }
            }
        }
        lookedMs[looks] = nowMs;
        lastIndex[looks++] = last;
    }

    /**
     * Documents that the reader has yet to come to, as of the last look.
     *
     * @return how many; what one holds is up to {@link org.roadhaze.stream.ReleaseLayout#MAX_RECORDS} records.
     */
    public long documents() {
        return documents;
    }

    /**
     * How long the oldest of these has been there at most, as of the last look.
     *
     * @return the bound; zero for a reader at the end.
     */
    public Duration atMost() {
        return Duration.ofMillis(atMostMs);
    }

    @Override
    public void close() {
        tailer.close();
    }
}
