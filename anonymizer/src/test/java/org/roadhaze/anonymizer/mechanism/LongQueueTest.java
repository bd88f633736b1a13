// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongQueueTest {
    /** Against the library's queue, over many wraps of the ring, while it grows too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldGiveBackInTheOrderInWhichItWasGiven(final int seed) {
        final Random random = new Random(seed);
        final LongQueue queue = new LongQueue();
        final Deque<Long> expected = new ArrayDeque<>();
        for (int round = 0; round < 3_000; round++) {
            final long[] numbers =
                    random.longs(random.nextInt(round < 2_000 ? 300 : 3_000)).toArray();
            final int length = random.nextInt(numbers.length + 1);
            queue.addAll(numbers, length);
            for (int i = 0; i < length; i++) {
                expected.add(numbers[i]);
            }
            queue.add(round);
            expected.add((long) round);
            final int more = random.nextInt(expected.size() + 1);
            for (int i = 0; i < more; i++) {
                assertThat(queue.remove()).isEqualTo(expected.remove());
            }
            assertThat(queue.size()).isEqualTo(expected.size());
            assertThat(queue.isEmpty()).isEqualTo(expected.isEmpty());
        }
    }
}
