// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * Finds for each record of one window the cell in which it leaves, from the coarsest down: the records of a cell go on to the
 * next finer cells where those have k devices; what remains of the cell leaves in it, and must be of k devices too. When it is
 * not, the one of the finer cells that has k and the fewest devices stays back with it. Copies of a record change nothing.
 *
 * <p>So what leaves in a cell, without what left in cells within it, is of k devices at least: nobody is found by taking the
 * finer cells out of a coarser. And a record is kept back exactly when its coarsest cell has fewer than k devices: a record
 * that is missing lets no other out.
 *
 * <p>Allocates only while its arrays grow. Not thread safe: one mechanism's.
 */
final class CrowdLevels {
    /** The level of a record that does not leave. */
    static final int KEPT_BACK = -1;

    private static final int REMAINS = -1;
    private static final int TAKEN = Integer.MAX_VALUE;

    private final int[] ladder;
    private final int k;
    private long[] ranks;
    private int[] devices;
    private int[] groupOf = {};
    private int[] levels = new int[64];
    private int[] crowds = new int[64];
    private int groups;
    private int[] seen = {};
    private int generation;

    /**
     * Makes one for a ladder.
     *
     * @param ladder levels of {@link LadderGrid}, finest first.
     * @param k      how many devices.
     */
    CrowdLevels(final int[] ladder, final int k) {
        this.ladder = ladder.clone();
        this.k = k;
    }

    /**
     * Assigns.
     *
     * @param byRank      ranks of the records, see {@link LadderGrid#rank}, ascending.
     * @param deviceOf    number of the device of each.
     * @param records     how many records.
     * @param deviceCount how many devices.
     */
    void assign(final long[] byRank, final int[] deviceOf, final int records, final int deviceCount) {
        ranks = byRank;
        devices = deviceOf;
        groups = 0;
        makeRoom(records, deviceCount);
        final int top = ladder.length - 1;
        for (int from = 0; from < records; ) {
            final int to = endOf(from, records, top);
            final int distinct = distinct(from, to);
            if (distinct >= k) {
                descend(from, to, top, distinct);
            } else {
                fill(from, to, group(KEPT_BACK, 0));
            }
            from = to;
        }
    }

    /** The level of {@link LadderGrid} at which a record leaves, or {@link #KEPT_BACK}. */
    int level(final int record) {
        return levels[groupOf[record]];
    }

    /** How many devices the records have that leave in the cell of this one. */
    int crowd(final int record) {
        return crowds[groupOf[record]];
    }

    /** The records of a cell that has k devices. */
    private void descend(final int from, final int to, final int rung, final int distinct) {
        if (rung == 0) {
            fill(from, to, group(ladder[0], distinct));
            return;
        }
        final int firstWithin = groups;
        boolean remains = false;
        for (int child = from; child < to; ) {
            final int end = endOf(child, to, rung - 1);
            final int inChild = distinct(child, end);
            if (inChild >= k) {
                descend(child, end, rung - 1, inChild);
            } else {
                fill(child, end, REMAINS);
                remains = true;
            }
            child = end;
        }
        if (remains) {
            leaveTogether(from, to, firstWithin, group(ladder[rung], 0));
        }
    }

    /** Those of a cell that remain, as the newest group; with the smallest of the groups within when they are too few. */
    private void leaveTogether(final int from, final int to, final int firstWithin, final int group) {
        crowds[group] = move(from, to, REMAINS, group);
        if (crowds[group] >= k) {
            return;
        }
        int smallest = firstWithin;
        for (int within = firstWithin + 1; within < group; within++) {
            if (crowds[within] < crowds[smallest]) {
                smallest = within;
            }
        }
        crowds[smallest] = TAKEN;
        move(from, to, smallest, group);
        crowds[group] = countOf(from, to, group);
    }

    /** Moves records from one group to another, and counts their devices. */
    private int move(final int from, final int to, final int group, final int into) {
        generation++;
        int count = 0;
        for (int i = from; i < to; i++) {
            if (groupOf[i] == group) {
                groupOf[i] = into;
                count += isNew(i);
            }
        }
        return count;
    }

    private int countOf(final int from, final int to, final int group) {
        generation++;
        int count = 0;
        for (int i = from; i < to; i++) {
            if (groupOf[i] == group) {
                count += isNew(i);
            }
        }
        return count;
    }

    private int endOf(final int from, final int limit, final int rung) {
        final int shift = 2 * ladder[rung];
        final long cell = ranks[from] >>> shift;
        int to = from + 1;
        while (to < limit && ranks[to] >>> shift == cell) {
            to++;
        }
        return to;
    }

    private int distinct(final int from, final int to) {
        generation++;
        int count = 0;
        for (int i = from; i < to; i++) {
            count += isNew(i);
        }
        return count;
    }

    /** 1 for the first record of a device in this count, else 0. */
    private int isNew(final int record) {
        final int device = devices[record];
        if (seen[device] == generation) {
            return 0;
        }
        seen[device] = generation;
        return 1;
    }

    private void fill(final int from, final int to, final int group) {
        Arrays.fill(groupOf, from, to, group);
    }

    private int group(final int level, final int crowd) {
        if (groups == levels.length) {
            levels = Arrays.copyOf(levels, 2 * groups);
            crowds = Arrays.copyOf(crowds, 2 * groups);
        }
        levels[groups] = level;
        crowds[groups] = crowd;
        return groups++;
    }

    /** No generation is met again within one window: there are fewer than four a rung and record. */
    private void makeRoom(final int records, final int deviceCount) {
        if (groupOf.length < records) {
            groupOf = new int[records + records / 4]; // Windows are much alike.
        }
        if (seen.length < deviceCount) {
            seen = new int[Math.max(deviceCount, 2 * seen.length)];
        }
        Arrays.fill(seen, 0);
        generation = 0;
    }
}
