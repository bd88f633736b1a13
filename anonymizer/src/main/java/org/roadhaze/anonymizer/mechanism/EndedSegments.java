// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.geometry.LocalMetres;

/**
 * Where segments ended whose vehicles have not been seen since, over all devices: what a new segment can be the sequel of. And
 * where vehicles came up of which nothing left lately: what it can be the first of. Those are weighed only by who is one of
 * them.
 * <pre>
 *   | latitude i32, longitude i32 | end i64 | roll north i32, roll east i32, or {@link #CAME_UP} |
 * </pre>
 * They lie in {@link CellRuns} by the cell of 1 km in which their vehicles are expected. A query visits the cell of the place
 * and then, ring by ring, those up to {@value #FAR_CELLS} cells away, until the segments found are confusion enough whatever
 * else there is. It gives up at once where the likeliest candidate outweighs by far what {@linkplain LatelyWeighed all around
 * weighed lately}. What lies farther does not count. Cells do not reach over the 180th meridian: vehicles there find fewer
 * candidates than there are, and wait longer.
 *
 * <p>Grows to one entry a device and allocates nothing after that. Not thread safe: one mechanism's. Measured in {@code
 * PolicyChainBenchmark}.
 */
final class EndedSegments {
    /** No handle. */
    static final int NONE = CellRuns.NONE;

    private static final int PLACE = 0;
    private static final int END = 1;
    private static final int ROLL = 2;

    /** Instead of a roll, which is never so far, of who came up: that rolls nowhere. */
    private static final long CAME_UP = Long.MIN_VALUE;

    private static final double CELL_METRES = 1_000;
    private static final int CELL_E7 = (int) (CELL_METRES / LocalMetres.PER_E7);
    private static final int NEAR_CELLS = 2;
    private static final int FAR_CELLS = 9;
    private static final int LATELY_CELLS = 4;
    /** By ring, the cells of a row as bits, bit {@link #FAR_CELLS} the middle: all of the ring's width, or its first and last. */
    private static final long[] WHOLE_ROW = new long[FAR_CELLS + 1];

    private static final long[] BOTH_ENDS = new long[FAR_CELLS + 1];
    private static final int POLE_E7 = 900_000_000;
    private static final int[] COLUMN_E7 = new int[2 * POLE_E7 / CELL_E7 + 1];

    static {
        for (int ring = 0; ring <= FAR_CELLS; ring++) {
            BOTH_ENDS[ring] = 1L << (FAR_CELLS - ring) | 1L << (FAR_CELLS + ring);
            WHOLE_ROW[ring] = BOTH_ENDS[ring] | (ring == 0 ? 0 : WHOLE_ROW[ring - 1]);
        }
        for (int row = 0; row < COLUMN_E7.length; row++) {
            final double shrink = LocalMetres.shrink((int) Math.min(POLE_E7, (row + 0.5) * CELL_E7 - POLE_E7));
            COLUMN_E7[row] = (int) (CELL_E7 / Math.max(shrink, 0.001));
        }
    }

    /** A vehicle rolls on for five minutes of its speed in the end: what {@link #ROLL} is, at most. */
    static final double ROLL_SECONDS = 300;

    /** Of all of that, what is rolled two minutes after the end, when a segment weighs most: there it is looked for. */
    private static final double LIKELY_ROLL = 0.3;

    /** So far from there a vehicle of 40 km/h is expected one minute after the end, or four. */
    private static final double SPREAD_METRES = 500;

    /** So many times what was weighed lately is more than there will be now. */
    private static final double MORE = 2;

    private static final double MORE_OF_THE_FAR = 1.5;

    private final long leastSilenceMs;
    private final long horizonMs;
    private final double leastSquareE7;
    private final CellRuns runs;
    /** Of each row from {@link #FAR_CELLS} below the middle, the first column that is looked into, and where something may be. */
    private final int[] firstColumns = new int[2 * FAR_CELLS + 1];

    private final long[] occupied = new long[2 * FAR_CELLS + 1];
    /** What counts and was not weighed yet. */
    private final MissColumns found = new MissColumns();

    private final LatelyWeighed latelyEnded = new LatelyWeighed();

    @SuppressWarnings("UnusedVariable") // What is read ahead has to go somewhere, or a compiler leaves the reading out.
    private long read;

    private final LatelyWeighed latelyAll = new LatelyWeighed();

    /**
     * Makes an empty index.
     *
     * @param limit          how many segments at most, at least 1.
     * @param leastSilenceMs no segment goes on earlier than so long after its end.
     * @param horizonMs      none that ended longer ago counts.
     * @param leastMetres    none goes on nearer than this to its end.
     */
    EndedSegments(final int limit, final long leastSilenceMs, final long horizonMs, final double leastMetres) {
        this.leastSilenceMs = leastSilenceMs;
        this.horizonMs = horizonMs;
        leastSquareE7 = square(leastMetres / LocalMetres.PER_E7);
        runs = new CellRuns(limit);
    }

    /** How many count, or did when they were last come across. */
    int size() {
        return runs.size();
    }

