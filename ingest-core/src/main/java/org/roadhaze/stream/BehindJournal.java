// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.LongArrayQueue;

/**
 * Appends to a stream only what frames have brought about that the journal has for good: what was added waits until these are as
 * safe as an acknowledgement says. So whenever the engine dies, each record of the stream is an effect of frames that can be read
 * again, and what is made again of these is what there is, and more.
 * <pre>
 *   positions:  | gone | bytes i32, records i32, records | ... | sealed up to | ... | added up to
 * </pre>
 * Allocates only while more waits than ever did. Not thread safe but for {@link #force} and {@link #isEmpty}: the persist
 * handler's.
 */
public final class BehindJournal implements StreamAppender {
    private static final int HEAD_LENGTH = 2 * Integer.BYTES;
    private static final int INITIAL_CAPACITY = 1 << 16;
    private static final long NONE = Long.MIN_VALUE;

    private final StreamAppender stream;
    private final ExpandableArrayBuffer waiting = new ExpandableArrayBuffer(INITIAL_CAPACITY);
    /** Numbers of requests, and the position up to which each seals, in turn. */
    private final LongArrayQueue seals = new LongArrayQueue(NONE);

    private int first;
    private int end;
    private volatile boolean empty = true;

    /**
     * Puts a stream behind the journal.
     *
     * @param stream the stream; appended to by nobody else.
     */
    public BehindJournal(final StreamAppender stream) {
        this.stream = stream;
    }

    @Override
    public boolean hasRoom(final int sourceLength, final int count) {
        return true;
    }

    @Override
    public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
        waiting.putInt(end, sourceLength);
        waiting.putInt(end + Integer.BYTES, count);
        waiting.putBytes(end + HEAD_LENGTH, source, offset, sourceLength);
        end += HEAD_LENGTH + sourceLength;
        empty = false;
    }

    /** Of the batch that ends now, there is nothing to append. */
    @Override
    public boolean isPending() {
        return false;
    }

    @Override
    public void flush() {
        // Its journal comes first.
    }

    @Override
    public void seal(final long request) {
        if (end > first) {
            seals.addLong(request);
            seals.addLong(end);
        }
    }

    @Override
    public void letGo(final long done) {
        int upTo = first;
        while (!seals.isEmpty() && seals.peekLong() <= done) {
            seals.pollLong();
            upTo = (int) seals.pollLong();
        }
        if (upTo == first) {
            return;
        }
        while (first < upTo) {
            final int length = waiting.getInt(first);
            final int count = waiting.getInt(first + Integer.BYTES);
            if (!stream.hasRoom(length, count)) {
                stream.flush();
            }
            stream.append(waiting, first + HEAD_LENGTH, length, count);
            first += HEAD_LENGTH + length;
        }
        stream.flush();
        moveDown();
        empty = first == end;
    }

    /** What waits begins at 0 again; there is little of it, as a rule nothing. */
    private void moveDown() {
        final int left = end - first;
        if (left > 0) {
            waiting.putBytes(0, waiting, first, left);
        }
        for (int i = seals.size() / 2; i > 0; i--) {
            seals.addLong(seals.pollLong());
            seals.addLong(seals.pollLong() - first);
        }
        end = left;
        first = 0;
    }

    /**
     * Whether nothing waits. Any thread's.
     *
     * @return false while something does.
     */
    @Override
    public boolean isEmpty() {
        return empty;
    }

    @Override
    public void handOver() {
        stream.handOver();
    }

    @Override
    public long lastDocument() {
        return stream.lastDocument();
    }

    @Override
    public void force() throws IOException {
        stream.force();
    }
}
