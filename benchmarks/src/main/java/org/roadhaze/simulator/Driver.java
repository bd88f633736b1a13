// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.SplittableRandom;

/**
 * Drives a car through a {@link StreetGrid} and records a fix every so often: speeds up, brakes before turns and red
 * lights, waits there, parks between trips. The receiver is off by some metres, which drift slowly, as a real one is.
 *
 * <p>Speeds, accelerations and waits are those of ordinary town driving; they make believable data, not a traffic model.
 * Not thread safe.
 */
final class Driver {
    private static final double SPEED_UP = 1.8;
    private static final double BRAKE = 2.2;
    private static final double TURN_METRES_PER_SEC = 5;
    private static final double TURN_DEGREES = 30;
    private static final double RED_SHARE = 0.45;
    private static final double CREEP_METRES_PER_SEC = 0.6;
    private static final double MAX_STEP_SEC = 1;
    private static final double ERROR_METRES = 2;
    private static final double ERROR_KEPT_PER_STEP = 0.95;
    private static final double METRES_PER_SEC_TO_KMH = 3.6;
    private static final int MIN_TRIP_NODES = 12;
    private static final int TRIPS_PER_ROUND = 3;

    private final StreetGrid grid;
    private final RouteFinder routes;
    private final Drives drives;
    private final SplittableRandom random;
    private final double stepSec;
    private final int stepsPerFix;
    private final Fix fix = new Fix();

    private double eagerness;
    private double speed;
    private double drivenMetres;
    private double streetMetres;
    private double overshootMetres;
    private double errorEast;
    private double errorNorth;
    private int stepsToFix;

    /**
     * A driver.
     *
     * @param grid       where.
     * @param drives     what is recorded goes there.
     * @param intervalMs time between fixes, at least 1.
     * @param seed       the same seed drives the same way.
     */
    Driver(final StreetGrid grid, final Drives drives, final int intervalMs, final long seed) {
        this.grid = grid;
        this.drives = drives;
        routes = new RouteFinder(grid);
        random = new SplittableRandom(seed);
        stepsPerFix = (int) Math.ceil(intervalMs / (1000 * MAX_STEP_SEC));
        stepSec = intervalMs / 1000.0 / stepsPerFix;
    }

    /** Records a round: some trips with parking between them, the last one home. */
    void driveRound() {
        eagerness = random.nextDouble(0.85, 1.15);
        speed = 0;
        drivenMetres = 0;
        overshootMetres = 0;
        stepsToFix = 0;
        final int home = random.nextInt(StreetGrid.NODES);
        int at = home;
        for (int trip = 1; trip < TRIPS_PER_ROUND; trip++) {
            at = drive(wayToSomewhere(at));
            park(at, random.nextDouble(200, 500));
        }
        final int[] wayHome = routes.find(at, home);
        park(wayHome.length > 1 ? drive(wayHome) : home, random.nextDouble(200, 500));
        drives.endRound();
    }

    private int[] wayToSomewhere(final int from) {
        for (int attempt = 0; attempt < 50; attempt++) {
            final int[] way = routes.find(from, random.nextInt(StreetGrid.NODES));
            if (way.length >= MIN_TRIP_NODES) {
                return way;
            }
        }
        return new int[] {from};
    }

    private int drive(final int[] way) {
        fix.ignition = true;
        for (int leg = 0; leg + 1 < way.length; leg++) {
            final boolean last = leg + 2 == way.length;
            final boolean red = !last && grid.hasLights(way[leg + 1]) && random.nextDouble() < RED_SHARE;
            driveLeg(way[leg], way[leg + 1], last || red ? 0 : passingSpeed(way, leg));
            if (red) {
                stand(way[leg + 1], random.nextDouble(4, 40));
            }
        }
        return way[way.length - 1];
    }

    private double passingSpeed(final int[] way, final int leg) {
        final double before = grid.courseDegrees(way[leg], way[leg + 1]);
        final double after = grid.courseDegrees(way[leg + 1], way[leg + 2]);
        final double turn = Math.abs((after - before + 540) % 360 - 180);
        return turn > TURN_DEGREES ? TURN_METRES_PER_SEC : Double.MAX_VALUE;
    }

    private void driveLeg(final int from, final int to, final double speedAtEnd) {
        final double length = grid.distanceMetres(from, to);
        final double limit = eagerness * grid.limit(from, direction(from, to));
        fix.courseDeg = (int) grid.courseDegrees(from, to);
        final double endSpeed = Math.min(speedAtEnd, limit);
        // The last step on the street before may have reached into this one.
        double gone = overshootMetres;
        if (gone > 0) {
            stepAlong(from, to, gone);
        }
        while (true) {
            final double left = Math.max(0, length - gone - speed * stepSec);
            final double mayStillBe = Math.sqrt(endSpeed * endSpeed + 2 * BRAKE * left);
            speed = Math.min(Math.min(limit, mayStillBe), speed + SPEED_UP * stepSec);
            speed = Math.max(speed, CREEP_METRES_PER_SEC);
            gone += speed * stepSec;
            if (gone >= length) {
                break;
            }
            stepAlong(from, to, gone);
        }
        overshootMetres = endSpeed == 0 ? 0 : gone - length;
        drivenMetres += length;
        streetMetres = 0;
    }

    private void stepAlong(final int from, final int to, final double gone) {
        final double share = gone / grid.distanceMetres(from, to);
        streetMetres = gone;
        step(
                grid.eastMetres(from) + share * (grid.eastMetres(to) - grid.eastMetres(from)),
                grid.northMetres(from) + share * (grid.northMetres(to) - grid.northMetres(from)));
    }

    private int direction(final int from, final int to) {
        for (int direction = 0; direction < StreetGrid.DIRECTIONS; direction++) {
            if (grid.neighbour(from, direction) == to) {
                return direction;
            }
        }
        throw new IllegalArgumentException("no street from node " + from + " to node " + to);
    }

    private void park(final int node, final double seconds) {
        fix.ignition = false;
        stand(node, seconds);
    }

    private void stand(final int node, final double seconds) {
        speed = 0;
        for (double waited = 0; waited < seconds; waited += stepSec) {
            step(grid.eastMetres(node), grid.northMetres(node));
        }
    }

    private void step(final double eastMetres, final double northMetres) {
        final double fresh = ERROR_METRES * Math.sqrt(1 - ERROR_KEPT_PER_STEP * ERROR_KEPT_PER_STEP);
        errorEast = ERROR_KEPT_PER_STEP * errorEast + fresh * random.nextDouble(-1.7, 1.7);
        errorNorth = ERROR_KEPT_PER_STEP * errorNorth + fresh * random.nextDouble(-1.7, 1.7);
        if (stepsToFix == 0) {
            stepsToFix = stepsPerFix;
            record(eastMetres + errorEast, northMetres + errorNorth);
        }
        stepsToFix--;
    }

    private void record(final double eastMetres, final double northMetres) {
        fix.latitudeE7 = StreetGrid.latitudeE7(northMetres);
        fix.longitudeE7 = StreetGrid.longitudeE7(eastMetres);
        fix.altitudeM = (int) (240 + northMetres / 200 + eastMetres / 300);
        fix.speedKmh = (int) Math.round(speed * METRES_PER_SEC_TO_KMH);
        fix.satellites = random.nextInt(8, 15);
        fix.odometerM = (int) (drivenMetres + streetMetres);
        drives.add(fix);
    }
}
