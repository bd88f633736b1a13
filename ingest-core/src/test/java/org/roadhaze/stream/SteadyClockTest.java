// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {
    private static final long START_MS = 1_795_478_400_000L;
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    private long trueMs = START_MS;
    private long wrongMs;
    private final SteadyClock clock = new SteadyClock(() -> trueMs + wrongMs, () -> trueMs * 1_000_000);

    @Test
    void shouldShowTheWallClockAsLongAsItIsSteady() {
        for (int i = 0; i < 1000; i++) {
            trueMs += 17 * MINUTE_MS;
            assertThat(clock.time()).isEqualTo(trueMs);
        }
    }

    @Test
    void shouldStandWhileTheWallClockIsALittleBehind() {
        clock.time();
        wrongMs = -10_000;
        for (int second = 0; second <= 10; second++) {
            assertThat(clock.time()).isEqualTo(START_MS);
            trueMs += 1000;
        }
        assertThat(clock.time()).isEqualTo(START_MS + 1000);
    }

    @Test
    void shouldGoOnByItselfWhenTheWallClockIsFarBehind() {
        clock.time();
        wrongMs = -2 * DAY_MS;
        trueMs += 3 * HOUR_MS;
        assertThat(clock.time()).isEqualTo(START_MS + 3 * HOUR_MS);
        wrongMs = 0;
        assertThat(clock.time()).isEqualTo(trueMs);
    }

    @Test
    void shouldNotFollowALeapThatIsPutRight() {
        clock.time();
        wrongMs = 40 * DAY_MS;
        for (int minute = 0; minute < 59; minute++) {
            assertThat(clock.time()).isEqualTo(trueMs);
            trueMs += MINUTE_MS;
        }
        wrongMs = 0;
        trueMs += 5 * HOUR_MS;
        assertThat(clock.time()).isEqualTo(trueMs);
        wrongMs = 40 * DAY_MS;
        assertThat(clock.time()).as("another leap counts anew").isEqualTo(trueMs);
    }

    @Test
    void shouldFollowALeapThatLasts() {
        clock.time();
        wrongMs = 40 * DAY_MS;
        assertThat(clock.time()).isEqualTo(trueMs);
        trueMs += HOUR_MS;
        assertThat(clock.time()).isEqualTo(trueMs + wrongMs);
    }

    @Test
    void shouldGoOnFromAQueueThatAWrongClockLeft() {
        final long ahead = START_MS + 40 * DAY_MS;
        clock.notBefore(ahead);
        assertThat(clock.time()).isEqualTo(ahead);
        trueMs += 3 * HOUR_MS;
        assertThat(clock.time()).isEqualTo(ahead + 3 * HOUR_MS);
    }

    @Test
    void shouldBelieveTheWallClockAtTheStart() {
        clock.notBefore(START_MS - 400 * DAY_MS);
        assertThat(clock.time()).isEqualTo(START_MS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldNeverGoBackNorLoseTime(final long seed) {
        final Random random = new Random(seed);
        long before = clock.time();
        for (int i = 0; i < 100_000; i++) {
            trueMs += random.nextInt(2000);
            if (random.nextInt(100) == 0) {
                wrongMs = (long) (random.nextGaussian() * HOUR_MS);
            }
            final long now = clock.time();
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        wrongMs = 0;
        trueMs += 2 * DAY_MS;
        clock.time();
        trueMs += HOUR_MS;
        assertThat(clock.time() - trueMs).isBetween(-HOUR_MS, 200 * HOUR_MS);
    }
}
