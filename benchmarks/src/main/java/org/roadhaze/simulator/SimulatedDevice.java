// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One device: its connection, the frame that it has in flight, and what of an answer has come so far.
 *
 * <p>Holds and hands over; {@link FleetLoop} decides. Touched by the loop's thread alone. The frame's bytes stay as they
 * are until they are acknowledged, so that a resend is the same frame.
 */
final class SimulatedDevice extends ChannelInboundHandlerAdapter {
    /** What the device is doing. */
    enum State {
        /** Waits for {@link #deadlineNs} to connect. */
        DISCONNECTED,
        CONNECTING,
        /** Sent its login and waits for the welcome. */
        LOGGING_IN,
        /** Welcome, and waits for nothing. */
        IDLE,
        /** Waits for the acknowledgement of its frame. */
        IN_FLIGHT
    }

    private static final int INBOX_LENGTH = 256;

    final int index;
    final long imei;
    /** Wraps {@link #frameBytes}; goes through Netty with a count of who holds it. */
    final ByteBuf frame;
    /** The same bytes, to encode into. */
    final UnsafeBuffer frameBytes;
    /** Times, then places, of the records in the frame; empty where no ledger is kept. */
    final long[] recordTimesMs;

    final int[] recordPlacesE7;

    State state = State.DISCONNECTED;
    Channel channel;
    long deadlineNs;
    /** When the frame in flight was to be sent. */
    long plannedNs;
    /** Frames begun so far: the number of the next one. */
    int frames;
    /** Records that were acknowledged. */
    long acknowledged;
    /** Records in the frame that is not acknowledged yet, 0 when there is none. */
    int records;

    int frameLength;
    /** Connections and sendings without an acknowledgement since the last one. */
    int failures;

    boolean everConnected;
    boolean welcome;
    /** In the loop's list of those that may send. */
    boolean queued;
    /** Took its last fix. */
    boolean exhausted;
    /** The target answered the frame, but not with its number of records. */
    boolean refused;

    private final FleetLoop loop;
    private final UnsafeBuffer inbox = new UnsafeBuffer(new byte[INBOX_LENGTH]);
    private int inboxLength;

    SimulatedDevice(
            final FleetLoop loop,
            final int index,
            final long imei,
            final ByteBuf frame,
            final ByteBuffer frameMemory,
            final int ledgerRecords) {
        this.loop = loop;
        this.index = index;
        this.imei = imei;
        this.frame = frame;
        frameBytes = new UnsafeBuffer(frameMemory);
        recordTimesMs = new long[ledgerRecords];
        recordPlacesE7 = new int[2 * ledgerRecords];
    }

    /** The device outlives its connections. */
    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        channel = ctx.channel();
        inboxLength = 0;
        loop.onConnected(this);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) {
        if (ctx.channel() == channel) {
            loop.onDisconnected(this);
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
        final ByteBuf bytes = message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message;
        try {
            if (ctx.channel() == channel) {
                read(bytes, message instanceof DatagramPacket);
            }
        } finally {
            bytes.release();
        }
    }

    private void read(final ByteBuf bytes, final boolean datagram) {
        while (bytes.isReadable()) {
            final int length = Math.min(bytes.readableBytes(), INBOX_LENGTH - inboxLength);
            bytes.readBytes(inbox.byteArray(), inboxLength, length);
            inboxLength += length;
            final int used = loop.onBytes(this, inbox, inboxLength);
            if (used == DeviceProtocol.MALFORMED || (used == 0 && inboxLength == INBOX_LENGTH)) {
                inboxLength = 0;
                loop.onTrouble(this, "an answer that is none of this protocol");
                return;
            }
            inboxLength -= used;
            inbox.putBytes(0, inbox, used, inboxLength);
        }
        if (datagram) {
            inboxLength = 0;
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        if (!(cause instanceof IOException)) {
            loop.onBroken(cause);
        } else if (ctx.channel() == channel) {
            loop.onTrouble(this, String.valueOf(cause.getMessage()));
        }
    }
}
