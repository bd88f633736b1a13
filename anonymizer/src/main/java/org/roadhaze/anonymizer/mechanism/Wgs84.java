// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/** Areas on the WGS 84 ellipsoid. Stateless. */
final class Wgs84 {
    /**
     * Square kilometres of one steradian, at least: where a region is cut out of a sphere by latitudes and longitudes that are
     * really those of the ellipsoid, its true area is the integral of M N cos(lat), of which M N, the product of the radii of
     * curvature, is smallest on the equator, where it is the square of the polar radius.
     */
    static final double LEAST_KM2_PER_STERADIAN = 6_356.752_314_245 * 6_356.752_314_245;

    private static final double POLAR_METRES = 6_356_752.314_245;
    private static final double EQUATORIAL_METRES = 6_378_137;
    private static final double ECCENTRICITY =
            Math.sqrt(1 - POLAR_METRES * POLAR_METRES / (EQUATORIAL_METRES * EQUATORIAL_METRES));

    private Wgs84() {}

    /**
     * The area between the equator and a parallel, all around; negative south of it.
     *
     * @param latitude radians.
     * @return square metres.
     * @see <a href="https://pubs.usgs.gov/pp/1395/report.pdf">Snyder, Map Projections, 1987, equation 3-12</a>
     */
    static double zoneM2(final double latitude) {
        final double sine = StrictMath.sin(latitude);
        final double es = ECCENTRICITY * sine;
        final double q = sine / (1 - es * es) + StrictMath.log((1 + es) / (1 - es)) / (2 * ECCENTRICITY);
        return Math.PI * POLAR_METRES * POLAR_METRES * q;
    }
}
