// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * A grid of square cells in levels, 125 m wide at level 0 and twice as wide at each level above, up to 16 km: a cell of one
 * level is exactly four of the level below.
 *
 * <p>On the mean sphere (radius 6,371,008.8 m): 1251 bands of equal height between the poles, each cut into as many equal
 * columns as make its cells square in its middle; all levels below divide those. Within a band the width of a cell differs
 * from its height by at most half a column in the number of them and by what the cosine changes over 16 km: under 0.5 % up to
 * 70 degrees of latitude. Columns of two bands do not meet. What a fix's cell is, is decided in integers alone.
 * <pre>
 *   63    60 59    56 55                          28 27                           0
 *  +--------+--------+------------------------------+------------------------------+
 *  |  0xC   | level  | row, from the south pole     | column, from 180 degrees W   |
 *  +--------+--------+------------------------------+------------------------------+
 * </pre>
 * The top nibble is 0xC, which no index of H3 has: those begin with a zero bit. Stateless.
 */
public final class LadderGrid {
    /** The coarsest level. */
    public static final int MAX_LEVEL = 7;

    /** Width of a cell of level 0 in metres. */
    public static final int FINEST_METRES = 125;

    private static final long TAG = 0xCL << 60;
    private static final int LEVEL_SHIFT = 56;
    private static final int ROW_SHIFT = 28;
    private static final long PART = 0xFFF_FFFF;
    private static final int BANDS = 1251;
    private static final int ROWS = BANDS << MAX_LEVEL;
    private static final double ROOT_METRES = FINEST_METRES << MAX_LEVEL;
    private static final double EQUATOR_METRES = 2 * Math.PI * 6_371_008.8;
    private static final long POLE_E7 = 900_000_000;
    private static final long HALF_TURN_E7 = 1_800_000_000;
    private static final long TURN_E7 = 3_600_000_000L;
    /** The north pole belongs to the last row. */
    private static final long LATITUDES = HALF_TURN_E7 + 1;

    private static final int[] COLUMNS = new int[BANDS];

    static {
        for (int band = 0; band < BANDS; band++) {
            final double middle = StrictMath.PI * ((band + 0.5) / BANDS - 0.5);
            final long columns = Math.round(EQUATOR_METRES * StrictMath.cos(middle) / ROOT_METRES);
            COLUMNS[band] = (int) Math.max(1, columns) << MAX_LEVEL;
        }
    }

    private LadderGrid() {}

    /**
     * The cell of a place.
     *
     * @param latitudeE7  degrees scaled by 1e7, in [-900000000, 900000000].
     * @param longitudeE7 degrees scaled by 1e7, in [-1800000000, 1800000000].
     * @param level       in [0, {@link #MAX_LEVEL}].
     * @return the cell.
     */
    public static long cellOf(final int latitudeE7, final int longitudeE7, final int level) {
        final int row = (int) ((latitudeE7 + POLE_E7) * ROWS / LATITUDES);
        final long east = longitudeE7 + HALF_TURN_E7;
        final int column = (int) ((east == TURN_E7 ? 0 : east) * COLUMNS[row >> MAX_LEVEL] / TURN_E7);
        return cell(level, row >> level, column >> level);
    }

    /**
     * The cell of a coarser level in which a cell lies.
     *
     * @param cell  a cell.
     * @param level its own level or a higher one.
     * @return the cell of that level.
     */
    public static long parent(final long cell, final int level) {
        final int up = level - level(cell);
        return cell(level, row(cell) >> up, column(cell) >> up);
    }

    /**
     * Whether an id is a cell of this grid.
     *
     * @param id any cell id.
     * @return true when it is.
     */
    public static boolean isCell(final long id) {
        return id >>> 60 == TAG >>> 60
                && level(id) <= MAX_LEVEL
                && row(id) < (ROWS >> level(id))
                && column(id) < (columns(id) >> level(id));
    }

    public static int level(final long cell) {
        return (int) (cell >>> LEVEL_SHIFT) & 0xF;
    }

    /**
     * The level of a width.
     *
     * @param metres 125, 250, 500 ... 16000.
     * @return the level, or -1 when none is so wide.
     */
    public static int levelOf(final double metres) {
        for (int level = 0; level <= MAX_LEVEL; level++) {
            if (metres == metres(level)) {
                return level;
            }
        }
        return -1;
    }

    /** How wide the cells of a level are. */
    public static int metres(final int level) {
        return FINEST_METRES << level;
    }

    /** Southernmost latitude of a cell, degrees scaled by 1e7, its own. */
    public static int southE7(final long cell) {
        return (int) (firstOf((long) row(cell) << level(cell), LATITUDES, ROWS) - POLE_E7);
    }

    /** Northernmost latitude of a cell, degrees scaled by 1e7, its own. */
    public static int northE7(final long cell) {
        return (int) (firstOf((row(cell) + 1L) << level(cell), LATITUDES, ROWS) - 1 - POLE_E7);
    }

    /** Westernmost longitude of a cell, degrees scaled by 1e7, its own. */
    public static int westE7(final long cell) {
        return (int) (firstOf((long) column(cell) << level(cell), TURN_E7, columns(cell)) - HALF_TURN_E7);
    }

    /** Easternmost longitude of a cell, degrees scaled by 1e7, its own. */
    public static int eastE7(final long cell) {
        return (int) (firstOf((column(cell) + 1L) << level(cell), TURN_E7, columns(cell)) - 1 - HALF_TURN_E7);
    }

    public static int centreLatitudeE7(final long cell) {
        return (int) Math.floorDiv((long) southE7(cell) + northE7(cell), 2L);
    }

    public static int centreLongitudeE7(final long cell) {
        return (int) Math.floorDiv((long) westE7(cell) + eastE7(cell), 2L);
    }

    /**
     * Where a cell of level 0 stands when all are put in a row in which every cell of every level is one run.
     *
     * @param cell of level 0.
     * @return the place, of 37 bits; those of the same cell of level n agree in all but the last 2n.
     */
    static long rank(final long cell) {
        final int row = row(cell);
        final int column = column(cell);
        final long root = ((long) (row >> MAX_LEVEL) << 12) | (column >> MAX_LEVEL);
        return (root << (2 * MAX_LEVEL)) | ((long) spread(row) << 1) | spread(column);
    }

    /** How many bits an {@link #order} has. */
    static final int ORDER_BITS = 37;

    /** Tells the cells of one level apart, in fewer bits than the cell. */
    static long order(final long cell) {
        return ((long) row(cell) << 19) | column(cell);
    }

    /** The last 7 bits, each with a zero before it. */
    private static int spread(final int value) {
        int bits = value & 0x7F;
        bits = (bits | (bits << 4)) & 0x070F;
        bits = (bits | (bits << 2)) & 0x1333;
        return (bits | (bits << 1)) & 0x1555;
    }

    /** The first place of part n when as many places are cut into so many parts: the inverse of the divisions above. */
    private static long firstOf(final long part, final long places, final long parts) {
        return (part * places + parts - 1) / parts;
    }

    private static long cell(final int level, final int row, final int column) {
        return TAG | ((long) level << LEVEL_SHIFT) | ((long) row << ROW_SHIFT) | column;
    }

    private static int row(final long cell) {
        return (int) ((cell >>> ROW_SHIFT) & PART);
    }

    private static int column(final long cell) {
        return (int) (cell & PART);
    }

    private static int columns(final long cell) {
        return COLUMNS[(row(cell) << level(cell)) >> MAX_LEVEL];
    }
}
