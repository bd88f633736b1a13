// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * Numbers that wait, the first in first out: what is to go of a mechanism that lets only so many go at once. A ring, which
 * allocates only while it grows. Not thread safe: one mechanism's.
 */
final class LongQueue {
    private static final int INITIAL = 1024;

    private long[] ring = new long[INITIAL];
    private int first;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /**
     * Appends a number.
     *
     * @param number any.
     */
    void add(final long number) {
        makeRoom(1);
        ring[(first + size) & (ring.length - 1)] = number;
        size++;
    }

    /**
     * Appends numbers.
     *
     * @param numbers holds them, from its start on.
     * @param length  how many.
     */
    void addAll(final long[] numbers, final int length) {
        makeRoom(length);
        final int end = (first + size) & (ring.length - 1);
        final int straight = Math.min(length, ring.length - end);
        System.arraycopy(numbers, 0, ring, end, straight);
        System.arraycopy(numbers, straight, ring, 0, length - straight);
        size += length;
    }

    /**
     * One of those that wait.
     *
     * @param index how many are before it, less than {@link #size}.
     * @return it.
     */
    long get(final int index) {
        return ring[(first + index) & (ring.length - 1)];
    }

    /**
     * Takes the first out.
     *
     * @return it; of an empty queue, nothing that means anything.
     */
    long remove() {
        final long number = ring[first];
        first = (first + 1) & (ring.length - 1);
        size--;
        return number;
    }

    private void makeRoom(final int more) {
        if (size + more <= ring.length) {
            return;
        }
        int length = 2 * ring.length;
        while (length < size + more) {
            length *= 2;
        }
        final long[] larger = new long[length];
        final int straight = Math.min(size, ring.length - first);
        System.arraycopy(ring, first, larger, 0, straight);
        System.arraycopy(ring, 0, larger, straight, size - straight);
        ring = larger;
        first = 0;
    }
}
