// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.PositionBatch;

/**
 * One frame on its way through the ring: its bytes and whose it is on one side; what each stream may have of it and the
 * acknowledgement on the other. Preallocated; the bytes lie off heap, in one arena for the whole ring: where each stream's
 * releases end and how many they are, the acknowledgement, the frame, and right behind it what was released of it. A ring goes
 * round all its slots however little it has to do, so every one is met out of the cache, and what lies in few places is fetched in
 * few: a slot has no buffers of its own, but lays those of who uses it over its part of the arena.
 *
 * <p>Slots are reused, so they <b>fail closed</b>: the publisher marks a claimed slot unprocessed, the worker writes
 * {@link #released} last, with the sequence it was written for, and the persist handler takes nothing from a slot that
 * does not carry its own sequence. Nothing of a half-processed slot, and nothing of the lap before, can be published.
 *
 * <p>Written by one thread at a time: event loop, then worker, then persist handler; the ring's barriers order them.
 */
public final class Slot {
    /** {@link #protocol} of a slot without a frame, which tells a worker the time. */
    static final int TICK = -1;

    private static final long UNPROCESSED = -1;
    /** Of a stream, where its releases end and how many they are. */
    private static final int MARK_BYTES = 2 * Integer.BYTES;

    private final UnsafeBuffer arena;
    private final int marksOffset;
    private final int acknowledgementOffset;
    private final int frameOffset;
    private final int endOffset;

    private Origin origin;
    private Object address;
    private int protocol;
    private int shard;
    private long deviceId;
    private long receivedTimeMs;
    private int frameLength;
    private OverflowBlock frameOverflow;

    private long releasedSequence = UNPROCESSED;
    private OverflowBlock releaseOverflow;
    private OverflowPool releaseOverflowPool;
    private int acknowledgementLength;
    private Verdict verdict = Verdict.UNJUDGED;
    private boolean late;

    /**
     * Takes a part of the arena.
     *
     * @param arena   of the whole ring.
     * @param offset  where the slot's part of it begins.
     * @param length  how long that is.
     * @param streams whose releases it holds; those of the tags come on top.
     */
    Slot(final UnsafeBuffer arena, final int offset, final int length, final int streams) {
        this.arena = arena;
        marksOffset = offset;
        acknowledgementOffset = offset + MARK_BYTES * (streams + 1);
        frameOffset = offset + headBytes(streams);
        endOffset = offset + length;
    }

    /**
     * Bytes before the frame.
     *
     * @param streams whose releases a slot holds.
     * @return whole words of eight bytes.
     */
    static int headBytes(final int streams) {
        return BitUtil.align(MARK_BYTES * (streams + 1) + PositionBatch.MAX_ACKNOWLEDGEMENT_LENGTH, Long.BYTES);
    }

    // --- the publisher's side ---

    /** Starts the slot over. Until the worker is done, nothing of it can be persisted. */
    void begin(
            final Origin from,
            final Object sender,
            final int protocolIndex,
            final int shardIndex,
            final long device,
            final long timeMs) {
        releasedSequence = UNPROCESSED;
        verdict = Verdict.UNJUDGED;
        frameLength = 0;
        late = false;
        origin = from;
        address = sender;
        protocol = protocolIndex;
        shard = shardIndex;
        deviceId = device;
        receivedTimeMs = timeMs;
    }

    void frame(final DirectBuffer source, final int offset, final int length, final OverflowBlock overflow) {
        frameOverflow = overflow;
        if (overflow == null) {
            if (length > endOffset - frameOffset) {
                throw new IllegalArgumentException("a frame of " + length + " bytes does not fit into a slot");
            }
            arena.putBytes(frameOffset, source, offset, length);
        } else {
            overflow.buffer().putBytes(0, source, offset, length);
        }
        frameLength = length; // Only now: were the copy to fail, the slot would hold what another device sent before.
    }

    /** It has a place of the {@link LateLane}. */
    void late() {
        late = true;
    }

    // --- the worker's side ---

    /**
     * Lays a buffer over the frame, and no byte more: behind it lies what another device sent before.
     *
     * @param buffer whose capacity is then {@link #frameLength()}.
     */
    void wrapFrame(final UnsafeBuffer buffer) {
        if (frameOverflow == null) {
            buffer.wrap(arena, frameOffset, frameLength);
        } else {
            buffer.wrap(frameOverflow.buffer(), 0, frameLength);
        }
    }

