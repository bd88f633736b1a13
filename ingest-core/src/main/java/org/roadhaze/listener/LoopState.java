// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.ring.AcknowledgementMailbox;
import org.roadhaze.ring.FrameWatch;
import org.roadhaze.ring.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop owns: its decoders, its mailbox, a view to look at bytes through, and the connections that wait
 * for room in the ring. Touched by that loop's thread alone.
 */
final class LoopState implements AcknowledgementMailbox.Consumer {
    private static final Logger LOG = LoggerFactory.getLogger(LoopState.class);
    private static final long RETRY_AFTER_US = 1_000;
    private static final long SWEEP_PERIOD_MS = 1_000;

    private final EventLoop loop;
    private final AcknowledgementMailbox mailbox;
    private final ProtocolDecoder[] decoders;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final ArrayDeque<TcpConnection> stalled = new ArrayDeque<>();
    private final ArrayDeque<TcpConnection> stalledLate = new ArrayDeque<>();
    private final List<AcknowledgingHandler> toFlush = new ArrayList<>();
    private final Set<TcpConnection> connections = new HashSet<>();
    private final List<TcpConnection> overdue = new ArrayList<>();
    private long aliveMs;
    private long sweptNs = System.nanoTime();
    private Future<?> retry;
    private boolean reading = true;

    /**
     * Makes the state.
     *
     * @param loop            the event loop.
     * @param decoders        by protocol index, this loop's own.
     * @param mailboxCapacity a power of two.
     */
    LoopState(final EventLoop loop, final ProtocolDecoder[] decoders, final int mailboxCapacity) {
        this.loop = loop;
        this.decoders = decoders;
        final Runnable drain = this::drain;
        this.mailbox = new AcknowledgementMailbox(mailboxCapacity, () -> loop.execute(drain));
    }

    /** Does something on this loop now and then, while it reads. */
    void every(final long periodMs, final Runnable task) {
        loop.scheduleAtFixedRate(
                () -> {
                    if (reading) {
                        task.run();
                    }
                },
                periodMs,
                periodMs,
                TimeUnit.MILLISECONDS);
    }

    /** Looks at the deadlines of all connections from now on, once a second. */
    void watchDeadlines() {
        loop.scheduleAtFixedRate(this::sweep, SWEEP_PERIOD_MS, SWEEP_PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * A clock that stands still while the engine does: stopped by a signal, or by the collector, it cannot have heard a device.
     *
     * @return milliseconds that this loop was alive, as of its last second.
     */
    long aliveMs() {
        return aliveMs;
    }

    void opened(final TcpConnection connection) {
        connections.add(connection);
    }

    void closed(final TcpConnection connection) {
        connections.remove(connection);
    }

    private void sweep() {
        final long nowNs = System.nanoTime();
        final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(nowNs - sweptNs);
        if (elapsedMs <= 2 * SWEEP_PERIOD_MS) { // Otherwise nobody was heard meanwhile, whatever he said.
            aliveMs += elapsedMs;
        }
        sweptNs = nowNs;
        for (final TcpConnection connection : connections) {
            if (connection.isOverdue(aliveMs)) {
                overdue.add(connection);
            }
        }
        overdue.forEach(TcpConnection::closeOverdue); // Closing takes them out of what was just walked.
        overdue.clear();
    }

    EventLoop loop() {
        return loop;
    }

    AcknowledgementMailbox mailbox() {
        return mailbox;
    }

    ProtocolDecoder decoder(final int protocol) {
        return decoders[protocol];
    }

    /**
     * Looks at the readable bytes of a buffer without copying, where it has memory to look at.
     *
     * @param bytes the buffer.
     * @return a view; offset 0 is the first readable byte; valid until the next call.
     */
    UnsafeBuffer view(final ByteBuf bytes) {
        final int length = bytes.readableBytes();
        if (bytes.hasMemoryAddress()) {
            view.wrap(bytes.memoryAddress() + bytes.readerIndex(), length);
        } else if (bytes.hasArray()) {
            view.wrap(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length);
        } else {
            final ByteBuffer copy = ByteBuffer.allocate(length);
            bytes.getBytes(bytes.readerIndex(), copy);
            view.wrap(copy.array());
        }
        return view;
    }

    /**
     * Whether frames may still be published.
     *
     * @return false once the engine is about to stop.
     */
    boolean isReading() {
        return reading;
    }

    /** Nothing of this loop is published any more; what waits for room stays unacknowledged. */
    void stopReading() {
        reading = false;
        stalled.forEach(TcpConnection::giveUp);
        stalled.clear();
        stalledLate.forEach(TcpConnection::giveUp);
        stalledLate.clear();
    }

    /** What a network does every day is for the counters; anything else is a fault of ours, and is to be seen. */
    void failed(final Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("A socket's handler failed: {}", FrameWatch.placeOf(cause));
        }
    }

    /** Remembers a connection whose next frame found the ring full. */
    void stall(final TcpConnection connection) {
        (connection.isLate() ? stalledLate : stalled).add(connection);
        retryLater();
    }

    private void retryLater() {
        if (retry == null) {
            retry = loop.schedule(this::retry, RETRY_AFTER_US, TimeUnit.MICROSECONDS);
        }
    }

    private void retry() {
        retry = null;
        resumeStalled();
    }

    /** The live ones first. First come, first served, until one finds no room: those behind it would not find any either. */
    private void resumeStalled() {
        boolean isRoom = true;
        while (isRoom && !stalled.isEmpty()) {
            if (stalled.peek().isLate()) {
                stalledLate.add(stalled.poll()); // Since then: those behind it need not wait for what it waits for.
            } else {
                isRoom = stalled.peek().resume();
                if (isRoom) {
                    stalled.poll();
                }
            }
        }
        while (!stalledLate.isEmpty() && stalledLate.peek().resume()) {
            stalledLate.poll();
        }
        if (isAnyStalled()) {
            retryLater();
        }
    }

    private boolean isAnyStalled() {
        return !stalled.isEmpty() || !stalledLate.isEmpty();
    }

    private void drain() {
        mailbox.drain(this);
        for (int i = 0; i < toFlush.size(); i++) {
            final AcknowledgingHandler handler = toFlush.get(i);
            try {
                handler.flush();
            } catch (final RuntimeException | Error e) {
                handler.fail(e);
            }
        }
        toFlush.clear();
        if (isAnyStalled()) {
            resumeStalled();
        }
    }

    /** An acknowledgement that cannot be written costs its own connection: the others wait for theirs. */
    @Override
    public void acknowledge(final Origin origin, final Object address, final DirectBuffer buffer, final int length) {
        final AcknowledgingHandler handler = (AcknowledgingHandler) origin;
        try {
            if (handler.acknowledge(address, buffer, length)) {
                toFlush.add(handler);
            }
        } catch (final RuntimeException | Error e) {
            handler.fail(e);
        }
    }
}