    /**
     * Adds the end of a segment.
     *
     * @param latE7       its last place, degrees scaled by 1e7.
     * @param lonE7       the same.
     * @param endMs       its last time.
     * @param rollNorthE7 how far north its vehicle would roll in {@link #ROLL_SECONDS} as it went last, degrees scaled by
     *                    1e7.
     * @param rollEastE7  how far east.
     * @return its handle, or {@link #NONE} when there are too many.
     */
    int add(final int latE7, final int lonE7, final long endMs, final int rollNorthE7, final int rollEastE7) {
        final int likelyLatE7 = latE7 + (int) (LIKELY_ROLL * rollNorthE7);
        final int likelyLonE7 = lonE7 + (int) (LIKELY_ROLL * rollEastE7);
        final int row = row(Math.max(-POLE_E7, Math.min(POLE_E7, likelyLatE7)));
        return runs.add(
                CellRuns.cell(row, column(row, likelyLonE7)), pair(latE7, lonE7), endMs, pair(rollNorthE7, rollEastE7));
    }

    /**
     * Adds where a vehicle came up of which nothing left lately.
     *
     * @param latE7  the place, degrees scaled by 1e7.
     * @param lonE7  the same.
     * @param timeMs when.
     * @return its handle, or {@link #NONE} when there are too many.
     */
    int addComeUp(final int latE7, final int lonE7, final long timeMs) {
        final int row = row(latE7);
        return runs.add(CellRuns.cell(row, column(row, lonE7)), pair(latE7, lonE7), timeMs, CAME_UP);
    }

    /**
     * Takes a segment out.
     *
     * @param handle its handle, which is given back.
     */
    void remove(final int handle) {
        runs.remove(handle);
    }

    /**
     * Weighs who could go on at a place and time.
     *
     * @param latE7     the place.
     * @param lonE7     the same.
     * @param timeMs    the time.
     * @param comeUps   whether who came up counts as well.
     * @param except    the handle of one that is weighed already, or {@link #NONE}.
     * @param forgetMs  what ended before this is taken out of the lists: nobody will ask for it.
     * @param confusion what is added to, until it is enough, or not to be had.
     */
    void weigh(
            final int latE7,
            final int lonE7,
            final long timeMs,
            final boolean comeUps,
            final int except,
            final long forgetMs,
            final Confusion confusion) {
        final int middle = row(latE7);
        final long here = CellRuns.cell(middle / LATELY_CELLS, Math.floorDiv(column(middle, lonE7), LATELY_CELLS));
        final LatelyWeighed lately = comeUps ? latelyAll : latelyEnded;
        final int known = lately.find(here, timeMs);
        if (confusion.needsMoreThan(MORE * lately.sum(known))) {
            return;
        }
        final double shrink = LocalMetres.shrink(latE7);
        double near = 0;
        for (int ring = 0; ring <= FAR_CELLS; ring++) {
            weighRing(latE7, lonE7, timeMs, comeUps, except, forgetMs, confusion, shrink, ring);
            if (ring > 0 && confusion.isEnoughBeside(ring * CELL_METRES - SPREAD_METRES)) {
                return;
            }
            if (ring < NEAR_CELLS && confusion.needsMoreThan(MORE * lately.sum(known))) {
                return;
            }
            if (ring == NEAR_CELLS) {
                near = confusion.sum();
                if (confusion.needsMoreThan(near + MORE_OF_THE_FAR * lately.far(known))) {
                    return;
                }
            }
        }
        lately.put(here, timeMs, confusion.sum(), confusion.sum() - near);
    }

    /** The cells that are so many away: those in which something may be. */
    private void weighRing(
            final int latE7,
            final int lonE7,
            final long timeMs,
            final boolean comeUps,
            final int except,
            final long forgetMs,
            final Confusion confusion,
            final double shrink,
            final int ring) {
        final int middle = row(latE7);
        openRow(middle, -ring, lonE7);
        openRow(middle, ring, lonE7);
        if (ring > 0) {
            readRingAhead(middle, ring);
        }
        for (int away = -ring; away <= ring; away++) {
            final long wanted = Math.abs(away) == ring ? WHOLE_ROW[ring] : BOTH_ENDS[ring];
            for (long bits = occupied[FAR_CELLS + away] & wanted; bits != 0; bits &= bits - 1) {
                final long cell =
                        CellRuns.cell(middle + away, firstColumns[FAR_CELLS + away] + Long.numberOfTrailingZeros(bits));
                boolean isAnyOld = false;
                for (int run = runs.firstRun(cell); run != NONE; run = runs.nextRun(cell, run)) {
                    if (!found.hasRoomFor(CellRuns.ENTRIES + 1)) {
                        found.weigh(shrink, confusion);
                    }
                    isAnyOld |= find(run, latE7, lonE7, timeMs, comeUps, except, forgetMs, shrink);
                }
                if (isAnyOld) {
                    forget(cell, forgetMs);
                }
            }
        }
        found.weigh(shrink, confusion);
    }

