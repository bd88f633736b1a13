// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * Distances on the plane that touches the sphere between two places: wrong by less than 0.1 % up to 100 km and latitude
 * 60 degrees, which is less than a GPS fix is wrong by.
 */
final class Metres {
    /** A degree of latitude on the sphere of mean radius 6,371,008.8 m. */
    static final double PER_DEGREE = 111_195.08;

    private Metres() {}

    static double between(
            final double latitudeA, final double longitudeA, final double latitudeB, final double longitudeB) {
        final double north = (latitudeB - latitudeA) * PER_DEGREE;
        final double east = (longitudeB - longitudeA) * perDegreeEast((latitudeA + latitudeB) / 2);
        return Math.sqrt(north * north + east * east);
    }

    /** Metres to a degree of longitude at a latitude in degrees. */
    static double perDegreeEast(final double latitude) {
        return PER_DEGREE * Math.cos(Math.toRadians(latitude));
    }
}
