// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a vehicle sends while it lives between a few places, on a plane, and how long it has stood at each when it does. */
final class VehicleLife {
    static final long START_MS = 1_752_393_600_000L;
    static final int LAT_E7 = 525_010_000;
    static final int LON_E7 = 134_010_000;
    private static final double METRES_PER_E7 = 6_371_008.8 * Math.PI / 180e7;
    private static final double SHRINK = Math.cos(Math.toRadians(LAT_E7 / 1e7));
    private static final double METRES_PER_SECOND = 14;

    /**
     * One fix.
     *
     * @param stoodMs for how long the vehicle had stood at each place by then, driving away and back not counted.
     */
    record Fix(long timeMs, int latE7, int lonE7, double north, double east, List<Long> stoodMs) {
        double metresTo(final double[] place) {
            return Math.hypot(north - place[0], east - place[1]);
        }
    }

    final List<Fix> fixes = new ArrayList<>();
    final double[][] places;
    private final Random random;
    private final int everySeconds;
    private final boolean sleeps;
    private final double jitterMetres;
    private final Long[] stoodMs;
    private long timeMs = START_MS;
    private double north;
    private double east;

    VehicleLife(final Random random, final int placeCount, final double spreadMetres) {
        this.random = random;
        everySeconds = new int[] {5, 10, 30, 60, 120}[random.nextInt(5)];
        sleeps = random.nextBoolean();
        jitterMetres = 2 + random.nextInt(15);
        places = new double[placeCount][];
        for (int i = 0; i < placeCount; i++) {
            places[i] = new double[] {spreadMetres * random.nextGaussian(), spreadMetres * random.nextGaussian()};
        }
        stoodMs = new Long[placeCount];
        Arrays.fill(stoodMs, 0L);
    }

    static int latE7(final double north) {
        return LAT_E7 + (int) Math.round(north / METRES_PER_E7);
    }

    static int lonE7(final double east) {
        return LON_E7 + (int) Math.round(east / METRES_PER_E7 / SHRINK);
    }

    static double north(final int latE7) {
        return (latE7 - LAT_E7) * METRES_PER_E7;
    }

    static double east(final int lonE7) {
        return (lonE7 - LON_E7) * METRES_PER_E7 * SHRINK;
    }

    private void send(final double jitter) {
        final double sentNorth = north + jitter * random.nextGaussian();
        final double sentEast = east + jitter * random.nextGaussian();
        fixes.add(new Fix(timeMs, latE7(sentNorth), lonE7(sentEast), sentNorth, sentEast, List.of(stoodMs)));
    }

    /** Drives, around a corner, to where one parks near a place. */
    VehicleLife driveTo(final int place) {
        final double parkedNorth = places[place][0] + 20 * random.nextGaussian();
        final double parkedEast = places[place][1] + 20 * random.nextGaussian();
        leg(parkedNorth, east);
        leg(parkedNorth, parkedEast);
        return this;
    }

    private void leg(final double toNorth, final double toEast) {
        final double step = METRES_PER_SECOND * everySeconds;
        double left = Math.hypot(toNorth - north, toEast - east);
        while (left > 0) {
            final double share = Math.min(1, step / left);
            north += share * (toNorth - north);
            east += share * (toEast - east);
            timeMs += everySeconds * 1000L;
            send(3);
            left = share == 1 ? 0 : Math.hypot(toNorth - north, toEast - east);
        }
    }

    /** Stands: silent, or with a receiver that wanders. */
    VehicleLife standAt(final int place, final long ms) {
        if (sleeps) {
            timeMs += ms;
            stoodMs[place] += ms;
            send(jitterMetres);
            return this;
        }
        final int often = Math.max(60, everySeconds);
        for (long at = 0; at < ms; at += often * 1000L) {
            timeMs += often * 1000L;
            stoodMs[place] += often * 1000L;
            send(random.nextInt(500) == 0 ? 400 : jitterMetres); // Now and then a fix that is none.
        }
        return this;
    }

    /** Some days between all places, the nights at the first. */
    VehicleLife days(final int count) {
        for (int day = 0; day < count; day++) {
            for (int place = 1; place < places.length; place++) {
                if (random.nextInt(4) > 0) {
                    driveTo(place).standAt(place, (1 + random.nextInt(8)) * 3_600_000L);
                }
            }
            driveTo(0).standAt(0, (6 + random.nextInt(8)) * 3_600_000L);
        }
        return this;
    }
}
