// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The places at which a track beyond doubt stays long enough to be known for it, and from when until when. Where a stay begins,
 * and which stays are at one place, is a matter of definition; so a place is known here only when it has been stayed at for twice
 * as long as it takes, all that within {@value #SAME_METRES} m, and it is no more when half of that is left. Nor is any beyond
 * doubt from when on a track may have more places than are known of it, a silence being a stay as well, or has been at so many
 * that not all are remembered: which of them are known depends on every stay before.
 */
final class LongStays {
    private static final double DIAMETER_METRES = 100;
    private static final double SAME_METRES = 50;
    /** What lies farther apart may be taken for two places. */
    private static final double APART_METRES = 100;
    /** What lies so near may be taken for the same place. */
    private static final double NEAR_METRES = 300;
    /** One stay counts for no more than a day. */
    private static final long MOST_MS = 86_400_000;

    private static final double BEYOND_DOUBT = 2;
    private static final double POSSIBLE = 0.5;
    private static final int MOST_REMEMBERED = 8;

    private final List<Known> known = new ArrayList<>();

    /** A place, how far from it another may be that it is taken for, and when it is known. */
    private record Known(double latitude, double longitude, double slackMetres, long fromMs, long untilMs) {}

    /** A stay, and how much time was stayed there by its end. */
    private record Stay(long toMs, double latitude, double longitude, double ms) {
        private double metresTo(final Stay other) {
            return Metres.between(latitude, longitude, other.latitude, other.longitude);
        }
    }

    LongStays(final Track track, final ZonePromise promise) {
        final List<Stay> stays = new ArrayList<>();
        for (final Stop stop : new StopDetector(DIAMETER_METRES, promise.stayMs()).stops(track)) {
            final long ms = Math.min(MOST_MS, track.timeMs(stop.last()) - track.timeMs(stop.first()));
            stays.add(new Stay(track.timeMs(stop.last()), stop.latitude(), stop.longitude(), ms));
        }
        final List<Stay> all = new ArrayList<>(stays);
        for (int i = 1; i < track.size(); i++) {
            final long silentMs = track.timeMs(i) - track.timeMs(i - 1);
            if (silentMs >= promise.stayMs()) {
                all.add(new Stay(
                        track.timeMs(i), track.latitude(i - 1), track.longitude(i - 1), Math.min(MOST_MS, silentMs)));
            }
        }
        all.sort(Comparator.comparingLong(Stay::toMs));
        final long doubtfulMs = doubtfulMs(all, promise);
        for (int i = 0; i < stays.size() && stays.get(i).toMs < doubtfulMs; i++) {
            final Stay stay = stays.get(i);
            final double times = stayedMs(stays, i, SAME_METRES, promise) / (BEYOND_DOUBT * promise.afterMs());
            if (times >= 1) {
                final double halves = 1 + Math.log(times) / Math.log(2);
                known.add(new Known(
                        stay.latitude,
                        stay.longitude,
                        slackMetres(all, stay),
                        stay.toMs,
                        Math.min(doubtfulMs, stay.toMs + (long) (halves * promise.halfLifeMs()))));
            }
        }
    }

    /** From when on nobody can tell which places are known. */
    private static long doubtfulMs(final List<Stay> stays, final ZonePromise promise) {
        final List<Stay> places = new ArrayList<>();
        final List<Stay> possible = new ArrayList<>();
        for (int i = 0; i < stays.size(); i++) {
            final Stay stay = stays.get(i);
            addNew(places, stay);
            if (stayedMs(stays, i, NEAR_METRES, promise) >= POSSIBLE * promise.afterMs()) {
                addNew(possible, stay);
            }
            if (possible.size() > promise.places() || places.size() > MOST_REMEMBERED) {
                return stay.toMs - (long) stay.ms;
            }
        }
        return Long.MAX_VALUE;
    }

    private static void addNew(final List<Stay> places, final Stay stay) {
        if (places.stream().noneMatch(other -> stay.metresTo(other) <= APART_METRES)) {
            places.add(stay);
        }
    }

    /** What of the stays up to one, so near to it, is left at its end. */
    private static double stayedMs(
            final List<Stay> stays, final int last, final double metres, final ZonePromise promise) {
        double sum = 0;
        for (int i = 0; i <= last; i++) {
            if (stays.get(i).metresTo(stays.get(last)) <= metres) {
                final long sinceMs = stays.get(last).toMs - stays.get(i).toMs;
                sum += stays.get(i).ms * Math.pow(0.5, (double) sinceMs / promise.halfLifeMs());
            }
        }
        return sum;
    }

    /** The middle of all stays that may be at this place lies no farther away than the farthest, and a receiver's error. */
    private static double slackMetres(final List<Stay> stays, final Stay stay) {
        double farthest = 0;
        for (final Stay other : stays) {
            final double metres = stay.metresTo(other);
            farthest = metres <= NEAR_METRES ? Math.max(farthest, metres) : farthest;
        }
        return farthest + DIAMETER_METRES;
    }

    /**
     * How far from every place that is known at that time a fix is at most, however the places are defined.
     *
     * @return metres; infinite when none is known.
     */
    double metres(final long timeMs, final double latitude, final double longitude) {
        double least = Double.POSITIVE_INFINITY;
        for (final Known place : known) {
            if (timeMs > place.fromMs && timeMs <= place.untilMs) {
                final double metres = Metres.between(latitude, longitude, place.latitude, place.longitude);
                least = Math.min(least, metres + place.slackMetres);
            }
        }
        return least;
    }
}
