// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/** Seeded star-shaped polygons whose vertices are whole 1e-7 degrees, so that JTS and the index see the same ones. */
final class StarPolygons {
    private static final GeometryFactory FACTORY = new GeometryFactory();

    private final Random random;

    StarPolygons(final long seed) {
        random = new Random(seed);
    }

    /** Stars with centres all over a square of degrees around (0, 0), radius in degrees. */
    List<Geometry> scattered(final int count, final double span, final double radius, final int vertices) {
        final List<Geometry> stars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stars.add(star((random.nextDouble() - 0.5) * span, (random.nextDouble() - 0.5) * span, radius, vertices));
        }
        return stars;
    }

    Polygon star(final double x, final double y, final double radius, final int vertices) {
        return FACTORY.createPolygon(ring(x, y, radius, vertices));
    }

    /** The hole is a star too, well inside, around the same centre. */
    Polygon starWithHole(final double x, final double y, final double radius, final int vertices) {
        return FACTORY.createPolygon(
                ring(x, y, radius, vertices), new LinearRing[] {ring(x, y, radius / 3, vertices / 2 + 3)});
    }

    Geometry twoStars(final double x, final double y, final double radius, final int vertices) {
        return FACTORY.createMultiPolygon(new Polygon[] {
            starWithHole(x - 1.1 * radius, y, radius, vertices), star(x + 1.1 * radius, y, radius, vertices)
        });
    }

    private LinearRing ring(final double x, final double y, final double radius, final int vertices) {
        final Coordinate[] points = new Coordinate[vertices + 1];
        for (int i = 0; i < vertices; i++) {
            final double angle = 2 * Math.PI * (i + 0.5 * random.nextDouble()) / vertices;
            final double reach = radius * (0.5 + 0.5 * random.nextDouble());
            points[i] = new Coordinate(wholeE7(x + reach * Math.cos(angle)), wholeE7(y + reach * Math.sin(angle)));
        }
        points[vertices] = points[0].copy();
        return FACTORY.createLinearRing(points);
    }

    private static double wholeE7(final double degrees) {
        return Math.round(degrees * 1e7) / 1e7;
    }
}
