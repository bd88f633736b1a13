// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/** Whether a place of the truth lies in the cell that a record tells. */
@FunctionalInterface
public interface CellMembership {
    /** Squares upright on the map around the record's place, of its area; for a grid whose cells are such. */
    CellMembership SQUARES = (record, latitude, longitude) -> {
        final double half = 500 * Math.sqrt(record.cellAreaKm2());
        return Math.abs(latitude - record.latitude()) * Metres.PER_DEGREE <= half
                && Math.abs(longitude - record.longitude()) * Metres.perDegreeEast(record.latitude()) <= half;
    };

    /**
     * @param latitude WGS 84 degrees.
     * @param longitude WGS 84 degrees.
     */
    boolean holds(Published record, double latitude, double longitude);
}
