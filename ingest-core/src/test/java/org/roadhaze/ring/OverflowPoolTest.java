// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OverflowPoolTest {
    private static final int BLOCKS = 4;

    @Test
    void shouldHaveSoManyBlocksAndNoMore() {
        final OverflowPool pool = new OverflowPool(BLOCKS, 64);
        final List<OverflowBlock> taken = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            taken.add(pool.tryTake());
        }
        assertThat(taken).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(pool.tryTake()).isNull();
        pool.giveBack(taken.get(2));
        assertThat(pool.tryTake()).isSameAs(taken.get(2));
    }

    /** More threads than cores, so that some are interrupted in the middle of taking: no block is lost, none is shared. */
    @Test
    void shouldServeManyThreads() {
        final OverflowPool pool = new OverflowPool(BLOCKS, 64);
        final List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            final long name = i;
            threads.add(CompletableFuture.runAsync(
                    () -> takeAndGiveBack(pool, name), task -> new Thread(task, "pool-test").start()));
        }
        threads.forEach(CompletableFuture::join);
        for (int i = 0; i < BLOCKS; i++) {
            assertThat(pool.tryTake()).isNotNull();
        }
        assertThat(pool.tryTake()).isNull();
    }

    private static void takeAndGiveBack(final OverflowPool pool, final long name) {
        for (int i = 0; i < 500_000; i++) {
            final OverflowBlock block = pool.tryTake();
            if (block != null) {
                block.buffer().putLong(0, name);
                Thread.onSpinWait();
                if (block.buffer().getLong(0) != name) {
                    throw new AssertionError("two threads have the same block");
                }
                pool.giveBack(block);
            }
        }
    }
}
