// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EpochRandomTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final long DAY_MS = DAY.toMillis();
    private static final long NOW_MS = 20_000 * DAY_MS + 1000;

    private final EpochKeys keys = EpochKeys.inMemory(DAY, NOW_MS);
    private final EpochRandom noise = new EpochRandom(keys, EpochRandom.Use.NOISE);

    /** The key and message 00, 01, ... that the authors' own vectors are made with; 32 bytes of message. */
    @Test
    void shouldBeSipHash24() {
        assertThat(SipHash.of(
                        0x0706050403020100L,
                        0x0f0e0d0c0b0a0908L,
                        0x0706050403020100L,
                        0x0f0e0d0c0b0a0908L,
                        0x1716151413121110L,
                        0x1f1e1d1c1b1a1918L))
                .isEqualTo(0x7127512f72f27cceL);
    }

    @Test
    void shouldAnswerTheSameQuestionAlike() {
        final long first = noise.bits(NOW_MS, 7, 1);
        for (int day = -20; day < 20; day++) {
            noise.bits(NOW_MS + day * DAY_MS, 7, 1);
        }
        assertThat(noise.bits(NOW_MS, 7, 1)).isEqualTo(first);
        assertThat(new EpochRandom(keys, EpochRandom.Use.NOISE).bits(NOW_MS, 7, 1))
                .isEqualTo(first);
    }

    @Test
    void shouldAnswerOtherQuestionsOtherwise() {
        final EpochRandom segments = new EpochRandom(keys, EpochRandom.Use.SEGMENTS);
        final EpochRandom elsewhere = new EpochRandom(EpochKeys.inMemory(DAY, NOW_MS), EpochRandom.Use.NOISE);
        final Set<Long> answers = new HashSet<>();
        answers.add(noise.bits(NOW_MS, 7, 1));
        answers.add(noise.bits(NOW_MS, 7, 2));
        answers.add(noise.bits(NOW_MS, 8, 1));
        answers.add(noise.bits(NOW_MS + 1, 7, 1));
        answers.add(noise.bits(NOW_MS + DAY_MS, 7, 1));
        answers.add(segments.bits(NOW_MS, 7, 1));
        answers.add(elsewhere.bits(NOW_MS, 7, 1));
        assertThat(answers).hasSize(7);
    }

    @Test
    void shouldAnswerOtherwiseOnceTheKeyHasDied() {
        final long before = noise.bits(NOW_MS, 7, 1);
        keys.advanceTo(NOW_MS + 3 * DAY_MS);
        assertThat(noise.bits(NOW_MS, 7, 1)).isNotEqualTo(before);
    }

    /** 10,000 numbers, mean of a uniform distribution: 5.5 standard errors, a false alarm in 26 million keys. */
    @Test
    void shouldBeUniform() {
        double sum = 0;
        for (int i = 0; i < 10_000; i++) {
            final double uniform = noise.uniform(NOW_MS, 7, i);
            assertThat(uniform).isBetween(0.0, Math.nextDown(1.0));
            sum += uniform;
        }
        assertThat(sum / 10_000).isBetween(0.5 - 5.5 * 0.002887, 0.5 + 5.5 * 0.002887);
    }
}
