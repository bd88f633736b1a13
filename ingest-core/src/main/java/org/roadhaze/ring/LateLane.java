// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many frames of late origins may be on their way at a time: of devices that send, as fast as they are acknowledged, what
 * they had kept while they were out of reach. However many of these there are, a live frame finds no more than that many of theirs
 * before it. Enough of them to keep the workers busy while nobody is live.
 *
 * <p>Publishers enter, the persist handler leaves; neither waits. An event loop that found no room is told when there is some: with
 * acknowledgements that wait for the disk nothing else would say so soon.
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

    /**
     * Takes a place.
     *
     * @param loop that of the origin, which is told when there is room again.
     * @return false when there is none: as when the ring is full.
     */
    boolean tryEnter(final AcknowledgementMailbox loop) {
        if (tryTake()) {
            return true;
        }
        loop.awaitRoom();
        return tryTake(); // Who left before that did not see it.
    }

    private boolean tryTake() {
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
