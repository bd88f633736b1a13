// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

/**
 * What makes a trip and what a stop.
 *
 * @param movingSpeedCmPerSec reported speed from which a vehicle drives, in [28, 1389] (1 to 50 km/h).
 * @param jitterMetres        a receiver at rest does not wander further, in [1, 200]: slower than the moving speed, less
 *                            than this is not driven distance.
 * @param stopRadiusMetres    a vehicle that stays within it stands, in [20, 1000], more than the jitter.
 * @param stopDwellSeconds    how long it has to stand for the trip to be over, in [30, 7200].
 * @param maxSilenceSeconds   a gap after which a trip is over where it was last seen, in [60, 86400], more than the
 *                            dwell.
 * @param maxSpeedCmPerSec    faster between two fixes means that one of them is wrong, in [1389, 34000] (50 to 1,224
 *                            km/h).
 */
public record RouteParameters(
        int movingSpeedCmPerSec,
        int jitterMetres,
        int stopRadiusMetres,
        int stopDwellSeconds,
        int maxSilenceSeconds,
        int maxSpeedCmPerSec) {
    /** For road vehicles: 5 km/h, 20 m; a stop is 180 s within 100 m, or 20 min of silence; at most 300 km/h. */
    public static final RouteParameters DEFAULT = new RouteParameters(139, 20, 100, 180, 1200, 8333);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with name, value and range of the first that is out of range.
     */
    public RouteParameters {
        check("movingSpeedCmPerSec", movingSpeedCmPerSec, 28, 1389);
        check("jitterMetres", jitterMetres, 1, 200);
        check("stopRadiusMetres", stopRadiusMetres, Math.max(20, jitterMetres + 1), 1000);
        check("stopDwellSeconds", stopDwellSeconds, 30, 7200);
        check("maxSilenceSeconds", maxSilenceSeconds, Math.max(60, stopDwellSeconds + 1), 86_400);
        check("maxSpeedCmPerSec", maxSpeedCmPerSec, 1389, 34_000);
    }

    private static void check(final String name, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed: " + least + " to " + most);
        }
    }
}
