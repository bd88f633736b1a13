// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;
import org.roadhaze.geometry.IndexCell.Crossing;

/**
 * Divides the plane into the cells of a {@link PolygonIndex}, top down: a cell's edges are those of its parent that meet
 * it, and whether its corner is inside follows exactly from the parent's edges, so no polygon is ever walked as a whole
 * again.
 *
 * <p>Used once, by one thread.
 */
final class PolygonIndexBuilder {
    /** Of the memory bound: ints planned for every edge. */
    static final int BUDGET_INTS_PER_EDGE = 64;
    /** Of the memory bound: ints planned for the rest. */
    static final int BUDGET_INTS = 1 << 20;

    /** A cell with more edges is divided. Measured: 4 takes up to twice the memory. */
    private static final int LEAF_EDGES = 8;
    /** The finest cell: 2^8 * 1e-7 degrees, about 3 m. */
    private static final int MIN_SHIFT = 8;

    private static final int MAX_ROOT_LEVEL = 10;

    /** A cell that is to become the node at this index. */
    private record Pending(IndexCell cell, int node) {}

    private final int size;
    private final EdgeList edges;
    private final IntList nodes = new IntList();
    private final IntList leaves = new IntList();
    private final Map<IntBuffer, Integer> uniformNodes = new HashMap<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final long budget;
    private int latitudeShift;
    private int longitudeShift;
    private int columns;
    private int rows;
    private int maxMatches = 1;
    private long plannedInts;

    PolygonIndexBuilder(final List<? extends Geometry> polygons) {
        size = polygons.size();
        edges = new EdgeList(polygons);
        budget = BUDGET_INTS + (long) BUDGET_INTS_PER_EDGE * edges.size();
        leaf(new IndexCell(0, 0, 0, 0, new int[0], List.of()));
        if (edges.size() > 0) {
            final int rootLevel = chooseRootLevel();
            nodes.addZeros(columns * rows);
            final List<Crossing> all = new ArrayList<>();
            for (int polygon = 0; polygon < size; polygon++) {
                final int[] own = edges.ofPolygon(polygon);
                if (own.length > 0) {
                    all.add(new Crossing(polygon, own, 0));
                }
            }
            final IndexCell world = new IndexCell(
                    edges.west(),
                    edges.south(),
                    longitudeShift + rootLevel,
                    latitudeShift + rootLevel,
                    new int[0],
                    all);
            divideToRoot(world, rootLevel, 0, 0);
            while (!pending.isEmpty()) {
                divide(pending.poll());
            }
        }
    }

    int size() {
        return size;
    }

    int maxMatches() {
        return maxMatches;
    }

    int originLatitudeE7() {
        return edges.south();
    }

    int originLongitudeE7() {
        return edges.west();
    }

    int columns() {
        return columns;
    }

    int rows() {
        return rows;
    }

    int latitudeShift() {
        return latitudeShift;
    }

    int longitudeShift() {
        return longitudeShift;
    }

    int[] nodes() {
        return nodes.toArray();
    }

    int[] leaves() {
        return leaves.toArray();
    }

    /** As fine as there are edges, unless long edges or wide polygons would then fill too many cells. */
    private int chooseRootLevel() {
        final long width = (long) edges.east() - edges.west() + 1;
        final long height = (long) edges.north() - edges.south() + 1;
        int level = Math.min(MAX_ROOT_LEVEL, (64 - Long.numberOfLeadingZeros(edges.size())) / 2 + 1);
        while (true) {
            longitudeShift = Math.max(MIN_SHIFT, 64 - Long.numberOfLeadingZeros(width - 1) - level);
            latitudeShift = Math.max(MIN_SHIFT, 64 - Long.numberOfLeadingZeros(height - 1) - level);
            columns = (int) ((width - 1) >> longitudeShift) + 1;
            rows = (int) ((height - 1) >> latitudeShift) + 1;
            if (level == 0 || columns * (long) rows + edges.estimateInts(longitudeShift, latitudeShift) <= budget / 2) {
                return level;
            }
            level--;
        }
    }

    private void divideToRoot(final IndexCell cell, final int level, final int column, final int row) {
        if (column >= columns || row >= rows) {
            return;
        }
        if (level > 0 && !cell.crossings.isEmpty()) {
            final IndexCell[] quarters = split(cell, 1);
            final int half = 1 << (level - 1);
            divideToRoot(quarters[0], level - 1, column, row);
            divideToRoot(quarters[1], level - 1, column + half, row);
            divideToRoot(quarters[2], level - 1, column, row + half);
            divideToRoot(quarters[3], level - 1, column + half, row + half);
        } else if (level > 0) {
            final int node = leaf(cell);
            final int lastColumn = Math.min(columns, column + (1 << level));
            final int lastRow = Math.min(rows, row + (1 << level));
            for (int r = row; r < lastRow; r++) {
                for (int c = column; c < lastColumn; c++) {
                    nodes.set(r * columns + c, node);
                }
            }
        } else {
            plan(cell, row * columns + column);
        }
    }

