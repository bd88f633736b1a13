// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.Arrays;

/**
 * Recorded rounds of drives, each from home to some places and home again, packed 16 bytes a fix, one after the other.
 *
 * <p>Filled once, then read by the simulator's loop. Not thread safe while it is filled.
 */
final class Drives {
    private static final int SPEED_SHIFT = 0;
    private static final int COURSE_SHIFT = 8;
    private static final int SATELLITES_SHIFT = 17;
    private static final int IGNITION_SHIFT = 21;
    private static final int ALTITUDE_SHIFT = 22;

    private int[] latitudeE7 = new int[1 << 16];
    private int[] longitudeE7 = new int[1 << 16];
    private int[] odometerM = new int[1 << 16];
    private int[] motion = new int[1 << 16];
    private int[] start = new int[1];
    private int fixes;
    private int rounds;

    /**
     * Adds a fix to the round that is being recorded.
     *
     * @param fix speed up to 255 km/h, altitude in [0, 1023], satellites up to 15; its time is not kept.
     */
    void add(final Fix fix) {
        if (fixes == motion.length) {
            latitudeE7 = Arrays.copyOf(latitudeE7, 2 * fixes);
            longitudeE7 = Arrays.copyOf(longitudeE7, 2 * fixes);
            odometerM = Arrays.copyOf(odometerM, 2 * fixes);
            motion = Arrays.copyOf(motion, 2 * fixes);
        }
        latitudeE7[fixes] = fix.latitudeE7;
        longitudeE7[fixes] = fix.longitudeE7;
        odometerM[fixes] = fix.odometerM;
        motion[fixes] = fix.speedKmh << SPEED_SHIFT
                | fix.courseDeg << COURSE_SHIFT
                | fix.satellites << SATELLITES_SHIFT
                | (fix.ignition ? 1 : 0) << IGNITION_SHIFT
                | fix.altitudeM << ALTITUDE_SHIFT;
        fixes++;
    }

    /** Ends the round that was being recorded. */
    void endRound() {
        rounds++;
        start = Arrays.copyOf(start, rounds + 1);
        start[rounds] = fixes;
    }

    int rounds() {
        return rounds;
    }

    /**
     * How long a round is.
     *
     * @param round in [0, {@link #rounds()}).
     * @return its fixes; after the last comes the first.
     */
    int length(final int round) {
        return start[round + 1] - start[round];
    }

    int odometerAtEndM(final int round) {
        return odometerM[start[round + 1] - 1];
    }

    /**
     * Reads a fix.
     *
     * @param round in [0, {@link #rounds()}).
     * @param index in [0, {@link #length}).
     * @param out   every field but the time is set.
     */
    void get(final int round, final int index, final Fix out) {
        final int at = start[round] + index;
        final int bits = motion[at];
        out.latitudeE7 = latitudeE7[at];
        out.longitudeE7 = longitudeE7[at];
        out.odometerM = odometerM[at];
        out.speedKmh = bits >>> SPEED_SHIFT & 0xFF;
        out.courseDeg = bits >>> COURSE_SHIFT & 0x1FF;
        out.satellites = bits >>> SATELLITES_SHIFT & 0xF;
        out.ignition = (bits >>> IGNITION_SHIFT & 1) == 1;
        out.altitudeM = bits >>> ALTITUDE_SHIFT;
    }
}
