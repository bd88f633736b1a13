// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.index.strtree.STRtree;

/** Distance to the line that joins the fixes of a track, in an index of its pieces on one metric plane. */
final class PathDistance {
    private static final GeometryFactory FACTORY = new GeometryFactory();

    private final double perDegreeEast;
    private final STRtree pieces = new STRtree();

    PathDistance(final Track track) {
        perDegreeEast = Metres.perDegreeEast(track.size() == 0 ? 0 : track.latitude(track.size() / 2));
        for (int i = 0; i < track.size(); i++) {
            // The first fix is a piece of its own, so that a track of one fix is a line as well.
            final LineString piece =
                    FACTORY.createLineString(new Coordinate[] {at(track, Math.max(0, i - 1)), at(track, i)});
            pieces.insert(piece.getEnvelopeInternal(), piece);
        }
    }

    /** Metres to the nearest piece; infinite if the track is empty. */
    double metres(final double latitude, final double longitude) {
        final Point place = FACTORY.createPoint(coordinate(latitude, longitude));
        if (pieces.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        for (double reach = 100; ; reach *= 4) {
            final Envelope box = place.getEnvelopeInternal();
            box.expandBy(reach);
            final List<?> near = pieces.query(box);
            double least = Double.POSITIVE_INFINITY;
            for (final Object piece : near) {
                least = Math.min(least, place.distance((LineString) piece));
            }
            if (least <= reach) {
                return least;
            }
        }
    }

    private Coordinate at(final Track track, final int index) {
        return coordinate(track.latitude(index), track.longitude(index));
    }

    private Coordinate coordinate(final double latitude, final double longitude) {
        return new Coordinate(longitude * perDegreeEast, latitude * Metres.PER_DEGREE);
    }
}
