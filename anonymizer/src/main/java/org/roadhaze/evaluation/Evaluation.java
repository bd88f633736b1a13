// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Every attack and every utility figure on one chain.
 *
 * @param uniqueness4 four points on 500 m and an hour, of all records of a device together; the worst case for its ids.
 * @param reidentified heat maps, second half of the time attacked with the raw first half.
 * @param reidentifiedAdaptive the same with the first half through the same chain.
 * @param reidentifiedByStops points of interest of the raw first half against those of the second.
 * @param reidentifiedByChance one of the devices.
 * @param relinkFull of the whole fleet; the best of two motions, and of silences of up to 2, 5 and the most minutes.
 * @param relinkFifth of a fifth of the fleet, through a chain that sees no other vehicle.
 * @param stops stop retrieval on all records of a device together; the better of the two attackers.
 * @param home end points of published runs, against nights in the raw tracks.
 * @param rangeQueryError of 1000 boxes.
 */
public record Evaluation(
        Uniqueness uniqueness4,
        HeatMapAttack.Result reidentified,
        HeatMapAttack.Result reidentifiedAdaptive,
        HeatMapAttack.Result reidentifiedByStops,
        double reidentifiedByChance,
        Relinking relinkFull,
        Relinking relinkFifth,
        PoiRetrieval stops,
        HomeInference.Errors home,
        double published,
        List<Double> publishedByDevice,
        Utility.Spread spatialDistortionMetres,
        double areaCoverage,
        double heatMapDivergence,
        Utility.Spread rangeQueryError,
        double odError,
        Utility.Spread delaySeconds) {
    private static final int MOST_TARGETS = 20_000;
    private static final long MINUTES_2 = 120_000;
    private static final long MINUTES_5 = 300_000;
    private static final int RANGE_QUERIES = 1_000;

    public Evaluation {
        publishedByDevice = List.copyOf(publishedByDevice);
    }

    /** What the evaluation takes as given. */
    public record Settings(long seed, long utcOffsetMs, long leastSilenceMs, long mostSilenceMs) {
        /** Local time is UTC; segments are joined over silences of up to 15 minutes, or of fewer where that finds more. */
        public static final Settings DEFAULT = new Settings(1, 0, 0, 15 * 60_000L);
    }

    /**
     * @param chain what is judged: from the tracks of all devices to what leaves. It is given parts of the tracks too, in the
     *     same order, and then starts afresh.
     */
    public static Evaluation evaluate(
            final List<Track> tracks, final Function<List<Track>, List<Published>> chain, final Settings settings) {
        final List<Published> records = chain.apply(tracks);
        final List<Track> byDevice = PublishedTracks.byDevice(records, tracks.size());
        final long middleMs = middleMs(tracks);
        final List<Track> known = tracks.stream()
                .map(track -> track.between(Long.MIN_VALUE, middleMs))
                .toList();
        final List<Track> later = tracks.stream()
                .map(track -> track.between(middleMs, Long.MAX_VALUE))
                .toList();
        final List<PublishedTracks.OfId> targets =
                HeatMapAttack.sample(PublishedTracks.byId(chain.apply(later)), MOST_TARGETS, settings.seed());
        final List<Track> adaptive = PublishedTracks.byDevice(chain.apply(known), tracks.size());
        final List<Optional<HomeInference.Place>> homes = new ArrayList<>();
        final List<Optional<HomeInference.Place>> guesses = new ArrayList<>();
        for (int device = 0; device < tracks.size(); device++) {
            homes.add(HomeInference.byNights(tracks.get(device), settings.utcOffsetMs()));
            guesses.add(HomeInference.byEndPoints(HomeInference.runs(byDevice.get(device), StopPromise.SILENCE_MS)));
        }
        final PoiRetrieval asIs = PoiRetrieval.of(tracks, byDevice, PoiRetrieval.AS_IS);
        final PoiRetrieval averaged = PoiRetrieval.of(tracks, byDevice, PoiRetrieval.MOVING_AVERAGE);
        return new Evaluation(
                Uniqueness.of(byDevice, 500, 3_600_000, 4, 50, settings.seed()),
                new HeatMapAttack(known, HeatMapAttack.CELL_METRES).attack(targets),
                new HeatMapAttack(adaptive, HeatMapAttack.CELL_METRES).attack(targets),
                new PoiAttack(known).attack(targets),
                tracks.isEmpty() ? 0 : 1.0 / tracks.size(),
                relink(records, settings),
                relink(chain.apply(fifth(tracks, settings.seed())), settings),
                averaged.f() > asIs.f() ? averaged : asIs,
                HomeInference.errors(homes, guesses),
                Utility.share(tracks, records),
                Utility.shareByDevice(tracks, records),
                Utility.spatialDistortionMetres(tracks, records),
                MapUtility.areaCoverage(tracks, records, MapUtility.COVERAGE_METRES),
                MapUtility.heatMapDivergence(tracks, records, HeatMapAttack.CELL_METRES),
                MapUtility.rangeQueryError(tracks, records, RANGE_QUERIES, settings.seed()),
                MapUtility.odError(tracks, records, MapUtility.OD_METRES),
                Utility.delaySeconds(records));
    }

    /** A fleet of a fifth, which the chain sees alone: what waits for others has fewer to wait for. */
    private static List<Track> fifth(final List<Track> tracks, final long seed) {
        final List<Track> left = new ArrayList<>(tracks);
        final List<Track> drawn = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(seed);
        while (drawn.size() < Math.round(tracks.size() / 5.0)) {
            drawn.add(left.remove(random.nextInt(left.size())));
        }
        return drawn;
    }

    private static Relinking relink(final List<Published> records, final Settings settings) {
        Relinking best = new Relinking(0, 0);
        for (final long mostSilenceMs : new long[] {MINUTES_2, MINUTES_5, settings.mostSilenceMs()}) {
            if (mostSilenceMs <= settings.mostSilenceMs() && mostSilenceMs >= settings.leastSilenceMs()) {
                for (final Relinking.Motion motion : Relinking.Motion.values()) {
                    final Relinking one = Relinking.attack(
                            records,
                            new Relinking.Tracker(
                                    motion, Relinking.Matching.GREEDY, settings.leastSilenceMs(), mostSilenceMs, 50));
                    best = best.links() == 0 || one.rate() > best.rate() ? one : best;
                }
            }
        }
        return best;
    }

    private static long middleMs(final List<Track> tracks) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (final Track track : tracks) {
            if (track.size() > 0) {
                first = Math.min(first, track.timeMs(0));
                last = Math.max(last, track.timeMs(track.size() - 1));
            }
        }
        return first > last ? 0 : first + (last - first) / 2;
    }
}
