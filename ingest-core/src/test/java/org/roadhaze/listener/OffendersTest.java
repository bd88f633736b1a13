// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.geo.Allocation;

/** Who offended too often is refused, for so long; and nothing grows without end. */
class OffendersTest {
    private static final int OFFENCES = 3;
    private static final long WITHIN_MS = 1_000;
    private static final long REFUSE_MS = 400;

    private final Offenders offenders = new Offenders(OFFENCES, WITHIN_MS, REFUSE_MS);

    @Test
    void shouldRefuseAtTheThirdOffenceAndUntilItsTimeIsOver() {
        assertThat(offenders.offended(7, 100)).isFalse();
        assertThat(offenders.offended(7, 200)).isFalse();
        assertThat(offenders.isRefused(7, 200)).isFalse();
        assertThat(offenders.offended(7, 300)).isTrue();
        assertThat(offenders.isRefused(7, 300)).isTrue();
        assertThat(offenders.isRefused(7, 699)).isTrue();
        assertThat(offenders.isRefused(7, 700)).isFalse();
        assertThat(offenders.isRefused(8, 300)).isFalse();
    }

    @Test
    void shouldForgetWhatWasLongAgo() {
        offenders.offended(7, 0);
        offenders.offended(7, 100);
        assertThat(offenders.offended(7, WITHIN_MS + 1)).isFalse();
        assertThat(offenders.offended(7, WITHIN_MS + 100)).isTrue();
    }

    @Test
    void shouldRefuseNobodyWhereThatIsAskedFor() {
        final Offenders lenient = new Offenders(0, WITHIN_MS, REFUSE_MS);
        for (int i = 0; i < 100; i++) {
            assertThat(lenient.offended(7, i)).isFalse();
        }
        assertThat(lenient.isRefused(7, 100)).isFalse();
    }

    @Test
    void shouldNotLockOutAFleet() {
        int refused = 0;
        for (long key = 1; key <= 5L * Offenders.MOST_REFUSED; key++) {
            for (int i = 0; i < OFFENCES; i++) {
                refused += offenders.offended(key, 0) ? 1 : 0;
            }
        }
        assertThat(refused).isEqualTo(Offenders.MOST_REFUSED);
        assertThat(offenders.isRefused(Offenders.MOST_REFUSED + 1L, 0)).isFalse();
        assertThat(offenders.offended(Offenders.MOST_REFUSED + 1L, REFUSE_MS))
                .as("those before are free again")
                .isTrue();
    }

    @Test
    void shouldForgetTheLeastRecentOfTooMany() {
        offenders.offended(1, 0);
        offenders.offended(2, 0);
        for (long key = 3; key <= Offenders.MOST_WATCHED; key++) {
            offenders.offended(key, 1);
        }
        offenders.offended(1, 1);
        offenders.offended(-1, 1); // In place of 2.
        assertThat(offenders.watched()).isEqualTo(Offenders.MOST_WATCHED);
        assertThat(offenders.offended(1, 1)).isTrue();
        offenders.offended(2, 1);
        assertThat(offenders.offended(2, 1)).isFalse();
    }

    /** Against a model that remembers every offence. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithAModel(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<Long, Deque<Long>> times = new HashMap<>();
        final Map<Long, Long> until = new HashMap<>();
        long nowMs = 0;
        for (int i = 0; i < 20_000; i++) {
            nowMs += random.nextInt(60);
            final long key = random.nextInt(40) - 20L;
            final boolean wasRefused = nowMs < until.getOrDefault(key, 0L);
            assertThat(offenders.isRefused(key, nowMs))
                    .as("seed %d step %d", seed, i)
                    .isEqualTo(wasRefused);
            if (random.nextInt(2) == 0) {
                final Deque<Long> last = times.computeIfAbsent(key, who -> new ArrayDeque<>());
                last.add(nowMs);
                if (last.size() > OFFENCES) {
                    last.remove();
                }
                final boolean refused = !wasRefused && last.size() == OFFENCES && nowMs - last.peek() <= WITHIN_MS;
                if (refused) {
                    until.put(key, nowMs + REFUSE_MS);
                }
                assertThat(offenders.offended(key, nowMs))
                        .as("seed %d step %d", seed, i)
                        .isEqualTo(refused);
            }
        }
        assertThat(until).isNotEmpty();
    }

    @Test
    void shouldAllocateNothingForThoseWhoAreLetIn() {
        for (long key = 0; key < 100; key++) {
            for (int i = 0; i < OFFENCES; i++) {
                offenders.offended(key, 0);
            }
        }
        assertThat(offenders.isRefused(99, 0)).isTrue();
        assertThat(Allocation.perRound(20_000, round -> offenders.isRefused(round % 200, 0)))
                .isZero();
    }
}
