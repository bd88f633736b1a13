// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.roadhaze.listener.Sockets;

/** The one event loop, and what makes its connections. */
final class Transport {
    private static final int RECEIVE_LENGTH = 256;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final MultiThreadIoEventLoopGroup group;
    private final Bootstrap bootstrap;

    Transport(final SimulatorOptions options) {
        final Sockets sockets = options.sockets();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("fleet", true), sockets.handlers());
        bootstrap = new Bootstrap()
                .group(group)
                .channel(sockets.client(options.udp()))
                .remoteAddress(options.target())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_LENGTH));
        if (!options.udp()) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
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
