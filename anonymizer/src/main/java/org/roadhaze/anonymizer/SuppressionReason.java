// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

/** Why a stream kept a position back. The labels are metric labels and JSON keys: they stay. */
public enum SuppressionReason {
    /** The record has no fix of its own: a heartbeat, a status, or a tracker before its first fix. */
    NO_FIX("no-fix"),
    /** The fix cannot be: the receiver said so, or its place or time is impossible. */
    INVALID_FIX("invalid-fix"),
    /** Inside a sensitive zone or its buffer. */
    SENSITIVE_ZONE("sensitive-zone"),
    /** Around a place where its vehicle was found to stay longest. */
    LEARNED_ZONE("learned-zone"),
    /** None of the attributes that the stream requires. */
    NO_KEPT_ATTRIBUTE("no-kept-attribute"),
    /** Of an epoch so far from the present that its stream keeps no key for it, while it has so many of nearer ones. */
    LATE_EPOCHS("late-epoch-limit"),
    /** Of a device that the stream's sample leaves out. */
    NOT_SAMPLED("not-sampled"),
    /** Too near, along the way driven, to where its trip began. */
    TRIP_START("trip-start"),
    /** Too near, along the way driven, to where the vehicle stopped after it. */
    TRIP_END("trip-end"),
    /** Where the vehicle dwelt. */
    DWELL("dwell"),
    /** In the gap between two segments. */
    SEGMENT_GAP("segment-gap"),
    /** In a gap that would be over, were there enough other segments that could go on here. */
    UNCONFUSED("unconfused"),
    /** Fewer others than the stream asks for, in every cell that it would publish. */
    CROWD("crowd"),
    /** Later than the stream waits: what belongs to its time has left already, or its order was needed. */
    LATE("late"),
    /** The same has left, let out by the engine before this one, which died: nobody can tell whether this is it, come again. */
    LEFT_BEFORE("left-before"),
    /** The device's budget of the day is spent. */
    BUDGET("budget"),
    /** Counted in an aggregate, which leaves instead of it. */
    AGGREGATED("aggregated"),
    /** More than the stream counts of one device. */
    CONTRIBUTION("contribution-limit"),
    /** Held back, and given up: so many others are held, or the device was forgotten for others. */
    MEMORY("memory-limit");

    private final String label;

    SuppressionReason(final String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** Whether it says of a vehicle no more than where it was: steps that follow its track must know of it. */
    boolean isOfPlace() {
        return this == SENSITIVE_ZONE || this == LEARNED_ZONE;
    }

    /** Whether the fix was lost before it came into its order: steps that follow its vehicle must know that one is missing. */
    boolean isLoss() {
        return this == MEMORY || this == INVALID_FIX || this == LATE_EPOCHS;
    }
}
