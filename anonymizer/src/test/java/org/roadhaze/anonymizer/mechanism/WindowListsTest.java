// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowListsTest {
    @Test
    void shouldGiveBackWhatEachListWasGivenInItsOrder() {
        for (int seed = 0; seed < 50; seed++) {
            final Random random = new Random(seed);
            final int count = 1 + random.nextInt(5);
            final WindowLists lists = new WindowLists(count);
            final List<List<Long>> model = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                model.add(new ArrayList<>());
            }
            for (int step = 0; step < 20_000; step++) {
                final int list = random.nextInt(count);
                if (random.nextInt(2_000) == 0) {
                    assertThat(drained(lists, list)).as("seed %d", seed).isEqualTo(model.get(list));
                    assertThat(lists.size(list)).isZero();
                    model.get(list).clear();
                } else {
                    final long number = random.nextLong();
                    lists.add(list, number);
                    model.get(list).add(number);
                }
            }
            for (int list = 0; list < count; list++) {
                assertThat(drained(lists, list)).as("seed %d", seed).isEqualTo(model.get(list));
            }
        }
    }

    private static List<Long> drained(final WindowLists lists, final int list) {
        final long[] numbers = new long[lists.size(list)];
        lists.drain(list, numbers);
        final List<Long> boxed = new ArrayList<>();
        for (final long number : numbers) {
            boxed.add(number);
        }
        return boxed;
    }
}
