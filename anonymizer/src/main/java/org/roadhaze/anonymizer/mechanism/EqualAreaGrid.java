// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * A grid of cells as wide as one likes, nearly square, and none smaller than its edge says: rows of equal height in degrees of
 * latitude, each cut into as many equal columns as go into its area on the WGS 84 ellipsoid. So every cell has at least the area
 * of a square with that edge (to one part in 4,000 at 50 m, in 90,000 at 1 km: borders are whole numbers of 1e-7 degrees), and,
 * but near the poles, hardly more.
 * <pre>
 *   63    60 59              40 39              20 19               0
 *  +--------+------------------+------------------+------------------+
 *  |  0xA   | edge in metres   | row, from south  | column, from W   |
 *  +--------+------------------+------------------+------------------+
 * </pre>
 * One worker's; what it says of a cell depends on nothing but the cell.
 */
public final class EqualAreaGrid implements CellIndex {
    /** The smallest edge in metres. */
    public static final int LEAST_EDGE_METRES = 50;

    /** The largest edge in metres. */
    public static final int MOST_EDGE_METRES = 100_000;

    private static final int EDGE_SHIFT = 40;
    private static final int ROW_SHIFT = 20;
    private static final int PART = 0xF_FFFF;
    /** From pole to pole. */
    private static final double MERIDIAN_METRES = 20_003_931;

    private static final double RADIANS_PER_E7 = Math.PI / 180e7;
    private static final long POLE_E7 = 900_000_000;
    private static final long HALF_TURN_E7 = 1_800_000_000;
    private static final long TURN_E7 = 3_600_000_000L;
    /** The north pole belongs to the last row. */
    private static final long LATITUDES = HALF_TURN_E7 + 1;

    private final int edgeMetres;
    private final int rows;
    private final int[] columns;
    private long found;

    /**
     * A grid.
     *
     * @param edgeMetres in [{@link #LEAST_EDGE_METRES}, {@link #MOST_EDGE_METRES}].
     * @throws IllegalArgumentException when out of range.
     */
    public EqualAreaGrid(final int edgeMetres) {
        Ranges.check("grid", edgeMetres, LEAST_EDGE_METRES, MOST_EDGE_METRES);
        this.edgeMetres = edgeMetres;
        rows = (int) (MERIDIAN_METRES / edgeMetres);
        columns = new int[rows];
        for (int row = 0; row < rows; row++) {
            columns[row] = (int) Math.max(1, rowM2(row) / ((double) edgeMetres * edgeMetres));
        }
    }

    /** Whether an id is a cell of such a grid. */
    public static boolean isCell(final long id) {
        final int edge = edgeMetres(id);
        return CellSystem.of(id) == CellSystem.EQUAL_AREA && edge >= LEAST_EDGE_METRES && edge <= MOST_EDGE_METRES;
    }

    /** The edge, in metres, of the grid that a cell is of. */
    public static int edgeMetres(final long cell) {
        return (int) (cell >>> EDGE_SHIFT) & PART;
    }

    @Override
    public long cellOf(final int latitudeE7, final int longitudeE7) {
        final int row = (int) ((latitudeE7 + POLE_E7) * rows / LATITUDES);
        final long east = longitudeE7 + HALF_TURN_E7;
        final long column = (east == TURN_E7 ? 0 : east) * columns[row] / TURN_E7;
        found = CellSystem.EQUAL_AREA.tag() | ((long) edgeMetres << EDGE_SHIFT) | ((long) row << ROW_SHIFT) | column;
        return found;
    }

    @Override
    public int centreLatitudeE7() {
        return (int) Math.floorDiv((long) southE7(found) + northE7(found), 2L);
    }

    @Override
    public int centreLongitudeE7() {
        return (int) Math.floorDiv((long) westE7(found) + eastE7(found), 2L);
    }

    /** Southernmost latitude of a cell of this grid, degrees scaled by 1e7, its own. */
    public int southE7(final long cell) {
        return firstLatitudeE7(row(cell));
    }

    /** Northernmost latitude of a cell of this grid, degrees scaled by 1e7, its own. */
    public int northE7(final long cell) {
        return firstLatitudeE7(row(cell) + 1) - 1;
    }

    /** Westernmost longitude of a cell of this grid, degrees scaled by 1e7, its own. */
    public int westE7(final long cell) {
        return (int) (firstOf(column(cell), TURN_E7, columns[row(cell)]) - HALF_TURN_E7);
    }

    /** Easternmost longitude of a cell of this grid, degrees scaled by 1e7, its own. */
    public int eastE7(final long cell) {
        return (int) (firstOf(column(cell) + 1L, TURN_E7, columns[row(cell)]) - 1 - HALF_TURN_E7);
    }

    /** Area of the smallest cell in square metres; a column may be narrower than the others by one 1e-7 of a degree. */
    double leastM2() {
        double least = Double.MAX_VALUE;
        for (int row = 0; row < rows; row++) {
            least = Math.min(least, rowM2(row) / columns[row] * (1 - (double) columns[row] / TURN_E7));
        }
        return least;
    }

    private double rowM2(final int row) {
        return Wgs84.zoneM2(firstLatitudeE7(row + 1) * RADIANS_PER_E7)
                - Wgs84.zoneM2(firstLatitudeE7(row) * RADIANS_PER_E7);
    }

    private int firstLatitudeE7(final int row) {
        return (int) (firstOf(row, LATITUDES, rows) - POLE_E7);
    }

    /** The first place of part n when as many places are cut into so many parts: the inverse of the divisions above. */
    private static long firstOf(final long part, final long places, final long parts) {
        return (part * places + parts - 1) / parts;
    }

    private static int row(final long cell) {
        return (int) (cell >>> ROW_SHIFT) & PART;
    }

    private static int column(final long cell) {
        return (int) cell & PART;
    }
}
