// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How wrong the speeds are that records tell of a square and a quarter of an hour. The truth is the mean speed of all fixes there,
 * each from the fix before ({@link Track#speedKmh}); the answer is the mean of the speeds that records tell, or, of a stream that
 * tells none, of those between the records of one id. Who stands (three minutes within 100 m) is no traffic: such fixes are
 * left out, and such records where an id shows it.
 *
 * @param error |answer - truth| / truth, of every square and quarter of an hour that has {@link #LEAST_FIXES} fixes, some motion, and
 *     a record.
 * @param covered how many of those with enough fixes have a record, in [0, 1]; NaN if there is none.
 * @param cells how many have enough fixes.
 * @param shiftKmh distance of the distribution of all answers from that of all true speeds ({@link Wasserstein}), in km/h.
 */
public record TrafficSpeed(Utility.Spread error, double covered, long cells, double shiftKmh) {
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

    /** Compares what records tell with what their devices did. */
    public static TrafficSpeed of(final List<Track> tracks, final List<Published> records) {
        final Speeds truth = new Speeds();
        for (final Track track : tracks) {
            final boolean[] stands = stands(track);
            for (int i = 1; i < stands.length; i++) {
                final double kmh = track.speedKmh(i);
                if (!stands[i] && !Double.isNaN(kmh)) {
                    truth.add(track.latitude(i), track.longitude(i), track.timeMs(i), kmh);
                }
            }
        }
        final Speeds told = new Speeds();
        final boolean tells = records.stream().anyMatch(record -> !Double.isNaN(record.speedKmh()));
        PublishedTracks.forEachId(records, ofId -> addTold(ofId, tells, told));
        return compare(truth, told);
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

    private static TrafficSpeed compare(final Speeds truth, final Speeds told) {
        final List<Double> errors = new ArrayList<>();
        long cells = 0;
        for (final Map.Entry<Spot, Mean> each : truth.means.entrySet()) {
            final Mean real = each.getValue();
            if (real.count >= LEAST_FIXES && real.value() >= LEAST_KMH) {
                cells++;
                final Mean answer = told.means.get(each.getKey());
                if (answer != null) {
                    errors.add(Math.abs(answer.value() - real.value()) / real.value());
                }
            }
        }
        return new TrafficSpeed(
                Utility.Spread.of(errors.stream().mapToDouble(error -> error).toArray()),
                cells == 0 ? Double.NaN : (double) errors.size() / cells,
                cells,
                Wasserstein.distance(truth.all(), told.all()));
    }
}
