// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.roadhaze.listener.ListenerHarness.NOW_MS;
import static org.roadhaze.listener.ListenerHarness.SLOTS;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.protocol.TeltonikaEncoder;

/** What a datagram socket acknowledges, and to whom. */
@Timeout(60)
class UdpSocketTest {
    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();
    private static final int PATIENCE_MS = 10_000;
    private static final int SILENCE_MS = 200;

    @TempDir
    private Path data;

    @Test
    void shouldAcknowledgeWithTheNumbersOfThePacket() throws IOException {
        try (ListenerHarness engine = ListenerHarness.udp(data, TELTONIKA);
                DatagramSocket device = socket();
                DatagramSocket other = socket()) {
            send(engine, device, datagram(1, 0xCAFE, 3));
            assertThat(answer(device)).isEqualTo("0005cafe010303");
            send(engine, other, datagram(2, 0xBEEF, 255));
            assertThat(answer(other)).isEqualTo("0005beef01ffff");
            assertThat(engine.published()).hasSize(258);
        }
    }

    @Test
    void shouldCountAndNotAcknowledgeWhatFindsTheRingFull() throws IOException {
        final int tooMany = 20;
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.UDP);
                DatagramSocket device = socket()) {
            for (int i = 0; i < SLOTS + tooMany; i++) {
                send(engine, device, datagram(1, i, 1 + i));
                final long taken = 1L + i;
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> SLOTS - engine.ring.freeSlots() + engine.counters.datagramsDropped() == taken);
            }
            assertThat(engine.counters.datagramsDropped()).isEqualTo(tooMany);
            engine.release();
            for (int i = 0; i < SLOTS; i++) {
                assertThat(answer(device)).isEqualTo(String.format("0005%04x01%02x%02x", i, 1 + i, 1 + i));
            }
            assertSilent(device);
            send(engine, device, datagram(1, SLOTS, 1 + SLOTS));
            assertThat(answer(device)).isEqualTo(String.format("0005%04x01%02x%02x", SLOTS, 1 + SLOTS, 1 + SLOTS));
        }
    }

    @Test
    void shouldCountWhatIsNoFrameAndServeOn() throws IOException {
        try (ListenerHarness engine = ListenerHarness.udp(data, TELTONIKA);
                DatagramSocket device = socket()) {
            send(engine, device, new byte[0]);
            send(engine, device, "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            final byte[] tail = datagram(1, 7, 2);
            send(engine, device, Arrays.copyOf(tail, tail.length - 1));
            final byte[] longest = new byte[60_000];
            send(engine, device, longest);
            send(engine, device, datagram(1, 8, 2));
            assertThat(answer(device)).isEqualTo("000500080102" + "02");
            assertSilent(device);
            assertThat(engine.counters.uncuttableFrames()).isEqualTo(1);
            final long refused = engine.ring.counters()[0].frames(0, FrameResult.MALFORMED)
                    + engine.ring.counters()[0].frames(0, FrameResult.INCOMPLETE);
            assertThat(refused).isEqualTo(3);
        }
    }

    /** The answer to a socket that is gone comes back as an error of the network; that is nobody else's matter. */
    @Test
    void shouldServeOthersWhenASenderIsGone() throws IOException {
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.UDP);
                DatagramSocket device = socket()) {
            try (DatagramSocket gone = socket()) {
                for (int i = 0; i < 10; i++) {
                    send(engine, gone, datagram(1, i, 1));
                }
            }
            await().until(() -> engine.ring.freeSlots() == SLOTS - 10);
            engine.release();
            for (int i = 0; i < 10; i++) {
                send(engine, device, datagram(2, i, 2));
                assertThat(answer(device)).isEqualTo(String.format("0005%04x010202", i));
            }
            assertThat(engine.published()).hasSize(30);
        }
    }

    private static DatagramSocket socket() throws IOException {
        final DatagramSocket socket = new DatagramSocket();
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static void send(final ListenerHarness engine, final DatagramSocket socket, final byte[] bytes)
            throws IOException {
        final InetSocketAddress target = engine.address();
        socket.send(new DatagramPacket(bytes, bytes.length, target));
    }

    private static String answer(final DatagramSocket socket) throws IOException {
        final DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        socket.receive(packet);
        return HexFormat.of().formatHex(packet.getData(), 0, packet.getLength());
    }

    private static void assertSilent(final DatagramSocket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MS);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> answer(socket));
        socket.setSoTimeout(PATIENCE_MS);
    }

    /** The packet's own number is its number of records, so that both are seen in the answer. */
    private static byte[] datagram(final int device, final int packetId, final int records) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 + 64 * records]);
        final TeltonikaEncoder encoder = new TeltonikaEncoder()
                .beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8, Client.imei(device), packetId, records);
        for (int i = 0; i < records; i++) {
            encoder.record(NOW_MS - 1_000_000 + 1000L * i, 520_000_000 + i, 130_000_000, 30, 90, 9, 50);
        }
        final byte[] bytes = new byte[encoder.end()];
        buffer.getBytes(0, bytes);
        return bytes;
    }
}
