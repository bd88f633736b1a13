// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many frames of late origins may be on their way at a time: of devices that send, as fast as they are acknowledged, what
 * they had kept while they were out of reach. However many of these there are, a live frame finds no more than that many of theirs
 * before it. Enough of them to keep the workers busy while nobody is live.
 *
 * <p>Publishers enter, the persist handler leaves; neither waits.
 */
final class LateLane {
    /** Of how many slots of the ring one is the lane's. */
    private static final int RING_SLOTS_A_SLOT = 128;

    private static final int LEAST_SLOTS = 8;

    private final int slots;
    private final AtomicInteger taken = new AtomicInteger();

    LateLane(final int ringSlots) {
        slots = Math.max(LEAST_SLOTS, ringSlots / RING_SLOTS_A_SLOT);
    }

    /** False when there is no room: as when the ring is full. */
    boolean tryEnter() {
        if (taken.incrementAndGet() <= slots) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void leave(final int frames) {
        if (frames > 0) {
            taken.addAndGet(-frames);
        }
    }

    int slots() {
        return slots;
    }
}
