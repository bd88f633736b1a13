// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.PositionBatch;

/**
 * One frame on its way through the ring: its bytes and whose it is on one side; what each stream may have of it and the
 * acknowledgement on the other. Preallocated; the bytes lie off heap, in one arena for the whole ring: the acknowledgement, the
 * frame, and right behind it what was released of it. A ring goes round all its slots however little it has to do, so every one is
 * met out of the cache, and what lies in few places is fetched in few.
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

    /** Bytes before the frame, for the acknowledgement. */
    static final int ACKNOWLEDGEMENT_BYTES =
            BitUtil.align(PositionBatch.MAX_ACKNOWLEDGEMENT_LENGTH, BitUtil.CACHE_LINE_LENGTH);

    private static final long UNPROCESSED = -1;

    private final UnsafeBuffer inlineArea = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer inlineReleases = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer acknowledgement = new UnsafeBuffer(0, 0);
    /** Of stream i, where its releases end and how many they are, at 2i and 2i + 1. */
    private final int[] marks;

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

    Slot(final UnsafeBuffer arena, final int offset, final int length, final int streams) {
        acknowledgement.wrap(arena, offset, PositionBatch.MAX_ACKNOWLEDGEMENT_LENGTH);
        inlineArea.wrap(arena, offset + ACKNOWLEDGEMENT_BYTES, length - ACKNOWLEDGEMENT_BYTES);
        marks = new int[2 * (streams + 1)]; // The last for the tags of the records.
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
        frame().putBytes(0, source, offset, length);
        frameLength = length; // Only now: were the copy to fail, the slot would hold what another device sent before.
    }

    /** It has a place of the {@link LateLane}. */
    void late() {
        late = true;
    }

    // --- the worker's side ---

    public UnsafeBuffer frame() {
        return frameOverflow == null ? inlineArea : frameOverflow.buffer();
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

    /** Forgets what the lap before released. What is released now lies right behind the frame: few slots are full. */
    void clearReleases() {
        acknowledgementLength = 0;
        Arrays.fill(marks, 0);
        final int start = frameOverflow == null ? BitUtil.align(frameLength, Long.BYTES) : 0;
        inlineReleases.wrap(inlineArea, start, inlineArea.capacity() - start);
    }

    UnsafeBuffer releases() {
        return releaseOverflow == null ? inlineReleases : releaseOverflow.buffer();
    }

    boolean hasReleaseOverflow() {
        return releaseOverflow != null;
    }

    void growReleaseOverflow(final int capacity) {
        releaseOverflow.ensureCapacity(capacity);
    }

    void useReleaseOverflow(final OverflowBlock block, final OverflowPool pool, final int used) {
        block.ensureCapacity(used);
        block.buffer().putBytes(0, inlineReleases, 0, used);
        releaseOverflow = block;
        releaseOverflowPool = pool;
    }

    void endStream(final int stream, final int end, final int count) {
        marks[2 * stream] = end;
        marks[2 * stream + 1] = count;
    }

    void acknowledgement(final DirectBuffer source, final int length) {
        acknowledgement.putBytes(0, source, 0, length);
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
        return marks.length / 2;
    }

    int releaseStart(final int stream) {
        return stream == 0 ? 0 : releaseEnd(stream - 1);
    }

    int releaseEnd(final int stream) {
        return marks[2 * stream];
    }

    int releaseCount(final int stream) {
        return marks[2 * stream + 1];
    }

    UnsafeBuffer acknowledgement() {
        return acknowledgement;
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
