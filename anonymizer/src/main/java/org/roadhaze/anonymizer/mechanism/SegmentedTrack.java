// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.function.Consumer;
import org.roadhaze.device.DeviceState;

/**
 * Where one device is between segments and gaps, and its last published fix: a {@link SplitAndGap}'s. Some 120 bytes, and an
 * entry in {@link EndedSegments} while it is in a gap.
 */
final class SegmentedTrack extends DeviceState {
    /** Of a device that was never seen. */
    static final long NEVER = Long.MIN_VALUE;

    private static final double MS_PER_SECOND = 1e3;
    private static final int MOST_ROLL_E7 = 3_000_000;

    private final Consumer<SegmentedTrack> forgotten;

    /** The newest fix that was seen, published or not. */
    long seenMs;

    /** The segment that it is in, or {@link org.roadhaze.anonymizer.Candidate#NO_SEGMENT} in a gap. */
    long segment;

    /** When the segment ends at the latest, or the gap at the earliest. */
    long untilMs;

    /** How long the gap after the segment is at least. */
    long gapMs;

    /** The last fix of the last segment. */
    long lastMs;

    int lastLatE7;
    int lastLonE7;

    /** How far the vehicle would roll on from it, see {@link EndedSegments#add}. */
    int rollNorthE7;

    int rollEastE7;

    /** In the index of ended segments, while in a gap. */
    int handle;

    /** When the confusion is looked at again. */
    long nextLookMs;

    /**
     * Makes a track of nobody.
     *
     * @param forgotten called when the device is forgotten, before its state is.
     */
    SegmentedTrack(final Consumer<SegmentedTrack> forgotten) {
        this.forgotten = forgotten;
        clear();
    }

    @Override
    protected void reset() {
        forgotten.accept(this);
        clear();
    }

    private void clear() {
        seenMs = NEVER;
        segment = 0;
        untilMs = NEVER;
        gapMs = 0;
        lastMs = NEVER;
        lastLatE7 = 0;
        lastLonE7 = 0;
        rollNorthE7 = 0;
        rollEastE7 = 0;
        handle = EndedSegments.NONE;
        nextLookMs = NEVER;
    }

    /** Starts a segment, or begins to wait at a place, with a fix of unknown velocity. */
    void start(final long timeMs, final int latE7, final int lonE7) {
        lastMs = timeMs;
        lastLatE7 = latE7;
        lastLonE7 = lonE7;
        rollNorthE7 = 0;
        rollEastE7 = 0;
        nextLookMs = NEVER;
    }

    /** Goes on to the next fix of the segment, and has its velocity from the two. */
    void follow(final long timeMs, final int latE7, final int lonE7) {
        final double ahead = EndedSegments.ROLL_SECONDS * MS_PER_SECOND / (timeMs - lastMs);
        rollNorthE7 = roll(ahead * ((double) latE7 - lastLatE7));
        rollEastE7 = roll(ahead * ((double) lonE7 - lastLonE7));
        lastMs = timeMs;
        lastLatE7 = latE7;
        lastLonE7 = lonE7;
    }

    /** Nobody rolls 33 km in five minutes: what would is a jump of the receiver. */
    private static int roll(final double e7) {
        return (int) Math.max(-MOST_ROLL_E7, Math.min(MOST_ROLL_E7, e7));
    }
}
