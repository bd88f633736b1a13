// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/** A town of 8 km, with a hospital in its middle: vehicles that drive, turn, and stop now and then, some with the engine off. */
final class Town {
    static final long START_MS = 1_752_393_600_000L;
    private static final long REPORTED_AFTER_MS = 500;
    private static final int REPORT_SECONDS = 10;

    /** A fix, and when it came. */
    record Fix(
            long device, long timeMs, long receivedMs, int latE7, int lonE7, int speed, int course, boolean engineOff) {
        Fix receivedAt(final long ms) {
            return new Fix(device, timeMs, ms, latE7, lonE7, speed, course, engineOff);
        }

        Position copyTo(final Position position) {
            position.clear();
            position.deviceId(device)
                    .fixTimeMs(timeMs)
                    .receivedTimeMs(receivedMs)
                    .latitudeE7(latE7)
                    .longitudeE7(lonE7)
                    .speedCmPerSec(speed)
                    .courseCdeg(course)
                    .attribute(Attribute.IGNITION.key(), engineOff ? 0 : 1);
            return position;
        }
    }

    private Town() {}

    /**
     * What its vehicles report, in the order of their times, to the second, and as soon as it is so late.
     *
     * @param vehicles how many, from 1 on.
     * @param seconds  for how long.
     * @param random   decides where they go.
     * @return the fixes.
     */
    static List<Fix> drive(final int vehicles, final int seconds, final Random random) {
        final List<Fix> fixes = new ArrayList<>();
        for (int device = 1; device <= vehicles; device++) {
            double north = 8_000 * random.nextDouble();
            double east = 8_000 * random.nextDouble();
            int heading = random.nextInt(360);
            int speed = 12;
            boolean turnsOff = false;
            for (int s = random.nextInt(REPORT_SECONDS); s < seconds; s += REPORT_SECONDS) {
                if (random.nextInt(20) == 0) {
                    heading = random.nextInt(360);
                    speed = random.nextInt(10) == 0 ? 0 : 5 + random.nextInt(15);
                    turnsOff = random.nextInt(4) == 0;
                }
                north += REPORT_SECONDS * speed * Math.cos(Math.toRadians(heading));
                east += REPORT_SECONDS * speed * Math.sin(Math.toRadians(heading));
                final long timeMs = START_MS + 1_000L * s;
                fixes.add(new Fix(
                        device,
                        timeMs,
                        timeMs + REPORTED_AFTER_MS,
                        455_000_000 + (int) (north / LocalMetres.PER_E7),
                        76_000_000 + (int) (east / LocalMetres.PER_E7 / 0.7),
                        100 * speed,
                        100 * heading,
                        speed == 0 && turnsOff));
            }
        }
        fixes.sort(Comparator.comparingLong(Fix::timeMs));
        return fixes;
    }

    /**
     * The same fixes as a bad network delivers them: all out of order by up to two seconds, of twenty one late, and of
     * twenty one a second time, up to half an hour after the first.
     *
     * @param fixes  as {@link #drive} makes them.
     * @param lateMs how late at most, 2000 and more.
     * @param random decides which.
     * @return the fixes in the order in which they come, none of them missing.
     */
    static List<Fix> disturb(final List<Fix> fixes, final int lateMs, final Random random) {
        final List<Fix> disturbed = new ArrayList<>();
        for (final Fix fix : fixes) {
            final boolean isLate = random.nextInt(20) == 0;
            disturbed.add(fix.receivedAt(fix.timeMs() + random.nextInt(isLate ? lateMs + 1 : 2_001)));
            if (random.nextInt(20) == 0) {
                disturbed.add(fix.receivedAt(fix.timeMs() + random.nextInt(1_800_000)));
            }
        }
        Collections.shuffle(disturbed, random);
        disturbed.sort(Comparator.comparingLong(Fix::receivedMs));
        return disturbed;
    }
}
