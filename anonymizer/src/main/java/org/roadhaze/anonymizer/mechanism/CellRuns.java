// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * Entries of three numbers by cell, those of a cell side by side: runs of eight, of which only the first of a cell may have
 * room. Who looks at all of a cell reads memory in its order, and few lines of it.
 * <pre>
 *  run    | cell i64 | next run of the bucket i32, entries i32 | entry ... 8 times |
 *  entry  | three numbers i64 ... | handle i64 |
 * </pre>
 * 272 bytes a run. Buckets of neighbours along a row lie side by side, and beside them a bit each, which tells whether there is
 * anything: most cells of a country are empty, and nobody has to look into them. An entry is known by a handle; one that is
 * taken out of its cell keeps it until it is given back.
 *
 * <p>Grows to what it needs and allocates nothing after that. Not thread safe: one mechanism's.
 */
final class CellRuns {
    /** No handle, and no run. */
    static final int NONE = -1;

    /** Numbers of an entry; the fourth is its handle. */
    static final int WIDTH = 4;

    static final int HANDLE = 3;

    private static final int CELL = 0;
    private static final int LINK = 1;
    private static final int HEAD = 2;
    /** Of a run, at most. */
    static final int ENTRIES = 8;

    /** Of a cache line, longs: half of the runs need no more than three. */
    private static final int LINE = 8;

    private static final int RUN_LENGTH = HEAD + ENTRIES * WIDTH;
    private static final int INITIAL_RUNS = 64;
    private static final int LEAST_BUCKETS = Long.SIZE;
    private static final int MOST_BUCKETS = 1 << 16;
    private static final int ROW_STRIDE = 0x9E37;

    /** In no cell. Below are handles that were given back, each with the next one. */
    private static final int OUT = -1;

    private final int limit;
    private final int[] heads;
    /** Of each bucket a bit: whether it has a run. */
    private final long[] occupied;

    private long[] words = new long[RUN_LENGTH * INITIAL_RUNS];
    private int[] places = new int[INITIAL_RUNS];
    private int usedRuns;
    private int freeRun = NONE;
    private int usedHandles;
    private int freeHandle = NONE;
    private int size;

    /**
     * Makes it empty.
     *
     * @param limit how many handles at most, at least 1.
     */
    CellRuns(final int limit) {
        this.limit = limit;
        heads = new int[Integer.highestOneBit(Math.min(MOST_BUCKETS, Math.max(limit, LEAST_BUCKETS)))];
        occupied = new long[heads.length / Long.SIZE];
        Arrays.fill(heads, NONE);
    }

    static long cell(final int row, final int column) {
        return pair(row, column);
    }

    /** How many are in their cells. */
    int size() {
        return size;
    }

    /**
     * Puts an entry into a cell.
     *
     * @return its handle, or {@link #NONE} when there are too many.
     */
    int add(final long cell, final long first, final long second, final long third) {
        final int handle = takeHandle();
        if (handle == NONE) {
            return NONE;
        }
        int run = firstRun(cell);
        if (run == NONE || entries(run) == ENTRIES) {
            run = takeRun(cell);
        }
        final int slot = entries(run);
        final int at = entry(run, slot);
        words[at] = first;
        words[at + 1] = second;
        words[at + 2] = third;
        words[at + HANDLE] = handle;
        words[run * RUN_LENGTH + LINK]++;
        places[handle] = run * ENTRIES + slot;
        size++;
        return handle;
    }

    /** Gives a handle back; its entry is taken out. */
    void remove(final int handle) {
        takeOut(handle);
        places[handle] = OUT - 2 - freeHandle;
        freeHandle = handle;
    }

    /** Takes an entry out of its cell, unless it is out already: the last of the cell's first run takes its place. */
    void takeOut(final int handle) {
        final int place = places[handle];
        if (place == OUT) {
            return;
        }
        final int hole = entry(place / ENTRIES, place % ENTRIES);
        final int first = firstRun(words[place / ENTRIES * RUN_LENGTH + CELL]);
        final int last = entry(first, entries(first) - 1);
        if (last != hole) {
            System.arraycopy(words, last, words, hole, WIDTH);
            places[(int) words[hole + HANDLE]] = place;
        }
        places[handle] = OUT;
        words[first * RUN_LENGTH + LINK]--;
        if (entries(first) == 0) {
            freeRun(first);
        }
        size--;
    }

