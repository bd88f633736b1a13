// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongPredicate;

/**
 * The pseudonyms that were asked for lately, by device and epoch: a table of fixed size in which a pair has {@value #WAYS}
 * places. An entry names the key that made it; whether that key still lives is for the caller to ask.
 * <pre>
 *  | device | epoch | serial of the key, 0: free, -1: claimed | pseudonym |
 * </pre>
 * One worker finds and puts. Any thread may erase what dead keys have made, whatever the worker does meanwhile, and nobody
 * waits for anybody: who writes or erases an entry claims it first, and who finds it claimed leaves it alone. The worker
 * reads without a claim: since it alone writes anything but zeros, what it reads is what it wrote, or zero.
 */
final class PseudonymCache {
    /** {@link #find} of a pair that is not there; {@link #put} that found no place. */
    static final int ABSENT = -1;

    private static final int WAYS = 4;
    private static final int ENTRY = 4;
    private static final int EPOCH = 1;
    private static final int KEY_SERIAL = 2;
    private static final int PSEUDONYM = 3;

    private static final long FREE = 0;
    /** Of no key: {@link org.roadhaze.anonymizer.key.EpochKeys#keyOf} gives positive serials only. */
    private static final long CLAIMED = -1;

    private final AtomicLongArray entries;
    private final int mask;
    private int victim;

    /**
     * An empty cache.
     *
     * @param capacity how many pairs it holds; a power of two, at least {@value #WAYS}.
     */
    PseudonymCache(final int capacity) {
        entries = new AtomicLongArray(capacity * ENTRY);
        mask = capacity - 1;
    }

    /**
     * Looks a pair up. The worker's.
     *
     * @return its entry, valid until the next {@link #put}; or {@link #ABSENT}.
     */
    int find(final long deviceId, final long epoch) {
        final int home = home(deviceId, epoch);
        for (int way = 0; way < WAYS; way++) {
            final int entry = ((home + way) & mask) * ENTRY;
            if (entries.getPlain(entry) == deviceId
                    && entries.getPlain(entry + EPOCH) == epoch
                    && keySerial(entry) != FREE) {
                return entry;
            }
        }
        return ABSENT;
    }

    /** The key that made an entry; of no key when the entry is being erased. */
    long keySerial(final int entry) {
        return entries.getOpaque(entry + KEY_SERIAL);
    }

    /** What an entry keeps; 0 when it was erased since it was found. */
    long pseudonym(final int entry) {
        return entries.getOpaque(entry + PSEUDONYM);
    }

    /**
     * Keeps a pseudonym: over the one that the pair had, in a free place of the pair, or over some other. The worker's.
     * The key may have died by now, and what it made have been erased just before: whoever puts asks after this whether
     * the key lives, and {@linkplain #erase erases} the entry when it does not.
     *
     * @return its entry, or {@link #ABSENT} when the place is being erased just now.
     */
    int put(final long deviceId, final long epoch, final long keySerial, final long pseudonym) {
        final int home = home(deviceId, epoch);
        int chosen = find(deviceId, epoch);
        for (int way = 0; way < WAYS && chosen == ABSENT; way++) {
            final int entry = ((home + way) & mask) * ENTRY;
            if (keySerial(entry) == FREE) {
                chosen = entry;
            }
        }
        if (chosen == ABSENT) {
            chosen = ((home + (victim++ & (WAYS - 1))) & mask) * ENTRY;
        }
        if (!claim(chosen, keySerial(chosen))) {
            return ABSENT;
        }
        entries.setPlain(chosen, deviceId);
        entries.setPlain(chosen + EPOCH, epoch);
        entries.setPlain(chosen + PSEUDONYM, pseudonym);
        entries.setRelease(chosen + KEY_SERIAL, keySerial);
        // Either who erases sees this entry, or the caller sees that the key is dead: both have a full fence between.
        VarHandle.fullFence();
        return chosen;
    }

    /**
     * Erases an entry, unless it is another key's by now. Any thread's.
     *
     * @param entry     the entry.
     * @param keySerial the key that made it.
     */
    void erase(final int entry, final long keySerial) {
        if (claim(entry, keySerial)) {
            entries.setPlain(entry, 0);
            entries.setPlain(entry + EPOCH, 0);
            entries.setOpaque(entry + PSEUDONYM, 0);
            entries.setRelease(entry + KEY_SERIAL, FREE);
        }
    }

    /**
     * Erases what dead keys have made. Any thread's, once it is known that a key has died.
     *
     * @param isLive whether the key of a serial lives.
     */
    void eraseDead(final LongPredicate isLive) {
        VarHandle.fullFence();
        for (int entry = 0; entry < entries.length(); entry += ENTRY) {
            final long keySerial = keySerial(entry);
            if (keySerial != FREE && keySerial != CLAIMED && !isLive.test(keySerial)) {
                erase(entry, keySerial);
            }
        }
    }

    /** How many entries keys of a kind have made. */
    int count(final LongPredicate ofKey) {
        int count = 0;
        for (int entry = 0; entry < entries.length(); entry += ENTRY) {
            final long keySerial = keySerial(entry);
            if (keySerial != FREE && ofKey.test(keySerial)) {
                count++;
            }
        }
        return count;
    }

    private boolean claim(final int entry, final long keySerial) {
        return keySerial != CLAIMED && entries.compareAndSet(entry + KEY_SERIAL, keySerial, CLAIMED);
    }

    private int home(final long deviceId, final long epoch) {
        final long mixed = (deviceId * 0x9E3779B97F4A7C15L) ^ (epoch * 0xC2B2AE3D27D4EB4FL);
        return (int) (mixed >>> 32) & mask;
    }
}
