// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How wrong the speeds are that records tell of a square and a quarter of an hour. The truth is the mean speed of all fixes there,
 * each from the fix before ({@link Track#speedKmh}); the answer is the mean of the speeds that records tell, or, of a stream that
 * tells none, of those between the records of one id. Who stands (three minutes within 100 m) is no traffic: such fixes are
 * left out, and such records where an id shows it.
 *
 * <p>Part of the error is that fewer are asked, whoever they are. What it is compared with is the error of another, unbiased choice of
 * about as many fixes as there are answers: a sample of the truth that is drawn at random, with exact speeds, places and times, over
 * the squares and quarters of an hour that both answer. That is no bound: a stream may be less wrong.
 *
 * @param error |answer - truth| / truth, of every square and quarter of an hour that has {@link #LEAST_FIXES} fixes, some motion, and
 *     a record.
 * @param bias the mean of (answer - truth) / truth over the same; above 0 where records tell of too fast a traffic, as they do where
 *     those near to stops are kept back. NaN if there is none.
 * @param sampled the error of the sample, over those of the same in which it has a fix; where there are as many answers as true
 *     speeds, or more, it is all of them, and 0.
 * @param covered how many of those with enough fixes have a record, in [0, 1]; NaN if there is none.
 * @param cells how many have enough fixes.
 * @param shiftKmh distance of the distribution of all answers from that of all true speeds ({@link Wasserstein}), in km/h.
 */
public record TrafficSpeed(
        Utility.Spread error, double bias, Utility.Spread sampled, double covered, long cells, double shiftKmh) {
    /** Side of the squares, in metres. */
    public static final double CELL_METRES = 500;

    /** Fewer fixes than this in a quarter of an hour are no truth. */
    public static final int LEAST_FIXES = 10;

    private static final long QUARTER_MS = 15 * 60_000L;

    /** Where nobody moves, nothing is by a share of it too fast. */
    private static final double LEAST_KMH = 1;

    private static final class Speeds {
        private final Grid grid = new Grid(CELL_METRES);
        private final Map<Spot, Mean> means = new HashMap<>();
        private double[] all = new double[1024];
        private int count;

        private void add(final double latitude, final double longitude, final long timeMs, final double kmh) {
            final Spot spot = Spot.of(grid, latitude, longitude, timeMs, QUARTER_MS);
            means.computeIfAbsent(spot, none -> new Mean()).add(kmh);
            if (count == all.length) {
                all = Arrays.copyOf(all, 2 * count);
            }
            all[count++] = kmh;
        }

        private double[] all() {
            return Arrays.copyOf(all, count);
        }
    }

    private static final class Mean {
        private double sum;
        private int count;

        private void add(final double value) {
            sum += value;
            count++;
        }

        private double value() {
            return sum / count;
        }
    }

    /** Sees the speed of a fix of which its vehicle did not stand. */
    @FunctionalInterface
    private interface Moving {
        void at(Track track, int fix, double kmh);
    }

    /**
     * Compares what records tell with what their devices did.
     *
     * @param seed of the sample.
     */
    public static TrafficSpeed of(final List<Track> tracks, final List<Published> records, final long seed) {
        final Speeds truth = new Speeds();
        forEachMoving(
                tracks,
                (track, fix, kmh) -> truth.add(track.latitude(fix), track.longitude(fix), track.timeMs(fix), kmh));
        final Speeds told = new Speeds();
        final boolean tells = records.stream().anyMatch(record -> !Double.isNaN(record.speedKmh()));
        PublishedTracks.forEachId(records, ofId -> addTold(ofId, tells, told));
        final Speeds sample = new Speeds();
        final double share = Math.min(1, (double) told.count / truth.count);
        final SplittableRandom random = new SplittableRandom(seed);
        forEachMoving(tracks, (track, fix, kmh) -> {
            if (random.nextDouble() < share) {
                sample.add(track.latitude(fix), track.longitude(fix), track.timeMs(fix), kmh);
            }
        });
        return compare(truth, told, sample);
    }

    private static void forEachMoving(final List<Track> tracks, final Moving moving) {
        for (final Track track : tracks) {
            final boolean[] stands = stands(track);
            for (int i = 1; i < stands.length; i++) {
                final double kmh = track.speedKmh(i);
                if (!stands[i] && !Double.isNaN(kmh)) {
                    moving.at(track, i, kmh);
                }
            }
        }
    }

    private static void addTold(final List<Published> ofId, final boolean tells, final Speeds told) {
        final Track track = PublishedTracks.track(ofId);
        final boolean[] stands = stands(track);
        for (int i = 0; i < stands.length; i++) {
            final double kmh = tells ? ofId.get(i).speedKmh() : track.speedKmh(i);
            if (!stands[i] && !Double.isNaN(kmh)) {
                told.add(track.latitude(i), track.longitude(i), track.timeMs(i), kmh);
            }
        }
    }

    private static boolean[] stands(final Track track) {
        final boolean[] stands = new boolean[track.size()];
        if (stands.length > 1) {
            StopDetector.TRIP.stops(track).forEach(stop -> Arrays.fill(stands, stop.first(), stop.last() + 1, true));
        }
        return stands;
    }

    private static TrafficSpeed compare(final Speeds truth, final Speeds told, final Speeds sample) {
        final long cells =
                truth.means.values().stream().filter(TrafficSpeed::isTruth).count();
        final double[] errors = errors(truth, told, told);
        return new TrafficSpeed(
                spread(errors),
                Arrays.stream(errors).average().orElse(Double.NaN),
                spread(errors(truth, sample, told)),
                cells == 0 ? Double.NaN : (double) errors.length / cells,
                cells,
                Wasserstein.distance(truth.all(), told.all()));
    }

    private static boolean isTruth(final Mean real) {
        return real.count >= LEAST_FIXES && real.value() >= LEAST_KMH;
    }

    /** (answer - truth) / truth, of every square and quarter of an hour with a truth, an answer, and one of others. */
    private static double[] errors(final Speeds truth, final Speeds answers, final Speeds others) {
        final List<Double> errors = new ArrayList<>();
        truth.means.forEach((spot, real) -> {
            final Mean answer = answers.means.get(spot);
            if (answer != null && others.means.containsKey(spot) && isTruth(real)) {
                errors.add((answer.value() - real.value()) / real.value());
            }
        });
        return errors.stream().mapToDouble(error -> error).toArray();
    }

    private static Utility.Spread spread(final double[] errors) {
        return Utility.Spread.of(Arrays.stream(errors).map(Math::abs).toArray());
    }
}
