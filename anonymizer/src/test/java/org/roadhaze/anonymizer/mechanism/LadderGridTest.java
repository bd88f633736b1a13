// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadderGridTest {
    private static final double METRES_PER_DEGREE = Math.PI * 6_371_008.8 / 180;

    private static int latitude(final Random random) {
        return random.nextInt(1_800_000_001) - 900_000_000;
    }

    private static int longitude(final Random random) {
        return (int) (random.nextDouble() * 3_600_000_001L - 1_800_000_000L);
    }

    @Test
    void shouldHoldEveryPlaceInItsCellAndNoOther() {
        final Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            final int latitudeE7 = latitude(random);
            final int longitudeE7 = longitude(random);
            final int level = random.nextInt(LadderGrid.MAX_LEVEL + 1);
            final long cell = LadderGrid.cellOf(latitudeE7, longitudeE7, level);

            assertThat(LadderGrid.isCell(cell)).isTrue();
            assertThat(LadderGrid.level(cell)).isEqualTo(level);
            assertThat(latitudeE7).isBetween(LadderGrid.southE7(cell), LadderGrid.northE7(cell));
            if (longitudeE7 < 1_800_000_000) {
                assertThat(longitudeE7).isBetween(LadderGrid.westE7(cell), LadderGrid.eastE7(cell));
            }
            // Its corners are its own, and one step beyond is another's.
            assertThat(LadderGrid.cellOf(LadderGrid.northE7(cell), LadderGrid.eastE7(cell), level))
                    .isEqualTo(cell);
            assertThat(LadderGrid.cellOf(LadderGrid.southE7(cell), LadderGrid.westE7(cell), level))
                    .isEqualTo(cell);
            if (LadderGrid.northE7(cell) < 900_000_000) {
                assertThat(LadderGrid.cellOf(LadderGrid.northE7(cell) + 1, LadderGrid.westE7(cell), level))
                        .isNotEqualTo(cell);
            }
            assertThat(LadderGrid.cellOf(LadderGrid.southE7(cell), LadderGrid.eastE7(cell) + 1, level))
                    .isNotEqualTo(cell);
            assertThat(LadderGrid.cellOf(LadderGrid.centreLatitudeE7(cell), LadderGrid.centreLongitudeE7(cell), level))
                    .isEqualTo(cell);
        }
    }

    @Test
    void shouldMakeEveryCellOfFourFinerOnes() {
        final Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            final int latitudeE7 = latitude(random);
            final int longitudeE7 = longitude(random);
            final long finest = LadderGrid.cellOf(latitudeE7, longitudeE7, 0);
            for (int level = 1; level <= LadderGrid.MAX_LEVEL; level++) {
                final long cell = LadderGrid.cellOf(latitudeE7, longitudeE7, level);
                assertThat(LadderGrid.parent(finest, level)).isEqualTo(cell);
                final long southWest = LadderGrid.cellOf(LadderGrid.southE7(cell), LadderGrid.westE7(cell), level - 1);
                final long northEast = LadderGrid.cellOf(LadderGrid.northE7(cell), LadderGrid.eastE7(cell), level - 1);
                assertThat(northEast - southWest)
                        .as("one row and one column on")
                        .isEqualTo((1L << 28) + 1);
            }
        }
    }

    @Test
    void shouldBeAsWideAndHighAsItSaysUpToSeventyDegrees() {
        final Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            final int latitudeE7 = random.nextInt(1_400_000_000) - 700_000_000;
            final long cell = LadderGrid.cellOf(latitudeE7, longitude(random), 3);
            final double high = (LadderGrid.northE7(cell) - LadderGrid.southE7(cell)) * 1e-7 * METRES_PER_DEGREE;
            final double wide = (LadderGrid.eastE7(cell) - LadderGrid.westE7(cell))
                    * 1e-7
                    * METRES_PER_DEGREE
                    * Math.cos(Math.toRadians(LadderGrid.centreLatitudeE7(cell) * 1e-7));
            assertThat(high).isBetween(999.5, 1000.5);
            assertThat(wide).isBetween(995.0, 1005.0);
        }
    }

    @Test
    void shouldRankTheCellsOfEveryCellSideBySide() {
        final Random random = new Random(4);
        for (int i = 0; i < 100_000; i++) {
            final int latitudeE7 = latitude(random) / 2;
            final int longitudeE7 = longitude(random) / 2;
            final long a = LadderGrid.cellOf(latitudeE7, longitudeE7, 0);
            final long b = LadderGrid.cellOf(
                    latitudeE7 + random.nextInt(200_000) - 100_000, longitudeE7 + random.nextInt(200_000) - 100_000, 0);
            for (int level = 0; level <= LadderGrid.MAX_LEVEL; level++) {
                assertThat((LadderGrid.rank(a) >>> (2 * level)) == (LadderGrid.rank(b) >>> (2 * level)))
                        .isEqualTo(LadderGrid.parent(a, level) == LadderGrid.parent(b, level));
            }
            assertThat(LadderGrid.rank(a) >>> 37).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"900000000, 0", "-900000000, 1800000000", "0, -1800000000", "0, 1800000000", "900000000, 1800000000"})
    void shouldHaveCellsAtThePolesAndTheDateLine(final int latitudeE7, final int longitudeE7) {
        assertThat(LadderGrid.isCell(LadderGrid.cellOf(latitudeE7, longitudeE7, 0)))
                .isTrue();
        assertThat(LadderGrid.cellOf(0, 1_800_000_000, 2)).isEqualTo(LadderGrid.cellOf(0, -1_800_000_000, 2));
    }

    @Test
    void shouldTakeNoOtherIdForACell() {
        assertThat(LadderGrid.isCell(0x87283472bffffffL)).as("H3").isFalse();
        assertThat(LadderGrid.isCell(0)).isFalse();
        assertThat(LadderGrid.isCell(0xC800_0000_0000_0000L)).as("level 8").isFalse();
        assertThat(LadderGrid.isCell(0xC000_0000_0000_0000L | 160_128L << 28))
                .as("row")
                .isFalse();
        assertThat(LadderGrid.isCell(0xC000_0000_0000_0000L | 384)).as("column").isFalse();
        assertThat(LadderGrid.isCell(0xC000_0000_0000_0000L | 383)).isTrue();
    }
}
