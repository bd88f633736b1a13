// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * Numbers the devices of one window from 0 on: an open-addressing table of which nothing stays once it is cleared. Grows to
 * what it needs and allocates nothing after that. Not thread safe: one mechanism's.
 */
final class DeviceNumbers {
    /** What a device without a number has. */
    static final int NONE = -1;

    private static final int INITIAL_LENGTH = 1024;

    private final int most;
    private long[] devices = new long[INITIAL_LENGTH];
    private int[] numbers = new int[INITIAL_LENGTH];
    private int size;

    /**
     * Makes an empty table.
     *
     * @param most how many devices it numbers at most.
     */
    DeviceNumbers(final int most) {
        this.most = most;
    }

    /**
     * The number of a device, a new one when it has none yet.
     *
     * @param device the device.
     * @return the number, or {@link #NONE} when no more are to be had.
     */
    int of(final long device) {
        int at = place(device);
        if (numbers[at] == 0) {
            if (size == most) {
                return NONE;
            }
            if (2 * size >= numbers.length) {
                grow();
                at = place(device);
            }
            devices[at] = device;
            numbers[at] = ++size;
        }
        return numbers[at] - 1;
    }

    int size() {
        return size;
    }

    void clear() {
        Arrays.fill(devices, 0);
        Arrays.fill(numbers, 0);
        size = 0;
    }

    private int place(final long device) {
        final int mask = numbers.length - 1;
        int at = (int) ((device * 0x9E37_79B9_7F4A_7C15L) >>> 32) & mask;
        while (numbers[at] != 0 && devices[at] != device) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        final long[] oldDevices = devices;
        final int[] oldNumbers = numbers;
        devices = new long[2 * oldDevices.length];
        numbers = new int[2 * oldNumbers.length];
        for (int i = 0; i < oldNumbers.length; i++) {
            if (oldNumbers[i] != 0) {
                final int at = place(oldDevices[i]);
                devices[at] = oldDevices[i];
                numbers[at] = oldNumbers[i];
            }
        }
    }
}
