// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import com.uber.h3core.H3Core;
import com.uber.h3core.util.LatLng;
import java.util.List;

/**
 * Describes an H3 cell by six half planes over integer coordinates, shrunk so that a point inside all of them lies in the
 * cell for certain; of a point outside one of them nothing is said.
 *
 * <p>Why that is certain. A cell that touches one face of the icosahedron only is a convex hexagon in the gnomonic
 * projection of that face, so its sides are great circles. Between the ends of a side of length L, at latitudes up to phi,
 * the great circle and the straight line in latitude and longitude are at most
 * {@code 2 tan(phi) L^2 / (8 R)} apart: on a great circle tan(lat) = a sin(lon), so
 * {@code lat'' = -sin(lat) cos(lat) - 2 tan(lat) lat'^2}, and a chord of a curve with second derivative c over a length d
 * is within {@code c d^2 / 8}. Taken three times instead of twice, and 5 cm more for the rounding of the corners to
 * 1e-7 degrees (8 mm), that is by how far the half planes are moved inwards. Cells that touch several faces, pentagons, cells
 * beyond 80 degrees of latitude, across the antimeridian, or with sides over 100 km, are not described.
 */
final class CellOutline {
    /** Longs of one outline: three for each half plane. */
    static final int LENGTH = 18;

    private static final int SIDES = 6;
    private static final double EARTH_RADIUS_METRES = 6_371_008.8;
    private static final double METRES_PER_E7 = Math.toRadians(EARTH_RADIUS_METRES) / 1e7;
    private static final double CORNER_MARGIN_METRES = 0.05;
    private static final double LARGEST_LATITUDE_DEG = 80;
    private static final double LONGEST_SIDE_METRES = 100_000;

    private CellOutline() {}

    /**
     * Writes the outline of a cell.
     *
     * @param h3     the library.
     * @param cell   the cell.
     * @param out    where: for each side {@code a, b, c} with {@code a * latitudeE7 + b * longitudeE7 + c > 0} inside.
     * @param offset where in it.
     * @return false when the cell cannot be described so, and no point is inside what was written.
     */
    static boolean write(final H3Core h3, final long cell, final long[] out, final int offset) {
        for (int side = 0; side < SIDES; side++) {
            out[offset + 3 * side] = 0;
            out[offset + 3 * side + 1] = 0;
            out[offset + 3 * side + 2] = -1;
        }
        if (h3.isPentagon(cell) || h3.getIcosahedronFaces(cell).size() != 1) {
            return false;
        }
        final List<LatLng> corners = h3.cellToBoundary(cell);
        if (corners.size() != SIDES) {
            return false;
        }

        double largestLatitudeDeg = 0;
        double westDeg = 180;
        double eastDeg = -180;
        double doubleArea = 0;
        for (int i = 0; i < SIDES; i++) {
            final LatLng from = corners.get(i);
            final LatLng to = corners.get((i + 1) % SIDES);
            largestLatitudeDeg = Math.max(largestLatitudeDeg, Math.abs(from.lat));
            westDeg = Math.min(westDeg, from.lng);
            eastDeg = Math.max(eastDeg, from.lng);
            doubleArea += (from.lng - corners.get(0).lng) * (to.lat - corners.get(0).lat)
                    - (to.lng - corners.get(0).lng) * (from.lat - corners.get(0).lat);
        }
        if (largestLatitudeDeg > LARGEST_LATITUDE_DEG || eastDeg - westDeg > 180) {
            return false;
        }

        final double largestLatitude = Math.toRadians(largestLatitudeDeg);
        final long sign = doubleArea > 0 ? 1 : -1;
        final long[] planes = new long[LENGTH];
        for (int i = 0; i < SIDES; i++) {
            if (!writeSide(corners.get(i), corners.get((i + 1) % SIDES), largestLatitude, sign, planes, 3 * i)) {
                return false;
            }
        }
        System.arraycopy(planes, 0, out, offset, LENGTH);
        return true;
    }

    private static boolean writeSide(
            final LatLng from,
            final LatLng to,
            final double largestLatitude,
            final long sign,
            final long[] planes,
            final int at) {
        final long fromLatitudeE7 = Math.round(from.lat * 1e7);
        final long fromLongitudeE7 = Math.round(from.lng * 1e7);
        final long northE7 = Math.round(to.lat * 1e7) - fromLatitudeE7;
        final long eastE7 = Math.round(to.lng * 1e7) - fromLongitudeE7;
        // At most as long as this, whatever the latitude.
        final double lengthMetres = Math.hypot((double) northE7, (double) eastE7) * METRES_PER_E7;
        if (lengthMetres * Math.cos(largestLatitude) > LONGEST_SIDE_METRES) {
            return false;
        }
        final double marginMetres =
                3 * Math.tan(largestLatitude) * lengthMetres * lengthMetres / (8 * EARTH_RADIUS_METRES)
                        + CORNER_MARGIN_METRES;
        // a * lat + b * lon + c is length times distance in units of 1e-7 degrees; east-west metres are cos(lat)
        // shorter.
        final double margin = marginMetres * lengthMetres / (METRES_PER_E7 * METRES_PER_E7 * Math.cos(largestLatitude));
        planes[at] = sign * eastE7;
        planes[at + 1] = -sign * northE7;
        planes[at + 2] = sign * (northE7 * fromLongitudeE7 - eastE7 * fromLatitudeE7) - (long) Math.ceil(margin);
        return true;
    }
}
