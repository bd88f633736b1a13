// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What published records are still good for on a map: where the fleet was, how many were where, and from where to where. */
public final class MapUtility {
    /** About the side of an S2 cell of level 15, in metres, on which Accio measures coverage. */
    public static final double COVERAGE_METRES = 280;

    /** Side of the squares between which trips are counted, in metres. */
    public static final double OD_METRES = 2000;

    private static final double LEAST_BOX_METRES = 500;
    private static final double MOST_BOX_METRES = 2000;
    private static final long LEAST_BOX_MS = 2 * 3_600_000L;
    private static final long MOST_BOX_MS = 4 * 3_600_000L;

    private MapUtility() {}

    /**
     * How far the squares that a device's records name are those in which it was (Accio's AreaCoverage): the harmonic mean of the
     * share of named squares that are true and the share of true ones that are named.
     *
     * @return the mean over all devices with a fix, in [0, 1]; NaN if there is none.
     */
    public static double areaCoverage(final List<Track> tracks, final List<Published> records, final double metres) {
        final Grid grid = new Grid(metres);
        final List<Set<Long>> named = new ArrayList<>();
        tracks.forEach(track -> named.add(new HashSet<>()));
        records.forEach(record -> named.get(record.trueDevice()).add(grid.cell(record.latitude(), record.longitude())));
        double sum = 0;
        int devices = 0;
        for (int device = 0; device < tracks.size(); device++) {
            final Set<Long> truth = new HashSet<>();
            final Track track = tracks.get(device);
            for (int i = 0; i < track.size(); i++) {
                truth.add(grid.cell(track.latitude(i), track.longitude(i)));
            }
            if (!truth.isEmpty()) {
                final int all = truth.size() + named.get(device).size();
                truth.retainAll(named.get(device));
                sum += 2.0 * truth.size() / all;
                devices++;
            }
        }
        return devices == 0 ? Double.NaN : sum / devices;
    }

    /**
     * How different the map of all records is from that of all fixes: the Jensen-Shannon divergence of the two, each taken as
     * shares of squares, with natural logarithms. An aggregate weighs as many as it counts.
     *
     * @return 0 for the same map, ln 2 for maps without a common square; NaN if one is empty.
     */
    public static double heatMapDivergence(
            final List<Track> tracks, final List<Published> records, final double metres) {
        final Grid grid = new Grid(metres);
        final Map<Long, double[]> shares = new HashMap<>();
        final long fixes = tracks.stream().mapToLong(Track::size).sum();
        final long counted = records.stream().mapToLong(Published::devices).sum();
        if (fixes == 0 || counted == 0) {
            return Double.NaN;
        }
        for (final Track track : tracks) {
            for (int i = 0; i < track.size(); i++) {
                shares.computeIfAbsent(grid.cell(track.latitude(i), track.longitude(i)), none -> new double[2])[0] +=
                        1.0 / fixes;
            }
        }
        for (final Published record : records) {
            shares.computeIfAbsent(grid.cell(record.latitude(), record.longitude()), none -> new double[2])[1] +=
                    (double) record.devices() / counted;
        }
        return shares.values().stream()
                .mapToDouble(both -> (term(both[0], both[1]) + term(both[1], both[0])) / 2)
                .sum();
    }

    private static double term(final double share, final double other) {
        return share == 0 ? 0 : share * Math.log(2 * share / (share + other));
    }