    /** First come, first divided: breadth first, so that a short budget makes all of the plane a bit coarser. */
    private void plan(final IndexCell cell, final int node) {
        plannedInts += cell.leafInts();
        pending.add(new Pending(cell, node));
    }

    private void divide(final Pending next) {
        final IndexCell cell = next.cell;
        if (cell.edgeCount() <= LEAF_EDGES
                || Math.min(cell.longitudeShift, cell.latitudeShift) < MIN_SHIFT + PolygonIndex.NODE_BITS) {
            nodes.set(next.node, leaf(cell));
            return;
        }
        final IndexCell[] parts = split(cell, PolygonIndex.NODE_BITS);
        long ints = parts.length - cell.leafInts();
        for (final IndexCell part : parts) {
            ints += part.leafInts();
        }
        if (nodes.size() + plannedInts + ints > budget) {
            nodes.set(next.node, leaf(cell));
            return;
        }
        plannedInts -= cell.leafInts();
        final int first = nodes.size();
        nodes.addZeros(parts.length);
        nodes.set(next.node, ~first);
        for (int i = 0; i < parts.length; i++) {
            plan(parts[i], first + i);
        }
    }

    /** Row by row from the south-west, 2^bits by 2^bits parts. */
    private IndexCell[] split(final IndexCell cell, final int bits) {
        final int xShift = cell.longitudeShift - bits;
        final int yShift = cell.latitudeShift - bits;
        final IndexCell[] parts = new IndexCell[1 << (2 * bits)];
        for (int i = 0; i < parts.length; i++) {
            final long west = cell.west + ((long) (i & ((1 << bits) - 1)) << xShift);
            final long south = cell.south + ((long) (i >> bits) << yShift);
            parts[i] = part(cell, west, south, xShift, yShift);
        }
        return parts;
    }

    private IndexCell part(
            final IndexCell cell, final long west, final long south, final int xShift, final int yShift) {
        final long east = west + (1L << xShift) - 1;
        final long north = south + (1L << yShift) - 1;
        final List<Crossing> crossings = new ArrayList<>();
        final IntList inside = new IntList();
        for (final Crossing crossing : cell.crossings) {
            final int[] meeting = edges.meeting(crossing.edges, west, south, east, north);
            final int corner = crossing.baseParity ^ edges.crossings(crossing.edges, cell.west, west, south);
            if (meeting.length > 0) {
                final int base = corner ^ edges.crossings(meeting, west, west, south);
                crossings.add(new Crossing(crossing.polygon, meeting, base));
            } else if (corner != 0) {
                inside.add(crossing.polygon);
            }
        }
        return new IndexCell(west, south, xShift, yShift, merge(cell.inside, inside.toArray()), crossings);
    }

    private static int[] merge(final int[] sorted, final int[] more) {
        if (more.length == 0) {
            return sorted;
        }
        final int[] merged = Arrays.copyOf(sorted, sorted.length + more.length);
        System.arraycopy(more, 0, merged, sorted.length, more.length);
        Arrays.sort(merged);
        return merged;
    }

    /** Writes a leaf, or finds the same one; returns its node. */
    private int leaf(final IndexCell cell) {
        maxMatches = Math.max(maxMatches, cell.inside.length + cell.crossings.size());
        if (!cell.crossings.isEmpty()) {
            final int node = leaves.size() << 1;
            writeLeaf(cell);
            return node;
        }
        return uniformNodes.computeIfAbsent(IntBuffer.wrap(cell.inside), key -> {
            final int node = (leaves.size() << 1) | 1;
            writeLeaf(cell);
            return node;
        });
    }

    private void writeLeaf(final IndexCell cell) {
        leaves.add(cell.inside.length + cell.crossings.size());
        int at = 0;
        for (final Crossing crossing : cell.crossings) {
            while (at < cell.inside.length && cell.inside[at] < crossing.polygon) {
                leaves.add(cell.inside[at++] << 1);
            }
            leaves.add((crossing.polygon << 1) | 1);
            final int head = leaves.size();
            leaves.add(0);
            final int written = edges.write(crossing.edges, cell.west, leaves);
            leaves.set(head, (written << 1) | crossing.baseParity);
        }
        while (at < cell.inside.length) {
            leaves.add(cell.inside[at++] << 1);
        }
    }
}
