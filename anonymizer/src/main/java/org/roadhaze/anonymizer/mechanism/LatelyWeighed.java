// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * What all candidates around weighed together, by cell of 4 km, the last time that somebody there weighed all of them: so that
 * most gaps that cannot end yet are told after a look at the likeliest candidates. It is a guess, and good for no more than to
 * wait on: whoever ends a gap has weighed what is there.
 *
 * <p>One place a cell in a table of fixed size; who comes later takes it. Allocates nothing. Not thread safe: one mechanism's.
 */
final class LatelyWeighed {
    /** What is older is not believed. */
    static final long LATELY_MS = 120_000;

    private static final int PLACES = 4_096;
    private static final int NOBODY_KNOWS = PLACES;

    private final long[] cells = new long[PLACES];
    private final long[] timesMs = new long[PLACES];
    private final double[] sums = new double[PLACES + 1];
    private final double[] far = new double[PLACES + 1];

    LatelyWeighed() {
        Arrays.fill(cells, Long.MIN_VALUE);
        sums[NOBODY_KNOWS] = Double.POSITIVE_INFINITY;
        far[NOBODY_KNOWS] = Double.POSITIVE_INFINITY;
    }

    /**
     * Looks for what was weighed lately.
     *
     * @param cell   where.
     * @param timeMs now, by the records.
     * @return for {@link #sum} and {@link #far}.
     */
    int find(final long cell, final long timeMs) {
        final int place = place(cell);
        return cells[place] == cell && Math.abs(timeMs - timesMs[place]) <= LATELY_MS ? place : NOBODY_KNOWS;
    }

    /** The sum of all weights; infinite when nobody knows. */
    double sum(final int found) {
        return sums[found];
    }

    /** The sum of the weights of those that are not near; infinite when nobody knows. */
    double far(final int found) {
        return far[found];
    }

    /**
     * Remembers.
     *
     * @param cell   where.
     * @param timeMs when.
     * @param sum    of all weights.
     * @param ofFar  the part of those that are not near.
     */
    void put(final long cell, final long timeMs, final double sum, final double ofFar) {
        final int place = place(cell);
        cells[place] = cell;
        timesMs[place] = timeMs;
        sums[place] = sum;
        far[place] = ofFar;
    }

    private static int place(final long cell) {
        return (int) ((cell * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (PLACES - 1);
    }
}
