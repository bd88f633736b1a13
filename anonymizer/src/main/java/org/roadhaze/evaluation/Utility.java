// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What published records are still good for. */
public final class Utility {
    private Utility() {}

    /**
     * Order statistics of a figure.
     *
     * @param p50 half are at most this.
     * @param p95 95 % are at most this.
     */
    public record Spread(double mean, double p50, double p95, double p99, double most) {
        static Spread of(final double[] values) {
            if (values.length == 0) {
                return new Spread(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
            }
            final double[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Spread(
                    Arrays.stream(sorted).average().orElse(Double.NaN),
                    rank(sorted, 0.50),
                    rank(sorted, 0.95),
                    rank(sorted, 0.99),
                    sorted[sorted.length - 1]);
        }

        private static double rank(final double[] sorted, final double share) {
            return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        }
    }

    /** Records out for each fix in, over all devices. */
    public static double share(final List<Track> tracks, final List<Published> records) {
        final long fixes = tracks.stream().mapToLong(Track::size).sum();
        return fixes == 0 ? 0 : (double) records.size() / fixes;
    }

    /** Records out for each fix in, for each device; NaN for one without a fix. A low one is who vanishes unnoticed. */
    public static List<Double> shareByDevice(final List<Track> tracks, final List<Published> records) {
        final double[] share = new double[tracks.size()];
        records.forEach(record -> share[record.trueDevice()]++);
        for (int device = 0; device < share.length; device++) {
            share[device] /= tracks.get(device).size();
        }
        return Arrays.stream(share).boxed().toList();
    }

    /** Metres from each published place to the line that its device really drove (Accio's SpatialDistortion). */
    public static Spread spatialDistortionMetres(final List<Track> tracks, final List<Published> records) {
        final PathDistance[] paths = new PathDistance[tracks.size()];
        return Spread.of(records.stream()
                .mapToDouble(record -> {
                    final int device = record.trueDevice();
                    if (paths[device] == null) {
                        paths[device] = new PathDistance(tracks.get(device));
                    }
                    return paths[device].metres(record.latitude(), record.longitude());
                })
                .toArray());
    }

    /** Metres from each published place to where its device was at the time of the fix that it was made from. */
    public static Spread displacementMetres(final List<Track> tracks, final List<Published> records) {
        return Spread.of(records.stream()
                .mapToDouble(record -> {
                    final Track track = tracks.get(record.trueDevice());
                    final int index = track.firstAtOrAfter(record.trueTimeMs());
                    return index == track.size()
                            ? Double.NaN
                            : Metres.between(
                                    record.latitude(),
                                    record.longitude(),
                                    track.latitude(index),
                                    track.longitude(index));
                })
                .filter(metres -> !Double.isNaN(metres))
                .toArray());
    }

    /** Seconds of event time between a fix and its release. */
    public static Spread delaySeconds(final List<Published> records) {
        return Spread.of(records.stream()
                .mapToDouble(record -> (record.releasedMs() - record.trueTimeMs()) / 1000.0)
                .toArray());
    }

    /**
     * How many records left with cells of which size.
     *
     * @return counts by side in metres of a square of the same area, to the metre; 0 for points.
     */
    public static SortedMap<Long, Long> cellSides(final List<Published> records) {
        final SortedMap<Long, Long> sides = new TreeMap<>();
        records.forEach(record -> sides.merge(Math.round(1000 * Math.sqrt(record.cellAreaKm2())), 1L, Long::sum));
        return sides;
    }
}
