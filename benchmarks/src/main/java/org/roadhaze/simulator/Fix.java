// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

/**
 * One fix of one simulated device, in the units of the wires. Reused: the loop fills a frame's worth of them over and
 * over. Not thread safe.
 */
final class Fix {
    /** Milliseconds since 1970-01-01 UTC. */
    long timeMs;
    /** Degrees scaled by 1e7, north positive. */
    int latitudeE7;
    /** Degrees scaled by 1e7, east positive. */
    int longitudeE7;
    /** Metres above mean sea level. */
    int altitudeM;
    /** Kilometres per hour, at least 0. */
    int speedKmh;
    /** Degrees clockwise from true north, in [0, 359]. */
    int courseDeg;
    /** Satellites used, in [0, 15]. */
    int satellites;
    /** Metres driven so far. */
    int odometerM;
    /** Whether the engine runs. */
    boolean ignition;
}
