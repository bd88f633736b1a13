// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who vanishes where few drive: the share that is published of the fixes with few others around, up to that of those with most.
 * How dense it is at a fix is how many devices were in its square of a kilometre in its quarter of an hour.
 */
public final class Density {
    /** Parts of equal numbers of fixes, from the sparsest to the densest. */
    public static final int PARTS = 10;

    private static final Grid GRID = new Grid(1000);
    private static final long QUARTER_MS = 15 * 60_000L;

    /** Devices, and the fixes in and records out. */
    private static final class Tally {
        private int lastDevice = -1;
        private int devices;
        private long fixes;
        private long records;
    }

    private Density() {}

    /**
     * Shares by decile.
     *
     * @return records for each fix, of the {@value #PARTS} parts of all fixes, the sparsest first; fixes of one density count for the
     *     parts that they lie in as if they were mixed. Empty without a fix.
     */
    public static List<Double> publishedByDecile(final List<Track> tracks, final List<Published> records) {
        final Map<Spot, Tally> spots = new HashMap<>();
        long all = 0;
        for (int device = 0; device < tracks.size(); device++) {
            final Track track = tracks.get(device);
            for (int i = 0; i < track.size(); i++) {
                final Tally spot = spots.computeIfAbsent(spot(track, i), none -> new Tally());
                spot.devices += spot.lastDevice == device ? 0 : 1;
                spot.lastDevice = device;
                spot.fixes++;
                all++;
            }
        }
        for (final Published record : records) {
            final Track track = tracks.get(record.trueDevice());
            final int fix = track.firstAtOrAfter(record.trueTimeMs());
            if (fix < track.size()) {
                spots.get(spot(track, fix)).records++;
            }
        }
        return deciles(spots, all);
    }

    private static Spot spot(final Track track, final int fix) {
        return Spot.of(GRID, track.latitude(fix), track.longitude(fix), track.timeMs(fix), QUARTER_MS);
    }

    private static List<Double> deciles(final Map<Spot, Tally> spots, final long all) {
        final TreeMap<Integer, Tally> byDensity = new TreeMap<>();
        for (final Tally spot : spots.values()) {
            final Tally sum = byDensity.computeIfAbsent(spot.devices, none -> new Tally());
            sum.fixes += spot.fixes;
            sum.records += spot.records;
        }
        final double part = (double) all / PARTS;
        final double[] records = new double[PARTS];
        double before = 0;
        for (final Tally each : byDensity.values()) {
            for (int i = 0; i < PARTS; i++) {
                final double within = Math.min((i + 1) * part, before + each.fixes) - Math.max(i * part, before);
                records[i] += Math.max(0, within) / each.fixes * each.records;
            }
            before += each.fixes;
        }
        final List<Double> shares = new ArrayList<>();
        for (int i = 0; all > 0 && i < PARTS; i++) {
            shares.add(records[i] / part);
        }
        return shares;
    }
}
