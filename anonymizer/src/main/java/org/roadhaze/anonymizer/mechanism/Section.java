// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * What of a record a mechanism is about, in the order in which mechanisms compose: records come into their order before
 * anything is remembered of them, what is suppressed is suppressed before anything of it is worked out, stops are found in the raw track before it is cut, crowds are counted before places are
 * coarsened, and the raw place is judged before it is coarsened.
 */
public enum Section {
    /** Leaves whole devices out, before anything is counted. */
    SAMPLE("location"),
    /** Puts records into the order of their times, before a step sees them that remembers those before. */
    REORDER("location"),
    /** Judges the raw place and keeps records back. */
    SUPPRESSION("location"),
    /** Follows the raw track, and keeps back what is near its stops. */
    TRIP("location"),
    /** Cuts the track into segments with gaps between. */
    SEGMENT("location"),
    /** Waits for all that has the same time, and mixes it. */
    SHUFFLE("time"),
    /** Waits for a crowd, and lets the place out that it allows. */
    CROWD("location"),
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

    /** Whether such a mechanism may publish the place. */
    public boolean publishesPlace() {
        return this == CROWD || this == PLACE;
    }
}
