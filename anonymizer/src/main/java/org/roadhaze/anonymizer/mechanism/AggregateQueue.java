// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/** Aggregates that wait to be let go, the first in first out. Allocates only while it grows. Not thread safe. */
final class AggregateQueue {
    private static final int FIELDS = 4;
    private static final int INITIAL = 256;

    private long[] fields = new long[FIELDS * INITIAL];
    private int first;
    private int end;

    boolean isEmpty() {
        return first == end;
    }

    void add(final long window, final long cell, final long count, final long hundredthsKmh) {
        if (end == fields.length) {
            if (first > 0) {
                System.arraycopy(fields, first, fields, 0, end - first);
                end -= first;
                first = 0;
            } else {
                fields = Arrays.copyOf(fields, 2 * end);
            }
        }
        fields[end] = window;
        fields[end + 1] = cell;
        fields[end + 2] = count;
        fields[end + 3] = hundredthsKmh;
        end += FIELDS;
    }

    long window() {
        return fields[first];
    }

    long cell() {
        return fields[first + 1];
    }

    long count() {
        return fields[first + 2];
    }

    long hundredthsKmh() {
        return fields[first + 3];
    }

    void remove() {
        first += FIELDS;
    }
}
