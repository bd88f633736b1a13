// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A bad network between a fleet and an engine, on one event loop of its own. What happens is drawn from a seed, though not
 * when: that is the sockets' matter.
 *
 * <p>Over TCP, what is read is split, delayed and joined again with what comes next; connections are cut or reset in the
 * middle of a frame; answers vanish; and a connection can go half open: both sides believe in it, and nothing passes any
 * more. Over UDP, datagrams are lost, doubled, and overtaken by later ones, in both directions.
 */
final class FaultProxy implements AutoCloseable {
    private static final int RESET_LINGER = 0;
    private static final long PATIENCE_MS = 5_000;

    /** How bad the network is. Shares are of all reads, or datagrams, in [0, 1]. */
    static final class Faults {
        private final long seed;
        private double split;
        private double join;
        private double loss;
        private double doubled;
        private int delayMs;
        private int cutAfterBytes;
        private boolean reset;
        private int losesEveryAnswer;

        Faults(final long seed) {
            this.seed = seed;
        }

        /** Reads that are passed on in two or three parts. */
        Faults split(final double share) {
            split = share;
            return this;
        }

        /** Reads that are held until the next one comes, or 5 ms have passed. */
        Faults join(final double share) {
            join = share;
            return this;
        }

        /** Everything is late by up to so much; datagrams overtake one another by that. */
        Faults delay(final int mostMs) {
            delayMs = mostMs;
            return this;
        }

        /** A connection ends after so many bytes from its device, on the average. */
        Faults cutAfter(final int meanBytes, final boolean byReset) {
            cutAfterBytes = meanBytes;
            reset = byReset;
            return this;
        }

        /** Of what an engine answers on a connection every n-th read vanishes. */
        Faults losesEveryAnswer(final int nth) {
            losesEveryAnswer = nth;
            return this;
        }

        /** Datagrams that vanish. */
        Faults loss(final double share) {
            loss = share;
            return this;
        }

        /** Datagrams that come twice. */
        Faults doubled(final double share) {
            doubled = share;
            return this;
        }
    }

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final InetSocketAddress target;
    private final Faults faults;
    private final SplittableRandom random;
    private final Channel listening;

    /** Touched by the loop alone. */
    private final Set<Way> ways = new HashSet<>();

    private final Map<InetSocketAddress, ChannelFuture> upstreams = new HashMap<>();
    private int halfOpened;

    private final AtomicLong done = new AtomicLong();

    private FaultProxy(final InetSocketAddress target, final Faults faults, final boolean udp) {
        this.target = target;
        this.faults = faults;
        random = new SplittableRandom(faults.seed);
        final InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listening = udp ? bindUdp(any) : bindTcp(any);
    }

    static FaultProxy tcp(final InetSocketAddress target, final Faults faults) {
        return new FaultProxy(target, faults, false);
    }

    static FaultProxy udp(final InetSocketAddress target, final Faults faults) {
        return new FaultProxy(target, faults, true);
    }

    /** Where the fleet finds the engine. */
    InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Faults that happened so far. */
    long happened() {
        return done.get();
    }

    /** From now on nothing passes on the connections that there are, and neither side is told when the other leaves. */
    int halfOpen() {
        onLoop(() -> {
            halfOpened = 0;
            for (final Way way : ways) {
                if (!way.silent && way.toEngine) {
                    halfOpened++;
                }
                way.silent = true;
            }
        });
        return halfOpened;
    }

    /** The address translator on the way forgets: from now on the engine sees every device come from another port. */
    void rebind() {
        onLoop(() -> {
            upstreams.values().forEach(bound -> bound.channel().close());
            upstreams.clear();
        });
    }

