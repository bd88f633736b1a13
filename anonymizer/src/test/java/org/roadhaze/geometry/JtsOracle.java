// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Location;

/**
 * Locates points in polygons with JTS, on coordinates multiplied by 1e7: whole numbers, on which its predicates are
 * exact.
 */
final class JtsOracle {
    private final List<Envelope> boxes = new ArrayList<>();
    private final List<IndexedPointInAreaLocator> locators = new ArrayList<>();

    JtsOracle(final List<? extends Geometry> polygons) {
        for (final Geometry polygon : polygons) {
            final Geometry whole = polygon.copy();
            whole.apply(
                    (Coordinate c) -> c.setCoordinate(new Coordinate(Math.round(c.x * 1e7), Math.round(c.y * 1e7))));
            whole.geometryChanged();
            boxes.add(whole.getEnvelopeInternal());
            locators.add(new IndexedPointInAreaLocator(whole));
        }
    }

    /** The numbers of the polygons that hold the point, border included, ascending. */
    int[] covering(final int latitudeE7, final int longitudeE7) {
        final Coordinate point = new Coordinate(longitudeE7, latitudeE7);
        final int[] found = new int[boxes.size()];
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            if (boxes.get(i).covers(point) && locators.get(i).locate(point) != Location.EXTERIOR) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }
}
