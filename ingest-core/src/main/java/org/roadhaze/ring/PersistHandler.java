// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.EventHandler;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.stream.StreamAppender;

/**
 * The single writer: appends what the slots of a batch released to the streams' queues, and only then lets the
 * acknowledgements go, at once or by way of the group commit.
 *
 * <p>Takes nothing from a slot that is not released for its own sequence. An append that fails is not survived: the
 * exception ends this handler, nothing further is acknowledged, and the engine stops.
 */
final class PersistHandler implements EventHandler<Slot> {
    private static final long MAILBOX_FULL_PARK_NS = 20_000;

    private final StreamAppender[] streams;
    private final SeenLog seenLog;
    private final long[] lastDocuments;
    private final AcknowledgementMailbox[] mailboxes;
    private final OverflowPool framePool;
    private final LateLane lateLane;
    private final BooleanSupplier halted;
    private final AckLevel level;
    private final GroupCommit groupCommit;
    private final UnsafeBuffer releases = new UnsafeBuffer(0, 0);
    private long groupBytes;
    private long sealed;
    private int lateFrames;
    private int firstTold;

    PersistHandler(
            final StreamAppender[] streams,
            final SeenLog seenLog,
            final AcknowledgementMailbox[] mailboxes,
            final OverflowPool framePool,
            final LateLane lateLane,
            final BooleanSupplier halted,
            final AckLevel level,
            final GroupCommit groupCommit) {
        this.streams = streams;
        this.seenLog = seenLog;
        lastDocuments = new long[streams.length];
        this.mailboxes = mailboxes;
        this.framePool = framePool;
        this.lateLane = lateLane;
        this.halted = halted;
        this.level = level;
        this.groupCommit = groupCommit;
    }

    @Override
    public void onEvent(final Slot slot, final long sequence, final boolean endOfBatch) {
        if (slot.isReleased(sequence)) {
            if (!hasRoom(slot)) {
                flush();
            }
            slot.wrapReleases(releases);
            for (int i = 0; i < streams.length; i++) {
                final int records = slot.releaseCount(i);
                if (records > 0) {
                    final int start = slot.releaseStart(i);
                    final int length = slot.releaseEnd(i) - start;
                    streams[i].append(releases, start, length, records);
                    groupBytes += length;
                }
            }
            if (slot.releaseCount(streams.length) > 0) {
                seenLog.add(releases, slot.releaseStart(streams.length), slot.releaseCount(streams.length));
            }
            if (slot.acknowledgementLength() > 0) {
                acknowledge(slot);
            }
        }
        if (slot.origin() != null) {
            slot.origin().judged(slot.verdict(), slot.deviceId(), slot.receivedTimeMs());
        }
        if (slot.isLate()) {
            lateFrames++;
        }
        slot.end(framePool);
        if (endOfBatch) {
            commit();
        }
    }

    /** The documents of a batch are written together, behind the tags of all their records. */
    private boolean hasRoom(final Slot slot) {
        for (int i = 0; i < streams.length; i++) {
            if (!streams[i].hasRoom(slot.releaseEnd(i) - slot.releaseStart(i), slot.releaseCount(i))) {
                return false;
            }
        }
        return true;
    }

    private void flush() {
        if (seenLog != null) {
            long documents = 0;
            for (int i = 0; i < streams.length; i++) {
                documents |= streams[i].isPending() ? 1L << i : 0;
                lastDocuments[i] = streams[i].lastDocument();
            }
            seenLog.flush(documents, lastDocuments);
        }
        for (final StreamAppender stream : streams) {
            stream.flush();
        }
        if (level != AckLevel.SYNCED) {
            sealed++;
            letGoBehind(sealed, sealed);
        }
    }

    /** What journals have for good: where nothing is forced, what was just flushed. */
    private void letGoBehind(final long request, final long done) {
        for (final StreamAppender stream : streams) {
            stream.seal(request);
            stream.letGo(done);
        }
    }

    private void acknowledge(final Slot slot) {
        final AcknowledgementMailbox mailbox = slot.origin().mailbox();
        if (mailbox.isFull()) {
            commit();
            while (mailbox.isFull()) {
                if (halted.getAsBoolean()) {
                    throw new IllegalStateException("the ring was halted");
                }
                LockSupport.parkNanos(MAILBOX_FULL_PARK_NS);
            }
        }
        mailbox.add(
                slot.origin(),
                slot.address(),
                slot.acknowledgementBuffer(),
                slot.acknowledgementOffset(),
                slot.acknowledgementLength());
    }

    private void commit() {
        if (level == AckLevel.RECEIVED) {
            sealAndPublish();
        }
        flush();
        final boolean isRoom = leaveLateLane();
        if (level == AckLevel.SYNCED) {
            // Before the request, which brings it to the disk as well.
            letGoBehind(sealed + 1, groupCommit.lastDone());
            for (final AcknowledgementMailbox mailbox : mailboxes) {
                mailbox.seal();
            }
            sealed = groupCommit.request(groupBytes);
            groupBytes = 0;
        } else {
            sealAndPublish();
        }
        if (isRoom) {
            tellOfRoom();
        }
    }

    /** All of a batch together: one at a time they would bring the next late frames one at a time, and end a document for each. */
    private boolean leaveLateLane() {
        final boolean isAny = lateFrames > 0;
        lateLane.leave(lateFrames);
        lateFrames = 0;
        return isAny;
    }

    /** The loops that wait for it, another one first each time. One that its acknowledgements have just woken is not woken again. */
    private void tellOfRoom() {
        firstTold = firstTold + 1 < mailboxes.length ? firstTold + 1 : 0;
        for (int i = firstTold; i < mailboxes.length; i++) {
            mailboxes[i].tellOfRoom();
        }
        for (int i = 0; i < firstTold; i++) {
            mailboxes[i].tellOfRoom();
        }
    }

    private void sealAndPublish() {
        for (final AcknowledgementMailbox mailbox : mailboxes) {
            mailbox.seal();
            mailbox.publish(mailbox.sealed());
        }
    }
}
