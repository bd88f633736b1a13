// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import org.agrona.DirectBuffer;

/** Where the persist handler puts what a stream released. Not thread safe, but for {@link #force}. */
public interface StreamAppender extends Durable {
    /**
     * Adds records to the current document.
     *
     * @param source       encoded by {@link ReleaseLayout#putRecord}, one after the other.
     * @param offset       where they begin.
     * @param sourceLength how many bytes.
     * @param count        how many records.
     */
    void append(DirectBuffer source, int offset, int sourceLength, int count);

    /** Ends the current document and appends it; nothing when there are no records. */
    void flush();
}
