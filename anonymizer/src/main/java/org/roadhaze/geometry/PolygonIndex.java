// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.List;
import org.locationtech.jts.geom.Geometry;

/**
 * Which of N polygons hold this point: flat arrays, exact, and without allocation on the query.
 *
 * <p>The answer is that of JTS's {@code covers} on the polygons with their vertices rounded to 1e-7 degrees: <b>a point
 * on a border, of a hole too, is inside</b>, so that a zone errs on the side of keeping back. Edges are straight in the
 * plane of longitude and latitude. Only integers are compared, so there is no rounding and no tolerance. Longitudes 180
 * and -180 are one meridian: a polygon that holds a point of it holds it by either name.
 *
 * <p>A root grid of cells, whose crowded cells are divided 4 by 4 again and again, maps a point to a leaf. A leaf lists,
 * by ascending polygon number, the polygons that hold all of it, and those whose border crosses it together with the
 * edges that do:
 * <pre>
 *  node   | ~index of 16 nodes (negative), or leaf offset &lt;&lt; 1 | uniform |
 *
 *  leaf   | entries |  then per entry
 *         | polygon &lt;&lt; 1 | 0 |                                           holds the whole cell
 *         | polygon &lt;&lt; 1 | 1 | edges &lt;&lt; 1 | base parity | edge ...  border in the cell
 *
 *  edge   | lonLow | latLow &lt;&lt; 1 | open below | lonHigh | latHigh &lt;&lt; 1 | open above |
 * </pre>
 * In a crossed cell the crossings are counted on a path from the point straight west to the cell's west side and down
 * that side to its corner, so edges outside the cell do not matter. An edge that crosses the west side would count twice
 * on that path; the two counts fold into one when the edge's line is thought to go on westward for ever, which the open
 * bits say. What is constant over the cell is in the base parity.
 *
 * <p>The index takes at most 512 bytes an edge and 8 MiB, and usually an eighth of that; where it is used up, crowded
 * cells stay undivided, which costs time only.
 *
 * <p>Immutable: any number of threads may query it.
 */
public final class PolygonIndex {
    static final int NODE_BITS = 2;
    static final int EDGE_INTS = 4;
    /** A west longitude that no point has. */
    static final int WEST_OF_ALL = -2_000_000_000;

    private static final int NODE_MASK = (1 << NODE_BITS) - 1;
    private static final int UNIFORM = 1;
    /** Where no polygon is: the empty leaf at offset 0. */
    private static final int NOTHING = UNIFORM;

    private final int size;
    private final int maxMatches;
    private final int originLatitudeE7;
    private final int originLongitudeE7;
    private final int columns;
    private final int rows;
    private final int latitudeShift;
    private final int longitudeShift;
    private final int[] nodes;
    private final int[] leaves;

    PolygonIndex(final PolygonIndexBuilder builder) {
        size = builder.size();
        maxMatches = builder.maxMatches();
        originLatitudeE7 = builder.originLatitudeE7();
        originLongitudeE7 = builder.originLongitudeE7();
        columns = builder.columns();
        rows = builder.rows();
        latitudeShift = builder.latitudeShift();
        longitudeShift = builder.longitudeShift();
        nodes = builder.nodes();
        leaves = builder.leaves();
    }

    /**
     * Builds the index.
     *
     * @param polygons polygons and multipolygons in degrees, x longitude in [-180, 180], y latitude in [-90, 90]; the
     *                 place in the list is the polygon's number. May be empty.
     * @return the index.
     * @throws IllegalArgumentException when a geometry is of another kind, empty, out of range, or has no area left once
     *                                  its vertices are rounded.
     */
    public static PolygonIndex of(final List<? extends Geometry> polygons) {
        return new PolygonIndex(new PolygonIndexBuilder(polygons));
    }

    /**
     * Finds the polygons that hold a point.
     *
     * @param latitudeE7  degrees scaled by 1e7; out of range is outside of all.
     * @param longitudeE7 degrees scaled by 1e7; out of range is outside of all.
     * @param out         receives the polygon numbers, ascending; {@link #maxMatches()} long at least.
     * @return how many.
     */
    public int query(final int latitudeE7, final int longitudeE7, final int[] out) {
        return queryCell(cellOf(latitudeE7, longitudeE7), latitudeE7, longitudeE7, out);
    }

