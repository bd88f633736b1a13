// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** Counts the bytes that this thread allocates. */
public final class Allocation {
    private Allocation() {}

    /**
     * Bytes a round after as many rounds of warm-up, rounded down: what the measurement itself takes is spread over the
     * rounds.
     */
    public static long perRound(final int rounds, final IntConsumer work) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int round = 0; round < 2 * rounds; round++) {
            if (round == rounds) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            work.accept(round);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / rounds;
    }
}
