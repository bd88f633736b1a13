// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * Sorts numbers that are not negative, a byte at a time, the lowest first: the same time whatever the numbers, and no memory
 * but its own, where the library's sort may ask for more. Allocates only while its arrays grow. Not thread safe.
 */
final class LongSort {
    private static final int BYTE = 256;

    private final int[] counts = new int[BYTE];
    private long[] scratch = {};

    /**
     * Sorts the first of an array.
     *
     * @param values   at least {@code length}; may be exchanged for the array that comes back.
     * @param length   how many.
     * @param lowBit   the lowest bit that matters.
     * @param highBit  the lowest bit above that matters no more.
     * @return the array that holds them sorted, as long as the other; the other is this object's from now on.
     */
    long[] sort(final long[] values, final int length, final int lowBit, final int highBit) {
        if (scratch.length != values.length) {
            scratch = new long[values.length];
        }
        long[] from = values;
        long[] to = scratch;
        for (int shift = lowBit; shift < highBit; shift += Byte.SIZE) {
            if (distribute(from, to, length, shift)) {
                final long[] sorted = to;
                to = from;
                from = sorted;
            }
        }
        scratch = to;
        return from;
    }

    private boolean distribute(final long[] from, final long[] to, final int length, final int shift) {
        Arrays.fill(counts, 0);
        for (int i = 0; i < length; i++) {
            counts[(int) (from[i] >>> shift) & (BYTE - 1)]++;
        }
        int start = 0;
        for (int i = 0; i < BYTE; i++) {
            final int count = counts[i];
            if (count == length) {
                return false; // All alike in this byte.
            }
            counts[i] = start;
            start += count;
        }
        for (int i = 0; i < length; i++) {
            to[counts[(int) (from[i] >>> shift) & (BYTE - 1)]++] = from[i];
        }
        return true;
    }
}