    private void onLoop(final Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    private boolean happens(final double share) {
        if (share > 0 && random.nextDouble() < share) {
            done.incrementAndGet();
            return true;
        }
        return false;
    }

    private long delayNs() {
        return faults.delayMs == 0 ? 0 : random.nextLong(TimeUnit.MILLISECONDS.toNanos(faults.delayMs));
    }

    // ---- TCP

    private Channel bindTcp(final InetSocketAddress any) {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel device) {
                        connect(device);
                    }
                })
                .bind(any)
                .syncUninterruptibly()
                .channel();
    }

    private void connect(final Channel device) {
        final Way toDevice = new Way(device, false);
        final Channel engine = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(toDevice)
                .connect(target)
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        device.config().setAutoRead(true);
                    } else {
                        device.close();
                    }
                })
                .channel();
        device.pipeline().addLast(new Way(engine, true));
    }

    /** What comes from one side and goes to the other. */
    private final class Way extends ChannelInboundHandlerAdapter {
        private final Channel to;
        private final boolean toEngine;
        private boolean silent;
        private long lastNs;
        private long answers;
        private long bytesLeft = Long.MAX_VALUE;
        private ByteBuf held;

        Way(final Channel to, final boolean toEngine) {
            this.to = to;
            this.toEngine = toEngine;
            if (toEngine && faults.cutAfterBytes > 0) {
                bytesLeft = 1 + random.nextLong(2L * faults.cutAfterBytes);
            }
            ways.add(this);
        }

        @Override
        public void channelRead(final ChannelHandlerContext ctx, final Object message) {
            final ByteBuf bytes = (ByteBuf) message;
            if (silent || isLost()) {
                bytes.release();
                return;
            }
            if (bytes.readableBytes() >= bytesLeft) {
                done.incrementAndGet();
                pass(bytes.readRetainedSlice((int) bytesLeft));
                bytes.release();
                cut(ctx.channel());
                return;
            }
            bytesLeft -= bytes.readableBytes();
            for (int part = 0; part < 2 && bytes.readableBytes() > 1 && happens(faults.split); part++) {
                pass(bytes.readRetainedSlice(1 + random.nextInt(bytes.readableBytes() - 1)));
                lastNs += TimeUnit.MILLISECONDS.toNanos(1); // or the kernel joins them again
            }
            pass(bytes);
        }

        private boolean isLost() {
            if (toEngine || faults.losesEveryAnswer == 0 || ++answers % faults.losesEveryAnswer != 0) {
                return false;
            }
            done.incrementAndGet();
            return true;
        }

        private void pass(final ByteBuf bytes) {
            lastNs = Math.max(lastNs, System.nanoTime() + delayNs());
            final boolean hold = happens(faults.join);
            later(lastNs, () -> write(bytes, hold));
        }

        private void later(final long atNs, final Runnable task) {
            final long waitNs = atNs - System.nanoTime();
            if (waitNs <= 0 && faults.delayMs == 0 && faults.split == 0) {
                task.run();
            } else {
                loop.schedule(task, Math.max(0, waitNs), TimeUnit.NANOSECONDS);
            }
        }

        private void write(final ByteBuf bytes, final boolean hold) {
            final ByteBuf all;
            if (held == null) {
                all = bytes;
            } else {
                all = to.alloc().buffer(held.readableBytes() + bytes.readableBytes());
                all.writeBytes(held).writeBytes(bytes);
                held.release();
                bytes.release();
            }
            held = hold ? all : null;
            if (hold) {
                loop.schedule(this::letGo, 5, TimeUnit.MILLISECONDS);
            } else {
                to.writeAndFlush(all);
            }
        }

        private void letGo() {
            if (held != null) {
                to.writeAndFlush(held);
                held = null;
            }
        }

        private void cut(final Channel from) {
            if (faults.reset) {
                from.config().setOption(ChannelOption.SO_LINGER, RESET_LINGER);
                to.config().setOption(ChannelOption.SO_LINGER, RESET_LINGER);
            }
            silent = true;
            from.close();
            later(lastNs, to::close);
        }

        @Override
        public void channelWritabilityChanged(final ChannelHandlerContext ctx) {
            to.config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void channelInactive(final ChannelHandlerContext ctx) {
            ways.remove(this);
            if (!silent) {
                later(lastNs, () -> {
                    letGo();
                    to.close();
                });
            } else if (held != null) {
                held.release();
                held = null;
            }
        }

        /** Connections break here all the time. */
        @Override
        public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
            ctx.close();
        }
    }

    // ---- UDP

    private Channel bindUdp(final InetSocketAddress any) {
        return new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, 1 << 20)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
                        final DatagramPacket packet = (DatagramPacket) message;
                        final InetSocketAddress device = packet.sender();
                        carry(packet.content(), bytes -> upstream(device).addListener((ChannelFutureListener)
                                bound -> bound.channel().writeAndFlush(new DatagramPacket(bytes, target))));
                    }

                    @Override
                    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
                        // A device that has gone: its datagrams are lost, as they are.
                    }
                })
                .bind(any)
                .syncUninterruptibly()
                .channel();
    }

    private ChannelFuture upstream(final InetSocketAddress device) {
        return upstreams.computeIfAbsent(device, port -> new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
                        carry(
                                ((DatagramPacket) message).content(),
                                bytes -> listening.writeAndFlush(new DatagramPacket(bytes, device)));
                    }

                    @Override
                    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
                        // As above.
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    private void carry(final ByteBuf bytes, final Consumer<ByteBuf> onwards) {
        if (!happens(faults.loss)) {
            final int copies = happens(faults.doubled) ? 2 : 1;
            for (int copy = 0; copy < copies; copy++) {
                final ByteBuf one = bytes.copy();
                if (faults.delayMs == 0) {
                    onwards.accept(one);
                } else {
                    loop.schedule(() -> onwards.accept(one), delayNs(), TimeUnit.NANOSECONDS);
                }
            }
        }
        bytes.release();
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly(PATIENCE_MS);
        group.shutdownGracefully(0, PATIENCE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * PATIENCE_MS);
    }
}
