// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import org.locationtech.jts.geom.Geometry;

/**
 * A named piece of the globe.
 *
 * @param number   the whole number that its file gives it, or {@link #NO_NUMBER}.
 * @param name     never empty; {@code feature 3} where the file gives none.
 * @param geometry a valid polygon or multipolygon in degrees, x longitude in [-180, 180], y latitude in [-90, 90].
 */
public record Area(int number, String name, Geometry geometry) {
    /** The file gives the area no number. */
    public static final int NO_NUMBER = -1;
}
