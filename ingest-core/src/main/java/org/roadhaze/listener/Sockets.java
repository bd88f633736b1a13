// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** The ways in which event loops can wait for sockets, and the channels that go with each. */
public enum Sockets {
    /** Linux: told which sockets are ready, then a call for each read and write. */
    EPOLL,
    /**
     * Linux 5.10 and later, where it is allowed: reads and writes of many sockets in one call. For clients: a server would
     * not hear of a connection that is reset while nothing is read from it, and listens on IPv6, too, when asked for 0.0.0.0.
     */
    IO_URING,
    /** Java's own, on every system. */
    NIO;

    /** One loop may serve so many connections, each with a read and a write under way, before a completion has to wait. */
    private static final int COMPLETIONS = 1 << 15;

    private static final int SUBMISSIONS = 1 << 12;

    /**
     * So many sockets are read from, with epoll, before a server's loop looks for acknowledgements, and for what waits for room in
     * the ring. With as many as are ready, a thousand devices fall into step: all are read from, then all are answered, and either
     * side waits for the other.
     */
    private static final int SERVER_EVENTS = 64;

    /**
     * What is used where nothing else is asked for.
     *
     * @return {@link #EPOLL} where there is that, else {@link #NIO}.
     */
    public static Sockets usual() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /**
     * Why this cannot be used here.
     *
     * @return what the system says; nothing when it can be used.
     */
    public String whyNot() {
        final Throwable cause =
                switch (this) {
                    case EPOLL -> Epoll.unavailabilityCause();
                    case IO_URING -> IoUring.isAvailable() ? null : IoUring.unavailabilityCause();
                    case NIO -> null;
                };
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    /**
     * What runs an event loop of a client.
     *
     * @return a factory, for one group of loops.
     */
    public IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING ->
                IoUringIoHandler.newFactory(
                        new IoUringIoHandlerConfig().setRingSize(SUBMISSIONS).setCqSize(COMPLETIONS));
            case NIO -> NioIoHandler.newFactory();
        };
    }

    IoHandlerFactory serverHandlers() {
        return this == EPOLL
                ? EpollIoHandler.newFactory(SERVER_EVENTS, DefaultSelectStrategyFactory.INSTANCE)
                : handlers();
    }

    ServerChannel server(final SocketProtocolFamily family) {
        return switch (this) {
            case EPOLL -> new EpollServerSocketChannel(family);
            case IO_URING -> new IoUringServerSocketChannel();
            case NIO -> new NioServerSocketChannel(SelectorProvider.provider(), family);
        };
    }

    Channel datagrams(final SocketProtocolFamily family) {
        return switch (this) {
            case EPOLL -> new EpollDatagramChannel(family);
            case IO_URING -> new IoUringDatagramChannel(family);
            case NIO -> new NioDatagramChannel(family);
        };
    }

    /**
     * What a client connects with.
     *
     * @param udp whether it sends datagrams.
     * @return the class of channel.
     */
    public Class<? extends Channel> client(final boolean udp) {
        return switch (this) {
            case EPOLL -> udp ? EpollDatagramChannel.class : EpollSocketChannel.class;
            case IO_URING -> udp ? IoUringDatagramChannel.class : IoUringSocketChannel.class;
            case NIO -> udp ? NioDatagramChannel.class : NioSocketChannel.class;
        };
    }
}
