// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.ring.AcknowledgementMailbox;

class LoopStateTest {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final LoopState loop = new LoopState(group.next(), new ProtocolDecoder[0], 64);

    /** Keeps what is done with it; fails where it is told to. */
    private final class Device implements AcknowledgingHandler {
        private final boolean failsToWrite;
        private final boolean failsToFlush;
        private final List<String> seen = new CopyOnWriteArrayList<>();

        Device(final boolean failsToWrite, final boolean failsToFlush) {
            this.failsToWrite = failsToWrite;
            this.failsToFlush = failsToFlush;
        }

        @Override
        public AcknowledgementMailbox mailbox() {
            return loop.mailbox();
        }

        @Override
        public boolean acknowledge(final Object address, final DirectBuffer buffer, final int length) {
            if (failsToWrite) {
                throw new OutOfMemoryError("no direct memory");
            }
            seen.add("written");
            return true;
        }

        @Override
        public void flush() {
            if (failsToFlush) {
                throw new IllegalStateException("closed meanwhile");
            }
            seen.add("flushed");
        }

        @Override
        public void fail(final Throwable cause) {
            seen.add("failed");
        }
    }

    @AfterEach
    void end() {
        group.shutdownGracefully().awaitUninterruptibly();
    }

    @Test
    void shouldLetOneAcknowledgementThatFailsStandInNobodysWay() {
        final List<Device> devices = List.of(
                new Device(false, false), new Device(true, false), new Device(false, true), new Device(false, false));
        for (final Device device : devices) {
            loop.mailbox().add(device, null, new UnsafeBuffer(new byte[4]), 0, 4);
        }
        loop.mailbox().seal();
        loop.mailbox().publish(loop.mailbox().sealed());
        await().until(() -> !devices.get(3).seen.isEmpty() && loop.mailbox().isDrained());
        await().untilAsserted(() -> assertThat(devices.stream().map(each -> each.seen))
                .containsExactly(
                        List.of("written", "flushed"),
                        List.of("failed"),
                        List.of("written", "failed"),
                        List.of("written", "flushed")));
    }
}
