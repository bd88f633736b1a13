// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.roadhaze.anonymizer.mechanism.LadderGrid;

/** The judge's cells are worked out anew, and are the same as those of what it judges. */
class CellSystemTest {
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
            assertSame(LadderCells.INSTANCE, CellSystem.of(cell).orElseThrow());
            assertEquals(level, LadderCells.INSTANCE.level(cell));
        }
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
        assertSame(H3Cells.INSTANCE, CellSystem.of(cell).orElseThrow());
        assertEquals(9, H3Cells.INSTANCE.level(cell));
        assertEquals(cell, H3Cells.INSTANCE.cellOf(37.7752702151959, -122.418307270836, 9));
        assertEquals(Optional.empty(), CellSystem.of(0));
        assertEquals(Optional.empty(), CellSystem.of(-1));
        assertFalse(LadderCells.INSTANCE.has(0xC000_0000_0FFF_FFFFL), "more columns than a band has");
    }
}
