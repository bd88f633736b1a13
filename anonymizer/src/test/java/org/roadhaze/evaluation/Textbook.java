// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The mechanisms of the textbooks, written for the tests: what the attacks are tried on. */
final class Textbook {
    private Textbook() {}

    /** Planar Laplace noise of every fix: a uniform direction, a Gamma(2, 1/epsilon) radius in metres. */
    static Track laplace(final Track track, final double epsilonPerMetre, final SplittableRandom random) {
        final Track.Builder noisy = Track.builder(track.name());
        for (int i = 0; i < track.size(); i++) {
            final double angle = 2 * Math.PI * random.nextDouble();
            final double metres =
                    -(Math.log(1 - random.nextDouble()) + Math.log(1 - random.nextDouble())) / epsilonPerMetre;
            noisy.add(
                    track.timeMs(i),
                    track.latitude(i) + metres * Math.sin(angle) / Metres.PER_DEGREE,
                    track.longitude(i) + metres * Math.cos(angle) / Metres.perDegreeEast(track.latitude(i)));
        }
        return noisy.build();
    }

    /** The middle of the square of every fix. */
    static Track grid(final Track track, final double metres) {
        final Grid grid = new Grid(metres);
        final Track.Builder coarse = Track.builder(track.name());
        for (int i = 0; i < track.size(); i++) {
            final long cell = grid.cell(track.latitude(i), track.longitude(i));
            coarse.add(track.timeMs(i), grid.centreLatitude(cell), grid.centreLongitude(cell));
        }
        return coarse.build();
    }

    /** Publishes for so long, is silent for so long, under a new id each time, from a random phase of each device. */
    static List<Published> splitAndGap(
            final List<Track> tracks,
            final long segmentMs,
            final long gapMs,
            final boolean samePhase,
            final SplittableRandom random) {
        final List<Published> records = new ArrayList<>();
        for (int device = 0; device < tracks.size(); device++) {
            final Track track = tracks.get(device);
            final long phaseMs = samePhase ? 0 : random.nextLong(segmentMs + gapMs);
            for (int i = 0; i < track.size(); i++) {
                final long ofPhase = track.timeMs(i) + phaseMs;
                if (Math.floorMod(ofPhase, segmentMs + gapMs) < segmentMs) {
                    final long round = Math.floorDiv(ofPhase, segmentMs + gapMs);
                    records.add(Published.exact(1 + round * tracks.size() + device, device, track, i));
                }
            }
        }
        return records;
    }

    /** Without what was driven in the first and last metres of each trip. */
    static List<Track> trimmed(final List<Track> trips, final double metres) {
        final List<Track> left = new ArrayList<>();
        for (final Track trip : trips) {
            int first = 0;
            for (double driven = 0; first + 1 < trip.size() && driven < metres; first++) {
                driven += trip.metres(first, first + 1);
            }
            int last = trip.size() - 1;
            for (double driven = 0; last > 0 && driven < metres; last--) {
                driven += trip.metres(last - 1, last);
            }
            if (metres == 0 || last > first) {
                left.add(trip.slice(first, last + 1));
            }
        }
        return left;
    }
}
