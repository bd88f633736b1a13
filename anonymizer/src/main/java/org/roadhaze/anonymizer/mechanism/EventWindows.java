// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.anonymizer.TimedMechanism;

/**
 * Which windows of event time are open: window w is {@code [w * length, (w + 1) * length)} since 1970-01-01 UTC, and closes
 * when event time has come {@code late} beyond its end. A closed window never opens again.
 *
 * <p>A window that had begun before the first record was received that this object's owner is given never opens either: not all of
 * it would be known, and the engine that ran before may have let it out. That one closed windows that ended by its clock, and the
 * clock of an engine that starts is later; so no window is let out twice. Of what is rebuilt, what was let out before is known by
 * other means.
 * Not thread safe: one mechanism's.
 */
final class EventWindows {
    private final long lengthMs;
    private final long lateMs;
    private final int capacity;
    private long firstOpen;

    /**
     * Opens what begins from now on.
     *
     * @param lengthMs of a window, at least 1.
     * @param lateMs   how long a window waits for records that are late, at least 0.
     * @param nowMs    see {@link MechanismContext#sinceMs}.
     */
    EventWindows(final long lengthMs, final long lateMs, final long nowMs) {
        this.lengthMs = lengthMs;
        this.lateMs = lateMs;
        // From the first that is open to that of a fix that is ahead. Windows of a minute and longer need the next
        // alone.
        final long reachMs = lateMs + Math.max(lengthMs, TimedMechanism.MOST_AHEAD_MS);
        capacity = (int) ((reachMs + lengthMs - 1) / lengthMs) + 1;
        firstOpen = -Math.floorDiv(-nowMs, lengthMs);
    }

    /**
     * How many windows can be open together: those that late records may be of, the present one, the next, and those that begin
     * within {@link TimedMechanism#MOST_AHEAD_MS}.
     *
     * @return the number; windows that are open differ in their number modulo this.
     */
    int capacity() {
        return capacity;
    }

    long windowOf(final long timeMs) {
        return Math.floorDiv(timeMs, lengthMs);
    }

    long startMs(final long window) {
        return window * lengthMs;
    }

    /** Whether records of a window come too late, or of a time before this object's. */
    boolean isClosed(final long window) {
        return window < firstOpen;
    }

    /** Whether a window is further ahead than any clock may be. */
    boolean isTooFarAhead(final long window) {
        return window >= firstOpen + capacity;
    }

    /**
     * Lets time pass.
     *
     * @param eventTimeMs how far it has come.
     * @return whether windows closed.
     */
    boolean advanceTo(final long eventTimeMs) {
        final long next = Math.floorDiv(eventTimeMs - lateMs, lengthMs);
        if (next <= firstOpen) {
            return false;
        }
        firstOpen = next;
        return true;
    }

    long firstOpen() {
        return firstOpen;
    }

    /**
     * Up to where windows that were open have closed.
     *
     * @param before the first open one before.
     * @return the end of them, exclusive: of a long silence, only those that can hold anything.
     */
    long closedBelow(final long before) {
        return Math.min(firstOpen, before + capacity);
    }
}
