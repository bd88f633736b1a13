// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.List;

/** Checks parsed GeoJSON coordinates before geometries are made of them; what is wrong is an IllegalArgumentException. */
final class GeoJsonCoordinates {
    private static final int MIN_RING_POSITIONS = 4;

    private GeoJsonCoordinates() {}

    static void checkMultiPolygon(final Object coordinates) {
        final List<?> polygons = list("coordinates", coordinates, "a list of polygons");
        for (final Object polygon : polygons) {
            checkPolygon(polygon);
        }
    }

    static void checkPolygon(final Object coordinates) {
        final List<?> rings = list("coordinates", coordinates, "a list of rings");
        for (int i = 0; i < rings.size(); i++) {
            checkRing("ring " + i, list("ring " + i, rings.get(i), "a list of positions"));
        }
    }

    static void checkLine(final Object coordinates) {
        final List<?> line = list("coordinates", coordinates, "a list of positions");
        for (final Object position : line) {
            checkPosition(position);
        }
        if (line.size() < 2) {
            throw new IllegalArgumentException("line has 1 position, allowed: 2 or more");
        }
        checkEdges("line", "MultiLineString", line);
    }

    static void checkPosition(final Object position) {
        if (!(position instanceof List<?> numbers)
                || numbers.size() < 2
                || !(numbers.get(0) instanceof Number longitude)
                || !(numbers.get(1) instanceof Number latitude)) {
            throw new IllegalArgumentException("position is " + position + ", allowed: [longitude, latitude]");
        }
        if (!(Math.abs(longitude.doubleValue()) <= 180)) {
            throw new IllegalArgumentException(
                    "position " + position + " has longitude " + longitude + ", allowed: -180 to 180 degrees");
        }
        if (!(Math.abs(latitude.doubleValue()) <= 90)) {
            throw new IllegalArgumentException("position " + position + " has latitude " + latitude
                    + ", allowed: -90 to 90 degrees (longitude comes first)");
        }
    }

    private static void checkRing(final String name, final List<?> ring) {
        for (final Object position : ring) {
            checkPosition(position);
        }
        if (ring.size() < MIN_RING_POSITIONS) {
            throw new IllegalArgumentException(
                    name + " has " + ring.size() + " positions, allowed: " + MIN_RING_POSITIONS + " or more");
        }
        final Object first = ring.get(0);
        final Object last = ring.get(ring.size() - 1);
        if (longitude(first) != longitude(last) || latitude(first) != latitude(last)) {
            throw new IllegalArgumentException(
                    name + " is not closed: it begins at " + first + " and ends at " + last + ", allowed: the same");
        }
        checkEdges(name, "MultiPolygon", ring);
    }

    private static void checkEdges(final String name, final String pieces, final List<?> line) {
        for (int i = 1; i < line.size(); i++) {
            final double from = longitude(line.get(i - 1));
            final double to = longitude(line.get(i));
            if (Math.abs(to - from) > 180 && !(Math.abs(from) == 180 && Math.abs(to) == 180)) {
                throw new IllegalArgumentException(name + " goes from longitude " + from + " to " + to
                        + ", allowed: edges of at most 180 degrees; cut what crosses the antimeridian into a "
                        + pieces + " (RFC 7946, 3.1.9)");
            }
        }
    }

    private static List<?> list(final String name, final Object value, final String allowed) {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " is " + (value == null ? "missing" : value) + ", allowed: " + allowed + ", not empty");
        }
        return list;
    }

    private static double longitude(final Object position) {
        return ((Number) ((List<?>) position).get(0)).doubleValue();
    }

    private static double latitude(final Object position) {
        return ((Number) ((List<?>) position).get(1)).doubleValue();
    }
}