    /**
     * How wrong a count of records is that somebody takes for one of fixes, over random boxes of 500 to 2000 m and 2 to 4 hours
     * (Accio's CountQueriesDistortion), each around a fix, so that none is empty in truth: |fixes - records| / fixes.
     *
     * @param queries how many boxes, at least 1.
     */
    public static Utility.Spread rangeQueryError(
            final List<Track> tracks, final List<Published> records, final int queries, final long seed) {
        final Truth truth = new Truth(tracks);
        final TimeOrder fixes = new TimeOrder(truth.fixes());
        for (int fix = 0; fix < truth.fixes(); fix++) {
            fixes.add(truth.timeMs(fix), truth.latitude(fix), truth.longitude(fix));
        }
        final TimeOrder published = new TimeOrder(records.size());
        records.forEach(record -> published.add(record.timeMs(), record.latitude(), record.longitude()));
        fixes.sort();
        published.sort();
        final SplittableRandom random = new SplittableRandom(seed);
        final double[] errors = new double[truth.fixes() == 0 ? 0 : queries];
        for (int i = 0; i < errors.length; i++) {
            final int around = random.nextInt(truth.fixes());
            final double half = random.nextDouble(LEAST_BOX_METRES, MOST_BOX_METRES) / 2;
            final long halfMs = random.nextLong(LEAST_BOX_MS, MOST_BOX_MS) / 2;
            final long timeMs = truth.timeMs(around);
            final double latitude = truth.latitude(around);
            final double longitude = truth.longitude(around);
            final double there = fixes.count(timeMs - halfMs, timeMs + halfMs, latitude, longitude, half);
            errors[i] = Math.abs(there - published.count(timeMs - halfMs, timeMs + halfMs, latitude, longitude, half))
                    / there;
        }
        return Utility.Spread.of(errors);
    }

    /**
     * How wrong a matrix of trips from square to square is that is made of records: a device's runs without a silence of 20
     * minutes, as its fixes have them against as its records under one id have them; the sum of |fixes - records| over all pairs
     * of squares, to all trips of the truth.
     *
     * @return 0 for the same matrix, 1 for an empty one, up to any number; NaN if there is no trip.
     */
    public static double odError(final List<Track> tracks, final List<Published> records, final double metres) {
        final Grid grid = new Grid(metres);
        final Map<List<Long>, Long> surplus = new HashMap<>();
        final long trips = tracks.stream()
                .mapToLong(track -> addRuns(track, grid, 1, surplus))
                .sum();
        PublishedTracks.byId(records).forEach(each -> addRuns(each.track(), grid, -1, surplus));
        return trips == 0
                ? Double.NaN
                : (double) surplus.values().stream().mapToLong(Math::abs).sum() / trips;
    }

    private static long addRuns(
            final Track track, final Grid grid, final long sign, final Map<List<Long>, Long> surplus) {
        final List<Track> runs = HomeInference.runs(track, StopPromise.SILENCE_MS);
        long trips = 0;
        for (final Track run : runs) {
            if (run.size() > 1) {
                final int last = run.size() - 1;
                final List<Long> pair = List.of(
                        grid.cell(run.latitude(0), run.longitude(0)),
                        grid.cell(run.latitude(last), run.longitude(last)));
                surplus.merge(pair, sign, Long::sum);
                trips++;
            }
        }
        return trips;
    }

    /** Places in the order of time, to be counted in boxes. */
    private static final class TimeOrder {
        private final long[] timeMs;
        private final double[] latitude;
        private final double[] longitude;
        private int size;
        private long[] sortedMs;
        private int[] order;

        private TimeOrder(final int capacity) {
            timeMs = new long[capacity];
            latitude = new double[capacity];
            longitude = new double[capacity];
        }

        private void add(final long atMs, final double north, final double east) {
            timeMs[size] = atMs;
            latitude[size] = north;
            longitude[size++] = east;
        }

        private void sort() {
            order = IntStream.range(0, size)
                    .boxed()
                    .sorted((a, b) -> Long.compare(timeMs[a], timeMs[b]))
                    .mapToInt(i -> i)
                    .toArray();
            sortedMs = Arrays.stream(order).mapToLong(i -> timeMs[i]).toArray();
        }

        private long count(
                final long fromMs, final long toMs, final double north, final double east, final double halfMetres) {
            final int found = Arrays.binarySearch(sortedMs, fromMs);
            int from = found < 0 ? -found - 1 : found;
            while (from > 0 && sortedMs[from - 1] == fromMs) {
                from--;
            }
            final double perDegreeEast = Metres.perDegreeEast(north);
            long count = 0;
            for (int i = from; i < size && sortedMs[i] <= toMs; i++) {
                count += Math.abs(latitude[order[i]] - north) * Metres.PER_DEGREE <= halfMetres
                                && Math.abs(longitude[order[i]] - east) * perDegreeEast <= halfMetres
                        ? 1
                        : 0;
            }
            return count;
        }
    }
}
