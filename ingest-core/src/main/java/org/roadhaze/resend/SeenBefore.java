// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import org.agrona.BitUtil;
import org.agrona.collections.Long2LongHashMap;

/**
 * The records that were seen before the engine started, by tag. Filled once, then safe for use by many threads.
 *
 * <p>Nearly every record that comes is not in it: a bit map says so without a look at the table, which no cache holds.
 */
final class SeenBefore {
    /** {@link #storedIn}: in every stream that was to have it. */
    static final long EVERYWHERE = -1;

    /** {@link #storedIn}: in none. */
    static final long NOWHERE = 0;

    private static final int BITS_PER_TAG = 8;
    private static final int LEAST = 64;

    private final long[] table;
    private final long[] bits;
    private final int bitShift;

    /** The few whose batch was being appended when the engine was killed: in some streams, not in others. */
    private final Long2LongHashMap partly = new Long2LongHashMap(NOWHERE);

    /**
     * Makes room.
     *
     * @param most how many tags will be put in at most.
     */
    SeenBefore(final int most) {
        final int capacity = BitUtil.findNextPositivePowerOfTwo(Math.max(LEAST, 2 * most));
        table = new long[capacity];
        final int bitCount = capacity / 2 * BITS_PER_TAG;
        bits = new long[bitCount / Long.SIZE];
        bitShift = Long.SIZE - Integer.numberOfTrailingZeros(bitCount);
    }

    /**
     * Puts in a record that was seen.
     *
     * @param tag      its tag.
     * @param storedIn a bit for each stream that has it, or {@link #EVERYWHERE}.
     */
    void put(final long tag, final long storedIn) {
        if (storedIn != EVERYWHERE) {
            partly.put(tag, partly.get(tag) | storedIn);
            return;
        }
        bits[bit(tag) >>> 6] |= 1L << bit(tag);
        int at = slot(tag);
        while (table[at] != RecordTags.NONE && table[at] != tag) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = tag;
    }

    /**
     * Which streams have a record.
     *
     * @param tag its tag.
     * @return a bit for each, {@link #EVERYWHERE} or {@link #NOWHERE}.
     */
    long storedIn(final long tag) {
        if ((bits[bit(tag) >>> 6] & 1L << bit(tag)) != 0) {
            for (int at = slot(tag); table[at] != RecordTags.NONE; at = (at + 1) & (table.length - 1)) {
                if (table[at] == tag) {
                    return EVERYWHERE;
                }
            }
        }
        return partly.isEmpty() ? NOWHERE : partly.get(tag);
    }

    /** Tags are random: their own bits spread them. */
    private int bit(final long tag) {
        return (int) (tag >>> bitShift);
    }

    private int slot(final long tag) {
        return (int) tag & (table.length - 1);
    }
}
