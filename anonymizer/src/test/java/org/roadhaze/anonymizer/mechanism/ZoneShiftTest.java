// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.geometry.LocalMetres;

class ZoneShiftTest {
    private static final long NOW_MS = 1_752_393_600_000L;
    private static final double FARTHEST = 350;
    private static final int SAMPLES = 100_000;
    private static final int RINGS = 5;
    private static final int SECTORS = 8;
    /** 40 classes; chi-square with 39 degrees of freedom is above this once in a million (scipy.stats.chi2.isf). */
    private static final double CRITICAL = 96.13;

    private static ZoneShift shift(final int key, final double farthestMetres) {
        return new ZoneShift(FixedEpochKeys.ring(key, NOW_MS), farthestMetres);
    }

    private static double[] offset(
            final ZoneShift shift, final long timeMs, final long device, final int latE7, final int lonE7) {
        final double shrink = LocalMetres.shrink(latE7);
        shift.shift(timeMs, device, latE7, lonE7, shrink);
        return new double[] {
            (shift.latitudeE7() - latE7) * LocalMetres.PER_E7,
            LocalMetres.eastE7(shift.longitudeE7(), lonE7) * LocalMetres.PER_E7 * shrink
        };
    }

    /** Uniform in the disc: as many in each of rings of the same area and sectors. Rejects right code with probability 1e-6. */
    @ParameterizedTest
    @ValueSource(ints = {0, 525_010_000, -680_000_000})
    void shouldBeUniformInADisc(final int latE7) {
        final ZoneShift shift = shift(5, FARTHEST);
        final long[] counts = new long[RINGS * SECTORS];
        final long[] wrong = new long[RINGS * SECTORS];
        for (int device = 1; device <= SAMPLES; device++) {
            final double[] offset = offset(shift, NOW_MS, device, latE7, 1_799_990_000);
            final double share = Math.hypot(offset[0], offset[1]) / FARTHEST;
            assertThat(share).isLessThan(1.001);
            counts[classOf(offset, share * share)]++;
            wrong[classOf(offset, share)]++;
        }

        assertThat(chiSquare(counts)).isLessThan(CRITICAL);
        assertThat(chiSquare(wrong))
                .as("a radius that is uniform, and so too near, would be found")
                .isGreaterThan(CRITICAL);
    }

    private static int classOf(final double[] offset, final double ring) {
        final double angle = (Math.atan2(offset[1], offset[0]) / (2 * Math.PI) + 1) % 1;
        return Math.min(RINGS - 1, (int) (RINGS * ring)) * SECTORS + (int) (SECTORS * angle) % SECTORS;
    }

    private static double chiSquare(final long[] counts) {
        final double expected = (double) SAMPLES / counts.length;
        double sum = 0;
        for (final long count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    @Test
    void shouldStayWhereItIsForAsLongAsItsKeyLives() {
        final double[] first = offset(shift(5, FARTHEST), NOW_MS, 1, 525_010_000, 134_010_000);
        for (int day = 0; day < 200; day++) {
            assertThat(offset(shift(5, FARTHEST), NOW_MS + day * 86_400_000L, 1, 525_010_000, 134_010_000))
                    .isEqualTo(first);
        }
    }

    /** What intersects is few discs, however often a place is learned again: it differs by some metres each time. */
    @Test
    void shouldHaveFourOffsetsAtMostForOnePlace() {
        final ZoneShift shift = shift(5, FARTHEST);
        final Set<Long> offsets = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            final double[] offset =
                    offset(shift, NOW_MS, 1, 525_010_000 + i % 100 * 20 - 1_000, 134_010_000 + i / 100 * 30 - 1_500);
            offsets.add(Math.round(offset[0]) * 1_000 + Math.round(offset[1]));
        }
        // A metre of rounding may count one twice.
        assertThat(offsets).hasSizeLessThanOrEqualTo(4 * 9);
    }

    @Test
    void shouldHaveNothingInCommonWithOthers() {
        final double[] one = offset(shift(5, FARTHEST), NOW_MS, 1, 525_010_000, 134_010_000);

        assertThat(offset(shift(6, FARTHEST), NOW_MS, 1, 525_010_000, 134_010_000))
                .as("of another key")
                .isNotEqualTo(one);
        assertThat(offset(shift(5, FARTHEST), NOW_MS, 2, 525_010_000, 134_010_000))
                .as("of another device")
                .isNotEqualTo(one);
        assertThat(offset(shift(5, FARTHEST), NOW_MS, 1, 525_110_000, 134_010_000))
                .as("of another place")
                .isNotEqualTo(one);
        final double[] farther = offset(shift(5, 2 * FARTHEST), NOW_MS, 1, 525_010_000, 134_010_000);
        assertThat(farther[0] / one[0])
                .as("two reaches of one place")
                .isNotCloseTo(farther[1] / one[1], Offset.offset(0.05));
    }
}
