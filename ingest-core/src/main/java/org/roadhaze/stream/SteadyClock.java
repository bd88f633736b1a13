// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * A wall clock that never goes back, and does not follow every leap: what it is set to is compared with how much time has
 * passed by a clock that nobody sets.
 *
 * <ul>
 *   <li>Behind, by an hour at most: this one stands until it is reached.
 *   <li>Behind by more: this one goes on by itself.
 *   <li>Ahead, by an hour at most: it is followed.
 *   <li>Ahead by more: this one goes on by itself, and follows when the other has been ahead for an hour. A wrong time that
 *       is put right before that leaves no trace.
 * </ul>
 *
 * <p>With the wall clock alone, a step back over a roll of the queue stops every append until the old time is reached again.
 * With the greatest time that it ever showed, one wrong date makes a single file of all the days up to it, and keys die that
 * were to live as long.
 *
 * <p>Safe for use by many threads.
 */
public final class SteadyClock implements EpochClock {
    /** What is followed at once, and how long a leap has to last: one hour, in milliseconds. */
    public static final long MAX_STEP_MS = 3_600_000;

    private static final long NEVER = Long.MIN_VALUE;
    private static final long NS_PER_MS = 1_000_000;

    private final EpochClock wall;
    private final NanoClock elapsed;
    private long latestMs = NEVER;
    private long latestNs;
    private long aheadSinceNs;
    private boolean ahead;

    /**
     * Believes the wall clock at first.
     *
     * @param wall    milliseconds since 1970-01-01 UTC.
     * @param elapsed a clock that nobody sets.
     */
    public SteadyClock(final EpochClock wall, final NanoClock elapsed) {
        this.wall = wall;
        this.elapsed = elapsed;
    }

    /**
     * Never shows a time before this one. Before the first {@link #time}.
     *
     * @param timeMs milliseconds since 1970-01-01 UTC.
     */
    synchronized void notBefore(final long timeMs) {
        latestMs = Math.max(timeMs, wall.time());
        latestNs = elapsed.nanoTime();
    }

    @Override
    public synchronized long time() {
        final long wallMs = wall.time();
        final long nowNs = elapsed.nanoTime();
        if (latestMs == NEVER) {
            latestMs = wallMs;
            latestNs = nowNs;
            return latestMs;
        }
        final long passedMs = (nowNs - latestNs) / NS_PER_MS;
        final long expectedMs = latestMs + passedMs;
        if (Math.abs(wallMs - expectedMs) <= MAX_STEP_MS || isAheadForLong(wallMs > expectedMs, nowNs)) {
            ahead = false;
            latestMs = Math.max(latestMs, wallMs);
            latestNs = nowNs;
        } else {
            latestMs = expectedMs;
            latestNs += passedMs * NS_PER_MS; // What is less than a millisecond is not lost.
        }
        return latestMs;
    }

    private boolean isAheadForLong(final boolean isAhead, final long nowNs) {
        if (!ahead && isAhead) {
            aheadSinceNs = nowNs;
        }
        ahead = isAhead;
        return isAhead && nowNs - aheadSinceNs >= MAX_STEP_MS * NS_PER_MS;
    }
}
