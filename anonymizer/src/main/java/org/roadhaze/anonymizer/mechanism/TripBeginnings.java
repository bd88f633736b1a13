// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * Where stops of all devices can have begun that nobody knows of yet, in lists, each a {@link TripFollower}'s, the oldest
 * first.
 * <pre>
 *   | latitude i32, longitude i32 | time i64 | odometer f64 | fix number i32, next i32 |
 * </pre>
 * 32 bytes each: a vehicle that drives has one or two, one that crawls a dozen. Grows to what all devices need at a time and
 * allocates nothing after that. Not thread safe: one mechanism's.
 */
final class TripBeginnings {
    /** No handle. */
    static final int NONE = -1;

    private static final int PLACE = 0;
    private static final int TIME = 1;
    private static final int METRES = 2;
    private static final int LINK = 3;
    private static final int WIDTH = 4;
    private static final int INITIAL = 1024;

    private long[] words = new long[WIDTH * INITIAL];
    private int used;
    private int free = NONE;

    /**
     * Adds the end of a list.
     *
     * @param last   the last of the list so far, or {@link #NONE}.
     * @param latE7  degrees scaled by 1e7.
     * @param lonE7  degrees scaled by 1e7.
     * @param timeMs of the fix.
     * @param metres on the odometer.
     * @param number of the fix.
     * @return the handle.
     */
    int add(
            final int last,
            final int latE7,
            final int lonE7,
            final long timeMs,
            final double metres,
            final int number) {
        final int handle = take();
        final int at = handle * WIDTH;
        words[at + PLACE] = pair(latE7, lonE7);
        words[at + TIME] = timeMs;
        words[at + METRES] = Double.doubleToRawLongBits(metres);
        words[at + LINK] = pair(number, NONE);
        if (last != NONE) {
            link(last, handle);
        }
        return handle;
    }

    /**
     * Takes one out of its list.
     *
     * @param before the one before it, or {@link #NONE}.
     * @param handle which, given back.
     * @return the one after it, or {@link #NONE}.
     */
    int remove(final int before, final int handle) {
        final int next = next(handle);
        if (before != NONE) {
            link(before, next);
        }
        Arrays.fill(words, handle * WIDTH, (handle + 1) * WIDTH, 0);
        words[handle * WIDTH + LINK] = pair(0, free);
        free = handle;
        return next;
    }

    int latitudeE7(final int handle) {
        return (int) (words[handle * WIDTH + PLACE] >>> Integer.SIZE);
    }

    int longitudeE7(final int handle) {
        return (int) words[handle * WIDTH + PLACE];
    }

    long timeMs(final int handle) {
        return words[handle * WIDTH + TIME];
    }

    double metres(final int handle) {
        return Double.longBitsToDouble(words[handle * WIDTH + METRES]);
    }

    int number(final int handle) {
        return (int) (words[handle * WIDTH + LINK] >>> Integer.SIZE);
    }

    int next(final int handle) {
        return (int) words[handle * WIDTH + LINK];
    }

    private void link(final int handle, final int next) {
        words[handle * WIDTH + LINK] = pair(number(handle), next);
    }

    private int take() {
        if (free != NONE) {
            final int handle = free;
            free = next(handle);
            return handle;
        }
        if ((used + 1) * WIDTH > words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        return used++;
    }

    private static long pair(final int high, final int low) {
        return (long) high << Integer.SIZE | (low & 0xFFFF_FFFFL);
    }
}
