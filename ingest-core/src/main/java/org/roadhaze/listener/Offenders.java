// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who offended how often of late, and who is refused for it. By numbers that mean something to the caller alone.
 *
 * <p>Bounded: of more than {@link #MOST_WATCHED}, the one that offended least recently is forgotten. And no more than {@link
 * #MOST_REFUSED} are refused at a time: where so many are at fault, the fault is rather ours, and a fleet must not be locked
 * out for it.
 *
 * <p>Asking is for any thread, takes no lock and allocates nothing; offences are rare, and do.
 */
final class Offenders {
    static final int MOST_WATCHED = 10_000;
    static final int MOST_REFUSED = 1_000;

    private static final Refused NOBODY = new Refused(new long[0], new long[0]);
    private static final float LOAD_FACTOR = 0.75f;

    private final int offences;
    private final long withinMs;
    private final long refuseMs;

    /** Least recent offender first. */
    private final Map<Long, Times> watched = new LinkedHashMap<>(16, LOAD_FACTOR, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Long, Times> eldest) {
            return size() > MOST_WATCHED;
        }
    };

    /** Replaced as a whole, never changed. */
    private volatile Refused refused = NOBODY;

    /** Sorted by key. */
    private static final class Refused {
        private final long[] keys;
        private final long[] untilMs;

        Refused(final long[] keys, final long[] untilMs) {
            this.keys = keys;
            this.untilMs = untilMs;
        }
    }

    /** The times of the last offences, the oldest to be written over next. */
    private static final class Times {
        private final long[] atMs;
        private int count;

        Times(final int length) {
            atMs = new long[length];
        }

        /** Whether this is one of as many as are kept, none of them longer ago than that. */
        boolean add(final long nowMs, final long withinMs) {
            final int at = count % atMs.length;
            atMs[at] = nowMs;
            count++;
            final long oldestMs = atMs[count % atMs.length];
            return count >= atMs.length && nowMs - oldestMs <= withinMs;
        }
    }

    /**
     * Nobody has offended yet.
     *
     * @param offences after how many one is refused; 0: never.
     * @param withinMs how long one counts.
     * @param refuseMs for how long one is refused.
     */
    Offenders(final int offences, final long withinMs, final long refuseMs) {
        this.offences = offences;
        this.withinMs = withinMs;
        this.refuseMs = refuseMs;
    }

    /**
     * Whether one is refused.
     *
     * @param key   who.
     * @param nowMs the engine's clock.
     * @return false when he never was, or is no longer.
     */
    boolean isRefused(final long key, final long nowMs) {
        final Refused now = refused;
        if (now.keys.length == 0) {
            return false;
        }
        final int at = Arrays.binarySearch(now.keys, key);
        return at >= 0 && nowMs < now.untilMs[at];
    }

    /**
     * One has offended.
     *
     * @param key   who.
     * @param nowMs the engine's clock.
     * @return whether he is refused from now on, and was not before.
     */
    synchronized boolean offended(final long key, final long nowMs) {
        if (offences == 0
                || !watched.computeIfAbsent(key, who -> new Times(offences)).add(nowMs, withinMs)
                || isRefused(key, nowMs)) {
            return false;
        }
        return refuse(key, nowMs);
    }

    private boolean refuse(final long key, final long nowMs) {
        final Refused before = refused;
        final long[] keys = new long[before.keys.length + 1];
        final long[] untilMs = new long[keys.length];
        int count = 0;
        boolean isIn = false;
        for (int i = 0; i < before.keys.length; i++) {
            if (before.untilMs[i] <= nowMs || before.keys[i] == key) {
                continue;
            }
            if (!isIn && before.keys[i] > key) {
                isIn = true;
                keys[count] = key;
                untilMs[count++] = nowMs + refuseMs;
            }
            keys[count] = before.keys[i];
            untilMs[count++] = before.untilMs[i];
        }
        if (!isIn) {
            keys[count] = key;
            untilMs[count++] = nowMs + refuseMs;
        }
        if (count > MOST_REFUSED) {
            return false;
        }
        refused = new Refused(Arrays.copyOf(keys, count), Arrays.copyOf(untilMs, count));
        return true;
    }

    /** For a test: how many are watched. */
    synchronized int watched() {
        return watched.size();
    }
}
