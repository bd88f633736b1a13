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
    /** None of the attributes that the stream requires. */
    NO_KEPT_ATTRIBUTE("no-kept-attribute"),
    /** Of an epoch so far from the present that its stream keeps no key for it, while it has so many of nearer ones. */
    LATE_EPOCHS("late-epoch-limit");

    private final String label;

    SuppressionReason(final String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
