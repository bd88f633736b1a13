// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.PositionBatch;

/**
 * Carries acknowledgements from the persist handler (the one producer) to one event loop (the one consumer).
 *
 * <p>The producer {@link #add}s as it walks a batch and makes nothing visible. At the end of the batch it {@link #seal}s
 * what it added; once that is as safe as promised, it or the commit thread {@link #publish}es up to the seal and wakes the
 * loop once. A loop that is awake already is not woken again.
 */
public final class AcknowledgementMailbox {
    private static final VarHandle SEALED;
    private static final VarHandle PUBLISHED;
    private static final VarHandle CONSUMED;
    private static final VarHandle WAKE_PENDING;
    private static final VarHandle ROOM_AWAITED;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            SEALED = lookup.findVarHandle(AcknowledgementMailbox.class, "sealed", long.class);
            PUBLISHED = lookup.findVarHandle(AcknowledgementMailbox.class, "published", long.class);
            CONSUMED = lookup.findVarHandle(AcknowledgementMailbox.class, "consumed", long.class);
            WAKE_PENDING = lookup.findVarHandle(AcknowledgementMailbox.class, "wakePending", boolean.class);
            ROOM_AWAITED = lookup.findVarHandle(AcknowledgementMailbox.class, "roomAwaited", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Sends one acknowledgement; called on the event loop. */
    @FunctionalInterface
    public interface Consumer {
        /**
         * Sends.
         *
         * @param origin  where the frame came from.
         * @param address the sender of the datagram, or null for a connection.
         * @param buffer  the bytes to send.
         * @param length  how many, from offset 0.
         */
        void acknowledge(Origin origin, Object address, DirectBuffer buffer, int length);
    }

    private static final class Entry {
        private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[PositionBatch.MAX_ACKNOWLEDGEMENT_LENGTH]);
        private Origin origin;
        private Object address;
        private int length;
    }

    private final Entry[] entries;
    private final int mask;
    private final Runnable wake;

    /** Producer only. */
    private long added;

    /** Producer only: asked for anew when it seems full, so that the two threads seldom share the line. */
    private long consumedAsSeen;

    // Written through VarHandles; each number by one thread alone.
    @SuppressWarnings("unused") // through SEALED
    private volatile long sealed;

    @SuppressWarnings("unused") // through PUBLISHED
    private volatile long published;

    @SuppressWarnings("unused") // through CONSUMED
    private volatile long consumed;

    @SuppressWarnings("unused") // through WAKE_PENDING
    private volatile boolean wakePending;

    @SuppressWarnings("unused") // through ROOM_AWAITED
    private volatile boolean roomAwaited;

    /**
     * Makes a mailbox.
     *
     * @param capacity a power of two; at least the ring's size, so that the producer rarely waits.
     * @param wake     makes the event loop call {@link #drain} soon; called on the producer's thread, and on the one that commits.
     */
    public AcknowledgementMailbox(final int capacity, final Runnable wake) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new IllegalArgumentException("capacity: found " + capacity + ", allowed a power of two");
        }
        this.wake = wake;
        this.mask = capacity - 1;
        this.entries = new Entry[capacity];
        for (int i = 0; i < capacity; i++) {
            entries[i] = new Entry();
        }
    }

    /**
     * Whether there is no room for another acknowledgement.
     *
     * @return true when the event loop has not consumed enough: it never waits for the producer, so it soon will have.
     */
    public boolean isFull() {
        if (added - consumedAsSeen > mask) {
            consumedAsSeen = (long) CONSUMED.getAcquire(this);
        }
        return added - consumedAsSeen > mask;
    }

    /**
     * Adds an acknowledgement, invisible until it is sealed and published. Only when the mailbox is not full.
     *
     * @param origin  where the frame came from.
     * @param address the datagram's sender, or null.
     * @param buffer  holds the bytes.
     * @param offset  where they begin.
     * @param length  how many.
     */
    public void add(
            final Origin origin, final Object address, final DirectBuffer buffer, final int offset, final int length) {
        final Entry entry = entries[(int) added & mask];
        entry.origin = origin;
        entry.address = address;
        entry.length = length;
        entry.bytes.putBytes(0, buffer, offset, length);
        added++;
    }

    /** Says that what was added up to here belongs together. The producer's. */
    public void seal() {
        SEALED.setRelease(this, added);
    }

    /**
     * The last seal.
     *
     * @return to be given to {@link #publish}.
     */
    public long sealed() {
        return (long) SEALED.getAcquire(this);
    }

    /**
     * Makes what was added up to a seal visible to the event loop, and wakes it. One thread alone calls this.
     *
     * @param seal what {@link #sealed} said once.
     */
    public void publish(final long seal) {
        if (seal != (long) PUBLISHED.get(this)) {
            PUBLISHED.setVolatile(this, seal);
            wake();
        }
    }

    private void wake() {
        if (!(boolean) WAKE_PENDING.getAndSet(this, true)) {
            wake.run();
        }
    }

    /** The event loop found no room for a frame, and wants to be told. The loop's. */
    void awaitRoom() {
        ROOM_AWAITED.setVolatile(this, true);
    }

    /** Wakes the event loop if it waits for room. The producer's. */
    void tellOfRoom() {
        if ((boolean) ROOM_AWAITED.getVolatile(this) && (boolean) ROOM_AWAITED.getAndSet(this, false)) {
            wake();
        }
    }

    /**
     * Consumes all that is published. Called by the event loop when woken.
     *
     * @param consumer sends them.
     * @return how many there were.
     */
    public int drain(final Consumer consumer) {
        WAKE_PENDING.setVolatile(this, false);
        final long from = (long) CONSUMED.get(this);
        final long to = (long) PUBLISHED.getVolatile(this);
        for (long at = from; at < to; at++) {
            final Entry entry = entries[(int) at & mask];
            final Origin origin = entry.origin;
            final Object address = entry.address;
            entry.origin = null;
            entry.address = null;
            try {
                consumer.acknowledge(origin, address, entry.bytes, entry.length);
            } finally {
                // One that fails must not stand in the way of all that follow.
                CONSUMED.setRelease(this, at + 1);
            }
        }
        return (int) (to - from);
    }

    /**
     * Whether everything published has been consumed. What is added and never published does not count: it was never safe.
     *
     * @return true when nothing waits for the event loop.
     */
    public boolean isDrained() {
        return (long) CONSUMED.getAcquire(this) == (long) PUBLISHED.getAcquire(this);
    }
}
