// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

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
 * @param relinkFull of the whole fleet; the best of two motions, and of silences of up to 2, 5 and the most minutes beyond the
 *     least; with a road map, of distances along roads and as the crow flies. Of all of them the same links count: those over a
 *     silence of up to the most beyond the least.
 * @param relinkFifth of fleets of a fifth: all five into which the seed deals the devices, each through a chain that sees no other
 *     vehicle, their links together; the one tracker that finds most of them. Of fewer than five devices nothing.
 * @param aggregates trajectories from numbers per cell and time; of a stream with ids of nobody.
 * @param stops stop retrieval on all records of a device together; the better of the two attackers.
 * @param stopsByChance the same with each device's stops looked for in the records of the next.
 * @param home against nights in the raw tracks: end points of published runs, or nights in what was published, whichever finds more
 *     within 250 m.
 * @param homeByChance what the same answers find within 250 m of the home of another device, drawn at random; NaN where there is none.
 * @param published records for each fix; of aggregates none.
 * @param publishedByDensity from the sparsest tenth of all fixes to the densest, see {@link Density}.
 * @param rangeQueryError of 1000 boxes.
 * @param wholeTrips how many trips left under one id.
 * @param odError NaN where most trips left under several ids, or none, and of aggregates: those tell of no trips.
 * @param tripLengthShiftMetres the same.
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
        PoiRetrieval stopsByChance,
        HomeInference.Errors home,
        double homeByChance,
        double published,
        List<Double> publishedByDevice,
        List<Double> publishedByDensity,
        Utility.Spread spatialDistortionMetres,
        Utility.Spread spatioTemporalDistortionMetres,
        double areaCoverage,
        double heatMapDivergence,
        Utility.Spread rangeQueryError,
        WholeTrips wholeTrips,
        double odError,
        double tripLengthShiftMetres,
        TrafficSpeed trafficSpeed,
        Utility.Spread delaySeconds) {
    private static final long MINUTES_2 = 120_000;
    private static final long MINUTES_5 = 300_000;
    private static final int FIFTHS = 5;
    private static final int RANGE_QUERIES = 1_000;
    private static final double HOME_METRES = 250;

    public Evaluation {
        publishedByDevice = List.copyOf(publishedByDevice);
        publishedByDensity = List.copyOf(publishedByDensity);
    }

    /**
     * What the evaluation takes as given.
     *
     * @param leastSilenceMs between two ids of a vehicle, as the policy's reader knows it.
     * @param mostSilenceMs beyond that, which a tracker bridges, or less where that finds more.
     * @param roads the tracker's map, where he has one.
     */
    public record Settings(
            long seed, long utcOffsetMs, long leastSilenceMs, long mostSilenceMs, Optional<RoadGraph> roads) {
        /** Local time is UTC; segments are joined over silences of up to 15 minutes; no road map. */
        public static final Settings DEFAULT = new Settings(1, 0, 0, Relinking.LOOKED_OVER_MS, Optional.empty());

        /** The same for a stream with another least silence. */
        public Settings leastSilence(final long leastMs) {
            return new Settings(seed, utcOffsetMs, leastMs, mostSilenceMs, roads);
        }
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
        final PoiRetrieval.WithChance stops = PoiRetrieval.best(tracks, byDevice);
        final Home home = home(tracks, byDevice, settings.utcOffsetMs());
        final WholeTrips trips = WholeTrips.of(tracks, records);
        final boolean tellsTrips = trips.areMost() && (all.isEmpty() || !records.isEmpty());
        return new Evaluation(
                Uniqueness.of(byDevice, 500, 3_600_000, 4, 50, settings.seed()),
                reidentified.heatMaps(),
                reidentified.heatMapsAdaptive(),
                reidentified.stops(),
                reidentified.stopsAdaptive(),
                reidentified.markov(),
                reidentified.markovAdaptive(),
                tracks.isEmpty() ? 0 : 1.0 / tracks.size(),
                relink(List.of(Segment.of(records)), settings),
                relink(
                        fifths(tracks, settings.seed()).stream()
                                .map(chain)
                                .map(Segment::of)
                                .toList(),
                        settings),
                AggregateRecovery.of(tracks, all, settings.seed()),
                stops.best(),
                stops.byChance(),
                home.errors(),
                home.byChance(),
                Utility.share(tracks, records),
                Utility.shareByDevice(tracks, records),
                Density.publishedByDecile(tracks, records),
                Utility.spatialDistortionMetres(tracks, records),
                Utility.spatioTemporalDistortionMetres(tracks, records),
                MapUtility.areaCoverage(tracks, records, MapUtility.COVERAGE_METRES),
                MapUtility.heatMapDivergence(tracks, all, HeatMapAttack.CELL_METRES),
                MapUtility.rangeQueryError(tracks, records, RANGE_QUERIES, settings.seed()),
                trips,
                tellsTrips ? MapUtility.odError(tracks, records, MapUtility.OD_METRES) : Double.NaN,
                tellsTrips ? Utility.tripLengthShiftMetres(tracks, records) : Double.NaN,
                TrafficSpeed.of(tracks, records, settings.seed()),
                Utility.delaySeconds(all));
    }

    /**
     * Joins the segments of a stream again by every tracker of an evaluation.
     *
     * @param records those of a device in the order of their times.
     * @return what the tracker found who found most, as {@link #relinkFull} tells it.
     */
    public static Relinking joinedAgain(final List<Published> records, final Settings settings) {
        return relink(List.of(Segment.of(records)), settings);
    }

    private record Home(HomeInference.Errors errors, double byChance) {}

    /** Whichever of the two attackers finds more homes within 250 m. */
    private static Home home(final List<Track> tracks, final List<Track> byDevice, final long utcOffsetMs) {
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
        return byNights.within(HOME_METRES) > byEnds.within(HOME_METRES)
                ? new Home(byNights, HomeInference.chance(homes, nights, HOME_METRES))
                : new Home(byEnds, HomeInference.chance(homes, ends, HOME_METRES));
    }

    /**
     * The fleet dealt into five, each of which the chain sees alone: what waits for others has fewer to wait for. Which vehicles
     * a fifth happens to hold moves what is found by more than its interval says, so all five are asked.
     */
    private static List<List<Track>> fifths(final List<Track> tracks, final long seed) {
        if (tracks.size() < FIFTHS) {
            return List.of();
        }
        final List<Track> left = new ArrayList<>(tracks);
        final List<Track> dealt = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(seed);
        while (!left.isEmpty()) {
            dealt.add(left.remove(random.nextInt(left.size())));
        }
        return IntStream.range(0, FIFTHS)
                .mapToObj(i -> List.copyOf(dealt.subList(i * tracks.size() / FIFTHS, (i + 1) * tracks.size() / FIFTHS)))
                .toList();
    }

    /** Of the trackers the best over all fleets together; each fleet is attacked alone. */
    private static Relinking relink(final List<List<Segment>> fleets, final Settings settings) {
        final List<Relinking.Tracker> trackers = new ArrayList<>();
        for (final long mostSilenceMs : new long[] {MINUTES_2, MINUTES_5, settings.mostSilenceMs()}) {
            if (mostSilenceMs <= settings.mostSilenceMs()) {
                for (final Relinking.Motion motion : Relinking.Motion.values()) {
                    final long leastMs = settings.leastSilenceMs();
                    final Relinking.Tracker tracker = new Relinking.Tracker(
                            motion, Relinking.Matching.GREEDY, leastMs, leastMs + mostSilenceMs, 50);
                    trackers.add(tracker);
                    settings.roads().map(tracker::on).ifPresent(trackers::add);
                }
            }
        }
        return trackers.parallelStream()
                .map(tracker -> fleets.stream()
                        .map(segments -> Relinking.attack(segments, tracker, settings.mostSilenceMs()))
                        .reduce(Relinking.NONE, Relinking::plus))
                .reduce(Relinking.NONE, (best, one) -> best.links() == 0 || one.rate() > best.rate() ? one : best);
    }
}
