// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which points of interest of the truth can still be read from what was published (Accio's PoisRetrieval): every point
 * of the published track is matched with the nearest true one within a distance, and counts once.
 *
 * @param matched distinct true points that were found.
 * @param published points that the attacker sees.
 * @param truth points that there are.
 */
public record PoiRetrieval(long matched, long published, long truth) {
    /** How far from the truth a point may be to tell it, in metres. */
    public static final double MATCH_METRES = 100;

    /** The attacker who takes the track as it is. */
    public static final UnaryOperator<Track> AS_IS = track -> track;

    /** The attacker who averages the noise away. */
    public static final UnaryOperator<Track> MOVING_AVERAGE = track -> movingAverage(track, 31);

    public static PoiRetrieval of(final Track truth, final Track published, final UnaryOperator<Track> attacker) {
        return of(StopDetector.ACCIO.stops(truth), StopDetector.ACCIO.stops(attacker.apply(published)));
    }

    private static PoiRetrieval of(final List<Stop> real, final List<Stop> seen) {
        final BitSet found = new BitSet();
        for (final Stop stop : seen) {
            double nearest = MATCH_METRES;
            int match = -1;
            for (int i = 0; i < real.size(); i++) {
                final Stop candidate = real.get(i);
                final double metres =
                        Metres.between(stop.latitude(), stop.longitude(), candidate.latitude(), candidate.longitude());
                if (metres <= nearest) {
                    nearest = metres;
                    match = i;
                }
            }
            if (match >= 0) {
                found.set(match);
            }
        }
        return new PoiRetrieval(found.cardinality(), seen.size(), real.size());
    }

    /** Over all tracks together: the counts are added, so that who has many points weighs more. */
    public static PoiRetrieval of(
            final List<Track> truth, final List<Track> published, final UnaryOperator<Track> attacker) {
        return of(stops(truth, AS_IS), stops(published, attacker), 0);
    }

    /**
     * Both of it: what the better of the two attackers finds, and what he finds by chance.
     *
     * @param best the one with the higher F, as he is.
     * @param byChance the same when each device's stops are looked for in the records of the next device: stops that are everybody's.
     */
    record WithChance(PoiRetrieval best, PoiRetrieval byChance) {}

    static WithChance best(final List<Track> truth, final List<Track> published) {
        final List<List<Stop>> real = stops(truth, AS_IS);
        final List<List<Stop>> asIs = stops(published, AS_IS);
        final List<List<Stop>> averaged = stops(published, MOVING_AVERAGE);
        final boolean isAveraged = of(real, averaged, 0).f() > of(real, asIs, 0).f();
        final List<List<Stop>> seen = isAveraged ? averaged : asIs;
        return new WithChance(of(real, seen, 0), of(real, seen, 1));
    }

    /** One device on each core. */
    private static List<List<Stop>> stops(final List<Track> tracks, final UnaryOperator<Track> attacker) {
        return tracks.parallelStream()
                .map(track -> StopDetector.ACCIO.stops(attacker.apply(track)))
                .toList();
    }

    /** Each device's stops beside what is seen of the one so many places on. */
    private static PoiRetrieval of(final List<List<Stop>> real, final List<List<Stop>> seen, final int shift) {
        PoiRetrieval sum = new PoiRetrieval(0, 0, 0);
        for (int i = 0; i < real.size(); i++) {
            final PoiRetrieval one = of(real.get(i), seen.get((i + shift) % real.size()));
            sum = new PoiRetrieval(sum.matched + one.matched, sum.published + one.published, sum.truth + one.truth);
        }
        return sum;
    }

    /** Share of what the attacker sees that is true, in [0, 1]. */
    public double precision() {
        return published == 0 ? 0 : (double) matched / published;
    }

    /** Share of the truth that the attacker sees, in [0, 1]. */
    public double recall() {
        return truth == 0 ? 0 : (double) matched / truth;
    }

    /** Harmonic mean of the two. */
    public double f() {
        final double sum = precision() + recall();
        return sum == 0 ? 0 : 2 * precision() * recall() / sum;
    }

    /** The mean of each fix and its neighbours, half of {@code points} on either side, fewer at the ends. */
    public static Track movingAverage(final Track track, final int points) {
        final int half = points / 2;
        final double[] latitudes = new double[track.size() + 1];
        final double[] longitudes = new double[track.size() + 1];
        for (int i = 0; i < track.size(); i++) {
            latitudes[i + 1] = latitudes[i] + track.latitude(i);
            longitudes[i + 1] = longitudes[i] + track.longitude(i);
        }
        final Track.Builder mean = Track.builder(track.name());
        for (int i = 0; i < track.size(); i++) {
            final int from = Math.max(0, i - half);
            final int to = Math.min(track.size(), i + half + 1);
            mean.add(
                    track.timeMs(i),
                    (latitudes[to] - latitudes[from]) / (to - from),
                    (longitudes[to] - longitudes[from]) / (to - from));
        }
        return mean.build();
    }
}
