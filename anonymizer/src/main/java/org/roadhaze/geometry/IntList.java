// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.Arrays;

/** A growing array of ints, for building. Not thread safe. */
final class IntList {
    private int[] values = new int[16];
    private int size;

    int size() {
        return size;
    }

    void add(final int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    void addZeros(final int count) {
        if (size + count > values.length) {
            values = Arrays.copyOf(values, Math.max(2 * values.length, size + count));
        }
        size += count;
    }

    int get(final int index) {
        return values[index];
    }

    void set(final int index, final int value) {
        values[index] = value;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
