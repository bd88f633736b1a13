// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.SplittableRandom;

/**
 * A made-up city on the map of Turin: streets in a grid that is turned as Turin's is, blocks of uneven size, every sixth
 * street an arterial road, some side streets missing where parks and courts are.
 *
 * <p>Nodes are numbered row by row. Immutable once built; the same seed gives the same city.
 */
final class StreetGrid {
    /** Streets in each direction. */
    static final int SIDE = 60;

    /** How many nodes there are. */
    static final int NODES = SIDE * SIDE;

    /** Ways out of a node: east, north, west, south (before the grid is turned). */
    static final int DIRECTIONS = 4;

    /** {@link #neighbour}: no street leads that way. */
    static final int NO_STREET = -1;

    private static final double CENTRE_LATITUDE = 45.0703;
    private static final double CENTRE_LONGITUDE = 7.6869;
    private static final double TURN_RADIANS = Math.toRadians(26);
    private static final double METRES_PER_DEGREE = 111_195;
    private static final int ARTERIAL_EVERY = 6;
    private static final double MIN_BLOCK_METRES = 80;
    private static final double MAX_BLOCK_METRES = 150;
    private static final double MISSING_SHARE = 0.1;
    private static final double LIGHTS_SHARE = 0.3;
    private static final double ARTERIAL_METRES_PER_SEC = 50 / 3.6;
    private static final double STREET_METRES_PER_SEC = 30 / 3.6;

    private final double[] east = new double[NODES];
    private final double[] north = new double[NODES];
    private final boolean[] open = new boolean[NODES * DIRECTIONS];
    private final boolean[] lights = new boolean[NODES];

    StreetGrid(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final double[] across = lines(random);
        final double[] along = lines(random);
        for (int node = 0; node < NODES; node++) {
            final double x = across[node % SIDE] + random.nextDouble(-5, 5);
            final double y = along[node / SIDE] + random.nextDouble(-5, 5);
            east[node] = x * Math.cos(TURN_RADIANS) - y * Math.sin(TURN_RADIANS);
            north[node] = x * Math.sin(TURN_RADIANS) + y * Math.cos(TURN_RADIANS);
            final boolean onBoth = isArterial(node % SIDE) && isArterial(node / SIDE);
            final boolean onOne = isArterial(node % SIDE) || isArterial(node / SIDE);
            lights[node] = onBoth || (onOne && random.nextDouble() < LIGHTS_SHARE);
        }
        for (int node = 0; node < NODES; node++) {
            connect(node, 0, random);
            connect(node, 1, random);
        }
    }

    private static double[] lines(final SplittableRandom random) {
        final double[] at = new double[SIDE];
        for (int i = 1; i < SIDE; i++) {
            at[i] = at[i - 1] + random.nextDouble(MIN_BLOCK_METRES, MAX_BLOCK_METRES);
        }
        final double middle = at[SIDE - 1] / 2;
        for (int i = 0; i < SIDE; i++) {
            at[i] -= middle;
        }
        return at;
    }

    private static boolean isArterial(final int line) {
        return line % ARTERIAL_EVERY == ARTERIAL_EVERY / 2;
    }

    private void connect(final int node, final int direction, final SplittableRandom random) {
        final int other = step(node, direction);
        if (other == NO_STREET) {
            return;
        }
        if (limit(node, direction) == ARTERIAL_METRES_PER_SEC || random.nextDouble() >= MISSING_SHARE) {
            open[node * DIRECTIONS + direction] = true;
            open[other * DIRECTIONS + direction + 2] = true;
        }
    }

    private static int step(final int node, final int direction) {
        final int column = node % SIDE;
        final int row = node / SIDE;
        return switch (direction) {
            case 0 -> column + 1 < SIDE ? node + 1 : NO_STREET;
            case 1 -> row + 1 < SIDE ? node + SIDE : NO_STREET;
            case 2 -> column > 0 ? node - 1 : NO_STREET;
            default -> row > 0 ? node - SIDE : NO_STREET;
        };
    }

    /**
     * Where a street leads.
     *
     * @param node      in [0, {@link #NODES}).
     * @param direction in [0, {@link #DIRECTIONS}).
     * @return the next node, or {@link #NO_STREET}.
     */
    int neighbour(final int node, final int direction) {
        return open[node * DIRECTIONS + direction] ? step(node, direction) : NO_STREET;
    }

    /**
     * How fast one may drive on a street.
     *
     * @param node      where it begins.
     * @param direction in [0, {@link #DIRECTIONS}).
     * @return metres per second.
     */
    double limit(final int node, final int direction) {
        final int line = direction % 2 == 0 ? node / SIDE : node % SIDE;
        return isArterial(line) ? ARTERIAL_METRES_PER_SEC : STREET_METRES_PER_SEC;
    }

    boolean hasLights(final int node) {
        return lights[node];
    }

    double distanceMetres(final int from, final int to) {
        return Math.hypot(east[to] - east[from], north[to] - north[from]);
    }

    /**
     * Which way a street runs.
     *
     * @param from its beginning.
     * @param to   its end.
     * @return degrees clockwise from true north, in [0, 360).
     */
    double courseDegrees(final int from, final int to) {
        final double degrees = Math.toDegrees(Math.atan2(east[to] - east[from], north[to] - north[from]));
        return degrees < 0 ? degrees + 360 : degrees;
    }

    double eastMetres(final int node) {
        return east[node];
    }

    double northMetres(final int node) {
        return north[node];
    }

    static int latitudeE7(final double northMetres) {
        return (int) Math.round((CENTRE_LATITUDE + northMetres / METRES_PER_DEGREE) * 1e7);
    }

    static int longitudeE7(final double eastMetres) {
        final double metresPerDegree = METRES_PER_DEGREE * Math.cos(Math.toRadians(CENTRE_LATITUDE));
        return (int) Math.round((CENTRE_LONGITUDE + eastMetres / metresPerDegree) * 1e7);
    }
}
