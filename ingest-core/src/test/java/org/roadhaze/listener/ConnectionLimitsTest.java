// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.roadhaze.listener.ListenerHarness.NOW_MS;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.Protocols;

/** Devices that keep us waiting, and too many of them. */
@Timeout(60)
class ConnectionLimitsTest {
    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path data;

    @Test
    void shouldCloseAConnectionThatDoesNotSayWhoseItIs() throws IOException {
        try (ListenerHarness engine = ListenerHarness.limited(data, TELTONIKA, limits(SHORT, LONG, LONG));
                Client known = engine.connect();
                Client unknown = engine.connect()) {
            known.login(1, true);
            assertThat(unknown.isClosedByPeer()).isTrue();
            assertThat(engine.counters.connectionsWithoutLogin()).isEqualTo(1);
            assertServed(engine, known);
        }
    }

    /** A byte now and then is progress of the connection, and none of the frame. */
    @Test
    void shouldCloseAConnectionWhoseFrameNeverEnds() throws IOException {
        try (ListenerHarness engine = ListenerHarness.limited(data, TELTONIKA, limits(LONG, SHORT, LONG));
                Client good = engine.connect();
                Client slow = engine.connect()) {
            good.login(1, true);
            slow.login(2, true);
            final byte[] frame = Client.packet(NOW_MS, 20);
            final AtomicInteger sent = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                sendUnlessClosed(slow, frame[sent.getAndIncrement()]);
                return engine.counters.slowFrames() == 1;
            });
            assertThat(engine.counters.slowFrames()).isEqualTo(1);
            assertThat(engine.counters.silentConnections()).isZero();
            assertServed(engine, good);
        }
    }

    private static void sendUnlessClosed(final Client device, final byte next) {
        try {
            device.send(next);
        } catch (final IOException closed) {
            assertThat(closed).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
    }

    @Test
    void shouldCloseAConnectionThatIsSilent() throws IOException {
        try (ListenerHarness engine = ListenerHarness.limited(data, TELTONIKA, limits(LONG, LONG, SHORT));
                Client silent = engine.connect()) {
            silent.login(1, true);
            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(engine.counters.silentConnections()).isEqualTo(1);
            await().until(() -> engine.counters.connections() == 0);
        }
    }

    @Test
    void shouldCloseConnectionsBeyondThoseOfAnAddressAndLetOthersInWhenOneEnds() throws IOException {
        final ConnectionLimits two = new ConnectionLimits(100, 2, LONG, LONG, LONG);
        try (ListenerHarness engine = ListenerHarness.limited(data, TELTONIKA, two);
                Client first = engine.connect()) {
            first.login(1, true);
            try (Client second = engine.connect();
                    Client third = engine.connect()) {
                second.login(2, true);
                assertThat(third.isClosedByPeer()).isTrue();
                assertThat(engine.counters.tooManyConnections()).isEqualTo(1);
            }
            await().until(() -> engine.counters.connections() == 1);
            try (Client fourth = engine.connect()) {
                fourth.login(4, true);
                assertServed(engine, fourth);
            }
        }
    }

    @Test
    void shouldCountByIpv4AddressAndByIpv6Network() throws IOException {
        final ConnectionGate gate = new ConnectionGate(new ConnectionLimits(3, 1, LONG, LONG, LONG));
        assertThat(gate.enter(address(192, 0, 2, 1))).isTrue();
        assertThat(gate.enter(address(192, 0, 2, 1))).isFalse();
        assertThat(gate.enter(network(1, 1))).isTrue();
        assertThat(gate.enter(network(1, 2))).as("the same network").isFalse();
        assertThat(gate.enter(network(2, 1))).isTrue();
        assertThat(gate.enter(address(192, 0, 2, 2))).as("too many in all").isFalse();
        gate.leave(network(1, 1));
        assertThat(gate.enter(network(1, 2))).isTrue();
    }

    private static InetAddress address(final int... bytes) throws IOException {
        final byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(address);
    }

    /** Of the documentation prefix, RFC 3849. */
    private static InetAddress network(final int network, final int host) throws IOException {
        return address(0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, network, 0, 0, 0, 0, 0, 0, 0, host);
    }

    private static ConnectionLimits limits(final Duration login, final Duration frame, final Duration silence) {
        return new ConnectionLimits(100, 100, login, frame, silence);
    }

    private static void assertServed(final ListenerHarness engine, final Client device) throws IOException {
        device.send(Client.packet(NOW_MS - 100_000, 3));
        assertThat(device.acknowledgedRecords()).isEqualTo(3);
        assertThat(engine.counters.connections()).isPositive();
    }
}
