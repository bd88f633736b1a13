// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the traces that {@code roadhaze evaluate} is shipped with: two days of a town that nobody lives in. 120 commuters sleep at
 * home, work, and see somebody some evenings; 60 taxis drive in shifts of ten hours. Streets are a grid of 24 by 24, 250 m apart;
 * whoever drives takes a fix a minute, whoever stands one in a quarter of an hour.
 *
 * <p>Nothing but additions, multiplications and a seed, so that every platform makes the same. {@link #main} writes the file anew.
 */
final class SyntheticTown {
    private static final int SIDE = 24;
    private static final double BLOCK_METRES = 250;
    private static final long START_SEC = 1_752_451_200L;
    private static final int DAY_SEC = 86_400;
    private static final int DAYS = 2;
    private static final int COMMUTERS = 120;
    private static final int TAXIS = 60;
    private static final int DRIVING_SEC = 60;
    private static final int STANDING_SEC = 900;
    private static final double CENTRE_LATITUDE_E5 = 4_507_030;
    private static final double CENTRE_LONGITUDE_E5 = 768_690;
    private static final double METRES_PER_LATITUDE_E5 = 1.1119508;
    private static final double METRES_PER_LONGITUDE_E5 = 0.785273;

    private final SplittableRandom random;
    private final StringBuilder lines = new StringBuilder();
    private double seconds;
    private double nextFix;
    private int column;
    private int row;
    private long lastSeconds;
    private long lastLatitudeE5;
    private long lastLongitudeE5;

    private SyntheticTown(final long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Writes the file.
     *
     * @param arguments where to.
     */
    public static void main(final String[] arguments) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
            out.write(traces(1).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The traces, as differences. */
    static String traces(final long seed) {
        final SyntheticTown town = new SyntheticTown(seed);
        for (int i = 0; i < COMMUTERS; i++) {
            town.begin("commuter-" + i);
            town.commute();
        }
        for (int i = 0; i < TAXIS; i++) {
            town.begin("taxi-" + i);
            town.driveForHire(i % 2 == 0 ? 6 : 12);
        }
        return town.lines.toString();
    }

    private void begin(final String name) {
        lines.append("# ").append(name).append('\n');
        seconds = 0;
        nextFix = random.nextInt(DRIVING_SEC);
        column = random.nextInt(SIDE);
        row = random.nextInt(SIDE);
        lastSeconds = 0;
        lastLatitudeE5 = 0;
        lastLongitudeE5 = 0;
    }

    private void commute() {
        final int[] home = {column, row};
        final int[] work = {random.nextInt(SIDE), random.nextInt(SIDE)};
        final int[] friend = {random.nextInt(SIDE), random.nextInt(SIDE)};
        for (int day = 0; day < DAYS; day++) {
            standUntil(day * DAY_SEC + hours(6.5, 8.5));
            driveTo(work);
            standUntil(day * DAY_SEC + hours(16, 18));
            if (random.nextInt(5) < 2) {
                driveTo(friend);
                standUntil(seconds + hours(0.5, 1.5));
            }
            driveTo(home);
        }
        standUntil(DAYS * DAY_SEC);
    }

    private void driveForHire(final int firstHour) {
        final int[] home = {column, row};
        for (int day = 0; day < DAYS; day++) {
            final double begins = day * DAY_SEC + hours(firstHour - 0.5, firstHour + 0.5);
            standUntil(begins);
            while (seconds < begins + hours(10, 10.01)) {
                // Where most want to go is the middle of the town.
                driveTo(new int[] {
                    (random.nextInt(SIDE) + random.nextInt(SIDE)) / 2, (random.nextInt(SIDE) + random.nextInt(SIDE)) / 2
                });
                standUntil(seconds + hours(0.02, 0.15));
            }
            driveTo(home);
        }
        standUntil(DAYS * DAY_SEC);
    }

    private double hours(final double least, final double most) {
        return 3600 * random.nextDouble(least, most);
    }

    private void standUntil(final double until) {
        while (nextFix < until) {
            record(0, 0);
            nextFix += STANDING_SEC;
        }
        seconds = Math.max(seconds, until);
        nextFix = Math.min(nextFix, seconds + random.nextInt(DRIVING_SEC));
    }

    private void driveTo(final int[] to) {
        while (column != to[0] || row != to[1]) {
            final boolean along = row == to[1] || (column != to[0] && random.nextBoolean());
            driveBlock(along ? Integer.signum(to[0] - column) : 0, along ? 0 : Integer.signum(to[1] - row));
        }
    }

    private void driveBlock(final int east, final int north) {
        final boolean isMain = east != 0 ? row % 4 == 2 : column % 4 == 2;
        final double hour = seconds % DAY_SEC / 3600;
        final boolean isRush = (hour > 7 && hour < 9) || (hour > 16 && hour < 18.5);
        final double metresPerSec = (isMain ? 14 : 9) * (isRush ? 0.7 : 1) * random.nextDouble(0.85, 1.15);
        final double arrives = seconds + BLOCK_METRES / metresPerSec;
        while (nextFix < arrives) {
            final double metres = BLOCK_METRES * (nextFix - seconds) / (arrives - seconds);
            record(east * metres, north * metres);
            nextFix += DRIVING_SEC;
        }
        seconds = arrives;
        column += east;
        row += north;
        final double leaves = seconds + (random.nextInt(4) == 0 ? random.nextDouble(5, 40) : 0);
        while (nextFix < leaves) {
            record(0, 0);
            nextFix += DRIVING_SEC;
        }
        seconds = leaves;
    }

    /** A fix at the next time for one, so many metres from the last crossing. */
    private void record(final double eastMetres, final double northMetres) {
        final long atSeconds = START_SEC + (long) nextFix;
        final double east = (column - SIDE / 2) * BLOCK_METRES + eastMetres + error();
        final double north = (row - SIDE / 2) * BLOCK_METRES + northMetres + error();
        final long latitudeE5 = Math.round(CENTRE_LATITUDE_E5 + north / METRES_PER_LATITUDE_E5);
        final long longitudeE5 = Math.round(CENTRE_LONGITUDE_E5 + east / METRES_PER_LONGITUDE_E5);
        lines.append(atSeconds - lastSeconds)
                .append(',')
                .append(latitudeE5 - lastLatitudeE5)
                .append(',')
                .append(longitudeE5 - lastLongitudeE5)
                .append('\n');
        lastSeconds = atSeconds;
        lastLatitudeE5 = latitudeE5;
        lastLongitudeE5 = longitudeE5;
    }

    /** Of a receiver: the sum of four even draws has a standard deviation of 4 m. */
    private double error() {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += random.nextDouble(-3.5, 3.5);
        }
        return sum;
    }
}
