// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.roadhaze.listener.ListenerHarness.NOW_MS;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.geo.Allocation;
import org.roadhaze.listener.ListenerOptions.Transport;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.ring.Verdict;
import org.roadhaze.stage.Stage;

/** R13, R29, over real sockets: poison costs its connection, and again and again its sender a while; and nobody else. */
@Timeout(60)
class QuarantineTest {
    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();
    private static final long FIRST_MS = NOW_MS - 3_000_000_000L;
    private static final long POISON_MS = NOW_MS - 2_000_000_000L;
    private static final Duration REFUSE = Duration.ofMinutes(5);
    private static final QuarantineOptions OPTIONS = new QuarantineOptions(3, 3, 4, Duration.ofMinutes(10), REFUSE);

    /** No record of this time can be processed. */
    private static final Stage POISONED = batch -> {
        if (batch.get(0).fixTimeMs() == POISON_MS) {
            throw new IllegalStateException("no triangle has four corners");
        }
    };

    @TempDir
    private Path data;

    @Test
    void shouldCloseAConnectionAfterSoManyWrongSumsInARowAndAcknowledgeNone() throws IOException {
        try (ListenerHarness engine = ListenerHarness.poisoned(data, TELTONIKA, Transport.TCP, OPTIONS, POISONED);
                Client device = engine.connect()) {
            device.login();
            for (int i = 0; i < 5; i++) { // Never three in a row.
                device.send(torn(2 * i));
                device.send(torn(2 * i));
                device.send(Client.packet(FIRST_MS + 1000L * i, 1));
                assertThat(device.acknowledgedRecords()).isEqualTo(1);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(engine.counters.wrongSumConnections()).isZero();
                device.send(torn(i));
            }
            assertThat(device.isClosedByPeer()).isTrue();
            assertThat(engine.counters.wrongSumConnections()).isEqualTo(1);
            assertThat(engine.counters.inQuarantine()).isZero();
            assertThat(engine.published()).isEqualTo(expected(1, 5));
        }
    }

    @Test
    void shouldRefuseADeviceThatSendsPoisonAgainAndAgainForAWhile() throws IOException {
        try (ListenerHarness engine = ListenerHarness.poisoned(data, TELTONIKA, Transport.TCP, OPTIONS, POISONED);
                Client other = engine.connect()) {
            other.login(2, true);
            for (int i = 0; i < 3; i++) {
                sendPoison(engine);
            }
            assertThat(engine.counters.poisonedConnections()).isEqualTo(3);
            assertRefused(engine, 1);
            assertRefused(engine, 2);
            assertServed(other);

            engine.advance(REFUSE);
            try (Client device = engine.connect()) {
                device.login();
                assertServed(device);
            }
            assertThat(engine.counters.inQuarantine()).isEqualTo(2);
            assertThat(engine.published()).noneMatch(record -> record.endsWith(" " + POISON_MS));
        }
    }

    /** Its offences of before still count: the same poison costs a connection now and then. */
    @Test
    void shouldRefuseItAgainAtTheNextPoison() throws IOException {
        try (ListenerHarness engine = ListenerHarness.poisoned(data, TELTONIKA, Transport.TCP, OPTIONS, POISONED)) {
            for (int i = 0; i < 3; i++) {
                sendPoison(engine);
            }
            engine.advance(REFUSE);
            sendPoison(engine);
            assertRefused(engine, 1);
        }
    }

    /** A frame behind the poison in the same read goes its way. */
    @Test
    void shouldKeepWhatCameInTheSameReadAsPoison() throws IOException {
        try (ListenerHarness engine = ListenerHarness.poisoned(data, TELTONIKA, Transport.TCP, OPTIONS, POISONED);
                Client device = engine.connect()) {
            device.login();
            final byte[] poison = Client.packet(POISON_MS, 1);
            final byte[] good = Client.packet(FIRST_MS, 2);
            final byte[] both = new byte[poison.length + good.length];
            System.arraycopy(poison, 0, both, 0, poison.length);
            System.arraycopy(good, 0, both, poison.length, good.length);
            device.send(both);
            await().until(() -> engine.published().equals(expected(1, 2)));
            await().until(() -> engine.counters.connections() == 0);
            assertThat(engine.counters.poisonedConnections()).isEqualTo(1);
        }
    }

    @Test
    void shouldHoldADecoderThatThrowsAgainstTheDeviceOrTheAddress() throws IOException {
        final AtomicReference<byte[]> poison = new AtomicReference<>(Client.packet(POISON_MS, 1));
        final Protocol brittle = new Protocol(
                "brittle",
                0,
                TELTONIKA.maxFrameLength(),
                options -> new Brittle(TELTONIKA.tcp().apply(options), poison),
                null);
        try (ListenerHarness engine = ListenerHarness.poisoned(data, brittle, Transport.TCP, OPTIONS, batch -> {})) {
            for (int i = 0; i < 3; i++) {
                sendPoison(engine);
            }
            assertRefused(engine, 1);

            poison.set(Client.login(Client.imei(2))); // Thrown at before anybody knows whose it is.
            for (int i = 0; i < 4; i++) {
                try (Client device = engine.connect()) {
                    device.send(poison.get());
                    assertThat(device.isClosedByPeer()).isTrue();
                }
            }
            try (Client innocent = engine.connect()) {
                assertThat(innocent.isClosedByPeer()).isTrue();
            }
            assertThat(engine.counters.inQuarantine()).isEqualTo(2);
            engine.advance(REFUSE);
            try (Client innocent = engine.connect()) {
                innocent.login(3, true);
                assertServed(innocent);
            }
        }
    }

