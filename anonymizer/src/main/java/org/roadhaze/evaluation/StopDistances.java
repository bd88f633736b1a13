// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;

/**
 * For every fix of a track the driven metres, along its own fixes, to the nearest stop of its trip: 0 inside one. A trip
 * ends where the track is silent for more than 20 minutes; its two ends are stops.
 */
final class StopDistances {
    static final long TRIP_SILENCE_MS = 20 * 60_000L;

    private final Track track;
    private final double[] metres;

    StopDistances(final Track track) {
        this.track = track;
        metres = new double[track.size()];
        Arrays.fill(metres, Double.POSITIVE_INFINITY);
        for (final Stop stop : StopDetector.TRIP.stops(track)) {
            Arrays.fill(metres, stop.first(), stop.last() + 1, 0);
        }
        for (int i = 0; i < metres.length; i++) {
            if (beginsTrip(i) || beginsTrip(i + 1)) {
                metres[i] = 0;
            }
        }
        for (int i = 1; i < metres.length; i++) {
            // The first fix of a trip has 0 already, so nothing is carried over a silence.
            metres[i] = Math.min(metres[i], metres[i - 1] + track.metres(i - 1, i));
        }
        for (int i = metres.length - 2; i >= 0; i--) {
            metres[i] = Math.min(metres[i], metres[i + 1] + track.metres(i, i + 1));
        }
    }

    /** Metres of the fix of a time; of several, the nearest to a stop. NaN if there is none. */
    double at(final long timeMs) {
        double least = Double.NaN;
        for (int i = track.firstAtOrAfter(timeMs); i < metres.length && track.timeMs(i) == timeMs; i++) {
            least = Double.isNaN(least) ? metres[i] : Math.min(least, metres[i]);
        }
        return least;
    }

    private boolean beginsTrip(final int index) {
        return index == 0 || index == metres.length || track.timeMs(index) - track.timeMs(index - 1) > TRIP_SILENCE_MS;
    }
}
