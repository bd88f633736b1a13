// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * How far from every stop of its trip a fix is, along the way driven; and what a stop and a trip are.
 *
 * <p>A stop is a run of fixes of which all are within a radius of the first, and which lasts for a dwell or longer. A trip
 * ends where the track is silent for longer than a silence. A fix farther away from the one before than any vehicle comes
 * (252 km/h), by more than the radius, is none of the track's, unless the next lies there, too: then another trip begins.
 *
 * @param metres least driven metres to every stop, at least 0; with 0 no fix is part of one, and that is all.
 * @param radiusMetres greater than 0.
 * @param dwellMs at least 0.
 * @param silenceMs greater than 0.
 * @param endsAreStops whether the first and the last fix of a trip count as stops.
 */
public record StopPromise(double metres, double radiusMetres, long dwellMs, long silenceMs, boolean endsAreStops) {
    static final long SILENCE_MS = 20 * 60_000L;

    public StopPromise {
        if (!(metres >= 0) || !(radiusMetres > 0) || dwellMs < 0 || silenceMs <= 0) {
            throw new IllegalArgumentException("stops: " + metres + " m from a stop of " + dwellMs + " ms within "
                    + radiusMetres + " m, silence of " + silenceMs + " ms");
        }
    }

    /** From stops of three minutes within 100 m, and from both ends of trips that a silence of 20 minutes parts. */
    public static StopPromise ofTrips(final double metres) {
        return new StopPromise(metres, 100, 180_000, SILENCE_MS, true);
    }

    /**
     * Whether a fix breaks it.
     *
     * @param found driven metres to the nearest stop; 0 inside one.
     */
    boolean isBrokenBy(final double found) {
        return metres == 0 ? found == 0 : found < metres - tolerance();
    }

    /** Driven metres are sums on a plane that is wrong by up to this part of them, and of rounded places. */
    private double tolerance() {
        return 0.01 + 1e-4 * metres;
    }
}
