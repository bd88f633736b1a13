// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.anonymizer.key.FixedEpochKeys;

class LaplaceNoiseTest {
    private static final long NOON_MS = 1_752_408_000_000L;
    private static final int SAMPLES = 200_000;
    private static final double EARTH_METRES = 6_371_008.8;
    /** Kolmogorov's distribution is above this once in a million: sqrt(log(2e6) / 2). */
    private static final double CRITICAL = 2.6935;
    /** Chi-square with 63 degrees of freedom is above this once in a million (scipy.stats.chi2.isf). */
    private static final double CRITICAL_63 = 131.4;

    private static LaplaceNoise noise(final int key, final double epsilon) {
        return new LaplaceNoise(
                MechanismContext.of("s", FixedEpochKeys.ring(key, NOON_MS)).random(EpochRandom.Use.NOISE), epsilon);
    }

    static Stream<String> radii() throws IOException {
        try (InputStream file = LaplaceNoiseTest.class.getResourceAsStream("laplace-radius.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("radii")
    void shouldInvertTheDistributionOfTheDistance(final String line) {
        final String[] parts = line.split(" ", 2);
        final double expected = Double.parseDouble(parts[1]);

        assertThat(LaplaceNoise.radius(Double.parseDouble(parts[0]))).isEqualTo(expected, within(1e-11 * expected));
    }

    @Test
    void shouldNotMoveAtAllForNoShareOfTheNoise() {
        assertThat(LaplaceNoise.radius(0)).isZero();
    }

    /** Rejects right code with probability 2e-6 for each line, were the key another each time. */
    @ParameterizedTest
    @CsvSource({"0.00693, 525000000, 134000000", "0.001, -338568000, 1799990000", "0.1, 0, 0", "0.0005, 690000000, -10"
    })
    void shouldHaveTheDistancesOfGammaAndEveryDirectionAlike(
            final double epsilon, final int latitude, final int longitude) {
        final LaplaceNoise noise = noise(5, epsilon);
        final double[] distances = new double[SAMPLES];
        final double[] directions = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            noise.draw(NOON_MS + i, 356307042441013L, latitude, longitude);
            measure(noise, latitude, longitude, i, distances, directions);
        }
        final double[] sorted = distances.clone();
        final double[] turned = directions.clone();

        assertThat(kolmogorov(sorted, r -> gamma(epsilon * r))).isLessThan(CRITICAL);
        assertThat(kolmogorov(turned, angle -> angle / (2 * Math.PI))).isLessThan(CRITICAL);
        assertThat(kolmogorov(distances.clone(), r -> gamma(1.02 * epsilon * r)))
                .as("an epsilon that is 2 % off is found")
                .isGreaterThan(CRITICAL);
    }

    /** Rejects right code with probability 1e-6. */
    @Test
    void shouldDrawDistanceAndDirectionApart() {
        final double epsilon = 0.01;
        final LaplaceNoise noise = noise(6, epsilon);
        final double[] distances = new double[1];
        final double[] directions = new double[1];
        final int[] counts = new int[64];
        for (int i = 0; i < SAMPLES; i++) {
            noise.draw(NOON_MS, 1 + i, 525_000_000, 134_000_000);
            measure(noise, 525_000_000, 134_000_000, 0, distances, directions);
            final int ring = (int) (8 * gamma(epsilon * distances[0]));
            final int sector = (int) (8 * directions[0] / (2 * Math.PI));
            counts[Math.min(7, ring) * 8 + Math.min(7, sector)]++;
        }
        final double expected = SAMPLES / 64.0;
        double sum = 0;
        for (final int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        assertThat(sum).isLessThan(CRITICAL_63);
    }

    @Test
    void shouldSayTheSameOfTheSameRecordAndAnotherThingOfAnother() {
        final LaplaceNoise noise = noise(5, 0.01);
        final long first = draw(noise, NOON_MS, 1, 525_000_000, 134_000_000);

        assertThat(draw(noise, NOON_MS, 1, 525_000_000, 134_000_000)).isEqualTo(first);
        assertThat(draw(noise(5, 0.01), NOON_MS, 1, 525_000_000, 134_000_000)).isEqualTo(first);
        assertThat(draw(noise, NOON_MS + 1, 1, 525_000_000, 134_000_000)).isNotEqualTo(first);
        assertThat(draw(noise, NOON_MS, 2, 525_000_000, 134_000_000)).isNotEqualTo(first);
        assertThat(draw(noise(6, 0.01), NOON_MS, 1, 525_000_000, 134_000_000)).isNotEqualTo(first);
        assertThat(draw(noise, NOON_MS, 1, 525_001_000, 134_000_000) - (1_000L << 32))
                .as("not moved by the same step")
                .isNotEqualTo(first);
    }

    private static long draw(
            final LaplaceNoise noise, final long timeMs, final long device, final int latitude, final int longitude) {
        noise.draw(timeMs, device, latitude, longitude);
        return (long) noise.latitudeE7() << 32 | (noise.longitudeE7() & 0xFFFF_FFFFL);
    }

    /** By the haversine and the bearing of a great circle, apart from the formulas of the code. */
    private static void measure(
            final LaplaceNoise noise,
            final int latitudeE7,
            final int longitudeE7,
            final int at,
            final double[] distances,
            final double[] directions) {
        final double fromLatitude = Math.toRadians(latitudeE7 * 1e-7);
        final double toLatitude = Math.toRadians(noise.latitudeE7() * 1e-7);
        final double east = Math.toRadians((noise.longitudeE7() - (double) longitudeE7) * 1e-7);
        final double half = Math.pow(Math.sin((toLatitude - fromLatitude) / 2), 2)
                + Math.cos(fromLatitude) * Math.cos(toLatitude) * Math.pow(Math.sin(east / 2), 2);
        distances[at] = 2 * EARTH_METRES * Math.asin(Math.sqrt(half));
        final double direction = Math.atan2(
                Math.sin(east) * Math.cos(toLatitude),
                Math.cos(fromLatitude) * Math.sin(toLatitude)
                        - Math.sin(fromLatitude) * Math.cos(toLatitude) * Math.cos(east));
        directions[at] = direction < 0 ? direction + 2 * Math.PI : direction;
    }

    private static double gamma(final double x) {
        return 1 - (1 + x) * Math.exp(-x);
    }

    /** The largest distance of what was drawn from a distribution, times the root of how much was drawn. */
    private static double kolmogorov(final double[] values, final DoubleUnaryOperator distribution) {
        Arrays.sort(values);
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            final double below = distribution.applyAsDouble(values[i]);
            largest =
                    Math.max(largest, Math.max(below - (double) i / values.length, (i + 1.0) / values.length - below));
        }
        return largest * Math.sqrt(values.length);
    }
}
