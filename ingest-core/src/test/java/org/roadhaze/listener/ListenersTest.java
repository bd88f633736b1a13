// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.listener.ListenerOptions.Transport;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.Protocols;

/** Where listeners listen, and where they do not. */
@Timeout(60)
class ListenersTest {
    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();

    @TempDir
    private Path data;

    @Test
    void shouldLeaveIpv6ToOthersWhereAllIpv4AddressesAreAskedFor() throws IOException {
        final InetAddress ipv6 = InetAddress.getAllByName("::1")[0];
        assumeTrue(isHere(ipv6), "a machine with IPv6");
        final InetAddress all = InetAddress.getByName("0.0.0.0");
        try (ListenerHarness tcp = ListenerHarness.at(data.resolve("tcp"), TELTONIKA, Transport.TCP, all);
                ServerSocket free = new ServerSocket(tcp.address().getPort(), 1, ipv6)) {
            assertThat(free.isBound()).isTrue();
            assertThat(Listeners.text(tcp.address())).isEqualTo("0.0.0.0:" + free.getLocalPort());
        }
        try (ListenerHarness udp = ListenerHarness.at(data.resolve("udp"), TELTONIKA, Transport.UDP, all);
                DatagramSocket free = new DatagramSocket(udp.address().getPort(), ipv6)) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void shouldListenOnIpv6AndSayWhereAsPeopleWriteIt() throws IOException {
        final InetAddress ipv6 = InetAddress.getAllByName("::1")[0];
        assumeTrue(isHere(ipv6), "a machine with IPv6");
        try (ListenerHarness engine = ListenerHarness.at(data, TELTONIKA, Transport.TCP, ipv6);
                Client device = engine.connect()) {
            device.send(Client.login(Client.imei(1)));
            assertThat(Listeners.text(engine.address()))
                    .isEqualTo("[::1]:" + engine.address().getPort());
        }
    }

    @Test
    void shouldNameAHostThatIsNotKnown() {
        try (Listeners listeners = new Listeners(
                ListenerHarness.SOCKETS,
                1,
                64,
                ConnectionLimits.DEFAULT,
                QuarantineOptions.DEFAULT,
                loop -> new org.roadhaze.protocol.ProtocolDecoder[0])) {
            final InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 5027);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() ->
                            listeners.bind(new ListenerOptions(TELTONIKA, Transport.TCP, nowhere), 0, null, () -> 0))
                    .withMessage("cannot listen on nowhere.invalid:5027 for teltonika: the host is not known here");
        }
    }

    private static boolean isHere(final InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.isBound();
        } catch (final SocketException e) {
            return false;
        }
    }
}
