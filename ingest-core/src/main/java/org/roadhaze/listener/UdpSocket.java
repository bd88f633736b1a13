// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochClock;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.ring.AcknowledgementMailbox;
import org.roadhaze.ring.IngestRing;
import org.roadhaze.ring.Verdict;

/**
 * A datagram socket: every datagram is one frame that says whose it is. A datagram that finds the ring full is counted
 * and not acknowledged. Nothing is kept per sender: the acknowledgement goes where the datagram came from.
 */
final class UdpSocket extends ChannelInboundHandlerAdapter implements AcknowledgingHandler {
    private final LoopState loop;
    private final IngestRing ring;
    private final EpochClock clock;
    private final ListenerCounters counters;
    private final Quarantine quarantine;
    private final ProtocolDecoder decoder;
    private final int protocolIndex;
    private final int maxFrameLength;
    private ChannelHandlerContext context;
    private boolean unflushed;

    UdpSocket(
            final LoopState loop,
            final IngestRing ring,
            final EpochClock clock,
            final ListenerCounters counters,
            final Protocol protocol,
            final int protocolIndex,
            final Quarantine quarantine) {
        this.loop = loop;
        this.ring = ring;
        this.clock = clock;
        this.counters = counters;
        this.decoder = loop.decoder(protocolIndex);
        this.protocolIndex = protocolIndex;
        this.maxFrameLength = protocol.maxFrameLength();
        this.quarantine = quarantine;
    }

    @Override
    public AcknowledgementMailbox mailbox() {
        return loop.mailbox();
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
        final DatagramPacket packet = (DatagramPacket) message;
        try {
            final ByteBuf bytes = packet.content();
            final int length = bytes.readableBytes();
            if (length > maxFrameLength) {
                counters.oversize();
                ring.watch()
                        .lost(
                                "oversize",
                                protocolIndex,
                                ProtocolDecoder.NO_DEVICE,
                                clock.time(),
                                loop.view(bytes),
                                0,
                                length);
                return;
            }
            if (length == 0) {
                counters.uncuttable();
                return;
            }
            if (!loop.isReading()) {
                counters.datagramDropped();
                return;
            }
            final DirectBuffer view = loop.view(bytes);
            final long device = decoder.deviceId(view, 0, length);
            final long nowMs = clock.time();
            if (quarantine.refusesDevice(device, nowMs)) {
                counters.quarantined();
                return;
            }
            if (!ring.tryPublish(this, packet.sender(), protocolIndex, device, nowMs, view, 0, length)) {
                counters.datagramDropped();
            }
        } finally {
            packet.release();
        }
    }

    /** Not by its sender, who may not be who he says: one that fails is held against the device that it names. */
    @Override
    public void judged(final Verdict verdict, final long deviceId, final long receivedTimeMs) {
        if (verdict == Verdict.POISON && deviceId != ProtocolDecoder.NO_DEVICE) {
            quarantine.offended(deviceId, receivedTimeMs);
        }
    }

    @Override
    public boolean acknowledge(final Object address, final DirectBuffer buffer, final int length) {
        if (!context.channel().isActive()) {
            return false;
        }
        if (!context.channel().isWritable()) { // The network takes no more: what is not acknowledged comes again.
            counters.acknowledgementDropped();
            return false;
        }
        final ByteBuf bytes = context.alloc().directBuffer(length);
        bytes.writeBytes(buffer.byteArray(), 0, length);
        context.write(new DatagramPacket(bytes, (InetSocketAddress) address), context.voidPromise());
        final boolean first = !unflushed;
        unflushed = true;
        return first;
    }

    @Override
    public void flush() {
        unflushed = false;
        context.flush();
    }

    /** One bad answer (a port unreachable, say) must not close the socket for everyone. */
    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        fail(cause);
    }

    @Override
    public void fail(final Throwable cause) {
        loop.failed(cause);
        counters.socketError();
    }
}
