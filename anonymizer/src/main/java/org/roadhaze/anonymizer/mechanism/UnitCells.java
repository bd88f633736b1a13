// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * What the devices of one window contribute: of each, so many cells at most, those with the lowest keyed numbers of all that
 * it was in, whatever the order of its records; for each such cell its speeds, which count as one, their mean.
 *
 * <p>Grows to what it needs and allocates nothing after that. Not thread safe: one mechanism's.
 */
final class UnitCells {
    private static final int INITIAL_DEVICES = 256;

    private final int most;
    private final DeviceNumbers devices;
    private int[] used = new int[INITIAL_DEVICES];
    private long[] cells;
    private long[] priorities;
    private long[] speedSums;
    private int[] fixes;

    /**
     * Makes it empty.
     *
     * @param mostCells   of one device, at least 1.
     * @param mostDevices how many devices find room.
     */
    UnitCells(final int mostCells, final int mostDevices) {
        most = mostCells;
        devices = new DeviceNumbers(mostDevices);
        cells = new long[INITIAL_DEVICES * mostCells];
        priorities = new long[cells.length];
        speedSums = new long[cells.length];
        fixes = new int[cells.length];
    }

    /** The number of a device in this window, or {@link DeviceNumbers#NONE} when there is no room for it. */
    int number(final long device) {
        final int number = devices.of(device);
        if (number == used.length) {
            grow();
        }
        return number;
    }

    /**
     * Adds to a cell that the device contributes to already.
     *
     * @param number the device.
     * @param cell   the cell.
     * @param speed  what to add to its speeds.
     * @return false when it does not contribute to that cell.
     */
    boolean add(final int number, final long cell, final long speed) {
        for (int at = number * most; at < number * most + used[number]; at++) {
            if (cells[at] == cell) {
                speedSums[at] += speed;
                fixes[at]++;
                return true;
            }
        }
        return false;
    }

    /**
     * Takes a cell in, in the stead of the one with the highest number when there is no room.
     *
     * @param number   the device.
     * @param cell     a cell that it does not contribute to.
     * @param speed    the first of its speeds.
     * @param priority the keyed number of device and cell.
     * @param quota    to how many cells it may contribute, in [1, the most].
     * @return false when the cell has a higher number than those that are in.
     */
    boolean take(final int number, final long cell, final long speed, final long priority, final int quota) {
        int at = number * most;
        if (used[number] < quota) {
            at += used[number]++;
        } else {
            for (int i = at + 1; i < number * most + quota; i++) {
                if (Long.compareUnsigned(priorities[i], priorities[at]) > 0) {
                    at = i;
                }
            }
            if (Long.compareUnsigned(priority, priorities[at]) >= 0) {
                return false;
            }
        }
        cells[at] = cell;
        priorities[at] = priority;
        speedSums[at] = speed;
        fixes[at] = 1;
        return true;
    }

    int deviceCount() {
        return devices.size();
    }

    /** The first contribution of a device; the others follow. */
    int first(final int number) {
        return number * most;
    }

    /** The end of its contributions, exclusive. */
    int end(final int number) {
        return number * most + used[number];
    }

    long cell(final int contribution) {
        return cells[contribution];
    }

    /** The mean of its speeds, rounded to the nearest. */
    long meanSpeed(final int contribution) {
        return Math.floorDiv(2 * speedSums[contribution] + fixes[contribution], 2L * fixes[contribution]);
    }

    void clear() {
        Arrays.fill(used, 0, devices.size(), 0);
        devices.clear();
    }

    private void grow() {
        used = Arrays.copyOf(used, 2 * used.length);
        cells = Arrays.copyOf(cells, 2 * cells.length);
        priorities = Arrays.copyOf(priorities, cells.length);
        speedSums = Arrays.copyOf(speedSums, cells.length);
        fixes = Arrays.copyOf(fixes, cells.length);
    }
}
