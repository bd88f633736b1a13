// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * A square of a {@link Grid} in a bin of time, as a key of maps. Neighbours in place and time are what such maps hold, and the hash
 * of a record gives thousands of them one number: then a map compares them one by one, and iterates in an order that differs from
 * run to run.
 *
 * @param cell of the grid.
 * @param bin number of the bin since 1970-01-01 UTC.
 */
record Spot(long cell, long bin) {
    static Spot of(
            final Grid grid, final double latitude, final double longitude, final long timeMs, final long binMs) {
        return new Spot(grid.cell(latitude, longitude), Math.floorDiv(timeMs, binMs));
    }

    /** The finalizer of SplitMix64 over both. */
    @Override
    public int hashCode() {
        long mixed = cell * 0x9E3779B97F4A7C15L + bin;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) (mixed ^ (mixed >>> 31));
    }
}
