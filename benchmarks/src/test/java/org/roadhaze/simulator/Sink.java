// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * A server that only counts and acknowledges, and misbehaves when told to: what the simulator is tested and measured
 * against.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the connection, which the fleet sees.
final class Sink implements AutoCloseable {
    /** What becomes of a frame. */
    enum Fate {
        /** Counted and acknowledged. */
        ACKNOWLEDGE,
        /** Counted; the acknowledgement is lost. */
        LOSE_ACKNOWLEDGEMENT,
        /** Counted, then the connection is closed. */
        CLOSE,
        /** Lost on the way. */
        LOSE,
        /** Refused with a count of 0. */
        REFUSE
    }

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final WireFormat format;
    private final boolean keep;
    private final LongFunction<Fate> fates;
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final Map<String, Integer> kept = new ConcurrentHashMap<>();
    private final Channel channel;

    Sink(
            final WireFormat format,
            final boolean udp,
            final int port,
            final boolean keep,
            final LongFunction<Fate> fates) {
        this.format = format;
        this.keep = keep;
        this.fates = fates;
        final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        channel = (udp ? bindUdp(address) : bindTcp(address));
    }

    static Sink acknowledging(final WireFormat format) {
        return new Sink(format, false, 0, true, frame -> Fate.ACKNOWLEDGE);
    }

    private Channel bindTcp(final InetSocketAddress address) {
        return new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16 * 1024))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel child) {
                        child.pipeline().addLast(new Connection());
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    private Channel bindUdp(final InetSocketAddress address) {
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * 1024))
                .option(ChannelOption.SO_RCVBUF, 1 << 20)
                .handler(new Datagrams())
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Records in frames that were counted, again each time that they came. */
    long records() {
        return records.get();
    }

    /** How often each {@code imei,time,latitudeE7,longitudeE7} came in a frame that was counted. */
    Map<String, Integer> kept() {
        return kept;
    }

    private Fate take(final long imei, final ByteBuf frame, final int count) {
        final Fate fate = fates.apply(frames.incrementAndGet());
        if (fate != Fate.LOSE && fate != Fate.REFUSE) {
            records.setRelease(records.getPlain() + count);
            if (keep) {
                format.forEachRecord(
                        frame,
                        (timeMs, latitudeE7, longitudeE7) -> kept.merge(
                                imei + "," + timeMs + "," + latitudeE7 + "," + longitudeE7, 1, Integer::sum));
            }
        }
        return fate;
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One device's byte stream. */
    private final class Connection extends ChannelInboundHandlerAdapter {
        private ByteBuf rest;
        private long imei;

        @Override
        public void channelRead(final ChannelHandlerContext ctx, final Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (rest != null) {
                bytes = rest.writeBytes(bytes);
                ((ByteBuf) message).release();
                rest = null;
            }
            int length = format.frameLength(bytes, imei != 0);
            while (length > 0 && bytes.readableBytes() >= length) {
                onFrame(ctx, bytes.slice(bytes.readerIndex(), length));
                bytes.skipBytes(length);
                length = format.frameLength(bytes, imei != 0);
            }
            if (bytes.isReadable()) {
                rest = ctx.alloc().buffer(64 * 1024).writeBytes(bytes);
            }
            bytes.release();
            ctx.flush();
        }

        private void onFrame(final ChannelHandlerContext ctx, final ByteBuf frame) {
            if (imei == 0) {
                imei = format.imei(frame);
                ctx.write(format.acknowledgement(ctx.alloc(), frame, -1), ctx.voidPromise());
                return;
            }
            final int count = format.count(frame);
            switch (take(imei, frame, count)) {
                case ACKNOWLEDGE -> ctx.write(format.acknowledgement(ctx.alloc(), frame, count), ctx.voidPromise());
                case REFUSE -> ctx.write(format.acknowledgement(ctx.alloc(), frame, 0), ctx.voidPromise());
                case CLOSE -> ctx.close();
                case LOSE, LOSE_ACKNOWLEDGEMENT -> {}
            }
        }

        @Override
        public void channelInactive(final ChannelHandlerContext ctx) {
            if (rest != null) {
                rest.release();
                rest = null;
            }
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
            ctx.close();
        }
    }

    /** All devices' datagrams. */
    private final class Datagrams extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(final ChannelHandlerContext ctx, final Object message) {
            final DatagramPacket packet = (DatagramPacket) message;
            final ByteBuf frame = packet.content();
            final int count = format.count(frame);
            if (take(format.imei(frame), frame, count) == Fate.ACKNOWLEDGE) {
                ctx.writeAndFlush(
                        new DatagramPacket(format.acknowledgement(ctx.alloc(), frame, count), packet.sender()),
                        ctx.voidPromise());
            }
            packet.release();
        }
    }
}
