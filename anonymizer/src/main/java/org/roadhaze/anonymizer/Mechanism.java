// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

/**
 * One step of a stream's chain. For every candidate it is given it does exactly one of three things: passes it on,
 * suppresses it with a reason, or holds it (then it copies what it needs and passes or suppresses the copy later).
 *
 * <p>State per device lives in the mechanism, keyed by device. One worker calls one instance: no locks. In steady
 * state a call allocates nothing. Randomness comes from keys and the record, time from the record or the outlet's
 * caller, never from a clock or a random source of its own.
 */
public interface Mechanism {
    /**
     * Takes a candidate.
     *
     * @param candidate the candidate; valid only during the call.
     * @param outlet    where it goes.
     */
    void accept(Candidate candidate, Outlet outlet);

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
         * @param candidate the candidate.
         * @param reason    why.
         */
        void suppress(Candidate candidate, SuppressionReason reason);
    }
}
