// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;
import org.roadhaze.geometry.LocalMetres;

/**
 * Where segments ended whose vehicles have not been seen since, over all devices: what a new segment can be the sequel of.
 * <pre>
 *   | latitude i32, longitude i32 | end i64 | roll north i32, roll east i32 | cell i64 | previous i32, next i32 |
 * </pre>
 * 40 bytes a segment, in lists by the cell of 2 km in which its vehicle is expected. A query visits the nearest nine cells, and
 * unless their segments are confusion enough whatever else there is, those up to {@value #FAR_CELLS} cells away. What lies
 * farther does not count. Cells do not reach over the 180th meridian: vehicles there find fewer candidates than there are,
 * and wait longer.
 *
 * <p>Grows to one entry a device and allocates nothing after that. Not thread safe: one mechanism's.
 */
final class EndedSegments {
    /** No handle. */
    static final int NONE = -1;

    private static final int PLACE = 0;
    private static final int END = 1;
    private static final int ROLL = 2;
    private static final int CELL = 3;
    private static final int LINK = 4;
    private static final int WIDTH = 5;
    /** In no list: previous of one that is older than anybody asks for. */
    private static final int UNLINKED = -2;

    private static final int INITIAL_SEGMENTS = 1024;
    private static final int MOST_BUCKETS = 1 << 20;
    private static final double CELL_METRES = 2_000;
    private static final int CELL_E7 = (int) (CELL_METRES / LocalMetres.PER_E7);
    private static final int NOTHING_BEFORE = -1;
    private static final int NEAR_CELLS = 1;
    private static final int FAR_CELLS = 4;
    private static final int POLE_E7 = 900_000_000;
    private static final int[] COLUMN_E7 = new int[2 * POLE_E7 / CELL_E7 + 1];

    static {
        for (int row = 0; row < COLUMN_E7.length; row++) {
            final double shrink = LocalMetres.shrink((int) Math.min(POLE_E7, (row + 0.5) * CELL_E7 - POLE_E7));
            COLUMN_E7[row] = (int) (CELL_E7 / Math.max(shrink, 0.001));
        }
    }

    /** A vehicle rolls on for five minutes of its speed in the end: what {@link #ROLL} is, at most. */
    static final double ROLL_SECONDS = 300;

    /** Of all of that, what is rolled in the middle of a gap: there it is looked for. */
    private static final double MIDDLE_ROLL = 0.65;

    private final int limit;
    private final long leastSilenceMs;
    private final long horizonMs;
    private final double leastMetres;
    private final int[] heads;
    private long[] words;
    private int used;
    private int free = NONE;
    private int linked;

    /**
     * Makes an empty index.
     *
     * @param limit          how many segments at most, at least 1.
     * @param leastSilenceMs no segment goes on earlier than so long after its end.
     * @param horizonMs      none that ended longer ago counts.
     * @param leastMetres    none goes on nearer than this to its end.
     */
    EndedSegments(final int limit, final long leastSilenceMs, final long horizonMs, final double leastMetres) {
        this.limit = limit;
        this.leastSilenceMs = leastSilenceMs;
        this.horizonMs = horizonMs;
        this.leastMetres = leastMetres;
        heads = new int[Integer.highestOneBit(Math.min(MOST_BUCKETS, Math.max(limit, 8)))];
        Arrays.fill(heads, NONE);
        words = new long[WIDTH * Math.min(INITIAL_SEGMENTS, limit)];
    }

    /** How many count, or did when they were last come across. */
    int size() {
        return linked;
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
        final int handle = take();
        if (handle == NONE) {
            return NONE;
        }
        final int at = handle * WIDTH;
        final int likelyLatE7 = latE7 + (int) (MIDDLE_ROLL * rollNorthE7);
        final int likelyLonE7 = lonE7 + (int) (MIDDLE_ROLL * rollEastE7);
        final int row = row(Math.max(-POLE_E7, Math.min(POLE_E7, likelyLatE7)));
        words[at + PLACE] = pair(latE7, lonE7);
        words[at + END] = endMs;
        words[at + ROLL] = pair(rollNorthE7, rollEastE7);
        words[at + CELL] = pair(row, column(row, likelyLonE7));
        link(handle);
        return handle;
    }

    /**
     * Takes a segment out.
     *
     * @param handle its handle, which is given back.
     */
    void remove(final int handle) {
        if (previous(handle) != UNLINKED) {
            unlink(handle);
        }
        words[handle * WIDTH + LINK] = pair(UNLINKED, free);
        free = handle;
    }

