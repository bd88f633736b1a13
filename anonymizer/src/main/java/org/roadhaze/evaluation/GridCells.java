// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * The equal-area grid, worked out anew from how the record's schema describes it: as many rows of equal height in degrees as
 * the edge goes into a meridian of 20,003,931 m, each of as many columns, from 180 degrees west, as the square of the edge goes
 * into its area on the WGS 84 ellipsoid (Snyder 1987, 3-12). A level is the edge in metres.
 *
 * <pre>
 *   63..60  59....40  39..20  19...0
 *  | 0xA   | edge    | row   | column |
 * </pre>
 */
enum GridCells implements Tessellation {
    INSTANCE;

    private static final int TAG = 0xA;
    private static final int FIELD = (1 << 20) - 1;
    private static final int SHORTEST = 50;
    private static final int LONGEST = 100_000;
    private static final double MERIDIAN = 20_003_931;
    private static final double A = 6_378_137;
    private static final double B = 6_356_752.314_245;
    private static final double E = Math.sqrt(1 - B * B / (A * A));
    /** Steps of a record's degrees: between the poles, with both, and all around. */
    private static final long LATITUDES = 1_800_000_001L;

    private static final long LONGITUDES = 3_600_000_000L;

    @Override
    public boolean has(final long cell) {
        return cell >>> 60 == TAG
                && level(cell) >= SHORTEST
                && level(cell) <= LONGEST
                && row(cell) < rows(level(cell))
                && column(cell) < columns(level(cell), row(cell));
    }

    @Override
    public int level(final long cell) {
        return (int) (cell >>> 40) & FIELD;
    }

    private static long row(final long cell) {
        return cell >>> 20 & FIELD;
    }

    private static long column(final long cell) {
        return cell & FIELD;
    }

    private static long rows(final int edge) {
        return (long) (MERIDIAN / edge);
    }

    private static long columns(final int edge, final long row) {
        return (long) Math.max(1, rowM2(edge, row) / ((double) edge * edge));
    }

    private static double rowM2(final int edge, final long row) {
        return zoneM2(south(edge, row + 1)) - zoneM2(south(edge, row));
    }

    /** Between the equator and a parallel. */
    private static double zoneM2(final long step) {
        final double sine = StrictMath.sin((step - 900_000_000L) * (Math.PI / 180e7));
        final double es = E * sine;
        return Math.PI * B * B * (sine / (1 - es * es) + StrictMath.log((1 + es) / (1 - es)) / (2 * E));
    }

    /** The first step, from the south pole, that is in a row. */
    private static long south(final int edge, final long row) {
        return -Math.floorDiv(-(row * LATITUDES), rows(edge));
    }

    private static long west(final int edge, final long row, final long column) {
        return -Math.floorDiv(-(column * LONGITUDES), columns(edge, row));
    }

    @Override
    public long cellOf(final double latitude, final double longitude, final int level) {
        final long row = Math.round((latitude + 90) * 1e7) * rows(level) / LATITUDES;
        final long east = Math.round((longitude + 180) * 1e7) % LONGITUDES;
        return ((long) TAG << 60) | ((long) level << 40) | (row << 20) | (east * columns(level, row) / LONGITUDES);
    }

    @Override
    public double areaKm2(final long cell) {
        return rowM2(level(cell), row(cell)) / columns(level(cell), row(cell)) * 1e-6;
    }

    @Override
    public double centreLatitude(final long cell) {
        final int edge = level(cell);
        return (south(edge, row(cell)) + south(edge, row(cell) + 1) - 1) / 2e7 - 90;
    }

    @Override
    public double centreLongitude(final long cell) {
        final int edge = level(cell);
        final long row = row(cell);
        return (west(edge, row, column(cell)) + west(edge, row, column(cell) + 1) - 1) / 2e7 - 180;
    }

    @Override
    public String name(final int level) {
        return "an equal-area grid of " + level + " m";
    }
}