    /**
     * Finds the polygons that hold a point whose cell is known.
     *
     * @param cell        of this point, from {@link #cellOf}.
     * @param latitudeE7  degrees scaled by 1e7.
     * @param longitudeE7 degrees scaled by 1e7.
     * @param out         receives the polygon numbers, ascending; {@link #maxMatches()} long at least.
     * @return how many.
     */
    public int queryCell(final int cell, final int latitudeE7, final int longitudeE7, final int[] out) {
        final int[] leaf = leaves;
        int at = cell >>> 1;
        int count = 0;
        for (int entries = leaf[at++]; entries > 0; entries--) {
            final int entry = leaf[at++];
            if ((entry & 1) == 0) {
                out[count++] = entry >>> 1;
            } else {
                final int head = leaf[at++];
                final int end = at + (head >>> 1) * EDGE_INTS;
                if (covers(leaf, at, end, head & 1, latitudeE7, longitudeE7)) {
                    out[count++] = entry >>> 1;
                }
                at = end;
            }
        }
        return count;
    }

    /**
     * Whether any polygon holds a point.
     *
     * @param latitudeE7  degrees scaled by 1e7; out of range is outside of all.
     * @param longitudeE7 degrees scaled by 1e7; out of range is outside of all.
     * @return true when at least one does.
     */
    public boolean containsAny(final int latitudeE7, final int longitudeE7) {
        final int[] leaf = leaves;
        int at = cellOf(latitudeE7, longitudeE7) >>> 1;
        for (int entries = leaf[at++]; entries > 0; entries--) {
            if ((leaf[at++] & 1) == 0) {
                return true;
            }
            final int head = leaf[at++];
            final int end = at + (head >>> 1) * EDGE_INTS;
            if (covers(leaf, at, end, head & 1, latitudeE7, longitudeE7)) {
                return true;
            }
            at = end;
        }
        return false;
    }

    /**
     * The cell of a point. Two points with the same {@linkplain #isUniform uniform} cell are in the same polygons (far
     * apart cells share a number when the same polygons hold them), so who remembers the cell of the last fix need not
     * ask again.
     *
     * @param latitudeE7  degrees scaled by 1e7, any value.
     * @param longitudeE7 degrees scaled by 1e7, any value.
     * @return the cell, not negative.
     */
    public int cellOf(final int latitudeE7, final int longitudeE7) {
        final long x = (long) longitudeE7 - originLongitudeE7;
        final long y = (long) latitudeE7 - originLatitudeE7;
        int xShift = longitudeShift;
        int yShift = latitudeShift;
        final long column = x >> xShift;
        final long row = y >> yShift;
        if (column < 0 || column >= columns || row < 0 || row >= rows) {
            return NOTHING;
        }
        int node = nodes[(int) row * columns + (int) column];
        while (node < 0) {
            xShift -= NODE_BITS;
            yShift -= NODE_BITS;
            node = nodes[
                    ~node + ((((int) (y >> yShift) & NODE_MASK) << NODE_BITS) | ((int) (x >> xShift) & NODE_MASK))];
        }
        return node;
    }

    /**
     * Whether no border crosses a cell.
     *
     * @param cell from {@link #cellOf}.
     * @return true when all points of the cell are in the same polygons.
     */
    public boolean isUniform(final int cell) {
        return (cell & UNIFORM) != 0;
    }

    /**
     * How many polygons there are.
     *
     * @return the count; numbers are in [0, size).
     */
    public int size() {
        return size;
    }

    /**
     * An upper bound of what a query returns.
     *
     * @return the length that serves every query, at least 1.
     */
    public int maxMatches() {
        return maxMatches;
    }

    /**
     * Memory of the index.
     *
     * @return bytes of its arrays.
     */
    public long sizeBytes() {
        return 4L * (nodes.length + leaves.length);
    }

    /** Products stay within 3.6e9 * 1.8e9, so they fit a long; they are compared, never subtracted. */
    private static boolean covers(
            final int[] leaf,
            final int from,
            final int end,
            final int baseParity,
            final int latitudeE7,
            final int longitudeE7) {
        int parity = baseParity;
        for (int at = from; at < end; at += EDGE_INTS) {
            final int low = leaf[at + 1];
            final int high = leaf[at + 3];
            final int latitudeLow = low >> 1;
            final int latitudeHigh = high >> 1;
            if ((latitudeE7 < latitudeLow && (low & 1) == 0) || (latitudeE7 > latitudeHigh && (high & 1) == 0)) {
                continue;
            }
            final long longitudeLow = leaf[at];
            final long longitudeHigh = leaf[at + 2];
            final long along = ((long) latitudeE7 - latitudeLow) * (longitudeHigh - longitudeLow);
            final long across = (longitudeE7 - longitudeLow) * ((long) latitudeHigh - latitudeLow);
            if (along < across) {
                parity ^= latitudeE7 < latitudeHigh ? 1 : high & 1;
            } else if (along == across) {
                if (latitudeLow != latitudeHigh || (longitudeE7 >= longitudeLow && longitudeE7 <= longitudeHigh)) {
                    return true;
                }
            }
        }
        return parity != 0;
    }
}
