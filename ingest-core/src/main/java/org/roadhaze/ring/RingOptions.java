// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.SleepingWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import org.agrona.BitUtil;

/**
 * The size and threading of the ring, and when it acknowledges.
 *
 * @param slots   frames that may be on their way at a time: a power of two, 64 to {@link #MAX_SLOTS}.
 * @param workers shards of devices, each with a thread: 1 to 64.
 * @param waiting how threads wait for work.
 * @param commit  when acknowledgements go.
 */
public record RingOptions(int slots, int workers, Waiting waiting, CommitOptions commit) {
    /** The most slots. */
    public static final int MAX_SLOTS = 1 << 16;

    /** How worker and persist threads wait for work. */
    public enum Waiting {
        /** Spins a moment, then parks until there is work: no CPU while idle. */
        PARKING,
        /** Spins, yields, then naps for some 50 microseconds. */
        SLEEPING,
        /** Spins and yields: a core each, busy even while idle. */
        YIELDING,
        /** Spins: only with more cores than threads. */
        BUSY_SPIN;

        WaitStrategy strategy() {
            return switch (this) {
                case PARKING -> new ParkingWaitStrategy();
                case SLEEPING -> new SleepingWaitStrategy();
                case YIELDING -> new YieldingWaitStrategy();
                case BUSY_SPIN -> new BusySpinWaitStrategy();
            };
        }
    }

    /** Checks the ranges. */
    public RingOptions {
        if (slots < 64 || slots > MAX_SLOTS || !BitUtil.isPowerOfTwo(slots)) {
            throw new IllegalArgumentException(
                    "ring.slots: found " + slots + ", allowed a power of two from 64 to " + MAX_SLOTS);
        }
        if (workers < 1 || workers > 64) {
            throw new IllegalArgumentException("ring.workers: found " + workers + ", allowed 1 to 64");
        }
    }
}
