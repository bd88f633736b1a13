// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits a moment busily, then parks until a publisher says that there is work: no CPU while the fleet is silent, and no
 * lock for the publisher, who looks at one flag.
 *
 * <p>The ring's own blocking strategy takes a lock at every publish, and lets a stage that waits for the stage before it
 * spin a core empty; here such a stage naps.
 */
final class ParkingWaitStrategy implements WaitStrategy {
    private static final int SPINS = 64;
    private static final int YIELDS = 16;
    private static final int MAX_WAITERS = 128;
    private static final long PARK_NS = 10_000_000;
    private static final long STAGE_NAP_NS = 20_000;

    private final AtomicReferenceArray<Thread> waiters = new AtomicReferenceArray<>(MAX_WAITERS);
    private volatile boolean anyWaiting;

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // to yield is a step between spinning and parking; nothing relies on it
    public long waitFor(
            final long sequence, final Sequence cursor, final Sequence dependentSequence, final SequenceBarrier barrier)
            throws AlertException {
        int tries = 0;
        long available = dependentSequence.get();
        while (available < sequence) {
            barrier.checkAlert();
            if (tries < SPINS) {
                tries++;
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                tries++;
                Thread.yield();
            } else if (cursor.get() >= sequence) {
                LockSupport.parkNanos(STAGE_NAP_NS);
            } else {
                parkUntilPublished(sequence, cursor);
            }
            available = dependentSequence.get();
        }
        return available;
    }

    private void parkUntilPublished(final long sequence, final Sequence cursor) {
        final Thread self = Thread.currentThread();
        int place = 0;
        while (place < MAX_WAITERS && !waiters.compareAndSet(place, null, self)) {
            place++;
        }
        anyWaiting = true;
        // Either the publisher sees the flag, or this sees the publisher's sequence: both have a full fence between.
        VarHandle.fullFence();
        if (cursor.get() < sequence) {
            LockSupport.parkNanos(PARK_NS);
        }
        if (place < MAX_WAITERS) {
            waiters.compareAndSet(place, self, null);
        }
    }

    @Override
    public void signalAllWhenBlocking() {
        VarHandle.fullFence();
        if (anyWaiting) {
            anyWaiting = false;
            for (int i = 0; i < MAX_WAITERS; i++) {
                final Thread waiter = waiters.get(i);
                if (waiter != null) {
                    LockSupport.unpark(waiter);
                }
            }
        }
    }
}
