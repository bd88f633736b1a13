// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * What of a record a mechanism is about, in the order in which mechanisms compose: what is suppressed is suppressed before
 * anything of it is worked out, and the raw place is judged before it is coarsened.
 */
public enum Section {
    /** Judges the raw place and keeps records back. */
    SUPPRESSION("location"),
    /** Lets a place out. */
    PLACE("location"),
    /** Lets an identity out. */
    IDENTITY("identity"),
    /** Lets a time out. */
    TIME("time"),
    /** Lets attributes out. */
    ATTRIBUTES("attributes");

    private final String key;

    Section(final String key) {
        this.key = key;
    }

    /**
     * The key of a stream's policy under which such mechanisms stand.
     *
     * @return the key.
     */
    public String key() {
        return key;
    }
}
