// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One published stretch of a track under one id.
 *
 * @param trueDevice the device that it is of.
 * @param track its fixes, at least one.
 */
record Segment(int trueDevice, Track track) {
    /** Every id of a stream, by the time of its first record. Records without an id are not segments. */
    static List<Segment> of(final List<Published> records) {
        final List<Published> named = records.stream()
                .filter(record -> record.id() != Published.NO_ID)
                .toList();
        final List<Segment> segments = new ArrayList<>();
        PublishedTracks.byId(named).forEach(id -> segments.add(new Segment(id.trueDevice(), id.track())));
        segments.sort(Comparator.comparingLong(Segment::beginMs));
        return segments;
    }

    long beginMs() {
        return track.timeMs(0);
    }

    long endMs() {
        return track.timeMs(track.size() - 1);
    }

    /** Where its vehicle is expected at a time after its end. */
    HomeInference.Place expectedAt(final long timeMs, final Relinking.Motion motion) {
        final int last = track.size() - 1;
        double north = 0;
        double east = 0;
        if (motion == Relinking.Motion.CONSTANT_VELOCITY
                && last > 0
                && track.timeMs(last) > track.timeMs(last - 1)) { // At rest with one fix, or two of one time.
            final double ahead = (double) (timeMs - endMs()) / (track.timeMs(last) - track.timeMs(last - 1));
            north = ahead * (track.latitude(last) - track.latitude(last - 1));
            east = ahead * (track.longitude(last) - track.longitude(last - 1));
        }
        return new HomeInference.Place(track.latitude(last) + north, track.longitude(last) + east);
    }

    /** How far from the beginning of another segment this one's vehicle is expected then, in metres as the crow flies. */
    double missOf(final Segment next, final Relinking.Motion motion) {
        return expectedAt(next.beginMs(), motion).metresTo(next.begin());
    }

    HomeInference.Place begin() {
        return new HomeInference.Place(track.latitude(0), track.longitude(0));
    }

    /** Metres between the end of this and the beginning of the next, as the crow flies. */
    double metresTo(final Segment next) {
        return missOf(next, Relinking.Motion.AT_REST);
    }
}
