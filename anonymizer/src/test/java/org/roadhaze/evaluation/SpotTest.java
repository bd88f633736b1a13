// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpotTest {
    /** A city of 64 x 64 squares over a day of quarters of an hour: a bin of a map that has room for all holds a few of them. */
    @Test
    void shouldNotGiveNeighboursOneHash() {
        final Map<Integer, Integer> bins = new HashMap<>();
        int spots = 0;
        for (long row = 8400; row < 8464; row++) {
            for (long column = -21_500; column < -21_436; column++) {
                for (long quarter = 1_000_000; quarter < 1_000_096; quarter++) {
                    final int hash = new Spot((row << 32) | (column & 0xFFFF_FFFFL), quarter).hashCode();
                    bins.merge((hash ^ (hash >>> 16)) & ((1 << 19) - 1), 1, Integer::sum);
                    spots++;
                }
            }
        }
        assertEquals(64 * 64 * 96, spots);
        final int fullest =
                bins.values().stream().mapToInt(count -> count).max().orElseThrow();
        assertTrue(fullest < 16, "the fullest bin holds " + fullest + "; at random 16 have a chance of 2e-8");
    }
}
