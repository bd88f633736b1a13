// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EqualAreaGridTest {
    private static final int POINTS = 20_000;
    private static final double E7 = Math.PI / 180e7;

    @ParameterizedTest(name = "{0} m")
    @ValueSource(ints = {50, 51, 125, 500, 999, 1_000, 2_000, 10_000, 99_999, 100_000})
    void shouldHoldTheFixInACellThatIsNoSmallerThanItsEdgeSays(final int edgeMetres) {
        final SplittableRandom random = new SplittableRandom(edgeMetres);
        final EqualAreaGrid grid = new EqualAreaGrid(edgeMetres);
        final double least = (double) edgeMetres * edgeMetres * (1 - 1.0 / 4_000 * Math.min(1, 50.0 / edgeMetres));
        final double smallest = grid.leastM2() * 0.999_999;
        for (int i = 0; i < POINTS; i++) {
            final int latitude = latitude(random, i);
            final int longitude = i % 5 == 0 ? 1_800_000_000 : random.nextInt(-1_800_000_000, 1_800_000_001);
            final long cell = grid.cellOf(latitude, longitude);

            assertThat(latitude).isBetween(grid.southE7(cell), grid.northE7(cell));
            if (longitude < 1_800_000_000) {
                assertThat(longitude).isBetween(grid.westE7(cell), grid.eastE7(cell));
            }
            final double area = area(grid, cell);
            assertThat(area).isGreaterThanOrEqualTo(least);
            assertThat(area).isGreaterThanOrEqualTo(smallest);
            if (Math.abs(latitude) < 800_000_000) {
                assertThat(area).as("at %d", latitude).isLessThan(1.07 * edgeMetres * edgeMetres);
            }
            check(grid, cell, edgeMetres);
        }
    }

    private static int latitude(final SplittableRandom random, final int i) {
        return switch (i % 10) {
            case 0 -> 900_000_000;
            case 1 -> -900_000_000;
            case 2 -> 900_000_000 - random.nextInt(1_000_000);
            default -> random.nextInt(-900_000_000, 900_000_001);
        };
    }

    private static void check(final EqualAreaGrid grid, final long cell, final int edgeMetres) {
        final int latitude = grid.centreLatitudeE7();
        final int longitude = grid.centreLongitudeE7();
        assertThat(grid.cellOf(latitude, longitude)).isEqualTo(cell);
        assertThat(EqualAreaGrid.isCell(cell)).isTrue();
        assertThat(EqualAreaGrid.edgeMetres(cell)).isEqualTo(edgeMetres);
        assertThat(CellSystem.of(cell)).isEqualTo(CellSystem.EQUAL_AREA);
        assertThat(CellSystem.text(cell)).hasSize(16).startsWith("a");
    }

    /** By Simpson's rule over M N cos(lat), apart from the formula that the grid is made with. */
    private static double area(final EqualAreaGrid grid, final long cell) {
        final double south = (grid.southE7(cell) - 0.5) * E7;
        final double north = (grid.northE7(cell) + 0.5) * E7;
        final double wide = (grid.eastE7(cell) + 1L - grid.westE7(cell)) * E7;
        final double middle = (south + north) / 2;
        return wide * (north - south) / 6 * (perRadian(south) + 4 * perRadian(middle) + perRadian(north));
    }

    private static double perRadian(final double latitude) {
        final double a = 6_378_137;
        final double e2 = 0.006_694_379_990_14;
        final double w2 = 1 - e2 * Math.sin(latitude) * Math.sin(latitude);
        return Math.max(0, Math.cos(latitude)) * a * a * (1 - e2) / (w2 * w2);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000})
    void shouldKnowItsSmallestCell(final int edgeMetres) {
        final double square = (double) edgeMetres * edgeMetres;

        assertThat(new EqualAreaGrid(edgeMetres).leastM2()).isEqualTo(square, within(square / 4_000));
    }
}
