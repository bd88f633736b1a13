// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
        final List<List<Published>> byDevice = PublishedTracks.recordsByDevice(records, tracks.size());
        // One device at a time on each core: the index of a track takes more memory than the track.
        return Spread.of(IntStream.range(0, tracks.size())
                .parallel()
                .mapToObj(device -> metresToPath(tracks.get(device), byDevice.get(device)))
                .flatMapToDouble(Arrays::stream)
                .toArray());
    }

    private static double[] metresToPath(final Track track, final List<Published> records) {
        if (records.isEmpty()) {
            return new double[0];
        }
        final PathDistance path = new PathDistance(track);
        return records.stream()
                .mapToDouble(record -> path.metres(record.latitude(), record.longitude()))
                .toArray();
    }

    /**
     * How far the lengths of trips that records tell are from those of the trips: a device's runs without a silence of 20 minutes,
     * as its fixes have them against as its records under one id have them.
     *
     * @return distance of the two distributions ({@link Wasserstein}), in metres; NaN if one is empty.
     */
    public static double tripLengthShiftMetres(final List<Track> tracks, final List<Published> records) {
        return Wasserstein.distance(
                lengthsMetres(tracks.stream()),
                lengthsMetres(PublishedTracks.byId(records).stream().map(PublishedTracks.OfId::track)));
    }

    private static double[] lengthsMetres(final Stream<Track> tracks) {
        return tracks.flatMap(track -> HomeInference.runs(track, StopPromise.SILENCE_MS).stream())
                .filter(run -> run.size() > 1)
                .mapToDouble(run -> IntStream.range(1, run.size())
                        .mapToDouble(i -> run.metres(i - 1, i))
                        .sum())
                .toArray();
    }

    /**
     * Metres from each published place to where its device was at the time that the record tells (Accio's
     * SpatioTemporalDistortion): evenly between two fixes; before the first and after the last one, there.
     */
    public static Spread spatioTemporalDistortionMetres(final List<Track> tracks, final List<Published> records) {
        return Spread.of(records.stream()
                .filter(record -> tracks.get(record.trueDevice()).size() > 0)
                .mapToDouble(record -> metresFromWhereItWas(tracks.get(record.trueDevice()), record))
                .toArray());
    }

    private static double metresFromWhereItWas(final Track track, final Published record) {
        final int next = Math.min(track.firstAtOrAfter(record.timeMs()), track.size() - 1);
        final int last = Math.max(0, next - 1);
        final long betweenMs = track.timeMs(next) - track.timeMs(last);
        final double share = betweenMs == 0
                ? 0
                : Math.max(0, Math.min(1, (double) (record.timeMs() - track.timeMs(last)) / betweenMs));
        return Metres.between(
                record.latitude(),
                record.longitude(),
                track.latitude(last) + share * (track.latitude(next) - track.latitude(last)),
                track.longitude(last) + share * (track.longitude(next) - track.longitude(last)));
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
