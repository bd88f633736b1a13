// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The keys of one stream that live, by epoch, at most a fixed number of them. When it is full, an epoch nearer to the
 * present takes the place of the farthest one, and an epoch that is farther than all finds none. So whoever sends random
 * dates ends up refused, after at most one key for each epoch that is nearer than the one before, and what he can take
 * from others is epochs farther away than his own.
 *
 * <p>Each key has a serial, which is never given again while the process lives:
 * <pre>
 *  | count of keys so far, from 1 | place 9 bits |
 * </pre>
 * Only {@link #isLive} may be called without the owner's lock.
 */
final class LiveKeys {
    /** The most keys that live at once; a power of two. */
    static final int CAPACITY = 512;

    private static final int PLACE_MASK = CAPACITY - 1;

    private final TreeMap<Long, EpochKey> byEpoch = new TreeMap<>();
    private final AtomicLongArray serialByPlace = new AtomicLongArray(CAPACITY);
    private long count;
    private long deaths;

    EpochKey get(final long epoch) {
        return byEpoch.get(epoch);
    }

    Collection<EpochKey> all() {
        return byEpoch.values();
    }

    /** How many keys were destroyed so far. */
    long deaths() {
        return deaths;
    }

    /**
     * Whether the key of a serial still lives. No lock.
     *
     * @param serial the serial; 0 is nobody's.
     * @return true when a pseudonym that it made may still leave.
     */
    boolean isLive(final long serial) {
        return serial != 0 && serialByPlace.getAcquire((int) serial & PLACE_MASK) == serial;
    }

    /**
     * Makes sure that there is a place for a new epoch; destroys the farthest key when that is what it takes.
     *
     * @param epoch   an epoch without a key.
     * @param present the epoch that runs now.
     * @return false when all keys are nearer, or as near.
     */
    boolean makeRoom(final long epoch, final long present) {
        if (byEpoch.size() < CAPACITY) {
            return true;
        }
        final long first = byEpoch.firstKey();
        final long last = byEpoch.lastKey();
        final long farthest = present - first >= last - present ? first : last;
        if (Math.abs(epoch - present) >= Math.abs(farthest - present)) {
            return false;
        }
        died(byEpoch.remove(farthest));
        return true;
    }

    /** Takes a key in, for which {@link #makeRoom} has found a place. */
    void add(final EpochKey key) {
        int place = 0;
        while (serialByPlace.getPlain(place) != 0) {
            place++;
        }
        count++;
        key.serial = count * CAPACITY + place;
        byEpoch.put(key.epoch, key);
        serialByPlace.setRelease(place, key.serial);
    }

    /**
     * Destroys the keys whose time is over.
     *
     * @return whether there was one.
     */
    boolean destroyExpired(final long nowMs, final long rotateMs, final long graceMs) {
        final int before = byEpoch.size();
        byEpoch.entrySet().removeIf((final Map.Entry<Long, EpochKey> entry) -> {
            final boolean over = nowMs > entry.getValue().diesAfterMs(rotateMs, graceMs);
            if (over) {
                died(entry.getValue());
            }
            return over;
        });
        return byEpoch.size() < before;
    }

    private void died(final EpochKey key) {
        deaths++;
        serialByPlace.setRelease((int) key.serial & PLACE_MASK, 0);
        key.destroy();
    }
}