    public int frameLength() {
        return frameLength;
    }

    public int protocol() {
        return protocol;
    }

    public int shard() {
        return shard;
    }

    public long deviceId() {
        return deviceId;
    }

    public long receivedTimeMs() {
        return receivedTimeMs;
    }

    /** Forgets what the lap before released. */
    void clearReleases() {
        acknowledgementLength = 0;
        arena.setMemory(marksOffset, MARK_BYTES * streams(), (byte) 0);
    }

    /**
     * Lays a buffer over what is released, and the room for more: right behind the frame, as few slots are full.
     *
     * @param buffer to write with, or to read.
     */
    void wrapReleases(final UnsafeBuffer buffer) {
        if (releaseOverflow == null) {
            final int start = frameOffset + (frameOverflow == null ? BitUtil.align(frameLength, Long.BYTES) : 0);
            buffer.wrap(arena, start, endOffset - start);
        } else {
            buffer.wrap(releaseOverflow.buffer());
        }
    }

    boolean hasReleaseOverflow() {
        return releaseOverflow != null;
    }

    void growReleaseOverflow(final int capacity) {
        releaseOverflow.ensureCapacity(capacity);
    }

    /**
     * Goes on in a block.
     *
     * @param block    of the pool.
     * @param pool     that gets it back.
     * @param releases what was released so far, from {@link #wrapReleases}.
     * @param used     how many bytes of it.
     */
    void useReleaseOverflow(
            final OverflowBlock block, final OverflowPool pool, final DirectBuffer releases, final int used) {
        block.ensureCapacity(used);
        block.buffer().putBytes(0, releases, 0, used);
        releaseOverflow = block;
        releaseOverflowPool = pool;
    }

    void endStream(final int stream, final int end, final int count) {
        arena.putInt(mark(stream), end);
        arena.putInt(mark(stream) + Integer.BYTES, count);
    }

    void acknowledgement(final DirectBuffer source, final int length) {
        if (length > PositionBatch.MAX_ACKNOWLEDGEMENT_LENGTH) {
            throw new IllegalArgumentException("an acknowledgement of " + length + " bytes does not fit into a slot");
        }
        arena.putBytes(acknowledgementOffset, source, 0, length);
        acknowledgementLength = length;
    }

    /** Of a frame that failed, too, though nothing else of it is to be had. */
    void verdict(final Verdict value) {
        verdict = value;
    }

    /** Last of all: what the slot holds is complete, and belongs to this sequence. */
    void released(final long sequence) {
        releasedSequence = sequence;
    }

    // --- the persist handler's side ---

    boolean isReleased(final long sequence) {
        return releasedSequence == sequence;
    }

    /** How many there are, the one of the tags with them. */
    int streams() {
        return (acknowledgementOffset - marksOffset) / MARK_BYTES;
    }

    int releaseStart(final int stream) {
        return stream == 0 ? 0 : releaseEnd(stream - 1);
    }

    int releaseEnd(final int stream) {
        return arena.getInt(mark(stream));
    }

    int releaseCount(final int stream) {
        return arena.getInt(mark(stream) + Integer.BYTES);
    }

    private int mark(final int stream) {
        return marksOffset + MARK_BYTES * stream;
    }

    /** Holds the acknowledgement at {@link #acknowledgementOffset()}. */
    DirectBuffer acknowledgementBuffer() {
        return arena;
    }

    int acknowledgementOffset() {
        return acknowledgementOffset;
    }

    int acknowledgementLength() {
        return acknowledgementLength;
    }

    Verdict verdict() {
        return verdict;
    }

    boolean isLate() {
        return late;
    }

    /** Null in a slot without a frame. */
    Origin origin() {
        return origin;
    }

    Object address() {
        return address;
    }

    /** Gives back what the slot borrowed. */
    void end(final OverflowPool framePool) {
        releasedSequence = UNPROCESSED;
        origin = null;
        address = null;
        if (frameOverflow != null) {
            framePool.giveBack(frameOverflow);
            frameOverflow = null;
        }
        if (releaseOverflow != null) {
            releaseOverflowPool.giveBack(releaseOverflow);
            releaseOverflow = null;
        }
    }
}
