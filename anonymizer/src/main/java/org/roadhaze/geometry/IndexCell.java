// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.util.List;

/** While a {@link PolygonIndex} is built: a rectangle of 2^longitudeShift by 2^latitudeShift from its south-west corner. */
final class IndexCell {
    /** A polygon's border in a cell. */
    static final class Crossing {
        final int polygon;
        final int[] edges;
        final int baseParity;

        Crossing(final int polygon, final int[] edges, final int baseParity) {
            this.polygon = polygon;
            this.edges = edges;
            this.baseParity = baseParity;
        }
    }

    final long west;
    final long south;
    final int longitudeShift;
    final int latitudeShift;
    /** Ascending numbers of the polygons that hold all of the cell. */
    final int[] inside;
    /** By ascending polygon number. */
    final List<Crossing> crossings;

    IndexCell(
            final long west,
            final long south,
            final int longitudeShift,
            final int latitudeShift,
            final int[] inside,
            final List<Crossing> crossings) {
        this.west = west;
        this.south = south;
        this.longitudeShift = longitudeShift;
        this.latitudeShift = latitudeShift;
        this.inside = inside;
        this.crossings = crossings;
    }

    int edgeCount() {
        int count = 0;
        for (final Crossing crossing : crossings) {
            count += crossing.edges.length;
        }
        return count;
    }

    /** The ints of its leaf, but that a level edge may take twice as many. */
    long leafInts() {
        return 1 + inside.length + 2L * crossings.size() + (long) PolygonIndex.EDGE_INTS * edgeCount();
    }
}
