// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.geometry.LocalMetres;

/**
 * Ended segments on their way onto the scales, by columns: how far a tracker misses each is computed for many together, from doubles
 * alone, and so takes a fourth of the time. Where every entry is converted from integers, divided and rooted in turn, each waits for
 * the one before: an x86 processor leaves what it converts in half of a register, the other half of which the root before it holds.
 * Measured in {@code PolicyChainBenchmark}.
 *
 * <p>Not thread safe: one mechanism's.
 */
final class MissColumns {
    /** So many at once. */
    static final int CAPACITY = 256;

    private static final double MS_PER_SECOND = 1e3;

    private final double[] north = new double[CAPACITY];
    private final double[] east = new double[CAPACITY];
    private final double[] silentMs = new double[CAPACITY];
    private final double[] rollNorth = new double[CAPACITY];
    private final double[] rollEast = new double[CAPACITY];
    private final double[] silentSeconds = new double[CAPACITY];
    private final double[] missMetres = new double[CAPACITY];
    private int size;

    /** Whether so many more find room. */
    boolean hasRoomFor(final int more) {
        return size + more <= CAPACITY;
    }

    /**
     * Puts a segment behind the others, where the next one takes its place unless it is {@linkplain #keep kept}.
     *
     * @param northE7     how far north of its end the place is that is asked for, degrees scaled by 1e7.
     * @param eastE7      how far east.
     * @param silent      for how long its vehicle has been silent, milliseconds.
     * @param rollNorthE7 see {@link EndedSegments#add}.
     * @param rollEastE7  see {@link EndedSegments#add}.
     */
    void put(
            final double northE7, final double eastE7, final long silent, final int rollNorthE7, final int rollEastE7) {
        north[size] = northE7;
        east[size] = eastE7;
        silentMs[size] = silent;
        rollNorth[size] = rollNorthE7;
        rollEast[size] = rollEastE7;
    }

    /**
     * Keeps what was put last, or not.
     *
     * @param count 1 or 0.
     */
    void keep(final int count) {
        size += count;
    }

    /**
     * Weighs all in the order in which they were put, and forgets them.
     *
     * @param shrink    of a latitude near the place, see {@link LocalMetres#shrink}.
     * @param confusion what is added to.
     */
    void weigh(final double shrink, final Confusion confusion) {
        for (int i = 0; i < size; i++) {
            final double seconds = silentMs[i] / MS_PER_SECOND;
            final double rolled = seconds / (seconds + EndedSegments.ROLL_SECONDS);
            final double missNorth = north[i] - rolled * rollNorth[i];
            final double missEast = shrink * (east[i] - rolled * rollEast[i]);
            silentSeconds[i] = seconds;
            missMetres[i] = LocalMetres.PER_E7 * Math.sqrt(missNorth * missNorth + missEast * missEast);
        }
        confusion.addAll(missMetres, silentSeconds, size);
        size = 0;
    }
}
