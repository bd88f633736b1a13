// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * The pseudonyms that were asked for lately, by device and epoch: a table of fixed size in which a pair has {@value #WAYS}
 * places. An entry names the key that made it; whether that key still lives is for the caller to ask. Not thread safe.
 */
final class PseudonymCache {
    /** {@link #find} of a pair that is not there. */
    static final int ABSENT = -1;

    private static final int WAYS = 4;
    private static final int ENTRY = 4;
    private static final int EPOCH = 1;
    private static final int KEY_SERIAL = 2;
    private static final int PSEUDONYM = 3;

    private final long[] entries;
    private final int mask;
    private int victim;

    /**
     * An empty cache.
     *
     * @param capacity how many pairs it holds; a power of two, at least {@value #WAYS}.
     */
    PseudonymCache(final int capacity) {
        entries = new long[capacity * ENTRY];
        mask = capacity - 1;
    }

    /**
     * Looks a pair up.
     *
     * @return its entry, valid until the next {@link #put}; or {@link #ABSENT}.
     */
    int find(final long deviceId, final long epoch) {
        final int home = home(deviceId, epoch);
        for (int way = 0; way < WAYS; way++) {
            final int entry = ((home + way) & mask) * ENTRY;
            if (entries[entry] == deviceId && entries[entry + EPOCH] == epoch && entries[entry + KEY_SERIAL] != 0) {
                return entry;
            }
        }
        return ABSENT;
    }

    long keySerial(final int entry) {
        return entries[entry + KEY_SERIAL];
    }

    long pseudonym(final int entry) {
        return entries[entry + PSEUDONYM];
    }

    /** Keeps a pseudonym: over the one that the pair had, in a free place of the pair, or over some other. */
    void put(final long deviceId, final long epoch, final long keySerial, final long pseudonym) {
        final int home = home(deviceId, epoch);
        int chosen = find(deviceId, epoch);
        for (int way = 0; way < WAYS && chosen == ABSENT; way++) {
            final int entry = ((home + way) & mask) * ENTRY;
            if (entries[entry + KEY_SERIAL] == 0) {
                chosen = entry;
            }
        }
        if (chosen == ABSENT) {
            chosen = ((home + (victim++ & (WAYS - 1))) & mask) * ENTRY;
        }
        entries[chosen] = deviceId;
        entries[chosen + EPOCH] = epoch;
        entries[chosen + KEY_SERIAL] = keySerial;
        entries[chosen + PSEUDONYM] = pseudonym;
    }

    private int home(final long deviceId, final long epoch) {
        final long mixed = (deviceId * 0x9E3779B97F4A7C15L) ^ (epoch * 0xC2B2AE3D27D4EB4FL);
        return (int) (mixed >>> 32) & mask;
    }
}
