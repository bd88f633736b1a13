// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import com.uber.h3core.AreaUnit;
import com.uber.h3core.H3Core;
import java.math.BigDecimal;
import java.math.MathContext;
import org.roadhaze.config.ConfigMap;

/**
 * What kind of cells, and how large. Immutable.
 *
 * @param system {@link CellSystem#H3}, {@link CellSystem#S2} or {@link CellSystem#EQUAL_AREA}.
 * @param number resolution of H3, in [0, 15]; level of S2, in [0, 24]; edge of the grid in metres, in [50, 100000].
 */
public record CellSize(CellSystem system, int number) {
    /**
     * What every cell has to be larger than not to be "precise geolocation" in the sense of the California Consumer Privacy
     * Act, section 1798.140: a circle of 1,850 feet. That of other states (1,750 feet) is smaller.
     */
    public static final double LEGAL_KM2 = 0.9989;

    static final int FINEST_H3 = 15;
    private static final double H3_RADIUS_KM = 6_371.007_180_918_475;
    private static final double SPHERE_KM2 = 4 * Math.PI * H3_RADIUS_KM * H3_RADIUS_KM;

    /** Refuses what is out of range. */
    public CellSize {
        switch (system) {
            case H3 -> Ranges.check("h3", number, 0, FINEST_H3);
            case S2 -> Ranges.check("s2", number, 0, S2Index.MOST_LEVEL);
            case EQUAL_AREA ->
                Ranges.check("grid", number, EqualAreaGrid.LEAST_EDGE_METRES, EqualAreaGrid.MOST_EDGE_METRES);
            default -> throw new IllegalArgumentException("system: found " + system + ", allowed H3, S2, EQUAL_AREA");
        }
    }

    /** Whether even the smallest of these cells is larger than {@link #LEGAL_KM2}. */
    boolean isLegal() {
        return leastAreaKm2() > LEGAL_KM2;
    }

    /** Notes that {@code coarse: legal} stands beside these cells, and which may stand there. */
    void refuseAsTooSmall(final ConfigMap map) {
        map.keyProblem(
                key(),
                text() + ", of which the smallest cell has " + area(leastAreaKm2()),
                finestLegal() + ": coarse: legal wants every cell larger than " + LEGAL_KM2 + " km2");
    }

    private String finestLegal() {
        int legal = number;
        while (!new CellSize(system, legal).isLegal()) {
            legal += system == CellSystem.EQUAL_AREA ? 1 : -1;
        }
        return system == CellSystem.EQUAL_AREA ? legal + "m and more" : "0 to " + legal;
    }

    /**
     * Area of a cell.
     *
     * @return square kilometres, on average.
     */
    public double averageAreaKm2() {
        return switch (system) {
            case H3 -> H3Library.get().getHexagonAreaAvg(number, AreaUnit.km2);
            case S2 -> SPHERE_KM2 / 6 / (1L << (2 * number));
            default -> number * 1e-6 * number;
        };
    }

    /**
     * Area of the smallest cell there is, anywhere: no cell is smaller on the WGS 84 ellipsoid.
     *
     * <p>Of H3 that is a pentagon: cells are cut on planes that touch the sphere in the middle of each side of the icosahedron,
     * and what has one area there has the less on the sphere the farther from that middle it lies; farthest away lie the
     * corners, where the pentagons are, and a pentagon is five sixths of a hexagon there.
     *
     * @return square kilometres; a lower bound, less than 1 % below.
     */
    public double leastAreaKm2() {
        return switch (system) {
            case H3 -> leastPentagonKm2() * Wgs84.LEAST_KM2_PER_STERADIAN / (H3_RADIUS_KM * H3_RADIUS_KM);
            case S2 -> S2Index.LEAST_STERADIANS / (1L << (2 * number)) * Wgs84.LEAST_KM2_PER_STERADIAN;
            default -> new EqualAreaGrid(number).leastM2() * 1e-6;
        };
    }

    private double leastPentagonKm2() {
        final H3Core h3 = H3Library.get();
        double least = Double.MAX_VALUE;
        for (final long pentagon : h3.getPentagons(number)) {
            least = Math.min(least, h3.cellArea(pentagon, AreaUnit.km2));
        }
        return least;
    }

    /** An index of such cells, for one worker. */
    public CellIndex index() {
        return switch (system) {
            case H3 -> new H3Index(number);
            case S2 -> new S2Index(number);
            default -> new EqualAreaGrid(number);
        };
    }

    private String key() {
        return switch (system) {
            case H3 -> "h3";
            case S2 -> "s2";
            default -> "grid";
        };
    }

    private String text() {
        return system == CellSystem.EQUAL_AREA ? number + "m" : Integer.toString(number);
    }

    /** The cell for a person, such as {@code H3 cell}. */
    String noun() {
        return switch (system) {
            case H3 -> "H3 cell";
            case S2 -> "S2 cell";
            default -> "cell of an equal-area grid";
        };
    }

    /** Its size for a person. */
    String effect() {
        return switch (system) {
            case H3 -> "resolution " + number + " (" + area(averageAreaKm2()) + " on average)";
            case S2 -> "level " + number + " (" + area(averageAreaKm2()) + " on average)";
            default -> number + " m wide";
        };
    }

    String canonical() {
        return key() + "=" + text();
    }

    private static String area(final double km2) {
        return km2 < 0.01
                ? Math.round(km2 * 1e6) + " m2"
                : BigDecimal.valueOf(km2).round(new MathContext(3)).toPlainString() + " km2";
    }
}
