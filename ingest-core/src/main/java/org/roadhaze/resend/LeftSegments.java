// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import org.agrona.collections.Long2LongHashMap;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.mechanism.Rebuilding;
import org.roadhaze.anonymizer.mechanism.SegmentsThatLeft;
import org.roadhaze.anonymizer.policy.RebuildRules;
import org.roadhaze.anonymizer.policy.StreamPolicy;

/**
 * The segments of what a stream let out, by their numbers, and how many of their records have yet to be let out again.
 * <pre>
 *   given again:   |=== not all known ===|======== known ========|    by the time of a segment's first record
 *   segments:    [--a--]          [--b--]    [--c--]      [--d--]
 *   has left:      a and b may, c and d must be let out again
 * </pre>
 */
public final class LeftSegments implements SegmentsThatLeft {
    private static final long NONE = 0;

    private final Long2LongHashMap counts = new Long2LongHashMap(NONE);
    private final Long2LongHashMap firstMs = new Long2LongHashMap(Release.NO_TIME);
    /** By the first record of a segment. */
    private final long knownFromMs;
    /** By how much the time of a record may be less than that of its fix. */
    private final long timeStepMs;

    private final long blindUntilMs;
    private boolean isComplete;
    private long missing;
    private boolean isEnding;

    private LeftSegments(final long knownFromMs, final long timeStepMs, final long blindUntilMs) {
        this.knownFromMs = knownFromMs;
        this.timeStepMs = timeStepMs;
        this.blindUntilMs = blindUntilMs;
    }

    /**
     * Of a stream of which nothing is known yet to have left.
     *
     * @param stream  the stream.
     * @param sinceMs when the first frame was received that is given again, milliseconds since 1970-01-01 UTC.
     * @param isWhole whether that is all that the chain was given that died.
     * @return null when the stream is not cut into segments.
     */
    public static LeftSegments of(final StreamPolicy stream, final long sinceMs, final boolean isWhole) {
        if (RebuildRules.of(stream) != Rebuilding.BY_WHAT_LEFT) {
            return null;
        }
        return isWhole
                ? new LeftSegments(ALL, 0, ALL)
                : new LeftSegments(
                        sinceMs + RebuildRules.segmentsKnownAfterMs(stream),
                        RebuildRules.timeStepMs(stream),
                        sinceMs + RebuildRules.segmentsBlindForMs(stream));
    }

    /**
     * Whether at a time no segment would begin yet of which nothing has left: a new chain would be no worse.
     *
     * @param timeMs milliseconds since 1970-01-01 UTC.
     * @return true when too little is given again.
     */
    public boolean isBlindAt(final long timeMs) {
        return timeMs < blindUntilMs;
    }

    void add(final long segment, final long timeMs) {
        counts.put(segment, counts.get(segment) + 1);
        final long first = firstMs.get(segment);
        firstMs.put(segment, first == Release.NO_TIME ? timeMs : Math.min(first, timeMs));
        isComplete = false;
    }

    void take(final long segment) {
        final long before = missing();
        missing = isKnown(segment) ? before - 1 : before;
    }

    /** Whether a segment is made again: of what is let out of it nothing is wrong or missing. */
    boolean isKnown(final long segment) {
        return firstMs.get(segment) >= knownFromMs;
    }

    /**
     * How many records left of segments that are known, and were not let out again.
     *
     * @return the count.
     */
    public long missing() {
        if (!isComplete) {
            isComplete = true;
            counts.forEachLong((segment, count) -> missing += isKnown(segment) ? count : 0);
            counts.clear();
        }
        return missing;
    }

    /** What is due from now on may not have left. */
    public void beginEnding() {
        isEnding = true;
    }

    @Override
    public boolean hasLeft(final long segment) {
        return firstMs.containsKey(segment);
    }

    @Override
    public boolean isOver() {
        return isEnding && missing() == 0;
    }

    @Override
    public long knownFromMs() {
        return knownFromMs + timeStepMs;
    }
}
