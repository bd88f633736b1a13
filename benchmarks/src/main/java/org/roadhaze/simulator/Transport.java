// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one event loop, and what makes its connections: epoll where there is epoll, else NIO. */
final class Transport {
    private static final int RECEIVE_LENGTH = 256;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final MultiThreadIoEventLoopGroup group;
    private final Bootstrap bootstrap;

    Transport(final SimulatorOptions options) {
        final boolean epoll = Epoll.isAvailable();
        final IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("fleet", true), factory);
        bootstrap = new Bootstrap()
                .group(group)
                .channel(channelType(epoll, options.udp()))
                .remoteAddress(options.target())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_LENGTH));
        if (!options.udp()) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
    }

    private static Class<? extends Channel> channelType(final boolean epoll, final boolean udp) {
        if (udp) {
            return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
        }
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    EventLoop eventLoop() {
        return group.next();
    }

    /** A maker of connections, of which each device makes a copy with itself in it. */
    Bootstrap bootstrap() {
        return bootstrap;
    }

    /** Does not wait: the thread is a daemon and ends when the connections are closed. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void shutdown() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
