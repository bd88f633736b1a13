// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.HashMap;
import java.util.Map;
import org.locationtech.jts.algorithm.Distance;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.index.strtree.STRtree;

/**
 * Distance to the line that joins the fixes of a track, in an index of its pieces on one metric plane. Places that were asked for before,
 * such as the middles of cells, are not looked for again. Not thread safe.
 */
final class PathDistance {
    /** A track of weeks has thousands of pieces within a hundred metres of a busy corner, and one of them within ten. */
    private static final double FIRST_REACH_METRES = 10;

    private final double perDegreeEast;
    private final Coordinate[] line;
    private final STRtree pieces = new STRtree();
    private final Map<Coordinate, Double> known = new HashMap<>();

    PathDistance(final Track track) {
        perDegreeEast = Metres.perDegreeEast(track.size() == 0 ? 0 : track.latitude(track.size() / 2));
        line = new Coordinate[track.size()];
        for (int i = 0; i < line.length; i++) {
            line[i] = coordinate(track.latitude(i), track.longitude(i));
            pieces.insert(new Envelope(line[before(i)], line[i]), i);
        }
    }

    /** The first fix is a piece of its own, so that a track of one fix is a line as well. */
    private static int before(final int piece) {
        return Math.max(0, piece - 1);
    }

    /** Metres to the nearest piece; infinite if the track is empty. */
    double metres(final double latitude, final double longitude) {
        return line.length == 0
                ? Double.POSITIVE_INFINITY
                : known.computeIfAbsent(coordinate(latitude, longitude), this::look);
    }

    private double look(final Coordinate place) {
        final double[] least = {Double.POSITIVE_INFINITY};
        for (double reach = FIRST_REACH_METRES; ; reach *= 2) {
            final Envelope box = new Envelope(place);
            box.expandBy(reach);
            pieces.query(box, piece -> {
                final int last = (int) piece;
                least[0] = Math.min(least[0], Distance.pointToSegment(place, line[before(last)], line[last]));
            });
            if (least[0] <= reach) {
                return least[0];
            }
        }
    }

    private Coordinate coordinate(final double latitude, final double longitude) {
        return new Coordinate(longitude * perDegreeEast, latitude * Metres.PER_DEGREE);
    }
}
