// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import org.agrona.DirectBuffer;

/** Where the persist handler puts what a stream released. Not thread safe, but for {@link #force}. */
public interface StreamAppender extends Durable {
    /**
     * Whether records fit into the current document. Those that do not go into the next one.
     *
     * @param sourceLength how many bytes.
     * @param count        how many records.
     * @return false when {@link #flush} has to come first; always true when nothing was added since.
     */
    boolean hasRoom(int sourceLength, int count);

    /**
     * Adds records to the current document. There must be {@link #hasRoom room}.
     *
     * @param source       encoded by {@link ReleaseLayout#putRecord}, one after the other.
     * @param offset       where they begin.
     * @param sourceLength how many bytes.
     * @param count        how many records.
     */
    void append(DirectBuffer source, int offset, int sourceLength, int count);

    /**
     * Whether there is something to {@link #flush}.
     *
     * @return false when no records were added since.
     */
    boolean isPending();

    /** Ends the current document and appends it; nothing when there are no records. */
    void flush();

    /**
     * Says that what was added so far is an effect of frames that are safe when a request for a force is done. Of a stream that
     * waits for its journal, see {@link BehindJournal}; others do nothing.
     *
     * @param request the request's number; greater than those before.
     */
    default void seal(final long request) {}

    /**
     * Appends what was {@linkplain #seal sealed} by a request that is done. Others than those that wait for a journal do nothing.
     *
     * @param done the number of the last request that is done.
     */
    default void letGo(final long done) {}

    /**
     * Whether nothing waits to be let go.
     *
     * @return true of a stream that does not wait for its journal.
     */
    default boolean isEmpty() {
        return true;
    }

    /** Leaves what appends to another thread: the one that appends next. */
    default void handOver() {}

    /**
     * The last document that was appended, now or before.
     *
     * @return where it lies in the queue, as a number that is greater for every later one; -1 when there is none.
     */
    long lastDocument();
}
