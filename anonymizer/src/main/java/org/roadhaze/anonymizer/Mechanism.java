// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import org.roadhaze.device.DeviceStates;

/**
 * One step of a stream's chain. For every candidate it is given it does exactly one of three things: passes it on,
 * suppresses it with a reason, or holds it (then it copies what it needs into {@link HeldFixes} and passes or suppresses the
 * copy later, from a later call of either method).
 *
 * <p>State per device lives in the mechanism, keyed by device. One worker calls one instance: no locks. In steady
 * state a call allocates nothing. Randomness comes from keys and the record, time from the record or the outlet's
 * caller, never from a clock or a random source of its own.
 */
public interface Mechanism {
    /** How many held candidates one call lets go at most: what leaves with one frame stays bounded. */
    int MOST_LET_GO_AT_ONCE = 64;

    /**
     * Takes a candidate.
     *
     * @param candidate the candidate; valid only during the call.
     * @param outlet    where it goes; the same in every call.
     */
    void accept(Candidate candidate, Outlet outlet);

    /**
     * Whether it follows the raw track of a vehicle: then it is shown, by {@link #observe}, what a step before kept back for
     * where it lies, and told, by {@link #miss}, of what was lost. Every step that does is.
     *
     * @return false unless it does.
     */
    default boolean followsTracks() {
        return false;
    }

    /**
     * Looks at a candidate that has ended in a zone, in the order of {@link #accept}. It does not leave, and has been counted;
     * but the vehicle was there, and may have stopped there.
     *
     * @param candidate the candidate; valid only during the call.
     * @param outlet    where candidates go that were held; this one does not.
     */
    default void observe(final Candidate candidate, final Outlet outlet) {}

    /**
     * Learns of a candidate that a step before gave up, for want of room or of a key or since it is far ahead, before it had
     * found its place in the order of {@link #accept}: what comes next may be older. It does not leave, and has been
     * counted; but the vehicle was there at that time, and may have stopped there.
     *
     * @param candidate the candidate; valid only during the call.
     */
    default void miss(final Candidate candidate) {}

    /**
     * Learns whose candidates are about to come, and reads what it keeps of these devices. That is most of what a record costs where
     * devices take turns: here the processor waits for all of it at once, and not for each when it comes. Changes nothing.
     *
     * @param deviceIds the devices, in the order of their candidates; some of these may never come.
     * @param count     how many, at most {@link DeviceStates#MOST_AHEAD}.
     * @return made of all that was read, so that no compiler leaves the reading out; it means nothing.
     */
    default long readAhead(final long[] deviceIds, final int count) {
        return 0;
    }

    /** What a mechanism does with a candidate. */
    interface Outlet {
        /**
         * Hands the candidate to the next step, or to the stream after the last.
         *
         * @param candidate the candidate.
         */
        void pass(Candidate candidate);

        /**
         * Ends the candidate: it does not leave.
         *
         * @param candidate the candidate; null when what was held of it is gone already.
         * @param reason    why.
         */
        void suppress(Candidate candidate, SuppressionReason reason);

        /**
         * Tells the steps after this one how far time has come: what a mechanism calls that {@link TimedMechanism#keepsTime},
         * before each candidate that moves time on, and in each of its own {@link TimedMechanism#advanceTo}.
         *
         * @param eventTimeMs as there.
         */
        default void advanceTo(final long eventTimeMs) {}

        /**
         * Tells the steps after this one whose candidates are about to come, see {@link Mechanism#readAhead}: what a mechanism calls
         * that lets many go at once.
         *
         * @param deviceIds as there.
         * @param count     how many, as there.
         * @return as there.
         */
        default long readAhead(final long[] deviceIds, final int count) {
            return 0;
        }
    }
}
