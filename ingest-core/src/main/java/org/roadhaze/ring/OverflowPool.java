// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;

/**
 * A bounded pool of {@link OverflowBlock}s, made as they are first needed. Taking from it never waits: who finds it
 * empty leaves the bytes where they are. Any thread may take and give back.
 */
final class OverflowPool {
    private final ManyToManyConcurrentArrayQueue<OverflowBlock> free;
    private final AtomicInteger unborn;
    private final int blockCapacity;

    OverflowPool(final int blocks, final int blockCapacity) {
        this.free = new ManyToManyConcurrentArrayQueue<>(blocks);
        this.unborn = new AtomicInteger(blocks);
        this.blockCapacity = blockCapacity;
    }

    /**
     * Takes a block.
     *
     * @return a block, or null when all are in use.
     */
    OverflowBlock tryTake() {
        final OverflowBlock block = free.poll();
        if (block != null) {
            return block;
        }
        while (true) {
            final int left = unborn.get();
            if (left == 0) {
                return free.poll();
            }
            if (unborn.compareAndSet(left, left - 1)) {
                return new OverflowBlock(blockCapacity);
            }
        }
    }

    void giveBack(final OverflowBlock block) {
        if (!free.offer(block)) {
            throw new IllegalStateException("a block was given back twice");
        }
    }
}
