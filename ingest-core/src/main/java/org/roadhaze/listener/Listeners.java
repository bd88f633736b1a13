// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.EpochClock;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.ring.AcknowledgementMailbox;
import org.roadhaze.ring.IngestRing;

/**
 * The event loops and the sockets they listen on. Made before the ring, since the ring needs their mailboxes; bound
 * after it.
 */
public final class Listeners implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int MAX_DATAGRAM_LENGTH = 65_507;
    private static final int DATAGRAM_RECEIVE_BUFFER = 4 << 20;
    private static final long QUIET_MS = 0;
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final Sockets sockets;
    private final ConnectionLimits limits;
    private final ConnectionGate gate;
    private final Quarantine quarantine;
    private final MultiThreadIoEventLoopGroup group;
    private final IdentityHashMap<EventExecutor, LoopState> states = new IdentityHashMap<>();
    private final List<Bound> bound = new ArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /**
     * A listener that is bound.
     *
     * @param options  what was asked for.
     * @param address  where it really listens.
     * @param counters what happens there.
     */
    public record Listening(ListenerOptions options, InetSocketAddress address, ListenerCounters counters) {}

    private record Bound(Channel channel, Listening listening) {}

    /**
     * Starts the event loops.
     *
     * @param sockets         how they wait for sockets.
     * @param loops           how many: 1 to 64.
     * @param mailboxCapacity a power of two, at least the ring's size.
     * @param limits          how many connections there may be, and how long they may keep us waiting.
     * @param quarantine      whom not to listen to.
     * @param decoders        makes the decoders of one loop, by protocol index.
     */
    public Listeners(
            final Sockets sockets,
            final int loops,
            final int mailboxCapacity,
            final ConnectionLimits limits,
            final QuarantineOptions quarantine,
            final Function<IoEventLoop, ProtocolDecoder[]> decoders) {
        this.limits = limits;
        gate = new ConnectionGate(limits);
        this.quarantine = new Quarantine(quarantine);
        this.sockets = sockets;
        group = new MultiThreadIoEventLoopGroup(
                loops, new DefaultThreadFactory("listener", true), sockets.serverHandlers());
        for (final EventExecutor executor : group) {
            final IoEventLoop loop = (IoEventLoop) executor;
            final LoopState state = new LoopState(loop, decoders.apply(loop), mailboxCapacity);
            states.put(loop, state);
            state.watchDeadlines();
        }
    }

    /**
     * Does something on an event loop, the same each time, until {@link #stopReading}: what publishes to the ring beside the
     * sockets.
     *
     * @param periodMs how often.
     * @param task     what; must not block.
     */
    public void every(final long periodMs, final Runnable task) {
        states.values().iterator().next().every(periodMs, task);
    }

    /**
     * The mailboxes of the loops, for the ring.
     *
     * @return one per loop.
     */
    public AcknowledgementMailbox[] mailboxes() {
        return states.values().stream().map(LoopState::mailbox).toArray(AcknowledgementMailbox[]::new);
    }

    /**
     * Binds a listener; frames flow from now on.
     *
     * @param options       where, and what.
     * @param protocolIndex the index under which decoders and workers know the protocol and transport.
     * @param ring          takes the frames.
     * @param clock         says when they were received.
     * @return where it listens.
     * @throws java.io.IOException when the address cannot be bound.
     */
    public Listening bind(
            final ListenerOptions options, final int protocolIndex, final IngestRing ring, final EpochClock clock)
            throws java.io.IOException {
        if (options.address().isUnresolved()) {
            throw new java.io.IOException("cannot listen on " + text(options.address()) + " for "
                    + options.protocol().name() + ": the host is not known here");
        }
        final ListenerCounters counters = new ListenerCounters();
        final io.netty.channel.ChannelFuture future = options.transport() == ListenerOptions.Transport.TCP
                ? bindTcp(options, protocolIndex, ring, clock, counters)
                : bindUdp(options, protocolIndex, ring, clock, counters);
        if (!future.awaitUninterruptibly().isSuccess()) {
            throw new java.io.IOException(
                    "cannot listen on " + text(options.address()) + " for "
                            + options.protocol().name() + ": " + future.cause().getMessage(),
                    future.cause());
        }
        final Listening listening =
                new Listening(options, (InetSocketAddress) future.channel().localAddress(), counters);
        bound.add(new Bound(future.channel(), listening));
        return listening;
    }

    private io.netty.channel.ChannelFuture bindTcp(
            final ListenerOptions options,
            final int protocolIndex,
            final IngestRing ring,
            final EpochClock clock,
            final ListenerCounters counters) {
        final SocketProtocolFamily family = family(options.address());
        final DeviceConnections devices = new DeviceConnections();
        return new ServerBootstrap()
                .group(group)
                .channelFactory(() -> sockets.server(family))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        if (channel.remoteAddress() == null) {
                            channel.close(); // Gone before it was here.
                            return;
                        }
                        final InetAddress from = ((InetSocketAddress) channel.remoteAddress()).getAddress();
                        final long addressKey = ConnectionGate.key(from);
                        if (quarantine.refusesAddress(addressKey, clock.time())) {
                            counters.quarantined();
                            channel.close();
                            return;
                        }
                        if (!gate.enter(from)) {
                            counters.refusedConnection();
                            channel.close();
                            return;
                        }
                        channel.closeFuture().addListener(closed -> gate.leave(from));
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(new TcpConnection(
                                        states.get(channel.eventLoop()),
                                        ring,
                                        clock,
                                        counters,
                                        options.protocol(),
                                        protocolIndex,
                                        limits,
                                        devices,
                                        quarantine,
                                        addressKey));
                    }
                })
                .bind(options.address());
    }

    private io.netty.channel.ChannelFuture bindUdp(
            final ListenerOptions options,
            final int protocolIndex,
            final IngestRing ring,
            final EpochClock clock,
            final ListenerCounters counters) {
        final SocketProtocolFamily family = family(options.address());
        return new Bootstrap()
                .group(group)
                .channelFactory(() -> sockets.datagrams(family))
                .option(ChannelOption.SO_RCVBUF, DATAGRAM_RECEIVE_BUFFER)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new io.netty.channel.FixedRecvByteBufAllocator(
                                Math.min(MAX_DATAGRAM_LENGTH, options.protocol().maxFrameLength()) + 1))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline()
                                .addLast(new UdpSocket(
                                        states.get(channel.eventLoop()),
                                        ring,
                                        clock,
                                        counters,
                                        options.protocol(),
                                        protocolIndex,
                                        quarantine));
                    }
                })
                .bind(options.address());
    }

    /**
     * A socket of the address's own family: one of IPv6 that is bound to 0.0.0.0 would listen on every IPv6 address, too,
     * which no firewall may be prepared for.
     */
    private static SocketProtocolFamily family(final InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /**
     * An address as people write it and configurations read it.
     *
     * @param address the address, or a host name that was not resolved.
     * @return {@code 127.0.0.1:5027}, or, compressed, {@code [::1]:5027}.
     */
    public static String text(final InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    /**
     * What is bound.
     *
     * @return the listeners, in the order in which they were bound.
     */
    public List<Listening> listening() {
        return bound.stream().map(Bound::listening).toList();
    }

    /**
     * Takes no more connections and no more bytes; what was published goes on. First step of a clean stop. When this
     * returns, nothing more will be published. Not to be called by an event loop.
     */
    public void stopReading() {
        for (final Bound one : bound) {
            if (one.listening().options().transport() == ListenerOptions.Transport.TCP) {
                one.channel().close().awaitUninterruptibly();
            } else {
                one.channel().config().setAutoRead(false);
            }
        }
        for (final LoopState state : states.values()) {
            state.loop().submit(state::stopReading).awaitUninterruptibly();
        }
        for (final Channel connection : connections) {
            connection.config().setAutoRead(false);
        }
    }

    /**
     * Whether every acknowledgement that the ring posted was handed to its socket.
     *
     * @return true when the mailboxes are empty.
     */
    public boolean isDrained() {
        return states.values().stream().allMatch(state -> state.mailbox().isDrained());
    }

    /** Closes all sockets and ends the loops. */
    @Override
    public void close() {
        connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
        for (final Bound one : bound) {
            one.channel().close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
        }
        group.shutdownGracefully(QUIET_MS, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * CLOSE_TIMEOUT_MS);
    }
}
