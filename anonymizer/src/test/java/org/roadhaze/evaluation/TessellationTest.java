// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.geometry.S2Cell;
import com.google.common.geometry.S2CellId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.mechanism.CellIndex;
import org.roadhaze.anonymizer.mechanism.CellSize;
import org.roadhaze.anonymizer.mechanism.CellSystem;
import org.roadhaze.anonymizer.mechanism.EqualAreaGrid;
import org.roadhaze.anonymizer.mechanism.LadderGrid;

/** The judge's cells are worked out anew, and are the same as those of what it judges. */
class TessellationTest {
    private static final int PLACES = 200_000;

    @Test
    void shouldFindTheSameSquaresAsTheLadderOfCrowds() {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < PLACES; i++) {
            final int latitudeE7 = random.nextInt(-900_000_000, 900_000_001);
            final int longitudeE7 = random.nextInt(-1_800_000_000, 1_800_000_001);
            final int level = random.nextInt(LadderCells.LEVELS);
            final long cell = LadderGrid.cellOf(latitudeE7, longitudeE7, level);
            assertEquals(cell, LadderCells.INSTANCE.cellOf(latitudeE7 / 1e7, longitudeE7 / 1e7, level));
            assertTrue(Places.isCentre(
                    LadderCells.INSTANCE,
                    cell,
                    LadderGrid.centreLatitudeE7(cell) / 1e7,
                    LadderGrid.centreLongitudeE7(cell) / 1e7));
            assertSame(LadderCells.INSTANCE, Tessellation.of(cell).orElseThrow());
            assertEquals(level, LadderCells.INSTANCE.level(cell));
        }
    }

    @ParameterizedTest
    @CsvSource({"50", "333", "500", "1000", "2000", "100000"})
    void shouldFindTheSameCellsAsTheEqualAreaGrid(final int edgeMetres) {
        final EqualAreaGrid grid = new EqualAreaGrid(edgeMetres);
        for (final Fix fix : fixes()) {
            check(GridCells.INSTANCE, edgeMetres, grid, fix);
            final double square = edgeMetres * 1e-6 * edgeMetres;
            final double area = GridCells.INSTANCE.areaKm2(grid.cellOf(fix.latitudeE7, fix.longitudeE7));
            assertTrue(area >= square && area < 1.6 * square, () -> "area " + area);
        }
        assertFalse(GridCells.INSTANCE.has(0xA000_3100_0000_0000L), "an edge of 49 m");
        assertEquals("an equal-area grid of 500 m", GridCells.INSTANCE.name(500));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "7", "12", "13", "24"})
    void shouldFindTheSameCellsAsTheEnginesS2(final int level) {
        final CellIndex index = new CellSize(CellSystem.S2, level).index();
        for (final Fix fix : fixes()) {
            check(S2Cells.INSTANCE, level, index, fix);
        }
        final long cell = S2Cells.INSTANCE.cellOf(52.5, 13.4, 13);
        final double library = new S2Cell(new S2CellId(cell << 4)).exactArea() * 6371.0088 * 6371.0088;
        assertEquals(library, S2Cells.INSTANCE.areaKm2(cell), library * 1e-6);
        assertEquals("S2 level 13", S2Cells.INSTANCE.name(13));
    }

    private record Fix(int latitudeE7, int longitudeE7) {}

    private static List<Fix> fixes() {
        final SplittableRandom random = new SplittableRandom(2);
        return Stream.generate(() -> new Fix(
                        random.nextInt(-899_999_999, 900_000_000), random.nextInt(-1_799_999_999, 1_800_000_000)))
                .limit(20_000)
                .toList();
    }

    private static void check(final Tessellation judge, final int level, final CellIndex index, final Fix fix) {
        final long cell = index.cellOf(fix.latitudeE7, fix.longitudeE7);
        assertEquals(cell, judge.cellOf(fix.latitudeE7 / 1e7, fix.longitudeE7 / 1e7, level));
        assertSame(judge, Tessellation.of(cell).orElseThrow());
        assertEquals(level, judge.level(cell));
        assertTrue(
                Places.isCentre(judge, cell, index.centreLatitudeE7() / 1e7, index.centreLongitudeE7() / 1e7),
                () -> "the middle is at " + judge.centreLatitude(cell) + ", " + judge.centreLongitude(cell));
    }

    @Test
    void shouldMeasureSquares() {
        for (final double latitude : new double[] {0, 45, -33}) {
            final long cell = LadderCells.INSTANCE.cellOf(latitude, 7, LadderCells.levelOf(500));
            assertEquals(0.25, LadderCells.INSTANCE.areaKm2(cell), 0.0015);
            assertEquals("squares of 500 m", LadderCells.INSTANCE.name(LadderCells.INSTANCE.level(cell)));
        }
    }

    /** The example of H3's own documentation. */
    @Test
    void shouldTellWhoseACellIs() {
        final long cell = 0x8928308280fffffL;
        assertSame(H3Cells.INSTANCE, Tessellation.of(cell).orElseThrow());
        assertEquals(9, H3Cells.INSTANCE.level(cell));
        assertEquals(cell, H3Cells.INSTANCE.cellOf(37.7752702151959, -122.418307270836, 9));
        assertEquals(Optional.empty(), Tessellation.of(0));
        assertEquals(Optional.empty(), Tessellation.of(-1));
        assertFalse(LadderCells.INSTANCE.has(0xC000_0000_0FFF_FFFFL), "more columns than a band has");
    }
}
