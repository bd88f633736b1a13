// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

/**
 * Short distances on a plane that touches the earth: equirectangular, on a sphere of 6,371,008.8 m, the mean radius of
 * WGS 84. Against the ellipsoid it is off by up to 0.6 %, and by less than that again for its flatness up to 50 km. Stateless.
 */
public final class LocalMetres {
    /** Metres per 1e-7 degrees of latitude. */
    public static final double PER_E7 = 6_371_008.8 * Math.PI / 180e7;

    private static final double RADIANS_PER_E7 = Math.PI / 180e7;
    private static final long FULL_TURN_E7 = 3_600_000_000L;

    private LocalMetres() {}

    /**
     * How much shorter a degree of longitude is than one of latitude.
     *
     * @param latE7 latitude, degrees scaled by 1e7.
     * @return the cosine of the latitude.
     */
    public static double shrink(final int latE7) {
        return Math.cos(latE7 * RADIANS_PER_E7);
    }

    /**
     * The distance of two places.
     *
     * @param latE7A latitude of the one, degrees scaled by 1e7.
     * @param lonE7A its longitude.
     * @param latE7B latitude of the other.
     * @param lonE7B its longitude.
     * @return metres.
     */
    public static double between(final int latE7A, final int lonE7A, final int latE7B, final int lonE7B) {
        return between(latE7A, lonE7A, latE7B, lonE7B, shrink((int) (((long) latE7A + latE7B) / 2)));
    }

    /**
     * The same, where {@link #shrink} of a latitude near both is known already.
     *
     * @param latE7A see above.
     * @param lonE7A see above.
     * @param latE7B see above.
     * @param lonE7B see above.
     * @param shrink of a latitude near both.
     * @return metres.
     */
    public static double between(
            final int latE7A, final int lonE7A, final int latE7B, final int lonE7B, final double shrink) {
        final double north = (double) latE7A - latE7B;
        final double east = shrink * eastE7(lonE7A, lonE7B);
        return PER_E7 * Math.sqrt(north * north + east * east);
    }

    /**
     * How far east one longitude is of another, the shorter way round.
     *
     * @param lonE7A the one, degrees scaled by 1e7.
     * @param lonE7B the other.
     * @return degrees scaled by 1e7, in [-1800000000, 1800000000].
     */
    public static long eastE7(final int lonE7A, final int lonE7B) {
        final long east = (long) lonE7A - lonE7B;
        if (east > FULL_TURN_E7 / 2) {
            return east - FULL_TURN_E7;
        }
        return east < -FULL_TURN_E7 / 2 ? east + FULL_TURN_E7 : east;
    }

    /**
     * A longitude by its usual number.
     *
     * @param lonE7 degrees scaled by 1e7, whatever the turn.
     * @return the same in [-1800000000, 1800000000).
     */
    public static int wrapE7(final long lonE7) {
        return (int) (Math.floorMod(lonE7 + FULL_TURN_E7 / 2, FULL_TURN_E7) - FULL_TURN_E7 / 2);
    }
}
