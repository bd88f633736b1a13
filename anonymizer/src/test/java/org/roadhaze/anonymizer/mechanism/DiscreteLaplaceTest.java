// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.anonymizer.key.FixedEpochKeys;

class DiscreteLaplaceTest {
    private static final long NOON_MS = 1_752_408_000_000L;
    private static final int SAMPLES = 400_000;
    private static final int WIDEST = 12;
    /** 27 classes; chi-square with 26 degrees of freedom is above this once in a million (scipy.stats.chi2.isf). */
    private static final double CRITICAL = 75.55;

    private static EpochRandom random(final int key) {
        return MechanismContext.of("s", FixedEpochKeys.ring(key, NOON_MS)).random(EpochRandom.Use.COUNTS);
    }

    private static double probability(final double q, final int value) {
        return (1 - q) / (1 + q) * Math.pow(q, Math.abs(value));
    }

    /** Rejects right code with probability 1e-6 for each line, were the key another each time. */
    @ParameterizedTest
    @CsvSource({"3, 1", "7, 10", "5, 2", "6000000, 1500000"})
    void shouldHaveTheProbabilitiesOfTheTwoSidedGeometricDistribution(final long numerator, final long denominator) {
        final DiscreteLaplace noise = new DiscreteLaplace(random(5), numerator, denominator);
        final long[] counts = new long[2 * WIDEST + 3];
        for (int i = 0; i < SAMPLES; i++) {
            final long sample = noise.sample(NOON_MS, i, 0);
            counts[(int) Math.max(-WIDEST - 1, Math.min(WIDEST + 1, sample)) + WIDEST + 1]++;
        }

        assertThat(chiSquare(counts, Math.exp(-(double) denominator / numerator)))
                .isLessThan(CRITICAL);
        assertThat(chiSquare(counts, Math.exp(-1.1 * denominator / numerator)))
                .as("a scale that is a tenth off is found")
                .isGreaterThan(CRITICAL);
    }

    private static double chiSquare(final long[] counts, final double q) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            final int value = i - WIDEST - 1;
            final boolean isTail = Math.abs(value) > WIDEST;
            final double expected = SAMPLES * (isTail ? Math.pow(q, WIDEST + 1) / (1 + q) : probability(q, value));
            if (expected > 1) {
                sum += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
        }
        return sum;
    }

    @Test
    void shouldGiveTheSameNoiseToTheSameQuestionAndAnotherToAnother() {
        final DiscreteLaplace noise = new DiscreteLaplace(random(5), 1_000_000, 1);
        final long first = noise.sample(NOON_MS, 1, 0);

        assertThat(noise.sample(NOON_MS, 1, 0)).isEqualTo(first);
        assertThat(new DiscreteLaplace(random(5), 1_000_000, 1).sample(NOON_MS, 1, 0))
                .isEqualTo(first);
        assertThat(noise.sample(NOON_MS, 2, 0)).isNotEqualTo(first);
        assertThat(noise.sample(NOON_MS, 1, 1L << 40)).isNotEqualTo(first);
        assertThat(noise.sample(NOON_MS + 1, 1, 0)).isNotEqualTo(first);
        assertThat(new DiscreteLaplace(random(6), 1_000_000, 1).sample(NOON_MS, 1, 0))
                .isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"3, 1, 1e-6", "1, 1, 1e-3", "7, 10, 1e-9", "1000, 1, 1e-15"})
    void shouldFindTheTail(final long numerator, final long denominator, final double probability) {
        final double q = Math.exp(-(double) denominator / numerator);
        final long tail = new DiscreteLaplace(random(1), numerator, denominator).tail(probability);

        assertThat(Math.pow(q, (double) tail) / (1 + q)).isLessThanOrEqualTo(probability);
        assertThat(Math.pow(q, tail - 1.0) / (1 + q)).isGreaterThan(probability * 0.999_999);
    }
}
