// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * A way to cut the world into cells, worked out from what is published about it and not from the code that makes them.
 * Thread safe.
 */
public interface Tessellation {
    /** Every system whose cells a stream can publish. */
    List<Tessellation> ALL = List.of(H3Cells.INSTANCE, LadderCells.INSTANCE, S2Cells.INSTANCE, GridCells.INSTANCE);

    /** The system that a cell is of, by its id alone. */
    static Optional<Tessellation> of(final long cell) {
        return ALL.stream().filter(system -> system.has(cell)).findFirst();
    }

    /** Whether an id is that of a cell of this system. */
    boolean has(long cell);

    /** How fine a cell is, in the numbers of its system. */
    int level(long cell);

    /**
     * The cell of a place.
     *
     * @param latitude WGS 84 degrees, in [-90, 90].
     * @param longitude WGS 84 degrees, in [-180, 180].
     */
    long cellOf(double latitude, double longitude, int level);

    double areaKm2(long cell);

    /** Latitude in degrees of the middle of a cell. */
    double centreLatitude(long cell);

    /** Longitude in degrees of the middle of a cell. */
    double centreLongitude(long cell);

    /** What a level is called. */
    String name(int level);
}