    /**
     * Weighs who could go on at a place and time.
     *
     * @param latE7     the place.
     * @param lonE7     the same.
     * @param timeMs    the time.
     * @param except    the handle of one that is weighed already, or {@link #NONE}.
     * @param forgetMs  what ended before this is taken out of the lists: nobody will ask for it.
     * @param confusion what is added to, until it is enough.
     */
    void weigh(
            final int latE7,
            final int lonE7,
            final long timeMs,
            final int except,
            final long forgetMs,
            final Confusion confusion) {
        weigh(latE7, lonE7, timeMs, except, forgetMs, confusion, NOTHING_BEFORE, NEAR_CELLS);
        if (!confusion.isEnoughBeside(CELL_METRES)) {
            weigh(latE7, lonE7, timeMs, except, forgetMs, confusion, NEAR_CELLS, FAR_CELLS);
        }
    }

    /** All within so many cells that are not within so many fewer. */
    private void weigh(
            final int latE7,
            final int lonE7,
            final long timeMs,
            final int except,
            final long forgetMs,
            final Confusion confusion,
            final int inner,
            final int outer) {
        final double shrink = LocalMetres.shrink(latE7);
        final int middle = row(latE7);
        final int last = Math.min(COLUMN_E7.length - 1, middle + outer);
        for (int row = Math.max(0, middle - outer); row <= last; row++) {
            final int column = column(row, lonE7);
            final boolean isInner = Math.abs(row - middle) <= inner;
            for (int away = -outer; away <= outer; away++) {
                if (isInner && away == -inner) {
                    away = inner + 1;
                }
                final long cell = pair(row, column + away);
                for (int handle = heads[bucket(cell)]; handle != NONE; ) {
                    final int next = next(handle);
                    if (words[handle * WIDTH + CELL] == cell && handle != except) {
                        weigh(handle, latE7, lonE7, timeMs, forgetMs, confusion, shrink);
                    }
                    handle = next;
                }
            }
        }
    }

    private void weigh(
            final int handle,
            final int latE7,
            final int lonE7,
            final long timeMs,
            final long forgetMs,
            final Confusion confusion,
            final double shrink) {
        final int at = handle * WIDTH;
        final long endMs = words[at + END];
        final long silentMs = timeMs - endMs;
        if (endMs < forgetMs) {
            unlink(handle);
        } else if (silentMs >= leastSilenceMs && silentMs <= horizonMs) {
            final long place = words[at + PLACE];
            final int endLatE7 = (int) (place >>> Integer.SIZE);
            final int endLonE7 = (int) place;
            if (LocalMetres.between(latE7, lonE7, endLatE7, endLonE7, shrink) >= leastMetres) {
                final long roll = words[at + ROLL];
                confusion.add(
                        missMetres(
                                latE7,
                                lonE7,
                                endLatE7,
                                endLonE7,
                                (int) (roll >>> Integer.SIZE),
                                (int) roll,
                                silentMs / 1e3,
                                shrink),
                        silentMs / 1e3);
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

    private int bucket(final long cell) {
        return (int) ((cell * 0x9E3779B97F4A7C15L) >>> Integer.SIZE) & (heads.length - 1);
    }

    private int take() {
        if (free != NONE) {
            final int handle = free;
            free = next(handle);
            return handle;
        }
        if (used == limit) {
            return NONE;
        }
        if ((used + 1) * WIDTH > words.length) {
            words = Arrays.copyOf(words, (int) Math.min((long) limit * WIDTH, 2L * words.length));
        }
        return used++;
    }

    private void link(final int handle) {
        final int bucket = bucket(words[handle * WIDTH + CELL]);
        final int head = heads[bucket];
        words[handle * WIDTH + LINK] = pair(NONE, head);
        if (head != NONE) {
            words[head * WIDTH + LINK] = pair(handle, next(head));
        }
        heads[bucket] = handle;
        linked++;
    }

    private void unlink(final int handle) {
        final int previous = previous(handle);
        final int next = next(handle);
        if (previous == NONE) {
            heads[bucket(words[handle * WIDTH + CELL])] = next;
        } else {
            words[previous * WIDTH + LINK] = pair(previous(previous), next);
        }
        if (next != NONE) {
            words[next * WIDTH + LINK] = pair(previous, next(next));
        }
        words[handle * WIDTH + LINK] = pair(UNLINKED, NONE);
        linked--;
    }

    private int previous(final int handle) {
        return (int) (words[handle * WIDTH + LINK] >>> Integer.SIZE);
    }

    private int next(final int handle) {
        return (int) words[handle * WIDTH + LINK];
    }

    private static long pair(final int high, final int low) {
        return (long) high << Integer.SIZE | (low & 0xFFFF_FFFFL);
    }
}
