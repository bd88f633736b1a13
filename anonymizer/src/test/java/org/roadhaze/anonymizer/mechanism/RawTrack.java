// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One vehicle's raw track, on a plane around a corner of San Francisco, and the stops in it as their definition says. */
final class RawTrack {
    static final long START_MS = 1_752_393_600_000L;
    private static final int LAT_E7 = 377_700_000;
    private static final int LON_E7 = -1_224_200_000;
    private static final double METRES_PER_E7 = 6_371_008.8 * Math.PI / 180e7;
    private static final double SHRINK = Math.cos(Math.toRadians(LAT_E7 / 1e7));

    final List<long[]> fixes = new ArrayList<>();
    private double north;
    private double east;
    private long timeMs = START_MS;

    /** One fix: time, latitude and longitude in degrees scaled by 1e7, whether the engine is off. */
    private void add(final double offNorth, final double offEast, final boolean engineOff) {
        fixes.add(new long[] {
            timeMs,
            LAT_E7 + Math.round((north + offNorth) / METRES_PER_E7),
            LON_E7 + Math.round((east + offEast) / METRES_PER_E7 / SHRINK),
            engineOff ? 1 : 0
        });
    }

    RawTrack drive(
            final double headingDegrees, final double metres, final double metresPerSecond, final int everySeconds) {
        final double step = metresPerSecond * everySeconds;
        for (double driven = 0; driven < metres; driven += step) {
            timeMs += everySeconds * 1000L;
            north += step * Math.cos(Math.toRadians(headingDegrees));
            east += step * Math.sin(Math.toRadians(headingDegrees));
            add(0, 0, false);
        }
        return this;
    }

    RawTrack stand(final int seconds, final int everySeconds, final double jitterMetres, final Random random) {
        for (int s = 0; s < seconds; s += everySeconds) {
            timeMs += everySeconds * 1000L;
            add(jitterMetres * random.nextGaussian(), jitterMetres * random.nextGaussian(), false);
        }
        return this;
    }

    RawTrack engineOff() {
        timeMs += 1000;
        add(0, 0, true);
        return this;
    }

    RawTrack silent(final int seconds) {
        timeMs += seconds * 1000L;
        return this;
    }

    /** Any day in town: drives, stops of all lengths, wandering receivers, silences. */
    static RawTrack random(final Random random) {
        final RawTrack track = new RawTrack();
        final int everySeconds = new int[] {1, 5, 10, 30, 60}[random.nextInt(5)];
        for (int i = 0; i < 25; i++) {
            switch (random.nextInt(8)) {
                case 0 -> track.stand(20 + random.nextInt(600), everySeconds, 3 + random.nextInt(40), random);
                case 1 -> track.stand(120 + random.nextInt(120), everySeconds, random.nextInt(30), random);
                case 2 -> track.silent(random.nextInt(3000));
                case 3 -> track.engineOff();
                case 4 -> track.drive(random.nextInt(360), random.nextInt(300), 1 + random.nextInt(3), everySeconds);
                default ->
                    track.drive(random.nextInt(360), 100 + random.nextInt(4000), 5 + random.nextInt(25), everySeconds);
            }
        }
        return track;
    }

    static double metres(final long[] a, final long[] b) {
        return metres(a[1], a[2], b[1], b[2]);
    }

    private static double metres(final long latA, final long lonA, final long latB, final long lonB) {
        final double north = latA - latB;
        final double east = (lonA - lonB) * Math.cos(Math.toRadians((latA + latB) / 2e7));
        return METRES_PER_E7 * Math.hypot(north, east);
    }

    /** A track without the fixes that no vehicle could have reached, and where another trip begins in it. */
    private static final class Plausible {
        final List<Integer> index = new ArrayList<>();
        final List<Boolean> isFirstOfTrip = new ArrayList<>();
    }

    private Plausible plausible(final double radius, final long silenceMs) {
        final Plausible plausible = new Plausible();
        long[] rejected = null;
        for (int i = 0; i < fixes.size(); i++) {
            final long[] fix = fixes.get(i);
            final long[] before =
                    plausible.index.isEmpty() ? null : fixes.get(plausible.index.get(plausible.index.size() - 1));
            boolean isFirst = before == null || fix[0] - before[0] > silenceMs;
            if (!isFirst && isTooFast(before, fix, radius)) {
                final boolean isSecond =
                        rejected != null && (metres(rejected, fix) <= radius || !isTooFast(rejected, fix, 0));
                rejected = fix;
                if (!isSecond) {
                    continue;
                }
                isFirst = true;
            }
            rejected = null;
            plausible.index.add(i);
            plausible.isFirstOfTrip.add(isFirst);
        }
        return plausible;
    }

    private static boolean isTooFast(final long[] from, final long[] to, final double radius) {
        final double metres = metres(from, to);
        return metres > radius && metres > 0.07 * (to[0] - from[0]);
    }

    /**
     * How far each fix is from the nearest stop of its trip, along the track: by looking at every run from every fix, which
     * is slow and plain. A fix that is part of a stop is 0 away, one of a trip without a stop infinitely far, one that cannot
     * be -1.
     */
    double[] metresToStops(final double radius, final long dwellMs, final long silenceMs, final boolean tripsHaveEnds) {
        final Plausible plausible = plausible(radius, silenceMs);
        final int count = plausible.index.size();
        final boolean[] stopped = new boolean[count];
        for (int i = 0; i < count; i++) {
            int end = i;
            while (end + 1 < count
                    && !plausible.isFirstOfTrip.get(end + 1)
                    && metres(fix(plausible, i), fix(plausible, end + 1)) <= radius) {
                end++;
            }
            if (fix(plausible, end)[0] - fix(plausible, i)[0] >= dwellMs) {
                for (int j = i; j <= end; j++) {
                    stopped[j] = true;
                }
            }
            if (tripsHaveEnds) {
                stopped[i] |= fix(plausible, i)[3] == 1 || i + 1 == count;
                if (plausible.isFirstOfTrip.get(i)) {
                    stopped[i] = true;
                    stopped[Math.max(0, i - 1)] = true;
                }
            }
        }
        final double[] nearest = new double[fixes.size()];
        Arrays.fill(nearest, -1);
        double since = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            since = stopped[i]
                    ? 0
                    : plausible.isFirstOfTrip.get(i) ? Double.POSITIVE_INFINITY : since + leg(plausible, i);
            nearest[plausible.index.get(i)] = since;
        }
        since = Double.POSITIVE_INFINITY;
        for (int i = count - 1; i >= 0; i--) {
            final boolean isLast = i + 1 == count || plausible.isFirstOfTrip.get(i + 1);
            since = stopped[i] ? 0 : isLast ? Double.POSITIVE_INFINITY : since + leg(plausible, i + 1);
            nearest[plausible.index.get(i)] = Math.min(nearest[plausible.index.get(i)], since);
        }
        return nearest;
    }

    private long[] fix(final Plausible plausible, final int i) {
        return fixes.get(plausible.index.get(i));
    }

    private double leg(final Plausible plausible, final int to) {
        return metres(fix(plausible, to - 1), fix(plausible, to));
    }
}