    /** Waits for all of a ring at once: one entry after the other, whatever memory there is to wait for would be waited for in turn. */
    private void readRingAhead(final int middle, final int ring) {
        for (int away = -ring; away <= ring; away++) {
            final long wanted = Math.abs(away) == ring ? WHOLE_ROW[ring] : BOTH_ENDS[ring];
            final int first = firstColumns[FAR_CELLS + away];
            for (long bits = occupied[FAR_CELLS + away] & wanted; bits != 0; bits &= bits - 1) {
                read += runs.readAhead(CellRuns.cell(middle + away, first + Long.numberOfTrailingZeros(bits)));
            }
        }
    }

    /** Looks which cells of a row, so many rows from the middle, may have something. */
    private void openRow(final int middle, final int away, final int lonE7) {
        final int row = middle + away;
        if (row < 0 || row >= COLUMN_E7.length) {
            occupied[FAR_CELLS + away] = 0;
            return;
        }
        final int first = column(row, lonE7) - FAR_CELLS;
        firstColumns[FAR_CELLS + away] = first;
        occupied[FAR_CELLS + away] = runs.occupied(CellRuns.cell(row, first));
    }

    /**
     * Finds the entries of a run that count. A third do not, by their time, in no order that could be guessed: so none of that is a
     * branch.
     *
     * @return whether one is so old that it can be forgotten.
     */
    private boolean find(
            final int run,
            final int latE7,
            final int lonE7,
            final long timeMs,
            final boolean comeUps,
            final int except,
            final long forgetMs,
            final double shrink) {
        final long[] words = runs.words();
        final int end = runs.end(run);
        final int anyRoll = comeUps ? 1 : 0;
        boolean isAnyOld = false;
        for (int at = runs.begin(run); at < end; at += CellRuns.WIDTH) {
            final long endMs = words[at + END];
            final long silentMs = timeMs - endMs;
            final int isInTime = isNotNegative((silentMs - leastSilenceMs) | (horizonMs - silentMs));
            isAnyOld |= endMs < forgetMs && isInTime == 0;
            final double north = (double) latE7 - (int) (words[at + PLACE] >>> Integer.SIZE);
            final double east = LocalMetres.eastE7(lonE7, (int) words[at + PLACE]);
            if (north * north + square(shrink * east) < leastSquareE7 || words[at + CellRuns.HANDLE] == except) {
                continue;
            }
            final long roll = words[at + ROLL];
            final long beside = roll ^ CAME_UP;
            final long rolls = roll == CAME_UP ? 0 : roll;
            found.put(north, east, silentMs, (int) (rolls >>> Integer.SIZE), (int) rolls);
            found.keep(isInTime & (anyRoll | 1 - isNotNegative(beside | -beside)));
        }
        return isAnyOld;
    }

    private static int isNotNegative(final long value) {
        return (int) (~value >>> (Long.SIZE - 1));
    }

    private void forget(final long cell, final long forgetMs) {
        for (int run = runs.firstRun(cell); run != NONE; ) {
            int at = runs.begin(run);
            while (at < runs.end(run) && runs.words()[at + END] >= forgetMs) {
                at += CellRuns.WIDTH;
            }
            if (at < runs.end(run)) {
                runs.takeOut((int) runs.words()[at + CellRuns.HANDLE]);
                run = runs.firstRun(cell);
            } else {
                run = runs.nextRun(cell, run);
            }
        }
    }

    /**
     * How far from a place a tracker expects the vehicle of a segment: where it rolls to when it slows down as vehicles that
     * go out of sight do on the average, half of {@link #ROLL_SECONDS} of its speed after so many seconds.
     *
     * @param latE7         the place, degrees scaled by 1e7.
     * @param lonE7         the same.
     * @param endLatE7      where the segment ended.
     * @param endLonE7      the same.
     * @param rollNorthE7   as in {@link #add}.
     * @param rollEastE7    as in {@link #add}.
     * @param silentSeconds for how long it has been silent, at least 0.
     * @param shrink        of a latitude near both, see {@link LocalMetres}.
     * @return metres.
     */
    static double missMetres(
            final int latE7,
            final int lonE7,
            final int endLatE7,
            final int endLonE7,
            final int rollNorthE7,
            final int rollEastE7,
            final double silentSeconds,
            final double shrink) {
        final double rolled = silentSeconds / (silentSeconds + ROLL_SECONDS);
        return LocalMetres.between(
                latE7, lonE7, endLatE7 + (int) (rolled * rollNorthE7), endLonE7 + (int) (rolled * rollEastE7), shrink);
    }

    private static int row(final int latE7) {
        return (latE7 + POLE_E7) / CELL_E7;
    }

    private static int column(final int row, final int lonE7) {
        return Math.floorDiv(lonE7, COLUMN_E7[row]);
    }

    private static double square(final double value) {
        return value * value;
    }

    private static long pair(final int high, final int low) {
        return (long) high << Integer.SIZE | (low & 0xFFFF_FFFFL);
    }
}
