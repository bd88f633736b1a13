// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Cuts one off-heap arena into slots, in the order in which the ring asks for them. */
final class SlotArena {
    /** Bytes of a frame that fit into a slot itself; longer ones take an overflow block. */
    static final int INLINE_FRAME_LENGTH = 2048;

    private static final int INLINE_RELEASES_PER_STREAM = 2048;
    private static final int MAX_INLINE_RELEASES = 16 * 1024;

    private final UnsafeBuffer arena;
    private final int slotBytes;
    private final int streams;
    private int next;

    /**
     * Takes the memory.
     *
     * @param slots   how many will be asked for.
     * @param streams whose releases a slot holds.
     * @throws IllegalArgumentException when that is more memory than one buffer can have.
     */
    SlotArena(final int slots, final int streams) {
        this.streams = streams;
        slotBytes = slotBytes(streams);
        final long bytes = (long) slots * slotBytes;
        if (bytes > Integer.MAX_VALUE - BitUtil.CACHE_LINE_LENGTH) {
            throw new IllegalArgumentException("ring.slots: found " + slots + ", allowed at most "
                    + (Integer.MAX_VALUE / slotBytes) + " with slots of " + slotBytes + " bytes");
        }
        arena = new UnsafeBuffer(ByteBuffer.allocateDirect((int) bytes));
    }

    /** An odd number of cache lines: places that are the same in each slot spread over all the sets of a cache. */
    static int slotBytes(final int streams) {
        final int bytes = Slot.headBytes(streams)
                + INLINE_FRAME_LENGTH
                + Math.min(MAX_INLINE_RELEASES, INLINE_RELEASES_PER_STREAM * Math.max(1, streams));
        return BitUtil.align(bytes, BitUtil.CACHE_LINE_LENGTH) | BitUtil.CACHE_LINE_LENGTH;
    }

    Slot next() {
        return new Slot(arena, slotBytes * next++, slotBytes, streams);
    }
}
