// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Stays by distance and time, as Accio's DT clustering has them: fixes in a row, no two of them farther apart than a
 * diameter, over at least a duration. A run that is too short gives up its oldest fixes for the next one; a run that is
 * long enough ends with the first fix that does not fit.
 *
 * @param diameterMetres greater than 0; Accio's evaluation has 200.
 * @param leastMs shortest stay; Accio's evaluation has 15 minutes.
 */
public record StopDetector(double diameterMetres, long leastMs) {
    /** Points of interest: what somebody's life is made of. */
    public static final StopDetector ACCIO = new StopDetector(200, 15 * 60_000L);

    /** Stops of a trip, which its trimming has to see. */
    public static final StopDetector TRIP = new StopDetector(100, 180_000L);

    public StopDetector {
        if (!(diameterMetres > 0) || leastMs < 0) {
            throw new IllegalArgumentException("diameter " + diameterMetres + " m, shortest stay " + leastMs + " ms");
        }
    }

    public List<Stop> stops(final Track track) {
        final List<Stop> stops = new ArrayList<>();
        final Box box = new Box(track);
        int first = 0;
        for (int next = 1; next < track.size(); next++) {
            final int fits = box.around(first, next - 1).isWithin(diameterMetres, next)
                    ? first
                    : firstThatFits(track, first, next);
            if (fits > first && track.timeMs(next - 1) - track.timeMs(first) >= leastMs) {
                stops.add(stop(track, first, next - 1));
                first = next;
            } else {
                first = fits;
            }
        }
        if (track.size() > 0 && track.timeMs(track.size() - 1) - track.timeMs(first) >= leastMs) {
            stops.add(stop(track, first, track.size() - 1));
        }
        return stops;
    }

    /** Where the run would have to begin so that the fix {@code next} fits. */
    private int firstThatFits(final Track track, final int first, final int next) {
        for (int i = next - 1; i >= first; i--) {
            if (track.metres(i, next) > diameterMetres) {
                return i + 1;
            }
        }
        return first;
    }

    /** The box around a run, so that a stay of days is not compared fix by fix with each new one. */
    private static final class Box {
        /** Distances on the plane of two places differ by less than this from those on the plane of two others so near. */
        private static final double MARGIN = 0.999;

        private final Track track;
        private int first = -1;
        private int last;
        private double south;
        private double north;
        private double west;
        private double east;

        private Box(final Track track) {
            this.track = track;
        }

        /** The box of the fixes from one to another; cheap where it was of all of them but the last. */
        private Box around(final int from, final int to) {
            if (from != first) {
                first = from;
                last = from - 1;
                south = Double.POSITIVE_INFINITY;
                north = Double.NEGATIVE_INFINITY;
                west = Double.POSITIVE_INFINITY;
                east = Double.NEGATIVE_INFINITY;
            }
            while (last < to) {
                last++;
                south = Math.min(south, track.latitude(last));
                north = Math.max(north, track.latitude(last));
                west = Math.min(west, track.longitude(last));
                east = Math.max(east, track.longitude(last));
            }
            return this;
        }

        /** Whether a fix is certainly no farther than so many metres from all others: from the farthest corner. */
        private boolean isWithin(final double metres, final int fix) {
            final double latitude = track.latitude(fix);
            final double longitude = track.longitude(fix);
            return Metres.between(
                            latitude,
                            longitude,
                            latitude - south > north - latitude ? south : north,
                            longitude - west > east - longitude ? west : east)
                    <= MARGIN * metres;
        }
    }

    private static Stop stop(final Track track, final int first, final int last) {
        double latitude = 0;
        double longitude = 0;
        for (int i = first; i <= last; i++) {
            latitude += track.latitude(i);
            longitude += track.longitude(i);
        }
        final int fixes = last - first + 1;
        return new Stop(first, last, latitude / fixes, longitude / fixes);
    }
}
