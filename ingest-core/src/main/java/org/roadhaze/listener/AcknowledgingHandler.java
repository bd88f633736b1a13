// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import org.agrona.DirectBuffer;
import org.roadhaze.ring.Origin;

/** A channel's handler that can send acknowledgements. Called on the channel's event loop. */
interface AcknowledgingHandler extends Origin {
    /**
     * Writes an acknowledgement without flushing it. A channel that is closed lets it fall away: the device sends the
     * frame again.
     *
     * @param address the datagram's sender, or null.
     * @param buffer  the bytes, on the heap, from offset 0 of their array.
     * @param length  how many.
     * @return true when this was the first since the last flush, so that {@link #flush} must be called.
     */
    boolean acknowledge(Object address, DirectBuffer buffer, int length);

    /** Sends what was written. */
    void flush();

    /**
     * Told what was thrown at it while it was called by its loop, outside of its channel's pipeline.
     *
     * @param cause what was thrown.
     */
    void fail(Throwable cause);
}
