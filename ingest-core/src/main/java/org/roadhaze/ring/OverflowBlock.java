// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Memory for what does not fit into a slot: a large frame, or the releases of one. Owned by one slot at a time. */
public final class OverflowBlock {
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    OverflowBlock(final int capacity) {
        buffer.wrap(ByteBuffer.allocateDirect(capacity));
    }

    public UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * Grows, keeping the content. A block that has grown stays so.
     *
     * @param capacity bytes needed.
     */
    void ensureCapacity(final int capacity) {
        if (buffer.capacity() < capacity) {
            final ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(capacity, 2 * buffer.capacity()));
            buffer.getBytes(0, larger, 0, buffer.capacity());
            buffer.wrap(larger);
        }
    }
}
