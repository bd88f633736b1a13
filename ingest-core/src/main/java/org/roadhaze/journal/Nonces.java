// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

/**
 * The nonces of one sealer: a start number, which the key store gave to nobody else and had on the disk before it did, and a
 * count. Two frames never have the same, whatever key they are sealed under, and however often the process is killed. Not
 * thread safe.
 */
final class Nonces {
    private final int start;
    private long next;
    private long count = -1;

    Nonces(final int start) {
        this.start = start;
    }

    /** Moves to the next nonce. */
    void advance() {
        count = next;
        next++;
        if (next < 0) {
            throw new IllegalStateException("all nonces of this start are used up");
        }
    }

    int start() {
        return start;
    }

    long count() {
        return count;
    }
}
