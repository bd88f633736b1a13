// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/**
 * Shapes given in metres, as polygons in degrees. Both err outwards, so that a zone never keeps back too little.
 *
 * <p>Metres are great-circle metres on the sphere of the mean Earth radius (6,371,008.8 m, IUGG), within 0.6 % of WGS 84.
 * What reaches over the antimeridian is cut there and comes out as a multipolygon.
 */
final class MetricShapes {
    static final double MAX_METRES = 100_000;
    /** Nearer to a pole, straight edges in degrees no longer resemble what they stand for. */
    static final double MAX_LATITUDE = 85;

    private static final double EARTH_RADIUS_METRES = 6_371_008.8;
    private static final double METRES_PER_DEGREE = Math.toRadians(EARTH_RADIUS_METRES);
    private static final int CIRCLE_VERTICES = 72;
    /** Straight edges in degrees sag from the arc by less than this part of the radius, up to the limits above. */
    private static final double SAG = 2e-4;
    /** Covers the rounding to 1e-7 degrees. */
    private static final double ROUNDING_METRES = 0.02;
    /** Covers the ellipsoid (0.57 %) and the corners that JTS cuts off its arcs (0.12 %). */
    private static final double BUFFER_MARGIN = 1.01;

    private static final int BUFFER_QUADRANT_SEGMENTS = 16;

    private MetricShapes() {}

    /**
     * A regular polygon of 72 vertices around a circle: it covers the circle, and reaches at most 0.12 % of the radius
     * and 2 cm beyond it.
     *
     * @param latitude     of the centre in degrees.
     * @param longitude    of the centre in degrees, in [-180, 180].
     * @param radiusMetres more than 0, at most {@link #MAX_METRES}.
     * @return the polygon, or multipolygon where it crosses the antimeridian.
     * @throws IllegalArgumentException when the radius is out of range or the circle reaches beyond 85 degrees.
     */
    static Geometry circle(final double latitude, final double longitude, final double radiusMetres) {
        if (!(radiusMetres > 0 && radiusMetres <= MAX_METRES)) {
            throw new IllegalArgumentException(
                    "radius is " + radiusMetres + ", allowed: more than 0, at most " + MAX_METRES + " metres");
        }
        final double reachMetres = radiusMetres * (1 + SAG) / Math.cos(Math.PI / CIRCLE_VERTICES) + ROUNDING_METRES;
        checkLatitude(Math.abs(latitude) + reachMetres / METRES_PER_DEGREE);
        final double angular = reachMetres / EARTH_RADIUS_METRES;
        final double phi = Math.toRadians(latitude);
        final Coordinate[] points = new Coordinate[CIRCLE_VERTICES + 1];
        for (int i = 0; i < CIRCLE_VERTICES; i++) {
            final double bearing = 2 * Math.PI * i / CIRCLE_VERTICES;
            final double sinLatitude =
                    Math.sin(phi) * Math.cos(angular) + Math.cos(phi) * Math.sin(angular) * Math.cos(bearing);
            final double east = Math.atan2(
                    Math.sin(bearing) * Math.sin(angular) * Math.cos(phi),
                    Math.cos(angular) - Math.sin(phi) * sinLatitude);
            points[i] = new Coordinate(longitude + Math.toDegrees(east), Math.toDegrees(Math.asin(sinLatitude)));
        }
        points[CIRCLE_VERTICES] = points[0].copy();
        return cutAtAntimeridian(new GeometryFactory().createPolygon(points));
    }

    /**
     * Grows a shape by at least so many metres on all sides. Degrees of longitude are taken as short as they are at the
     * shape's end nearest to a pole, so east and west the shape grows by more: by the ratio of the cosines of its
     * least and greatest latitude.
     *
     * @param shape  a polygon or multipolygon in degrees.
     * @param metres in [0, {@link #MAX_METRES}]; 0 gives the shape itself.
     * @return a polygon or multipolygon that covers all within that distance.
     * @throws IllegalArgumentException when the distance is out of range or the result reaches beyond 85 degrees.
     */
    static Geometry buffer(final Geometry shape, final double metres) {
        if (!(metres >= 0 && metres <= MAX_METRES)) {
            throw new IllegalArgumentException("buffer is " + metres + ", allowed: 0 to " + MAX_METRES + " metres");
        }
        if (metres == 0) {
            return shape;
        }
        final double reachDegrees = (metres * BUFFER_MARGIN + ROUNDING_METRES) / METRES_PER_DEGREE;
        final List<Geometry> grown = new ArrayList<>();
        for (int i = 0; i < shape.getNumGeometries(); i++) {
            final Geometry part = shape.getGeometryN(i);
            final Envelope box = part.getEnvelopeInternal();
            final double latitude = Math.max(Math.abs(box.getMinY()), Math.abs(box.getMaxY())) + reachDegrees;
            checkLatitude(latitude);
            final double shrink = Math.cos(Math.toRadians(latitude));
            final Geometry flat = AffineTransformation.scaleInstance(shrink, 1).transform(part);
            final Geometry wide = flat.buffer(reachDegrees, BUFFER_QUADRANT_SEGMENTS);
            grown.add(cutAtAntimeridian(
                    AffineTransformation.scaleInstance(1 / shrink, 1).transform(wide)));
        }
        return UnaryUnionOp.union(grown);
    }

    private static void checkLatitude(final double latitude) {
        if (!(latitude <= MAX_LATITUDE)) {
            throw new IllegalArgumentException("reaches to " + latitude
                    + " degrees of latitude, allowed with a radius or buffer: " + MAX_LATITUDE);
        }
    }

    private static Geometry cutAtAntimeridian(final Geometry shape) {
        final Envelope box = shape.getEnvelopeInternal();
        if (box.getMinX() >= -180 && box.getMaxX() <= 180) {
            return shape;
        }
        final List<Geometry> pieces = new ArrayList<>();
        for (int turn = -1; turn <= 1; turn++) {
            final Geometry world =
                    shape.getFactory().toGeometry(new Envelope(360 * turn - 180, 360 * turn + 180, -90, 90));
            final Geometry piece =
                    AffineTransformation.translationInstance(-360 * turn, 0).transform(shape.intersection(world));
            for (int i = 0; i < piece.getNumGeometries(); i++) {
                if (piece.getGeometryN(i) instanceof Polygon polygon && !polygon.isEmpty()) {
                    polygon.apply(new ToGlobe());
                    pieces.add(polygon);
                }
            }
        }
        return UnaryUnionOp.union(pieces);
    }

    /** Takes back what the shift by 360 degrees may have rounded over the edge. */
    private static final class ToGlobe implements CoordinateSequenceFilter {
        @Override
        public void filter(final CoordinateSequence points, final int index) {
            points.setOrdinate(index, 0, Math.max(-180, Math.min(180, points.getX(index))));
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public boolean isGeometryChanged() {
            return true;
        }
    }
}
