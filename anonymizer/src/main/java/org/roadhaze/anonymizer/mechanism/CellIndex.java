// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/** Finds the cell of a place, and its centre. One worker's: an index may remember what it found. */
public interface CellIndex {
    /**
     * The cell of a place.
     *
     * @param latitudeE7  degrees scaled by 1e7, in [-900000000, 900000000].
     * @param longitudeE7 degrees scaled by 1e7, in [-1800000000, 1800000000].
     * @return its id; {@link CellSystem#of} tells what kind of id.
     */
    long cellOf(int latitudeE7, int longitudeE7);

    /**
     * Latitude of the centre of the cell that {@link #cellOf} returned last.
     *
     * @return degrees scaled by 1e7.
     */
    int centreLatitudeE7();

    /**
     * Longitude of the centre of the cell that {@link #cellOf} returned last.
     *
     * @return degrees scaled by 1e7.
     */
    int centreLongitudeE7();
}