    /**
     * Which of the cells side by side along a row may have entries.
     *
     * @param cell the first.
     * @return bit n stands for the n-th cell from there, of {@link Long#SIZE}: 0 when it is empty. One whose bit is set can be
     *     empty, too.
     */
    long occupied(final long cell) {
        final int bucket = bucket(cell);
        final int word = bucket / Long.SIZE;
        final int shift = bucket % Long.SIZE;
        final long following = occupied[(word + 1) & (occupied.length - 1)];
        return occupied[word] >>> shift | following << 1 << (Long.SIZE - 1 - shift);
    }

    /**
     * Reads the first run of a cell that is asked for soon, or that of another cell in its bucket.
     *
     * @param cell one that is {@link #occupied}.
     * @return made of what was read: where it is used, memory is waited for together with what else is read ahead.
     */
    long readAhead(final long cell) {
        final int at = Math.max(0, heads[bucket(cell)]) * RUN_LENGTH;
        return words[at] + words[at + LINE] + words[at + 2 * LINE];
    }

    /** The first run of a cell, or {@link #NONE}. */
    int firstRun(final long cell) {
        return ofCell(cell, heads[bucket(cell)]);
    }

    /** The next run of the same cell, or {@link #NONE}. */
    int nextRun(final long cell, final int run) {
        return ofCell(cell, next(run));
    }

    private int ofCell(final long cell, final int from) {
        int run = from;
        while (run != NONE && words[run * RUN_LENGTH + CELL] != cell) {
            run = next(run);
        }
        return run;
    }

    /** All runs, for who reads entries: of each {@link #WIDTH} numbers. Valid until the next {@link #add}. */
    long[] words() {
        return words;
    }

    /** Where in {@link #words} the entries of a run begin. */
    int begin(final int run) {
        return run * RUN_LENGTH + HEAD;
    }

    /** Where they end. */
    int end(final int run) {
        return entry(run, entries(run));
    }

    private static int entry(final int run, final int slot) {
        return run * RUN_LENGTH + HEAD + slot * WIDTH;
    }

    private int entries(final int run) {
        return (int) words[run * RUN_LENGTH + LINK];
    }

    private int next(final int run) {
        return (int) (words[run * RUN_LENGTH + LINK] >>> Integer.SIZE);
    }

    private int bucket(final long cell) {
        return ((int) (cell >>> Integer.SIZE) * ROW_STRIDE + (int) cell) & (heads.length - 1);
    }

    private int takeHandle() {
        if (freeHandle != NONE) {
            final int handle = freeHandle;
            freeHandle = OUT - 2 - places[handle];
            return handle;
        }
        if (usedHandles == limit) {
            return NONE;
        }
        if (usedHandles == places.length) {
            places = Arrays.copyOf(places, (int) Math.min(limit, 2L * usedHandles));
        }
        return usedHandles++;
    }

    /** A new first run of a cell. */
    private int takeRun(final long cell) {
        final int run;
        if (freeRun == NONE) {
            if ((usedRuns + 1) * RUN_LENGTH > words.length) {
                words = Arrays.copyOf(words, 2 * words.length);
            }
            run = usedRuns++;
        } else {
            run = freeRun;
            freeRun = next(run);
        }
        final int bucket = bucket(cell);
        words[run * RUN_LENGTH + CELL] = cell;
        words[run * RUN_LENGTH + LINK] = pair(heads[bucket], 0);
        heads[bucket] = run;
        occupied[bucket / Long.SIZE] |= 1L << bucket;
        return run;
    }

    private void freeRun(final int run) {
        final int bucket = bucket(words[run * RUN_LENGTH + CELL]);
        if (heads[bucket] == run) {
            heads[bucket] = next(run);
            if (heads[bucket] == NONE) {
                occupied[bucket / Long.SIZE] &= ~(1L << bucket);
            }
        } else {
            int before = heads[bucket];
            while (next(before) != run) {
                before = next(before);
            }
            words[before * RUN_LENGTH + LINK] = pair(next(run), entries(before));
        }
        words[run * RUN_LENGTH + LINK] = pair(freeRun, 0);
        freeRun = run;
    }

    private static long pair(final int high, final int low) {
        return (long) high << Integer.SIZE | (low & 0xFFFF_FFFFL);
    }
}
