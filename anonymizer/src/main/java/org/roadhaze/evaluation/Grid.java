// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * Squares of about one size: rows of equal height, each with columns of the width that its own latitude gives.
 *
 * @param metres length of a side, at least 1.
 */
public record Grid(double metres) {
    public Grid {
        if (!(metres >= 1)) {
            throw new IllegalArgumentException("side of " + metres + " m");
        }
    }

    /** The square of a place; squares have different numbers. */
    public long cell(final double latitude, final double longitude) {
        final long row = row(latitude);
        return (row << 32) | (column(row, longitude) & 0xFFFF_FFFFL);
    }

    /** Latitude in degrees of the middle of a square. */
    public double centreLatitude(final long cell) {
        return ((cell >> 32) + 0.5) * metres / Metres.PER_DEGREE;
    }

    /** Longitude in degrees of the middle of a square. */
    public double centreLongitude(final long cell) {
        return ((int) cell + 0.5) * metres / Metres.perDegreeEast(centreLatitude(cell));
    }

    private long row(final double latitude) {
        return (long) Math.floor(latitude * Metres.PER_DEGREE / metres);
    }

    private long column(final long row, final double longitude) {
        final double middle = (row + 0.5) * metres / Metres.PER_DEGREE;
        return (long) Math.floor(longitude * Metres.perDegreeEast(middle) / metres);
    }
}
