// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.List;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/**
 * The edges of all polygons in integers of 1e-7 degrees, each from its lower end (its western end when it is level) to
 * its higher one, and the exact predicates on them. Not thread safe.
 *
 * <p>Longitudes 180 and -180 are one meridian. What of a border lies on one of them is therefore on the other as well: as
 * two edges more, there and back, which make those points border points and change no count of crossings.
 */
final class EdgeList {
    /** What is wrong with a polygon that {@link #isFlat}. */
    static final String FLAT =
            "has no area once its corners are rounded to 1e-7 degrees (1 cm), as positions are: nothing could be in it";

    private static final double E7 = 1e7;
    private static final int ANTIMERIDIAN_E7 = 1_800_000_000;

    private final IntList coordinates = new IntList();
    private final int[] firstEdge;
    private int west = Integer.MAX_VALUE;
    private int south = Integer.MAX_VALUE;
    private int east = Integer.MIN_VALUE;
    private int north = Integer.MIN_VALUE;

    EdgeList(final List<? extends Geometry> polygons) {
        firstEdge = new int[polygons.size() + 1];
        for (int i = 0; i < polygons.size(); i++) {
            final Geometry geometry = polygons.get(i);
            if (geometry.isEmpty()) {
                throw new IllegalArgumentException("polygon " + i + " is empty");
            }
            boolean flat = true;
            for (int part = 0; part < geometry.getNumGeometries(); part++) {
                if (!(geometry.getGeometryN(part) instanceof Polygon polygon)) {
                    throw new IllegalArgumentException("polygon " + i + " is a " + geometry.getGeometryType()
                            + ", allowed: Polygon, MultiPolygon");
                }
                flat &= isFlat(polygon);
                addRing(i, polygon.getExteriorRing());
                for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
                    addRing(i, polygon.getInteriorRingN(hole));
                }
            }
            if (flat) {
                throw new IllegalArgumentException("polygon " + i + " " + FLAT);
            }
            firstEdge[i + 1] = size();
        }
        if (size() == 0) {
            west = 0;
            south = 0;
            east = 0;
            north = 0;
        }
    }

    /**
     * Whether nothing is left of a polygon once its corners are rounded: it has shrunk to a point or a line.
     *
     * @param polygon a valid polygon, its holes aside.
     * @return true when its area is zero.
     */
    static boolean isFlat(final Polygon polygon) {
        final CoordinateSequence points = polygon.getExteriorRing().getCoordinateSequence();
        long twiceArea = 0; // At most 2 * 3.6e9 * 1.8e9 < 2^64, so that it is zero exactly when its low 64 bits are.
        for (int i = 0; i + 1 < points.size(); i++) {
            twiceArea += Math.round(points.getX(i) * E7) * Math.round(points.getY(i + 1) * E7)
                    - Math.round(points.getX(i + 1) * E7) * Math.round(points.getY(i) * E7);
        }
        return twiceArea == 0;
    }

    int size() {
        return coordinates.size() / PolygonIndex.EDGE_INTS;
    }

    int west() {
        return west;
    }

    int south() {
        return south;
    }

    int east() {
        return east;
    }

    int north() {
        return north;
    }

    int[] ofPolygon(final int polygon) {
        final int[] own = new int[firstEdge[polygon + 1] - firstEdge[polygon]];
        for (int i = 0; i < own.length; i++) {
            own[i] = firstEdge[polygon] + i;
        }
        return own;
    }

    /** Estimates the ints of leaves on a grid: an edge in every cell that it can meet, a polygon in all of its box. */
    long estimateInts(final int longitudeShift, final int latitudeShift) {
        long ints = 0;
        for (int polygon = 0; polygon + 1 < firstEdge.length; polygon++) {
            int boxWest = Integer.MAX_VALUE;
            int boxSouth = Integer.MAX_VALUE;
            int boxEast = Integer.MIN_VALUE;
            int boxNorth = Integer.MIN_VALUE;
            for (int edge = firstEdge[polygon]; edge < firstEdge[polygon + 1]; edge++) {
                final int edgeWest = Math.min(longitudeLow(edge), longitudeHigh(edge));
                final int edgeEast = Math.max(longitudeLow(edge), longitudeHigh(edge));
                final long columns = 1 + (((long) edgeEast - edgeWest) >> longitudeShift);
                final long rows = 1 + (((long) latitudeHigh(edge) - latitudeLow(edge)) >> latitudeShift);
                ints += PolygonIndex.EDGE_INTS * (columns + rows);
                boxWest = Math.min(boxWest, edgeWest);
                boxEast = Math.max(boxEast, edgeEast);
                boxSouth = Math.min(boxSouth, latitudeLow(edge));
                boxNorth = Math.max(boxNorth, latitudeHigh(edge));
            }
            if (boxWest <= boxEast) {
                ints += (1 + (((long) boxEast - boxWest) >> longitudeShift))
                        * (1 + (((long) boxNorth - boxSouth) >> latitudeShift));
            }
        }
        return ints;
    }

    /** Those of some edges that meet a closed rectangle, or pass it within one unit. */
    int[] meeting(final int[] some, final long boxWest, final long boxSouth, final long boxEast, final long boxNorth) {
        final IntList found = new IntList();
        for (final int edge : some) {
            if (meets(edge, boxWest - 1, boxSouth - 1, boxEast + 1, boxNorth + 1)) {
                found.add(edge);
            }
        }
        return found.toArray();
    }

    /** Parity of what {@link #write} makes a query count, at a point of the cell that begins at cellWest. */
    int crossings(final int[] some, final long cellWest, final long longitude, final long latitude) {
        int parity = 0;
        for (final int edge : some) {
            final boolean lowIsWest = longitudeLow(edge) < cellWest;
            final boolean highIsWest = longitudeHigh(edge) < cellWest;
            if (lowIsWest && highIsWest) {
                continue;
            }
            if (isLevel(edge)) {
                parity ^= lowIsWest && latitude >= latitudeLow(edge) ? 1 : 0;
            } else if ((lowIsWest || latitude >= latitudeLow(edge))
                    && (highIsWest || latitude < latitudeHigh(edge))
                    && side(edge, longitude, latitude) >= 0) {
                parity ^= 1;
            }
        }
        return parity;
    }

    /** Writes some edges as the cell that begins at cellWest has them; returns how many that became. */
    int write(final int[] some, final long cellWest, final IntList out) {
        int written = 0;
        for (final int edge : some) {
            final int lowIsWest = longitudeLow(edge) < cellWest ? 1 : 0;
            final int highIsWest = longitudeHigh(edge) < cellWest ? 1 : 0;
            if ((lowIsWest & highIsWest) != 0) {
                continue;
            }
            final int level = isLevel(edge) ? 1 : 0;
            out.add(longitudeLow(edge));
            out.add((latitudeLow(edge) << 1) | (lowIsWest & ~level));
            out.add(longitudeHigh(edge));
            out.add((latitudeHigh(edge) << 1) | highIsWest);
            written++;
            if ((level & lowIsWest) != 0) {
                out.add(PolygonIndex.WEST_OF_ALL);
                out.add(latitudeLow(edge) << 1);
                out.add(PolygonIndex.WEST_OF_ALL);
                out.add(((latitudeLow(edge) + 1) << 1) | 1);
                written++;
            }
        }
        return written;
    }

    private void addRing(final int polygon, final LinearRing ring) {
        final CoordinateSequence points = ring.getCoordinateSequence();
        for (int i = 0; i + 1 < points.size(); i++) {
            final int latitude = toE7(polygon, "latitude", points.getY(i), 90);
            final int longitude = toE7(polygon, "longitude", points.getX(i), 180);
            final int nextLatitude = toE7(polygon, "latitude", points.getY(i + 1), 90);
            final int nextLongitude = toE7(polygon, "longitude", points.getX(i + 1), 180);
            if (Math.abs(longitude) == ANTIMERIDIAN_E7) {
                addOpposite(longitude, latitude, longitude == nextLongitude ? nextLatitude : latitude);
            }
            if (latitude < nextLatitude || (latitude == nextLatitude && longitude < nextLongitude)) {
                addEdge(longitude, latitude, nextLongitude, nextLatitude);
            } else if (latitude != nextLatitude || longitude != nextLongitude) {
                addEdge(nextLongitude, nextLatitude, longitude, latitude);
            }
        }
    }

    /** There and back; a border that only touches the meridian does so in a point, which is an edge without length. */
    private void addOpposite(final int longitude, final int latitude, final int nextLatitude) {
        for (int i = 0; i < 2; i++) {
            addEdge(-longitude, Math.min(latitude, nextLatitude), -longitude, Math.max(latitude, nextLatitude));
        }
    }

    private void addEdge(
            final int longitudeLow, final int latitudeLow, final int longitudeHigh, final int latitudeHigh) {
        coordinates.add(longitudeLow);
        coordinates.add(latitudeLow);
        coordinates.add(longitudeHigh);
        coordinates.add(latitudeHigh);
        west = Math.min(west, Math.min(longitudeLow, longitudeHigh));
        east = Math.max(east, Math.max(longitudeLow, longitudeHigh));
        south = Math.min(south, latitudeLow);
        north = Math.max(north, latitudeHigh);
    }

    private static int toE7(final int polygon, final String name, final double degrees, final int limit) {
        if (!(Math.abs(degrees) <= limit)) {
            throw new IllegalArgumentException("polygon " + polygon + " has " + name + " " + degrees + ", allowed: -"
                    + limit + " to " + limit + " degrees");
        }
        return (int) Math.round(degrees * E7);
    }

    private boolean meets(
            final int edge, final long boxWest, final long boxSouth, final long boxEast, final long boxNorth) {
        if (Math.max(longitudeLow(edge), longitudeHigh(edge)) < boxWest
                || Math.min(longitudeLow(edge), longitudeHigh(edge)) > boxEast
                || latitudeHigh(edge) < boxSouth
                || latitudeLow(edge) > boxNorth) {
            return false;
        }
        final boolean risesEastward = longitudeLow(edge) <= longitudeHigh(edge);
        final int leftmost = side(edge, boxWest, risesEastward ? boxNorth : boxSouth);
        final int rightmost = side(edge, boxEast, risesEastward ? boxSouth : boxNorth);
        return leftmost <= 0 && rightmost >= 0;
    }

    /** 1 when the point is east of the edge's line, -1 when west, 0 when on it; a level line: above is west. */
    private int side(final int edge, final long longitude, final long latitude) {
        final long along = (latitude - latitudeLow(edge)) * ((long) longitudeHigh(edge) - longitudeLow(edge));
        final long across = (longitude - longitudeLow(edge)) * ((long) latitudeHigh(edge) - latitudeLow(edge));
        return Long.compare(across, along);
    }

    private boolean isLevel(final int edge) {
        return latitudeLow(edge) == latitudeHigh(edge);
    }

    private int longitudeLow(final int edge) {
        return coordinates.get(edge * PolygonIndex.EDGE_INTS);
    }

    private int latitudeLow(final int edge) {
        return coordinates.get(edge * PolygonIndex.EDGE_INTS + 1);
    }

    private int longitudeHigh(final int edge) {
        return coordinates.get(edge * PolygonIndex.EDGE_INTS + 2);
    }

    private int latitudeHigh(final int edge) {
        return coordinates.get(edge * PolygonIndex.EDGE_INTS + 3);
    }
}
