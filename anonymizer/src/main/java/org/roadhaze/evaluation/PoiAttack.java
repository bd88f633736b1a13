// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.List;

/**
 * POI-attack (Accio's PoisReident): who has left this anonymous track? The one whose known points of interest are nearest to
 * those of the track: the mean, over the track's points, of the distance to the nearest known point of a device. A track
 * without a point tells nobody, and neither does a device of which none is known.
 *
 * <p>Tracks without a point are no targets: under ids that end before anybody has stayed anywhere, this attack has nothing to try, and a
 * rate of nought would say that it was tried and failed.
 */
public final class PoiAttack {
    private static final int NOBODY = -1;

    private final List<List<Stop>> known;

    /**
     * @param knowledge what the attacker knows of each device, whose number is its index.
     */
    public PoiAttack(final List<Track> knowledge) {
        known = knowledge.stream().map(StopDetector.ACCIO::stops).toList();
    }

    /** The device whose points are nearest to those of a track, the first of several; -1 for nobody. */
    public int nearest(final Track track) {
        return nearest(StopDetector.ACCIO.stops(track));
    }

    private int nearest(final List<Stop> seen) {
        int best = NOBODY;
        double least = Double.POSITIVE_INFINITY;
        for (int device = 0; device < known.size() && !seen.isEmpty(); device++) {
            final double metres = metres(seen, known.get(device));
            if (metres < least) {
                least = metres;
                best = device;
            }
        }
        return best;
    }

    /** Infinite where no point is known. */
    private static double metres(final List<Stop> seen, final List<Stop> ofDevice) {
        double sum = 0;
        for (final Stop stop : seen) {
            double nearest = Double.POSITIVE_INFINITY;
            for (final Stop candidate : ofDevice) {
                nearest = Math.min(
                        nearest,
                        Metres.between(stop.latitude(), stop.longitude(), candidate.latitude(), candidate.longitude()));
            }
            sum += nearest;
        }
        return sum / seen.size();
    }

    /** Attacks every track that has a point; on all cores. */
    public HeatMapAttack.Result attack(final List<PublishedTracks.OfId> targets) {
        return HeatMapAttack.Result.of(targets, StopDetector.ACCIO::stops, seen -> !seen.isEmpty(), this::nearest);
    }
}
