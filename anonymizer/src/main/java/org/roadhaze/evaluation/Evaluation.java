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
 * @param reidentifiedByStopsAdaptive the same with the first half through the same chain.
 * @param reidentifiedByMarkov mobility Markov chains of the raw first half against those of the second.
 * @param reidentifiedByMarkovAdaptive the same with the first half through the same chain.
 * @param reidentifiedByChance one of the devices.
 * @param relinkFull of the whole fleet; the best of two motions, and of silences of up to 2, 5 and the most minutes.
 * @param relinkFifth of a fifth of the fleet, through a chain that sees no other vehicle.
 * @param aggregates trajectories from numbers per cell and time; of a stream with ids of nobody.
 * @param stops stop retrieval on all records of a device together; the better of the two attackers.
 * @param home against nights in the raw tracks: end points of published runs, or nights in what was published, whichever finds more
 *     within 250 m.
 * @param published records for each fix; of aggregates none.
 * @param publishedByDensity from the sparsest tenth of all fixes to the densest, see {@link Density}.
 * @param rangeQueryError of 1000 boxes.
 */
public record Evaluation(
        Uniqueness uniqueness4,
        HeatMapAttack.Result reidentified,
        HeatMapAttack.Result reidentifiedAdaptive,
        HeatMapAttack.Result reidentifiedByStops,
        HeatMapAttack.Result reidentifiedByStopsAdaptive,
        HeatMapAttack.Result reidentifiedByMarkov,
        HeatMapAttack.Result reidentifiedByMarkovAdaptive,
        double reidentifiedByChance,
        Relinking relinkFull,
        Relinking relinkFifth,
        AggregateRecovery aggregates,
        PoiRetrieval stops,
        HomeInference.Errors home,
        double published,
        List<Double> publishedByDevice,
        List<Double> publishedByDensity,
        Utility.Spread spatialDistortionMetres,
        double areaCoverage,
        double heatMapDivergence,
        Utility.Spread rangeQueryError,
        double odError,
        double tripLengthShiftMetres,
        TrafficSpeed trafficSpeed,
        Utility.Spread delaySeconds) {
    private static final long MINUTES_2 = 120_000;
    private static final long MINUTES_5 = 300_000;
    private static final int RANGE_QUERIES = 1_000;
    private static final double HOME_METRES = 250;

    public Evaluation {
        publishedByDevice = List.copyOf(publishedByDevice);
        publishedByDensity = List.copyOf(publishedByDensity);
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
        final List<Published> all = chain.apply(tracks);
        final List<Published> records = PublishedTracks.ofDevices(all);
        final List<Track> byDevice = PublishedTracks.byDevice(records, tracks.size());
        final Reidentification reidentified = Reidentification.of(tracks, chain, settings.seed());
        final PoiRetrieval asIs = PoiRetrieval.of(tracks, byDevice, PoiRetrieval.AS_IS);
        final PoiRetrieval averaged = PoiRetrieval.of(tracks, byDevice, PoiRetrieval.MOVING_AVERAGE);
        return new Evaluation(
                Uniqueness.of(byDevice, 500, 3_600_000, 4, 50, settings.seed()),
                reidentified.heatMaps(),
                reidentified.heatMapsAdaptive(),
                reidentified.stops(),
                reidentified.stopsAdaptive(),
                reidentified.markov(),
                reidentified.markovAdaptive(),
                tracks.isEmpty() ? 0 : 1.0 / tracks.size(),
                relink(records, settings),
                relink(chain.apply(fifth(tracks, settings.seed())), settings),
                AggregateRecovery.of(tracks, all, settings.seed()),
                averaged.f() > asIs.f() ? averaged : asIs,
                home(tracks, byDevice, settings.utcOffsetMs()),
                Utility.share(tracks, records),
                Utility.shareByDevice(tracks, records),
                Density.publishedByDecile(tracks, records),
                Utility.spatialDistortionMetres(tracks, records),
                MapUtility.areaCoverage(tracks, records, MapUtility.COVERAGE_METRES),
                MapUtility.heatMapDivergence(tracks, all, HeatMapAttack.CELL_METRES),
                MapUtility.rangeQueryError(tracks, records, RANGE_QUERIES, settings.seed()),
                MapUtility.odError(tracks, records, MapUtility.OD_METRES),
                Utility.tripLengthShiftMetres(tracks, records),
                TrafficSpeed.of(tracks, records),
                Utility.delaySeconds(all));
    }

    /** Whichever of the two attackers finds more homes within 250 m. */
    private static HomeInference.Errors home(
            final List<Track> tracks, final List<Track> byDevice, final long utcOffsetMs) {
        final List<Optional<HomeInference.Place>> homes = new ArrayList<>();
        final List<Optional<HomeInference.Place>> ends = new ArrayList<>();
        final List<Optional<HomeInference.Place>> nights = new ArrayList<>();
        for (int device = 0; device < tracks.size(); device++) {
            homes.add(HomeInference.byNights(tracks.get(device), utcOffsetMs));
            ends.add(HomeInference.byEndPoints(HomeInference.runs(byDevice.get(device), StopPromise.SILENCE_MS)));
            nights.add(HomeInference.byNights(byDevice.get(device), utcOffsetMs));
        }
        final HomeInference.Errors byEnds = HomeInference.errors(homes, ends);
        final HomeInference.Errors byNights = HomeInference.errors(homes, nights);
        return byNights.within(HOME_METRES) > byEnds.within(HOME_METRES) ? byNights : byEnds;
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
        final List<Relinking.Tracker> trackers = new ArrayList<>();
        for (final long mostSilenceMs : new long[] {MINUTES_2, MINUTES_5, settings.mostSilenceMs()}) {
            if (mostSilenceMs <= settings.mostSilenceMs() && mostSilenceMs >= settings.leastSilenceMs()) {
                for (final Relinking.Motion motion : Relinking.Motion.values()) {
                    trackers.add(new Relinking.Tracker(
                            motion, Relinking.Matching.GREEDY, settings.leastSilenceMs(), mostSilenceMs, 50));
                }
            }
        }
        final List<Segment> segments = Segment.of(records);
        return trackers.parallelStream()
                .map(tracker -> Relinking.attackSegments(segments, tracker))
                .reduce(new Relinking(0, 0), (best, one) -> best.links() == 0 || one.rate() > best.rate() ? one : best);
    }
}
