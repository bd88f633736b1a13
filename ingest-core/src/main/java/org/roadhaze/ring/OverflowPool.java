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
        this.free = new ManyToManyConcurrentArrayQueue<>(Math.max(2, 2 * blocks));
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
                return make();
            }
        }
    }

    /**
     * Takes a block that is large enough.
     *
     * @param capacity how many bytes it has at least.
     * @return a block, or null when all are in use.
     */
    OverflowBlock tryTake(final int capacity) {
        final OverflowBlock block = tryTake();
        if (block != null) {
            boolean large = false;
            try {
                block.ensureCapacity(capacity);
                large = true;
            } finally {
                if (!large) {
                    giveBack(block);
                }
            }
        }
        return block;
    }

    private OverflowBlock make() {
        OverflowBlock block = null;
        try {
            block = new OverflowBlock(blockCapacity);
            return block;
        } finally {
            if (block == null) {
                unborn.incrementAndGet(); // No memory now; there may be some later.
            }
        }
    }

    /**
     * Gives a block back. There is a place for every block, but the queue says "full" while the thread that takes what
     * lay in that place is interrupted in the middle of it: then this waits for that thread.
     *
     * @param block not in use any more.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the other thread needs the core to go on; nothing else relies on it
    void giveBack(final OverflowBlock block) {
        while (!free.offer(block)) {
            Thread.yield();
        }
    }
}
