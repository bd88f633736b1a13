// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * A list of numbers for each open window, in chunks of one store: what a full window leaves behind serves the next, whichever
 * it is, so that the memory is that of what is held in all and not of the fullest window many times over. Grows by chunks, and
 * allocates only while it does. Not thread safe: one mechanism's.
 */
final class WindowLists {
    private static final int CHUNK = 256;
    private static final int NONE = -1;

    private final int[] newest;
    private final int[] sizes;
    private long[][] chunks = new long[4][];
    private int[] older = new int[4];
    private int used;
    private int free = NONE;

    /**
     * Makes empty lists.
     *
     * @param count how many.
     */
    WindowLists(final int count) {
        newest = new int[count];
        sizes = new int[count];
        Arrays.fill(newest, NONE);
    }

    int size(final int list) {
        return sizes[list];
    }

    void add(final int list, final long number) {
        final int at = sizes[list] % CHUNK;
        if (at == 0) {
            final int chunk = take();
            older[chunk] = newest[list];
            newest[list] = chunk;
        }
        chunks[newest[list]][at] = number;
        sizes[list]++;
    }

    /**
     * Empties a list.
     *
     * @param list which.
     * @param to   gets its numbers in the order in which they came, at least {@link #size} long.
     */
    void drain(final int list, final long[] to) {
        int end = sizes[list];
        int chunk = newest[list];
        while (chunk != NONE) {
            final int start = (end - 1) / CHUNK * CHUNK;
            System.arraycopy(chunks[chunk], 0, to, start, end - start);
            end = start;
            final int next = older[chunk];
            older[chunk] = free;
            free = chunk;
            chunk = next;
        }
        sizes[list] = 0;
        newest[list] = NONE;
    }

    private int take() {
        if (free != NONE) {
            final int chunk = free;
            free = older[chunk];
            return chunk;
        }
        if (used == older.length) {
            older = Arrays.copyOf(older, 2 * used);
            chunks = Arrays.copyOf(chunks, 2 * used);
        }
        chunks[used] = new long[CHUNK];
        return used++;
    }
}
