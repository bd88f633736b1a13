// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.geometry.S2Cell;
import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import com.uber.h3core.AreaUnit;
import com.uber.h3core.H3Core;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cell has at least, against the cells themselves. */
class CellSizeTest {
    private static final int CELLS = 20_000;
    private static final double SPHERE_TO_LEAST = 0.9955;

    private final H3Core h3 = H3Library.get();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldKnowTheSmallestCellOfH3(final int resolution) {
        double least = Double.MAX_VALUE;
        for (final long root : h3.getRes0Cells()) {
            for (final long cell : h3.cellToChildren(root, resolution)) {
                least = Math.min(least, h3.cellArea(cell, AreaUnit.km2));
            }
        }
        assertThat(new CellSize(CellSystem.H3, resolution).leastAreaKm2())
                .isEqualTo(least * SPHERE_TO_LEAST, within(least * 1e-4));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 7, 8, 9, 11, 13, 15})
    void shouldFindNoSmallerCellOfH3ByAPentagonOrElsewhere(final int resolution) {
        final SplittableRandom random = new SplittableRandom(resolution);
        final double least = new CellSize(CellSystem.H3, resolution).leastAreaKm2();
        for (final long pentagon : h3.getPentagons(resolution)) {
            for (final long cell : h3.gridDisk(pentagon, 8)) {
                assertThat(h3.cellArea(cell, AreaUnit.km2) * SPHERE_TO_LEAST).isGreaterThan(least * 0.9999);
            }
        }
        for (int i = 0; i < CELLS; i++) {
            final double latitude = Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
            final long cell = h3.latLngToCell(latitude, 360 * random.nextDouble() - 180, resolution);
            assertThat(h3.cellArea(cell, AreaUnit.km2) * SPHERE_TO_LEAST).isGreaterThan(least);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 7})
    void shouldKnowTheSmallestCellOfS2(final int level) {
        double least = Double.MAX_VALUE;
        final S2CellId end = S2CellId.end(level);
        for (S2CellId id = S2CellId.begin(level); !id.equals(end); id = id.next()) {
            least = Math.min(least, new S2Cell(id).exactArea());
        }
        final double km2 = least * 6_371.007 * 6_371.007 * SPHERE_TO_LEAST;
        assertThat(new CellSize(CellSystem.S2, level).leastAreaKm2()).isLessThan(km2 * 1.0001);
        if (level >= 5) {
            assertThat(new CellSize(CellSystem.S2, level).leastAreaKm2()).isGreaterThan(km2 * 0.9);
        }
    }

    @Test
    void shouldFindNoSmallerCellOfS2AtTheLevelsThatMatter() {
        final SplittableRandom random = new SplittableRandom(2);
        for (int level = 11; level <= 14; level++) {
            final double least = new CellSize(CellSystem.S2, level).leastAreaKm2();
            for (int i = 0; i < CELLS; i++) {
                // The smallest lie at the corners of the cube, 35.26 degrees from the equator.
                final double latitude = i % 2 == 0
                        ? 35.2643897 + 0.2 * (random.nextDouble() - 0.5)
                        : Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
                final double longitude =
                        i % 2 == 0 ? 45 + 0.2 * (random.nextDouble() - 0.5) : 360 * random.nextDouble() - 180;
                final S2CellId id = S2CellId.fromLatLng(S2LatLng.fromDegrees(latitude, longitude))
                        .parent(level);
                final double km2 = new S2Cell(id).exactArea() * 6_371.007 * 6_371.007 * SPHERE_TO_LEAST;
                assertThat(km2).isGreaterThan(least * 0.9999);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "H3, 7, true",
        "H3, 8, false",
        "S2, 12, true",
        "S2, 13, false",
        "EQUAL_AREA, 1000, true",
        "EQUAL_AREA, 999, false",
        "EQUAL_AREA, 100000, true",
        "H3, 0, true",
        "S2, 0, true"
    })
    void shouldCallLegalWhatHasNoCellUpToACircleOf1850Feet(
            final CellSystem system, final int number, final boolean legal) {
        final CellSize size = new CellSize(system, number);

        assertThat(size.isLegal()).isEqualTo(legal);
        assertThat(new PlaceCell.Parameters(size, PlaceCell.Publish.CELL, false).coarseLegal())
                .isFalse();
        if (!legal) {
            assertThatThrownBy(() -> new PlaceCell.Parameters(size, PlaceCell.Publish.CELL, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("0.9989");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "H3, 16",
        "H3, -1",
        "S2, 25",
        "S2, -1",
        "EQUAL_AREA, 49",
        "EQUAL_AREA, 100001",
        "LADDER, 1",
        "UNKNOWN, 1"
    })
    void shouldRefuseWhatIsOutOfRange(final CellSystem system, final int number) {
        assertThatThrownBy(() -> new CellSize(system, number)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"H3, 7", "H3, 10", "S2, 13", "EQUAL_AREA, 500"})
    void shouldTellTheSystemsApartByTheirIds(final CellSystem system, final int number) {
        final CellIndex index = new CellSize(system, number).index();
        final SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < CELLS; i++) {
            final int latitude = random.nextInt(-900_000_000, 900_000_001);
            final int longitude = random.nextInt(-1_800_000_000, 1_800_000_001);
            assertThat(CellSystem.of(index.cellOf(latitude, longitude))).isEqualTo(system);
            assertThat(CellSystem.of(LadderGrid.cellOf(latitude, longitude, i % 8)))
                    .isEqualTo(CellSystem.LADDER);
        }
        assertThat(CellSystem.of(-1L)).isEqualTo(CellSystem.UNKNOWN);
    }

    @Test
    void shouldNotAskTheLibraryWhileAVehicleIsInItsCell() {
        final H3Index index = new H3Index(7);
        for (int round = 0; round < 2; round++) {
            final SplittableRandom random = new SplittableRandom(7);
            final long before = index.asked();
            int latitude = 525_000_000;
            int longitude = 134_000_000;
            for (int i = 0; i < 5_000; i++) {
                latitude += random.nextInt(-300, 301);
                longitude += random.nextInt(-300, 301);
                index.cellOf(latitude, longitude);
            }
            // Of 5,000 fixes, once for each square of half a cell's side and each cell seen in it; then never, but for
            // fixes
            // within 20 cm of a border.
            assertThat(index.asked() - before).isLessThan(round == 0 ? 30 : 3);
        }
    }
}
