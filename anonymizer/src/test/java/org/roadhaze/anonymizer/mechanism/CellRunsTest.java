// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellRunsTest {
    private static final int LIMIT = 500;

    private static Set<List<Long>> entries(final CellRuns runs, final long cell) {
        final Set<List<Long>> found = new HashSet<>();
        for (int run = runs.firstRun(cell); run != CellRuns.NONE; run = runs.nextRun(cell, run)) {
            for (int at = runs.begin(run); at < runs.end(run); at += CellRuns.WIDTH) {
                final long[] words = runs.words();
                assertThat(found.add(List.of(words[at], words[at + 1], words[at + 2], words[at + CellRuns.HANDLE])))
                        .as("no entry twice")
                        .isTrue();
            }
        }
        return found;
    }

    /** Against a map of lists; few cells, so that they have several runs, and share buckets. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldHoldWhatWasPutIn(final int seed) {
        final Random random = new Random(seed);
        final CellRuns runs = new CellRuns(LIMIT);
        final Map<Integer, Long> cellOf = new HashMap<>();
        final Map<Integer, List<Long>> entryOf = new HashMap<>();
        final Set<Integer> out = new HashSet<>();
        for (int round = 0; round < 5_000; round++) {
            final int what = random.nextInt(10);
            final List<Integer> known = new ArrayList<>(cellOf.keySet());
            if (what < 5 || known.isEmpty()) {
                final long cell = CellRuns.cell(random.nextInt(5), random.nextInt(-3, 3) * 256);
                final int handle = runs.add(cell, round, -round, 7L * round);
                assertThat(handle == CellRuns.NONE).isEqualTo(known.size() == LIMIT);
                if (handle != CellRuns.NONE) {
                    assertThat(cellOf.put(handle, cell)).as("a free handle").isNull();
                    entryOf.put(handle, List.of((long) round, (long) -round, 7L * round, (long) handle));
                }
            } else if (what < 7) {
                final int handle = known.get(random.nextInt(known.size()));
                runs.takeOut(handle);
                out.add(handle);
            } else if (what < 9 || known.size() < LIMIT / 2) {
                final int handle = known.get(random.nextInt(known.size()));
                runs.remove(handle);
                cellOf.remove(handle);
                out.remove(handle);
            }
            if (round % 10 == 0) {
                assertHolds(runs, cellOf, entryOf, out);
            }
        }
        assertThat(cellOf).hasSizeGreaterThan(LIMIT / 10);
    }

    private static void assertHolds(
            final CellRuns runs,
            final Map<Integer, Long> cellOf,
            final Map<Integer, List<Long>> entryOf,
            final Set<Integer> out) {
        final Map<Long, Set<List<Long>>> expected = new HashMap<>();
        cellOf.forEach((handle, cell) -> {
            expected.computeIfAbsent(cell, any -> new HashSet<>());
            if (!out.contains(handle)) {
                expected.get(cell).add(entryOf.get(handle));
            }
        });
        expected.forEach((cell, inCell) -> {
            assertThat(entries(runs, cell)).isEqualTo(inCell);
            for (int before = 0; before < Long.SIZE && !inCell.isEmpty(); before += 21) {
                final long first = CellRuns.cell((int) (cell >>> Integer.SIZE), (int) (long) cell - before);
                assertThat(runs.occupied(first) >>> before & 1)
                        .as("%s cells on", before)
                        .isOne();
            }
        });
        assertThat(runs.size()).isEqualTo(cellOf.size() - out.size());
    }

    @Test
    void shouldBeEmptyAtFirst() {
        final CellRuns runs = new CellRuns(1);
        assertThat(entries(runs, CellRuns.cell(0, 0))).isEmpty();
        assertThat(runs.occupied(CellRuns.cell(-1, 0))).isZero();
        assertThat(runs.add(CellRuns.cell(-1, 1), 1, 2, 3)).isZero();
        assertThat(runs.occupied(CellRuns.cell(-1, 0))).isEqualTo(1 << 1);
        assertThat(runs.occupied(CellRuns.cell(-1, -62))).isEqualTo(1L << 63);
        assertThat(runs.occupied(CellRuns.cell(-1, 1))).isOne();
        assertThat(runs.add(CellRuns.cell(-1, 1), 1, 2, 3)).isEqualTo(CellRuns.NONE);
        runs.remove(0);
        assertThat(runs.occupied(CellRuns.cell(-1, 0))).isZero();
        assertThat(runs.add(CellRuns.cell(0, 0), 1, 2, 3)).isZero();
        assertThat(entries(runs, CellRuns.cell(-1, 1))).isEmpty();
    }
}
