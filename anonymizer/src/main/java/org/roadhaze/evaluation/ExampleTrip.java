// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A stretch of one drive as it was and as it left, to be looked at. It says neither whose it is nor when it was, and where it
 * was only in metres from where it began; but its shape is that of real roads, by which who knows them may find the place.
 *
 * @param driven its fixes, at least {@value #LEAST_FIXES}, in the order of time.
 * @param sightings what left of them, in the order of time.
 */
public record ExampleTrip(List<Place> driven, List<Sighting> sightings) {
    /** A stretch of fewer fixes shows nothing. */
    static final int LEAST_FIXES = 10;

    private static final double LEAST_METRES = 2_000;
    private static final long MOST_MS = 45 * 60_000L;
    private static final int MOST_DRAWN = 200;
    private static final double MS_PER_MINUTE = 60_000;

    /** Copies the lists. */
    public ExampleTrip {
        driven = List.copyOf(driven);
        sightings = List.copyOf(sightings);
    }

    /**
     * A fix.
     *
     * @param minute since the first fix.
     * @param east metres from it.
     * @param north metres from it.
     */
    public record Place(double minute, double east, double north) {}

    /**
     * A record.
     *
     * @param minute that it tells, since the first fix; rounding may make it negative.
     * @param east metres from the first fix; of a cell its middle.
     * @param north metres from the first fix; of a cell its middle.
     * @param piece number of the id under which it left, from 1; 0 without an id.
     * @param cellMetres side of a square as large as its cell; 0 for a point.
     */
    public record Sighting(double minute, double east, double north, int piece, double cellMetres) {}

    /** A stretch of a track before it is known what left of it. */
    private record Stretch(int device, Track track) {
        private boolean holds(final Published record) {
            return record.trueTimeMs() >= track.timeMs(0) && record.trueTimeMs() <= track.timeMs(track.size() - 1);
        }
    }

    /**
     * Draws a stretch of at most 45 minutes without a silence of 20, of at least 2 km from end to end along its fixes: of up to 200
     * drawn, the one of which about as much left as of all fixes.
     *
     * @param tracks what went in.
     * @param records what left.
     * @param seed draws it.
     * @return none when no track has such a stretch.
     */
    public static Optional<ExampleTrip> draw(final List<Track> tracks, final List<Published> records, final long seed) {
        final List<Stretch> left = stretches(tracks);
        final List<List<Published>> ofDevice = new ArrayList<>();
        tracks.forEach(track -> ofDevice.add(new ArrayList<>()));
        final List<Published> ofDevices = PublishedTracks.ofDevices(records);
        ofDevices.forEach(record -> ofDevice.get(record.trueDevice()).add(record));
        final double usual = Utility.share(tracks, ofDevices);
        final SplittableRandom random = new SplittableRandom(seed);
        Optional<ExampleTrip> best = Optional.empty();
        double leastApart = Double.POSITIVE_INFINITY;
        for (int drawn = 0; drawn < MOST_DRAWN && !left.isEmpty(); drawn++) {
            final Stretch stretch = left.remove(random.nextInt(left.size()));
            final List<Published> published = ofDevice.get(stretch.device()).stream()
                    .filter(stretch::holds)
                    .toList();
            final double apart =
                    Math.abs((double) published.size() / stretch.track().size() - usual);
            if (apart < leastApart) {
                leastApart = apart;
                best = Optional.of(of(stretch.track(), published));
            }
        }
        return best;
    }

    private static List<Stretch> stretches(final List<Track> tracks) {
        final List<Stretch> stretches = new ArrayList<>();
        for (int device = 0; device < tracks.size(); device++) {
            for (final Track run : HomeInference.runs(tracks.get(device), StopPromise.SILENCE_MS)) {
                int first = 0;
                while (first < run.size()) {
                    final int end = run.firstAtOrAfter(run.timeMs(first) + MOST_MS);
                    final Track part = run.slice(first, end);
                    if (part.size() >= LEAST_FIXES && metres(part) >= LEAST_METRES) {
                        stretches.add(new Stretch(device, part));
                    }
                    first = end;
                }
            }
        }
        return stretches;
    }

    private static double metres(final Track track) {
        double metres = 0;
        for (int i = 1; i < track.size(); i++) {
            metres += track.metres(i - 1, i);
        }
        return metres;
    }

    private static ExampleTrip of(final Track track, final List<Published> published) {
        final double latitude = track.latitude(0);
        final double longitude = track.longitude(0);
        final double perDegreeEast = Metres.perDegreeEast(latitude);
        final List<Place> driven = new ArrayList<>();
        for (int i = 0; i < track.size(); i++) {
            driven.add(new Place(
                    (track.timeMs(i) - track.timeMs(0)) / MS_PER_MINUTE,
                    (track.longitude(i) - longitude) * perDegreeEast,
                    (track.latitude(i) - latitude) * Metres.PER_DEGREE));
        }
        final List<Published> ordered = published.stream()
                .sorted((a, b) -> Long.compare(a.trueTimeMs(), b.trueTimeMs()))
                .toList();
        final Map<Long, Integer> pieces = new HashMap<>();
        pieces.put(Published.NO_ID, 0);
        final List<Sighting> sightings = new ArrayList<>();
        for (final Published record : ordered) {
            pieces.putIfAbsent(record.id(), pieces.size());
            sightings.add(new Sighting(
                    (record.timeMs() - track.timeMs(0)) / MS_PER_MINUTE,
                    (record.longitude() - longitude) * perDegreeEast,
                    (record.latitude() - latitude) * Metres.PER_DEGREE,
                    pieces.get(record.id()),
                    1000 * Math.sqrt(record.cellAreaKm2())));
        }
        return new ExampleTrip(driven, sightings);
    }
}
