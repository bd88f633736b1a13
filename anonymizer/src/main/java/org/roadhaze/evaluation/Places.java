// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a stream lets out of the place.
 *
 * @param exact whether the coordinates of the fix itself.
 * @param moved whether coordinates moved by noise, which may be any, or else a cell.
 * @param system of its cells; null where no cell leaves.
 * @param levels of those, the finest first.
 */
public record Places(boolean exact, boolean moved, Tessellation system, List<Integer> levels) {
    /** No place leaves. */
    public static final Places NONE = new Places(false, false, null, List.of());

    /** The place as it is. */
    public static final Places EXACT = new Places(true, false, null, List.of());

    /**
     * Places that the verifier cannot tell from others, such as those with noise: nothing is said of them, and no record is matched
     * with a fix.
     */
    public static final Places UNKNOWN = new Places(true, false, null, List.of(-1));

    /** Coordinates are whole steps of this many degrees, and a centre is rounded to them. */
    static final double STEP = 1e-7;

    public Places {
        levels = List.copyOf(levels);
    }

    /** H3 cells of one resolution, or their centres. */
    public static Places h3(final int resolution) {
        return new Places(false, false, H3Cells.INSTANCE, List.of(resolution));
    }

    /** S2 cells of one level, or their centres. */
    public static Places s2(final int level) {
        return new Places(false, false, S2Cells.INSTANCE, List.of(level));
    }

    /** Cells of the equal-area grid of one edge, or their centres. */
    public static Places grid(final int edgeMetres) {
        return new Places(false, false, GridCells.INSTANCE, List.of(edgeMetres));
    }

    /** Places moved by noise, beside cells such as others. */
    public static Places movedOr(final Places others) {
        return new Places(false, true, others.system(), others.levels());
    }

    /**
     * Cells of the crowd ladder, or their centres.
     *
     * @param metres how wide: 125, 250, 500 ... 16000, ascending.
     */
    public static Places ladder(final List<Integer> metres) {
        return new Places(
                false,
                false,
                LadderCells.INSTANCE,
                metres.stream().map(LadderCells::levelOf).toList());
    }

    /** Whether anything can be said of these places. */
    public boolean isKnown() {
        return !equals(UNKNOWN);
    }

    /** The level whose cell around a place has it for its centre. */
    OptionalInt levelOfCentre(final double latitude, final double longitude) {
        return levels.stream()
                .mapToInt(level -> level)
                .filter(level -> isCentre(system, system.cellOf(latitude, longitude, level), latitude, longitude))
                .findFirst();
    }

    static boolean isCentre(final Tessellation cells, final long cell, final double latitude, final double longitude) {
        final double turned = Math.abs(cells.centreLongitude(cell) - longitude);
        return Math.abs(cells.centreLatitude(cell) - latitude) <= 2 * STEP
                && (turned <= 2 * STEP || turned >= 360 - 2 * STEP || Math.abs(latitude) >= 90 - STEP);
    }

    @Override
    public String toString() {
        if (exact) {
            return "exact places";
        }
        if (moved) {
            return "places moved by noise" + (levels.isEmpty() ? "" : ", or cells of " + system.name(levels.get(0)));
        }
        return levels.isEmpty()
                ? "no place"
                : levels.size() == 1
                        ? "cells of " + system.name(levels.get(0))
                        : "cells from " + system.name(levels.get(0)) + " to "
                                + system.name(levels.get(levels.size() - 1));
    }
}
