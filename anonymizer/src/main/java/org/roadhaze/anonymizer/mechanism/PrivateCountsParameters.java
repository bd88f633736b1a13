// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.config.ConfigMap;

/**
 * What is counted, and how much noise.
 *
 * @param cellMetres        width of a cell: 125, 250, 500 ... 16000.
 * @param window            how long, in [1 min, 24 h], a part of 24 h.
 * @param epsilonMillionths epsilon of a unit in millionths, in [1000, 100000000].
 * @param delta             in [1e-15, 1e-3].
 * @param unit              whose privacy.
 * @param cellsPerUnit      L0, to how many cells (in a day: cells of windows) a unit contributes, in [1, 1000].
 * @param maxSpeedKmh       what faster ones are taken for, in [10, 300]; 0 when no speed is published.
 * @param late              how long after its end a window waits for late records, in [0 s, 24 h].
 * @param publish           what leaves of the cell.
 */
public record PrivateCountsParameters(
        int cellMetres,
        Duration window,
        long epsilonMillionths,
        double delta,
        Unit unit,
        int cellsPerUnit,
        int maxSpeedKmh,
        Duration late,
        PlaceCell.Publish publish)
        implements MechanismParameters {
    /** Whose privacy epsilon is about. */
    public enum Unit {
        /** Whether a device was there in one window, and where. */
        DEVICE_WINDOW,
        /** Whether a device was there in one day (UTC), and where. */
        DEVICE_DAY
    }

    static final long MILLIONTHS = 1_000_000;
    static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);
    static final Duration DAY = Duration.ofMillis(PrivateCounts.DAY_MS);
    static final int MOST_CELLS = 1_000;
    private static final long LEAST_EPSILON = MILLIONTHS / 1_000;
    private static final long MOST_EPSILON = 100 * MILLIONTHS;
    private static final double LEAST_DELTA = 1e-15;
    private static final double MOST_DELTA = 1e-3;
    private static final int LEAST_SPEED = 10;
    private static final int MOST_SPEED = 300;
    private static final String CELLS = "125m, 250m, 500m, 1km, 2km, 4km, 8km, 16km";
    private static final String EPSILONS = "0.001 to 100, with 6 decimals at most";
    private static final String SPEEDS = LEAST_SPEED + " km/h to " + MOST_SPEED + " km/h";
    private static final String WINDOWS = "a part of 24h";

    /** Refuses values out of their ranges. */
    public PrivateCountsParameters {
        Ranges.check("window", window, SHORTEST_WINDOW, DAY);
        Ranges.check("late", late, Duration.ZERO, DAY);
        Ranges.check("delta", delta, LEAST_DELTA, MOST_DELTA);
        Ranges.check("epsilon", epsilonMillionths / 1e6, LEAST_EPSILON / 1e6, MOST_EPSILON / 1e6);
        Ranges.check("cells-per-unit", cellsPerUnit, 1, MOST_CELLS);
        Ranges.check("speed", maxSpeedKmh, maxSpeedKmh == 0 ? 0 : LEAST_SPEED, MOST_SPEED);
        if (LadderGrid.levelOf(cellMetres) < 0) {
            throw new IllegalArgumentException("cell: found " + cellMetres + "m, allowed " + CELLS);
        }
        if (PrivateCounts.DAY_MS % window.toMillis() != 0) {
            throw new IllegalArgumentException("window: found " + Ranges.text(window) + ", allowed " + WINDOWS);
        }
    }

    static PrivateCountsParameters read(final ConfigMap map) {
        final Duration window = map.duration("window", SHORTEST_WINDOW, DAY, Duration.ofMinutes(15));
        final boolean dividesDay = PrivateCounts.DAY_MS % window.toMillis() == 0;
        if (!dividesDay) {
            map.keyProblem("window", Ranges.text(window), WINDOWS);
        }
        return new PrivateCountsParameters(
                readCell(map),
                dividesDay ? window : DAY,
                (long) readNumber(map, "epsilon", LEAST_EPSILON, MOST_EPSILON, MILLIONTHS, EPSILONS),
                readNumber(map, "delta", LEAST_DELTA, MOST_DELTA, 1, LEAST_DELTA + " to " + MOST_DELTA),
                map.choice("unit", Unit.class),
                map.integer("cells-per-unit", 1, MOST_CELLS, 3),
                map.has("speed") ? readSpeed(map.map("speed")) : 0,
                map.duration("late", Duration.ZERO, DAY, Duration.ofSeconds(60)),
                map.choice("publish", PlaceCell.Publish.class, PlaceCell.Publish.CELL));
    }

    private static int readCell(final ConfigMap map) {
        final double least = LadderGrid.metres(0);
        final int metres = (int) map.metres("cell", least, LadderGrid.metres(LadderGrid.MAX_LEVEL));
        if (LadderGrid.levelOf(metres) < 0) {
            map.keyProblem("cell", metres + "m", CELLS);
            return LadderGrid.metres(0);
        }
        return metres;
    }

    /** A number that is whole when multiplied by the scale, unless that is 1. */
    private static double readNumber(
            final ConfigMap map,
            final String key,
            final double least,
            final double most,
            final long scale,
            final String allowed) {
        if (map.required(key, allowed).isEmpty()) {
            return least;
        }
        try {
            final BigDecimal scaled = new BigDecimal(map.text(key)).multiply(BigDecimal.valueOf(scale));
            final double value = scale == 1 ? scaled.doubleValue() : scaled.longValueExact();
            if (value >= least && value <= most) {
                return value;
            }
        } catch (final ArithmeticException | NumberFormatException e) {
            // Told below like one out of range.
        }
        map.keyProblem(key, map.text(key), allowed);
        return least;
    }

    private static int readSpeed(final ConfigMap map) {
        final String text = map.text("max");
        final String number =
                text.endsWith("km/h") ? text.substring(0, text.length() - 4).trim() : "";
        if (number.matches("[0-9]{1,4}")) {
            final int kmh = Integer.parseInt(number);
            if (kmh >= LEAST_SPEED && kmh <= MOST_SPEED) {
                return kmh;
            }
        }
        if (map.has("max")) {
            map.keyProblem("max", text, SPEEDS);
        }
        return LEAST_SPEED;
    }

    boolean hasSpeed() {
        return maxSpeedKmh > 0;
    }

    boolean isPerDay() {
        return unit == Unit.DEVICE_DAY;
    }

    @Override
    public Mechanism build(final MechanismContext context) {
        return new PrivateCounts(this, context);
    }

    @Override
    public String effect() {
        final String epsilon =
                BigDecimal.valueOf(epsilonMillionths, 6).stripTrailingZeros().toPlainString();
        return "no record: per cell " + cellMetres + " m wide and " + Ranges.text(window)
                + " a noisy count of devices" + (hasSpeed() ? " with a speed, and their noisy mean speed" : "")
                + "; epsilon " + epsilon + " and delta " + delta + " for what one device does in one "
                + (isPerDay() ? "day" : "window: in a day " + PrivateCounts.DAY_MS / window.toMillis() + " times that")
                + ", of which " + cellsPerUnit + " cells count at most";
    }

    @Override
    public String canonical() {
        return "counts cell=" + cellMetres + "m window=" + window.toMillis() + "ms epsilon=" + epsilonMillionths
                + "e-6 delta=" + delta + " unit=" + (isPerDay() ? "device-day" : "device-window")
                + " cells-per-unit=" + cellsPerUnit + " speed=" + maxSpeedKmh + "km/h late=" + late.toMillis()
                + "ms publish=" + publish.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Rebuilding rebuilding() {
        return Rebuilding.BY_WINDOW;
    }

    @Override
    public Set<String> inputs() {
        return hasSpeed() ? Set.of("deviceId", "fixTime", "place", "speed") : Set.of("deviceId", "fixTime", "place");
    }

    @Override
    public Duration holdsBack() {
        return window.plus(late);
    }

    @Override
    public boolean needsWholeFleet() {
        return true;
    }

    @Override
    public boolean mixesRecords() {
        return true;
    }
}
