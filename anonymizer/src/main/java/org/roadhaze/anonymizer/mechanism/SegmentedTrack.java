// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.function.Consumer;
import org.roadhaze.device.DeviceState;
import org.roadhaze.geometry.LocalMetres;

/**
 * Where one device is between segments and gaps, and its last published fix, or where it came up since: a {@link
 * SplitAndGap}'s. Some 130 bytes, and an entry in {@link EndedSegments} while it is in a gap.
 */
final class SegmentedTrack extends DeviceState {
    /** Of a device that was never seen. */
    static final long NEVER = Long.MIN_VALUE;

    private static final double MS_PER_SECOND = 1e3;
    private static final int MOST_ROLL_E7 = 3_000_000;

    /** No latitude. */
    private static final int NOWHERE = Integer.MIN_VALUE;

    private final Consumer<SegmentedTrack> forgotten;

    /** The newest fix that was seen, published or not. */
    long seenMs;

    /** The segment that it is in, or {@link org.roadhaze.anonymizer.Candidate#NO_SEGMENT} in a gap. */
    long segment;

    /** When the segment ends at the latest, or the gap at the earliest. */
    long untilMs;

    /** How long the gap after the segment is at least. */
    long gapMs;

    /** Whether it came up and nothing of it has left since. */
    boolean cameUp;

    /** The last fix of the last segment, or where it came up. */
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

    /** Where its last segment ended before it came up; {@link #NOWHERE} when it had none. */
    private int endLatE7;

    private int endLonE7;

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
        cameUp = false;
        lastMs = NEVER;
        lastLatE7 = 0;
        lastLonE7 = 0;
        rollNorthE7 = 0;
        rollEastE7 = 0;
        handle = EndedSegments.NONE;
        nextLookMs = NEVER;
        endLatE7 = NOWHERE;
        endLonE7 = 0;
    }

    /** Begins to wait where it is, whatever left of it before. */
    void comeUp(final long timeMs, final int latE7, final int lonE7) {
        if (!cameUp && lastMs != NEVER) {
            endLatE7 = lastLatE7;
            endLonE7 = lastLonE7;
        }
        start(timeMs, latE7, lonE7);
        cameUp = true;
    }

    /** Starts a segment with a fix of unknown velocity. */
    void start(final long timeMs, final int latE7, final int lonE7) {
        cameUp = false;
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

    /**
     * Whether it has moved on, as the crow flies, from the last that left of it and from where it came up.
     *
     * @param latE7  where it is, degrees scaled by 1e7.
     * @param lonE7  the same.
     * @param shrink of that latitude, see {@link LocalMetres}.
     * @param metres how far, at least.
     * @return false when it is nearer to one of them.
     */
    boolean hasMoved(final int latE7, final int lonE7, final double shrink, final double metres) {
        return LocalMetres.between(latE7, lonE7, lastLatE7, lastLonE7, shrink) >= metres
                && (!cameUp
                        || endLatE7 == NOWHERE
                        || LocalMetres.between(latE7, lonE7, endLatE7, endLonE7, shrink) >= metres);
    }

    /** Nobody rolls 33 km in five minutes: what would is a jump of the receiver. */
    private static int roll(final double e7) {
        return (int) Math.max(-MOST_ROLL_E7, Math.min(MOST_ROLL_E7, e7));
    }
}
