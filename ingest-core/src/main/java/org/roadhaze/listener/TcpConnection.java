// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.ring.AcknowledgementMailbox;
import org.roadhaze.ring.FrameWatch;
import org.roadhaze.ring.IngestRing;
import org.roadhaze.ring.Verdict;

/**
 * One device's connection: cuts its bytes into frames and publishes them; sends its acknowledgements.
 *
 * <p>Frames are looked at where they arrived; only an incomplete tail is copied and kept. When the ring is full the
 * bytes stay where they are, reading stops, and the loop resumes the connection when there is room, even when the device
 * has gone meanwhile: a protocol without acknowledgements sends nothing twice. A stream that cannot be cut closes the
 * connection: no later byte of it can be trusted. So does a frame at which anything threw, and a row of wrong check sums.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter implements AcknowledgingHandler {
    private static final int TAIL_CAPACITY = 256;

    private final LoopState loop;
    private final IngestRing ring;
    private final EpochClock clock;
    private final ListenerCounters counters;
    private final ProtocolDecoder decoder;
    private final int protocolIndex;
    private final int maxFrameLength;
    private final Deadlines deadlines;
    private final DeviceConnections devices;
    private final Quarantine quarantine;
    private final long addressKey;

    private ChannelHandlerContext context;
    private ByteBuf pending;
    private long deviceId = ProtocolDecoder.NO_DEVICE;
    /** The next frame found the ring full. */
    private boolean stalled;
    /** The device does not read what it is sent. */
    private boolean congested;
    /** The bytes could not be cut, or not be processed: what still comes is passed over. */
    private boolean refused;
    /** The device has gone; what it had sent before is still published. */
    private boolean gone;

    private boolean offended;

    /** What it sends is what it had kept. Written by the thread that persists. */
    private volatile boolean late;

    /** In a row; of the thread that persists, as {@link #judged} is. */
    private int wrongSums;

    private final Outgoing outgoing = new Outgoing();

    TcpConnection(
            final LoopState loop,
            final IngestRing ring,
            final EpochClock clock,
            final ListenerCounters counters,
            final Protocol protocol,
            final int protocolIndex,
            final ConnectionLimits limits,
            final DeviceConnections devices,
            final Quarantine quarantine,
            final long addressKey) {
        this.loop = loop;
        this.ring = ring;
        this.clock = clock;
        this.counters = counters;
        this.decoder = loop.decoder(protocolIndex);
        this.protocolIndex = protocolIndex;
        this.maxFrameLength = protocol.maxFrameLength();
        deadlines = new Deadlines(limits);
        this.devices = devices;
        this.quarantine = quarantine;
        this.addressKey = addressKey;
    }

    @Override
    public AcknowledgementMailbox mailbox() {
        return loop.mailbox();
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx) {
        context = ctx;
        counters.connectionOpened();
        deadlines.opened(loop.aliveMs());
        loop.opened(this);
        regulate();
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) {
        counters.connectionClosed();
        loop.closed(this);
        if (deviceId != ProtocolDecoder.NO_DEVICE) {
            devices.left(deviceId, this);
        }
        gone = true;
        if (!stalled || !loop.isReading()) {
            releasePending();
        }
        outgoing.release();
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
        final ByteBuf bytes = (ByteBuf) message;
        if (refused) {
            bytes.release();
            return;
        }
        deadlines.heard(loop.aliveMs());
        if (pending == null) {
            pending = bytes;
        } else {
            pending.writeBytes(bytes);
            bytes.release();
        }
        if (!stalled && loop.isReading()) {
            process();
        }
    }

    /**
     * Cuts and publishes what is pending; keeps what is left.
     *
     * @return false when a frame found the ring full.
     */
    private boolean process() {
        final long nowMs = clock.time();
        final UnsafeBuffer view = loop.view(pending);
        final int available = pending.readableBytes();
        int at = 0;
        while (at < available) {
            final int length;
            final long named;
            try {
                length = decoder.frameLength(view, at, available - at);
                named = length > 0 && length <= Math.min(maxFrameLength, available - at)
                        ? decoder.deviceId(view, at, length)
                        : ProtocolDecoder.NO_DEVICE;
            } catch (final RuntimeException e) {
                loop.failed(e);
                lost(FrameWatch.placeOf(e), view, at, nowMs);
                offend(Verdict.POISON);
                return true;
            }
            if (length == ProtocolDecoder.NEED_MORE) {
                if (available - at >= maxFrameLength) {
                    refuse(true, view, at, nowMs);
                    return true;
                }
                break;
            }
            if (length < 0 || length > Math.min(maxFrameLength, available - at)) {
                refuse(length > maxFrameLength, view, at, nowMs);
                return true;
            }
            final long device = named == ProtocolDecoder.NO_DEVICE ? deviceId : named;
            if (device != deviceId && quarantine.refusesDevice(device, nowMs)) {
                counters.quarantined();
                shut();
                return true;
            }
            if (!ring.tryPublish(this, null, protocolIndex, device, nowMs, view, at, length)) {
                stall();
                keepTail();
                return false;
            }
            if (device != deviceId) {
                speakFor(device);
            }
            deadlines.endsTail();
            at += length;
            pending.skipBytes(length); // At once: whatever fails after this, no frame is published twice.
        }
        keepTail();
        return true;
    }

    private void speakFor(final long device) {
        if (deviceId != ProtocolDecoder.NO_DEVICE) {
            devices.left(deviceId, this);
        }
        deviceId = device;
        if (!gone) {
            devices.loggedIn(device, this);
        }
    }

    /** Its device has another connection. Any thread's; what waits for room in the ring is still published. */
    void replace() {
        context.executor().execute(() -> {
            if (context.channel().isActive()) {
                counters.replaced();
                context.close();
            }
        });
    }

    /** Does not hold a whole read buffer for the few bytes of an incomplete frame. */
    private void keepTail() {
        final int length = pending.readableBytes();
        if (length == 0) {
            deadlines.endsTail();
            releasePending();
            return;
        }
        deadlines.beginsTail(loop.aliveMs());
        if (pending.writableBytes() == 0 || pending.capacity() > Math.max(TAIL_CAPACITY, 4 * length)) {
            final ByteBuf tail = context.alloc().directBuffer(Math.max(TAIL_CAPACITY, 2 * length));
            tail.writeBytes(pending);
            pending.release();
            pending = tail;
        }
    }

    /**
     * Whether the device has kept us waiting for too long.
     *
     * @param aliveMs the loop's clock.
     * @return false while it waits for us.
     */
    boolean isOverdue(final long aliveMs) {
        return !stalled && !refused && deadlines.isAnyOver(aliveMs, isKnown());
    }

    private boolean isKnown() {
        return deviceId != ProtocolDecoder.NO_DEVICE;
    }

    /** Closes it, and counts why. */
    void closeOverdue() {
        deadlines.count(loop.aliveMs(), isKnown(), counters);
        shut();
    }

    private void shut() {
        refused = true;
        releasePending();
        context.close();
    }

    @Override
    public boolean isLate() {
        return late;
    }

    /** On the thread that persists. */
    @Override
    public void judged(final Verdict verdict, final long device, final long receivedTimeMs) {
        if (verdict == Verdict.SOUND || verdict == Verdict.LATE) {
            if (wrongSums != 0) {
                wrongSums = 0;
            }
            final boolean isLate = verdict == Verdict.LATE;
            if (late != isLate) {
                late = isLate;
            }
        } else if (verdict == Verdict.POISON
                || (verdict == Verdict.WRONG_SUM && ++wrongSums == quarantine.wrongSums())) {
            context.executor().execute(() -> offend(verdict));
        }
    }

    /**
     * Closes it, once, and holds that against its device. One that has gone by itself meanwhile has offended all the same.
     *
     * @param verdict poison, or wrong check sums.
     */
    private void offend(final Verdict verdict) {
        if (offended) {
            return;
        }
        offended = true;
        if (verdict == Verdict.POISON) {
            counters.poisoned();
        } else {
            counters.wrongSums();
        }
        quarantine.offended(deviceId, addressKey, clock.time());
        shut();
    }

    private void stall() {
        if (!stalled) {
            stalled = true;
            if (late) {
                counters.lateStall();
            } else {
                counters.stall();
            }
            regulate();
            loop.stall(this);
        }
    }

    /**
     * Tries again after a stall; called by the loop. Nothing is thrown: a connection that fails is closed, and those behind
     * it get their turn.
     *
     * @return false when there is still no room.
     */
    boolean resume() {
        try {
            if (pending != null && !process()) {
                return false;
            }
            stalled = false;
            if (gone) {
                releasePending();
            } else {
                regulate();
            }
        } catch (final RuntimeException | Error e) {
            fail(e);
        }
        return true;
    }

    /** The loop publishes nothing more: what waits for room is given up, unacknowledged. */
    void giveUp() {
        if (gone) {
            releasePending();
        }
    }

    /** Bytes are read only while there is room for them, and for their acknowledgements. */
    private void regulate() {
        context.channel().config().setAutoRead(!stalled && !congested && loop.isReading());
    }

    /** A device that does not read its acknowledgements gets no more of them: they would gather here without end. */
    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext ctx) {
        congested = !ctx.channel().isWritable();
        if (ctx.channel().isActive()) {
            regulate();
        }
    }

    private void refuse(final boolean tooLong, final DirectBuffer view, final int at, final long nowMs) {
        if (tooLong) {
            counters.oversize();
        } else {
            counters.uncuttable();
        }
        lost(tooLong ? "oversize" : "uncuttable", view, at, nowMs);
        shut();
    }

    private void lost(final String why, final DirectBuffer view, final int at, final long nowMs) {
        ring.watch().lost(why, protocolIndex, deviceId, nowMs, view, at, view.capacity() - at);
    }

    private void releasePending() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    @Override
    public boolean acknowledge(final Object address, final DirectBuffer buffer, final int length) {
        if (!context.channel().isActive()) {
            return false;
        }
        return outgoing.add(context, buffer, length);
    }

    @Override
    public void flush() {
        outgoing.flush(context);
    }

    /** A broken connection is the device's daily life: it comes again. */
    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        fail(cause);
    }

    @Override
    public void fail(final Throwable cause) {
        loop.failed(cause);
        counters.socketError();
        shut();
    }
}