    @Test
    void shouldAllocateNothingForSoundFrames() {
        try (SteppedEngine engine = new SteppedEngine(TELTONIKA, DecoderOptions.ENGINE)) {
            final EmbeddedChannel channel = engine.connect();
            final TcpConnection connection = channel.pipeline().get(TcpConnection.class);
            assertThat(Allocation.perRound(20_000, round -> connection.judged(Verdict.SOUND, Client.imei(1), round)))
                    .isZero();
            engine.outcome(channel);
        }
    }

    @Test
    void shouldNotHoldAFailingDiskAgainstAnybody() throws IOException {
        final Stage failingDisk = batch -> {
            if (batch.get(0).fixTimeMs() == POISON_MS) {
                throw new UncheckedIOException(new IOException("the key store cannot be read"));
            }
        };
        try (ListenerHarness engine = ListenerHarness.poisoned(data, TELTONIKA, Transport.TCP, OPTIONS, failingDisk);
                Client device = engine.connect()) {
            device.login();
            for (int i = 0; i < 10; i++) {
                device.send(Client.packet(POISON_MS, 1));
            }
            assertServed(device);
            assertThat(engine.counters.poisonedConnections()).isZero();
        }
    }

    @Test
    void shouldDropTheDatagramsOfADeviceWhoseDatagramsArePoison() throws IOException {
        try (ListenerHarness engine = ListenerHarness.poisoned(data, TELTONIKA, Transport.UDP, OPTIONS, POISONED);
                DatagramSocket socket = new DatagramSocket()) {
            socket.connect(engine.address());
            socket.setSoTimeout(10_000);
            for (int i = 0; i < 3; i++) {
                send(socket, datagram(1, POISON_MS, i));
            }
            await().until(() -> engine.ring.counters()[0].failed(0) == 3);
            send(socket, datagram(1, FIRST_MS, 4));
            await().until(() -> engine.counters.inQuarantine() == 1);
            send(socket, datagram(2, FIRST_MS, 5));
            assertThat(answer(socket)).isEqualTo(5);
            engine.advance(REFUSE);
            send(socket, datagram(1, FIRST_MS, 6));
            assertThat(answer(socket)).isEqualTo(6);
        }
    }

    /** Teltonika's datagrams have no check sum; what cannot be read in them names nobody whom it could be held against. */
    @Test
    void shouldHoldNoBrokenDatagramAgainstAnybody() throws IOException {
        try (ListenerHarness engine = ListenerHarness.poisoned(data, TELTONIKA, Transport.UDP, OPTIONS, POISONED);
                DatagramSocket socket = new DatagramSocket()) {
            socket.connect(engine.address());
            socket.setSoTimeout(10_000);
            for (int i = 0; i < 20; i++) {
                final byte[] broken = datagram(1, FIRST_MS, i);
                broken[broken.length - 1]++; // The second count of its records.
                send(socket, broken);
            }
            send(socket, datagram(1, FIRST_MS, 77));
            int answered = answer(socket);
            while (answered != 77) {
                answered = answer(socket);
            }
            assertThat(engine.counters.inQuarantine()).isZero();
        }
    }

    private static void sendPoison(final ListenerHarness engine) throws IOException {
        try (Client device = engine.connect()) {
            device.login();
            device.send(Client.packet(POISON_MS, 1));
            assertThat(device.isClosedByPeer()).isTrue();
        }
    }

    private static void assertRefused(final ListenerHarness engine, final int times) throws IOException {
        try (Client device = engine.connect()) {
            device.send(Client.login(Client.imei(1)));
            assertThat(device.isClosedByPeer()).isTrue();
        }
        assertThat(engine.counters.inQuarantine()).isEqualTo(times);
    }

    private static void assertServed(final Client device) throws IOException {
        device.send(Client.packet(FIRST_MS, 3));
        assertThat(device.acknowledgedRecords()).isEqualTo(3);
    }

    /** A packet with a bit that flipped on its way. */
    private static byte[] torn(final int bit) {
        final byte[] packet = Client.packet(FIRST_MS, 1);
        packet[12] ^= (byte) (1 << bit % 8);
        return packet;
    }

    private static byte[] datagram(final int device, final long timeMs, final int number) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final TeltonikaEncoder encoder = new TeltonikaEncoder()
                .beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8, Client.imei(device), number, number);
        encoder.record(timeMs, 520_000_000, 130_000_000, 30, 90, 9, 50);
        final byte[] bytes = new byte[encoder.end()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private static void send(final DatagramSocket socket, final byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length));
    }

    /** The number of the datagram that is acknowledged. */
    private static int answer(final DatagramSocket socket) throws IOException {
        final DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        socket.receive(packet);
        return packet.getData()[5] & 0xFF;
    }

    private static List<String> expected(final int device, final int records) {
        return IntStream.range(0, records)
                .mapToObj(i -> Client.imei(device) + " " + (FIRST_MS + 1000L * i))
                .toList();
    }

    /** Fails at some bytes, in the event loop. */
    private record Brittle(ProtocolDecoder whole, AtomicReference<byte[]> poison) implements ProtocolDecoder {
        @Override
        public int frameLength(final DirectBuffer buffer, final int offset, final int available) {
            final byte[] bytes = new byte[Math.min(available, poison.get().length)];
            buffer.getBytes(offset, bytes);
            if (Arrays.equals(bytes, poison.get())) {
                throw new IllegalStateException("broken");
            }
            return whole.frameLength(buffer, offset, available);
        }

        @Override
        public long deviceId(final DirectBuffer buffer, final int offset, final int length) {
            return whole.deviceId(buffer, offset, length);
        }

        @Override
        public FrameResult decode(
                final DirectBuffer buffer,
                final int offset,
                final int length,
                final DeviceSession session,
                final PositionBatch out) {
            return whole.decode(buffer, offset, length, session, out);
        }
    }
}
