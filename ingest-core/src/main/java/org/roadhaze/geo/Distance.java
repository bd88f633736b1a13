// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

/**
 * Distance between two fixes on the WGS 84 ellipsoid.
 *
 * <p>Up to 100 km: Pythagoras on the two radii of curvature at the middle latitude, whose error stays below one part in
 * 10,000 up to 75 degrees of latitude, and below one in a million for the few metres between fixes. Further: haversine
 * on the mean sphere (6,371,008.8 m), within 0.6 %. Constants: NIMA TR 8350.2. Thread safe.
 */
final class Distance {
    private static final double E7_TO_RADIANS = Math.toRadians(1e-7);
    private static final double SEMI_MAJOR_METRES = 6_378_137.0;
    private static final double ECCENTRICITY_SQUARED = 6.694379990141e-3;
    private static final double MEAN_RADIUS_METRES = 6_371_008.8;
    private static final double FAR_METRES = 100_000;
    /** Of the meridian at a pole, where the ellipsoid is flattest, 111,694 m a degree, and a little more. */
    private static final double MOST_METRES_PER_E7 = 0.0111695;
    /** Of the meridian at the equator, where it is most curved, 110,574 m a degree, and a little less. */
    private static final double LEAST_NORTH_METRES_PER_E7 = 0.0110574;

    private static final int HALF_TURN_E7 = 1_800_000_000;
    private static final long TURN_E7 = 3_600_000_000L;

    private Distance() {}

    /**
     * Metres between two points, over the antimeridian where that is the shorter way.
     *
     * @return metres, at least 0.
     */
    static double metres(
            final int fromLatitudeE7, final int fromLongitudeE7, final int toLatitudeE7, final int toLongitudeE7) {
        long eastE7 = (long) toLongitudeE7 - fromLongitudeE7;
        if (eastE7 > HALF_TURN_E7) {
            eastE7 -= TURN_E7;
        } else if (eastE7 < -HALF_TURN_E7) {
            eastE7 += TURN_E7;
        }
        final double east = eastE7 * E7_TO_RADIANS;
        final double north = ((long) toLatitudeE7 - fromLatitudeE7) * E7_TO_RADIANS;
        final double cosine = Math.cos(((long) toLatitudeE7 + fromLatitudeE7) * 0.5 * E7_TO_RADIANS);
        final double curve = 1 - ECCENTRICITY_SQUARED * (1 - cosine * cosine);
        final double primeVertical = SEMI_MAJOR_METRES / Math.sqrt(curve);
        final double eastMetres = primeVertical * cosine * east;
        final double northMetres = primeVertical * (1 - ECCENTRICITY_SQUARED) / curve * north;
        final double metres = Math.sqrt(eastMetres * eastMetres + northMetres * northMetres);
        return metres <= FAR_METRES
                ? metres
                : haversine(fromLatitudeE7 * E7_TO_RADIANS, toLatitudeE7 * E7_TO_RADIANS, north, east);
    }

    /**
     * Whether two points are further apart than so many metres: what {@link #metres} says, told from bounds where those are enough,
     * as they are for most fixes of a vehicle on its way.
     *
     * @param metres at least 0.
     * @return true when {@link #metres} is more.
     */
    static boolean isMoreThan(
            final double metres,
            final int fromLatitudeE7,
            final int fromLongitudeE7,
            final int toLatitudeE7,
            final int toLongitudeE7) {
        final long northE7 = (long) toLatitudeE7 - fromLatitudeE7;
        final long eastE7 = (long) toLongitudeE7 - fromLongitudeE7;
        final double north = northE7 * MOST_METRES_PER_E7;
        final double east = eastE7 * MOST_METRES_PER_E7;
        if (north * north + east * east < metres * metres) {
            return false;
        }
        if (Math.abs(northE7) * LEAST_NORTH_METRES_PER_E7 > metres) {
            return true;
        }
        return metres(fromLatitudeE7, fromLongitudeE7, toLatitudeE7, toLongitudeE7) > metres;
    }

    private static double haversine(final double from, final double to, final double north, final double east) {
        final double sinNorth = Math.sin(north / 2);
        final double sinEast = Math.sin(east / 2);
        final double half = sinNorth * sinNorth + Math.cos(from) * Math.cos(to) * sinEast * sinEast;
        return 2 * MEAN_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(half)));
    }
}
