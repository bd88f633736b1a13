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
    private final int releaseBytes;
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
        final int slotBytes = slotBytes(streams);
        releaseBytes = slotBytes - INLINE_FRAME_LENGTH;
        final long bytes = (long) slots * slotBytes;
        if (bytes > Integer.MAX_VALUE - BitUtil.CACHE_LINE_LENGTH) {
            throw new IllegalArgumentException("ring.slots: found " + slots + ", allowed at most "
                    + (Integer.MAX_VALUE / slotBytes) + " with slots of " + slotBytes + " bytes");
        }
        arena = new UnsafeBuffer(ByteBuffer.allocateDirect((int) bytes));
    }

    static int slotBytes(final int streams) {
        return INLINE_FRAME_LENGTH + Math.min(MAX_INLINE_RELEASES, INLINE_RELEASES_PER_STREAM * Math.max(1, streams));
    }

    Slot next() {
        final int offset = (INLINE_FRAME_LENGTH + releaseBytes) * next++;
        return new Slot(arena, offset, INLINE_FRAME_LENGTH, releaseBytes, streams);
    }
}
