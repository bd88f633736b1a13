// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.Sequence;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.stream.ReleaseLayout;

/**
 * Writes what the streams release of one frame into its slot, stream after stream; into an overflow block when that is
 * more than the slot holds.
 *
 * <p>Blocks come from a pool of the worker's own. When it is empty, the blocks are all with slots before this one: the
 * worker then shows its progress up to the slot before, so that the persist handler can finish those slots and give
 * their blocks back, and waits. (A pool that event loops or other workers also took from could be emptied by slots
 * behind this one, and the wait would never end.)
 */
final class ReleaseWriter implements ReleaseSink {
    private static final long POOL_EMPTY_PARK_NS = 20_000;

    private final OverflowPool pool;
    private final BooleanSupplier halted;
    private Sequence progress;
    private final UnsafeBuffer releases = new UnsafeBuffer(0, 0);
    private Slot slot;
    private long sequence;
    private int stream;
    private int at;
    private int count;
    /** Where each of the frame's own releases begins and ends, one after the other. */
    private final IntArrayList own = new IntArrayList();

    ReleaseWriter(final OverflowPool pool, final BooleanSupplier halted) {
        this.pool = pool;
        this.halted = halted;
    }

    void progress(final Sequence workerSequence) {
        progress = workerSequence;
    }

    void begin(final Slot target, final long targetSequence) {
        slot = target;
        sequence = targetSequence;
        stream = -1;
        at = 0;
        count = 0;
        own.clear();
        target.clearReleases();
        target.wrapReleases(releases);
    }

    void beginStream(final int index) {
        stream = index;
        count = 0;
    }

    void endStream() {
        slot.endStream(stream, at, count);
    }

    @Override
    public void release(final Release release) {
        final int start = at;
        write(release);
        own(start);
    }

    private void own(final int start) {
        own.addInt(start);
        own.addInt(at);
    }

    @Override
    public void releaseHeld(final Release release) {
        write(release);
    }

    private void write(final Release release) {
        final int length = ReleaseLayout.recordLength(release);
        makeRoom(length);
        ReleaseLayout.putRecord(releases, at, release);
        at += length;
        count++;
    }

    /**
     * Takes out of the slot what is the frame's own, when the frame has come to nothing. What had waited in the chains is of
     * frames that are acknowledged, and the chains do not have it any more: it stays. (So does what this very frame left waiting
     * and let go; it leaves again should the frame be sent again and go through.)
     */
    void keepHeldAlone() {
        if (stream >= 0) {
            endStream();
        }
        int to = 0;
        int start = 0;
        int next = 0;
        for (int i = 0; i < slot.streams(); i++) {
            final int end = i <= stream ? slot.releaseEnd(i) : start;
            int records = i <= stream ? slot.releaseCount(i) : 0;
            int from = start;
            for (; next < own.size() && own.getInt(next) < end; next += 2) {
                to = move(from, own.getInt(next), to);
                from = own.getInt(next + 1);
                records--;
            }
            to = move(from, end, to);
            slot.endStream(i, to, records);
            start = end;
        }
    }

    /** Moves releases down to where they follow the ones before; they may overlap with where they were. */
    private int move(final int from, final int end, final int to) {
        for (int i = 0; i < end - from; i++) {
            releases.putByte(to + i, releases.getByte(from + i));
        }
        return to + end - from;
    }

    /** The slot's frame, sealed, as the stream's record. */
    void seal(final FrameSealer sealer, final DirectBuffer frame, final int frameLength) {
        final int length = sealer.sealedLength(slot.protocol(), frameLength);
        makeRoom(length);
        sealer.seal(slot.deviceId(), slot.receivedTimeMs(), slot.protocol(), frame, frameLength, releases, at);
        final int start = at;
        at += length;
        count++;
        own(start);
    }

    /** Writes the tag of a record, behind what the last stream released. */
    void tag(final long tag) {
        makeRoom(Long.BYTES);
        releases.putLong(at, tag, ByteOrder.LITTLE_ENDIAN);
        final int start = at;
        at += Long.BYTES;
        count++;
        own(start);
    }

    private void makeRoom(final int length) {
        if (at + length > releases.capacity()) {
            overflow(at + length);
        }
    }

    private void overflow(final int capacity) {
        if (!slot.hasReleaseOverflow()) {
            OverflowBlock block = pool.tryTake();
            while (block == null) {
                if (halted.getAsBoolean()) {
                    throw new IllegalStateException("the ring was halted");
                }
                progress.set(sequence - 1);
                LockSupport.parkNanos(POOL_EMPTY_PARK_NS);
                block = pool.tryTake();
            }
            slot.useReleaseOverflow(block, pool, releases, at);
        }
        slot.growReleaseOverflow(capacity);
        slot.wrapReleases(releases);
    }
}
