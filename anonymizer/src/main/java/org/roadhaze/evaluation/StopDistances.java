// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;

/**
 * For every fix of a track the driven metres, along its own fixes, to the nearest stop of its trip, as a
 * {@link StopPromise} defines the two: 0 inside one, infinite in a trip without any. What is none of the track's is 0 as
 * well: nobody knows how far from a stop it is. Of fixes of one time only the first counts.
 */
final class StopDistances {
    private static final double FASTEST_METRES_PER_MS = 0.07;

    private final Track track;
    private final StopPromise promise;
    private final double[] metres;

    /** The fixes that count, by index in the track, and which of them begin a trip. */
    private final int[] kept;

    private final boolean[] beginsTrip;
    private int count;

    StopDistances(final Track track, final StopPromise promise) {
        this.track = track;
        this.promise = promise;
        metres = new double[track.size()];
        kept = new int[track.size()];
        beginsTrip = new boolean[track.size() + 1];
        keepPlausible();
        final boolean[] stopped = new boolean[count];
        for (int from = 0; from < count; ) {
            int to = from + 1;
            while (!beginsTrip[to]) {
                to++;
            }
            if (promise.endsAreStops()) {
                stopped[from] = true;
                stopped[to - 1] = true;
            }
            markStops(stopped, from, to);
            measure(stopped, from, to);
            from = to;
        }
    }

    private void keepPlausible() {
        int rejected = -1;
        for (int i = 0; i < metres.length; i++) {
            final int before = count == 0 ? -1 : kept[count - 1];
            if (before >= 0 && track.timeMs(i) == track.timeMs(before)) {
                metres[i] = Double.NaN;
                continue;
            }
            boolean begins = before < 0 || track.timeMs(i) - track.timeMs(before) > promise.silenceMs();
            if (!begins && isTooFar(before, i)) {
                begins = rejected >= 0 && track.timeMs(i) > track.timeMs(rejected) && !isTooFar(rejected, i);
                rejected = i;
                if (!begins) {
                    continue;
                }
            }
            rejected = -1;
            beginsTrip[count] = begins;
            kept[count++] = i;
        }
        beginsTrip[count] = true;
    }

    private boolean isTooFar(final int from, final int to) {
        final double apart = track.metres(from, to);
        return apart > promise.radiusMetres()
                && apart > FASTEST_METRES_PER_MS * (track.timeMs(to) - track.timeMs(from));
    }

    private void markStops(final boolean[] stopped, final int from, final int to) {
        int marked = from;
        for (int first = from; first < to; first++) {
            // A run that ends at or before what is marked tells nothing new: so a long stay is walked through once.
            if (first < marked && (marked == to || apart(first, marked) > promise.radiusMetres())) {
                continue;
            }
            int end = first + 1;
            while (end < to && apart(first, end) <= promise.radiusMetres()) {
                end++;
            }
            if (track.timeMs(kept[end - 1]) - track.timeMs(kept[first]) >= promise.dwellMs()) {
                Arrays.fill(stopped, first, end, true);
                marked = Math.max(marked, end);
            }
        }
    }

    private void measure(final boolean[] stopped, final int from, final int to) {
        double since = Double.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            since = stopped[i] ? 0 : i == from ? since : since + apart(i - 1, i);
            metres[kept[i]] = since;
        }
        since = Double.POSITIVE_INFINITY;
        for (int i = to - 1; i >= from; i--) {
            since = stopped[i] ? 0 : i == to - 1 ? since : since + apart(i, i + 1);
            metres[kept[i]] = Math.min(metres[kept[i]], since);
        }
    }

    private double apart(final int from, final int to) {
        return track.metres(kept[from], kept[to]);
    }

    /** Metres of a fix; NaN for one of the same time as the fix before it. */
    double of(final int index) {
        return metres[index];
    }

    /** Metres of the fix of a time. NaN if there is none. */
    double at(final long timeMs) {
        double least = Double.NaN;
        for (int i = track.firstAtOrAfter(timeMs); i < metres.length && track.timeMs(i) == timeMs; i++) {
            if (!Double.isNaN(metres[i])) {
                least = Double.isNaN(least) ? metres[i] : Math.min(least, metres[i]);
            }
        }
        return least;
    }
}
