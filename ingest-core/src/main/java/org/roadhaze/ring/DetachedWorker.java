// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import org.agrona.DirectBuffer;

/**
 * A worker with slots of its own, on the caller's thread: no ring before it and no queue behind it. For whoever wants to
 * know what the way of a frame through a worker costs, or releases, apart from threads, sockets and files. Not thread
 * safe.
 */
public final class DetachedWorker {
    private static final int OVERFLOW_BLOCKS = 2;

    private final Worker worker;
    private final OverflowPool framePool = new OverflowPool(OVERFLOW_BLOCKS, IngestRing.OVERFLOW_BLOCK_LENGTH);
    private final FrameCounters counters;
    private final Slot[] slots;
    private final int streams;
    private long sequence;

    /**
     * Makes a worker.
     *
     * @param parts     what it runs.
     * @param protocols how many protocol indices there are.
     * @param slotCount how many slots it goes round: as many as a ring's, to meet each of them out of the cache.
     * @param failures  told what a stage threw at a frame.
     */
    public DetachedWorker(
            final WorkerParts parts, final int protocols, final int slotCount, final FrameWatch failures) {
        streams = parts.releaseStage().streams() + parts.sealers().size();
        counters = new FrameCounters(protocols);
        final OverflowPool releasePool = new OverflowPool(OVERFLOW_BLOCKS, IngestRing.OVERFLOW_BLOCK_LENGTH);
        worker = new Worker(0, parts, releasePool, () -> false, counters, failures);
        final SlotArena arena = new SlotArena(slotCount, streams);
        slots = new Slot[slotCount];
        for (int i = 0; i < slotCount; i++) {
            slots[i] = arena.next();
        }
    }

    /**
     * Takes a frame through a slot: copied in, decoded, staged, anonymized, written out, and forgotten.
     *
     * @param protocol       the protocol's index.
     * @param deviceId       whose it is.
     * @param receivedTimeMs when it was received.
     * @param source         its bytes.
     * @param offset         where it begins.
     * @param length         how long it is.
     * @return how many records the streams released in all, or -1 when a stage failed at the frame.
     */
    public int process(
            final int protocol,
            final long deviceId,
            final long receivedTimeMs,
            final DirectBuffer source,
            final int offset,
            final int length) {
        final Slot slot = slots[(int) (sequence % slots.length)];
        OverflowBlock overflow = null;
        if (length > SlotArena.INLINE_FRAME_LENGTH) {
            overflow = framePool.tryTake();
            overflow.ensureCapacity(length);
        }
        slot.begin(null, null, protocol, 0, deviceId, receivedTimeMs);
        slot.frame(source, offset, length, overflow);
        worker.onEvent(slot, sequence, true);
        // A slot is released also when a stage failed, for what had waited.
        int released = slot.verdict() == Verdict.POISON ? -1 : 0;
        for (int i = 0; released >= 0 && i < streams; i++) {
            released += slot.releaseCount(i);
        }
        slot.end(framePool);
        sequence++;
        return released;
    }

    /**
     * What it made of its frames.
     *
     * @return live counters.
     */
    public FrameCounters counters() {
        return counters;
    }
}
