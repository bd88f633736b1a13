// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.roadhaze.listener.ListenerHarness.NOW_MS;
import static org.roadhaze.listener.ListenerHarness.SLOTS;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;

/** Split, joined, too long, held up: what a connection does with bytes as they come, over real sockets. */
@Timeout(60)
class TcpConnectionTest {
    private static final Protocol TELTONIKA = Protocols.byName("teltonika").orElseThrow();
    private static final Protocol GT06 = Protocols.byName("gt06").orElseThrow();
    private static final long FIRST_MS = NOW_MS - 3_000_000_000L;

    /** What the loops may hold at most beside what lies in the sockets. */
    private static final long MEMORY_LIMIT = 8 << 20;

    @TempDir
    private Path data;

    @Test
    void shouldAcknowledgeASessionThatComesByteByByte() throws IOException {
        try (ListenerHarness engine = ListenerHarness.tcp(data, TELTONIKA);
                Client device = engine.connect()) {
            for (final byte each : join(Client.login(Client.imei(1)), packet(0, 3), packet(3, 2))) {
                device.send(each);
            }
            assertThat(device.welcome()).isEqualTo(1);
            assertThat(device.acknowledgedRecords()).isEqualTo(3);
            assertThat(device.acknowledgedRecords()).isEqualTo(2);
            assertThat(engine.published()).isEqualTo(expected(1, 5));
        }
    }

    @Test
    void shouldAcknowledgeASessionCutAtEveryByte() throws IOException {
        final byte[] session = join(Client.login(Client.imei(1)), packet(0, 1), packet(1, 2));
        try (ListenerHarness engine = ListenerHarness.tcp(data, TELTONIKA)) {
            for (int cut = 1; cut < session.length; cut++) {
                try (Client device = engine.connect()) {
                    device.send(Arrays.copyOf(session, cut));
                    // The login's answer, if it is whole, shows that the first part was read on its own.
                    final boolean welcomed = cut >= 17;
                    if (welcomed) {
                        assertThat(device.welcome()).isEqualTo(1);
                    }
                    device.send(Arrays.copyOfRange(session, cut, session.length));
                    if (!welcomed) {
                        assertThat(device.welcome()).isEqualTo(1);
                    }
                    assertThat(device.acknowledgedRecords()).isEqualTo(1);
                    assertThat(device.acknowledgedRecords()).isEqualTo(2);
                }
            }
            assertThat(engine.published()).hasSize(3 * (session.length - 1));
        }
    }

    @Test
    void shouldAcknowledgeAHundredFramesThatComeTogetherAndKeepTheTail() throws IOException {
        final ByteArrayOutputStream together = new ByteArrayOutputStream();
        together.write(Client.login(Client.imei(1)));
        for (int i = 0; i < 100; i++) {
            together.write(packet(i, 1));
        }
        final byte[] last = packet(100, 7);
        together.write(last, 0, last.length / 2);
        try (ListenerHarness engine = ListenerHarness.tcp(data, TELTONIKA);
                Client device = engine.connect()) {
            device.send(together.toByteArray());
            assertThat(device.welcome()).isEqualTo(1);
            for (int i = 0; i < 100; i++) {
                assertThat(device.acknowledgedRecords()).isEqualTo(1);
            }
            device.send(Arrays.copyOfRange(last, last.length / 2, last.length));
            assertThat(device.acknowledgedRecords()).isEqualTo(7);
            assertThat(engine.published()).isEqualTo(expected(1, 107));
        }
    }

    @Test
    void shouldCloseAndCountAFrameThatSaysItIsTooLong() throws IOException {
        try (ListenerHarness engine = ListenerHarness.tcp(data, TELTONIKA);
                Client device = engine.connect();
                Client other = engine.connect()) {
            other.login(2, true);
            device.login();
            device.send(ByteBuffer.allocate(8)
                    .putInt(0)
                    .putInt(TELTONIKA.maxFrameLength())
                    .array());
            assertThat(device.isClosedByPeer()).isTrue();
            assertThat(engine.counters.uncuttableFrames() + engine.counters.oversizeFrames())
                    .isEqualTo(1);
            assertStillServed(engine, other);
        }
    }

    /** A protocol that never finds an end may gather so many bytes and no more. */
    @Test
    void shouldCloseAndCountAFrameThatNeverEnds() throws IOException {
        final int longest = 4096;
        final Protocol endless = new Protocol("endless", 0, longest, options -> new Endless(), null);
        try (ListenerHarness engine = ListenerHarness.tcp(data, endless);
                Client device = engine.connect()) {
            device.send(new byte[longest - 1]);
            assertThat(engine.counters.oversizeFrames()).isZero();
            device.send(new byte[longest]);
            assertThat(device.isClosedByPeer()).isTrue();
            assertThat(engine.counters.oversizeFrames()).isEqualTo(1);
            await().until(() -> engine.counters.connections() == 0);
        }
    }

    @Test
    void shouldCloseGarbageAndCountItOnce() throws IOException {
        final byte[] garbage = new byte[1 << 20];
        new Random(7).nextBytes(garbage);
        garbage[0] = 'G';
        try (ListenerHarness engine = ListenerHarness.tcp(data, TELTONIKA);
                Client other = engine.connect()) {
            other.login(2, true);
            for (int i = 1; i <= 20; i++) {
                try (Client device = engine.connect()) {
                    assertThat(device.offer(ByteBuffer.wrap(garbage))).isPositive();
                    assertThat(device.isClosedByPeer()).isTrue();
                } catch (final IOException closedWhileSending) {
                    assertThat(closedWhileSending).hasMessageMatching("(?i).*(reset|broken pipe).*");
                }
                final int connections = i;
                await().untilAsserted(
                                () -> assertThat(engine.counters.connections()).isEqualTo(1));
                assertThat(engine.counters.uncuttableFrames()).isEqualTo(connections);
            }
            assertStillServed(engine, other);
        }
    }

    @Test
    void shouldLeaveBytesInTheSocketWhileTheRingIsFullAndLoseNothing() throws IOException {
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.TCP);
                Client device = engine.connect()) {
            device.login(1, true);
            final long memoryBefore = usedMemory();
            final List<Integer> sent = sendUntilHeldUp(device);
            assertThat(sent).hasSizeGreaterThan(2 * SLOTS);
            assertThat(engine.ring.freeSlots()).isZero();
            assertThat(engine.counters.stalls()).isEqualTo(1);
            assertThat(usedMemory() - memoryBefore).isLessThan(MEMORY_LIMIT);

            engine.release();
            for (final int records : sent) {
                assertThat(device.acknowledgedRecords()).isEqualTo(records);
            }
            assertThat(engine.published())
                    .isEqualTo(expected(1, sent.stream().mapToInt(each -> each).sum()));
        }
    }

    @Test
    void shouldForgetAConnectionThatIsResetWhileItIsHeldUp() throws IOException {
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.TCP);
                Client other = engine.connect()) {
            other.login(2, true);
            try (Client device = engine.connect()) {
                device.login(1, true);
                sendUntilHeldUp(device);
                device.reset();
            }
            await().until(() -> engine.counters.connections() == 1);
            other.send(packet(0, 4));
            engine.release();
            assertThat(other.acknowledgedRecords()).isEqualTo(4);
            assertStillServed(engine, other);
        }
    }

    @Test
    void shouldReadOnWhenADeviceClosesWhileItIsHeldUp() throws IOException {
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.TCP);
                Client other = engine.connect()) {
            other.login(2, true);
            final long memoryBefore = usedMemory();
            try (Client device = engine.connect()) {
                device.login(1, true);
                final int sent =
                        sendUntilHeldUp(device).stream().mapToInt(each -> each).sum();
                device.sendNoMore();
                other.send(packet(0, 4));
                assertThat(usedMemory() - memoryBefore).isLessThan(MEMORY_LIMIT);
                engine.release();
                assertThat(other.acknowledgedRecords()).isEqualTo(4);
                await().until(() -> engine.counters.connections() == 1);
                // Nobody tells a device without acknowledgements that its last frames were lost.
                await().until(() -> Set.copyOf(engine.published()).containsAll(expected(1, sent)));
            }
        }
    }

    /** A decoder that fails costs its connection, and neither frames sent before nor connections that wait behind it. */
    @Test
    void shouldCloseAConnectionWhoseDecoderFailsWhileItIsHeldUp() throws IOException {
        final AtomicBoolean broken = new AtomicBoolean();
        final Protocol brittle = new Protocol(
                "brittle",
                0,
                TELTONIKA.maxFrameLength(),
                options -> new Brittle(TELTONIKA.tcp().apply(options), broken),
                null);
        try (ListenerHarness engine = ListenerHarness.held(data, brittle, ListenerOptions.Transport.TCP);
                Client device = engine.connect();
                Client other = engine.connect()) {
            other.login(2, true);
            device.login(1, true);
            final ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < 2 * SLOTS; i++) {
                frames.writeBytes(packet(i, 1));
            }
            device.send(frames.toByteArray());
            await().until(() -> engine.counters.stalls() == 1);
            other.send(packet(0, 4));
            await().until(() -> engine.counters.stalls() == 2);
            broken.set(true);
            engine.release();
            assertThat(other.acknowledgedRecords()).isEqualTo(4);
            await().until(() -> engine.counters.connections() == 1);
            assertThat(engine.published()).doesNotHaveDuplicates().containsAll(expected(1, 1));
            assertStillServed(engine, other);
        }
    }

    /** Acknowledgements that are not read may not gather without end: such a device is not read from, either. */
    @Test
    void shouldStopReadingFromADeviceThatReadsNoAcknowledgements() throws IOException {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[64]);
        final int loginLength = Gt06Encoder.login(frame, 0, Client.imei(1), 1);
        final byte[] login = Arrays.copyOf(frame.byteArray(), loginLength);
        final int length = Gt06Encoder.heartbeat(frame, 0, 0, 6, 4, 2);
        final byte[] heartbeats = new byte[1000 * length];
        for (int i = 0; i < 1000; i++) {
            frame.getBytes(0, heartbeats, i * length, length);
        }
        try (ListenerHarness engine = ListenerHarness.tcp(data, GT06);
                Client device = engine.connect();
                Client other = engine.connect()) {
            device.send(login);
            final long memoryBefore = usedMemory();
            final long taken = offerUntilHeldUp(device, heartbeats, 256L << 20);
            assertThat(taken).isGreaterThan(1000L * length).isLessThan(256L << 20);
            assertThat(usedMemory() - memoryBefore).isLessThan(MEMORY_LIMIT);
            other.send(login);
            other.send(Arrays.copyOf(heartbeats, length));
            assertThat(other.welcome()).isEqualTo(0x78);
        }
    }

    /** R24: the newest login wins, once it is whole; what came on the old connection is kept, and answered by nobody. */
    @Test
    void shouldCloseTheConnectionOfADeviceThatComesAgainOnASecondOne() throws IOException {
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.TCP);
                Client first = engine.connect();
                Client second = engine.connect()) {
            first.login(1, true);
            first.send(packet(0, 3));
            await().until(() -> engine.ring.freeSlots() < SLOTS);
            second.login(1, false);
            second.send(packet(3, 2));
            await().until(() -> engine.ring.freeSlots() <= SLOTS - 3);
            assertThat(first.isClosedByPeer()).isTrue();
            assertThat(engine.counters.replacedConnections()).isEqualTo(1);
            engine.release();
            assertThat(second.welcome()).isEqualTo(1);
            assertThat(second.acknowledgedRecords()).isEqualTo(2);
            assertThat(engine.published()).isEqualTo(expected(1, 5));
            assertThat(engine.counters.connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepAConnectionWhileALoginOfItsDeviceElsewhereIsNotWhole() throws IOException {
        try (ListenerHarness engine = ListenerHarness.tcp(data, TELTONIKA);
                Client first = engine.connect();
                Client second = engine.connect()) {
            first.login(1, true);
            final byte[] login = Client.login(Client.imei(1));
            second.send(Arrays.copyOf(login, login.length - 1));
            await().until(() -> engine.counters.connections() == 2);
            first.send(packet(0, 3));
            assertThat(first.acknowledgedRecords()).isEqualTo(3);
            second.send(login[login.length - 1]);
            assertThat(second.welcome()).isEqualTo(1);
            assertThat(first.isClosedByPeer()).isTrue();
            second.send(packet(3, 2));
            assertThat(second.acknowledgedRecords()).isEqualTo(2);
        }
    }

    @Test
    void shouldLetDevicesOfTheSameAddressAndOtherNumbersAlone() throws IOException {
        try (ListenerHarness engine = ListenerHarness.tcp(data, TELTONIKA);
                Client first = engine.connect();
                Client second = engine.connect()) {
            first.login(1, true);
            second.login(2, true);
            second.login(3, true); // Another device at the same modem.
            try (Client third = engine.connect()) {
                third.login(2, true);
                second.send(packet(0, 1));
                assertThat(second.acknowledgedRecords()).isEqualTo(1);
            }
            assertThat(engine.counters.replacedConnections()).isZero();
        }
    }

    @Test
    void shouldAcknowledgeToNobodyWhenTheDeviceHasGone() throws IOException {
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.TCP);
                Client other = engine.connect()) {
            other.login(2, true);
            try (Client device = engine.connect()) {
                device.login(1, true);
                device.send(packet(0, 3));
                await().until(() -> engine.ring.freeSlots() < SLOTS);
                device.reset();
            }
            await().until(() -> engine.counters.connections() == 1);
            engine.release();
            assertStillServed(engine, other);
            assertThat(engine.published()).containsAll(expected(1, 3));
        }
    }

    @Test
    void shouldPublishNothingMoreOnceItIsToStopReading() throws IOException {
        try (ListenerHarness engine = ListenerHarness.held(data, TELTONIKA, ListenerOptions.Transport.TCP);
                Client heldUp = engine.connect();
                Client quiet = engine.connect()) {
            quiet.login(2, true);
            heldUp.login(1, true);
            sendUntilHeldUp(heldUp);
            engine.listeners.stopReading();
            quiet.send(packet(0, 1));
            engine.release();
            assertThat(engine.ring.drain(10_000)).isTrue();
            await().until(engine.listeners::isDrained);
            assertThat(engine.ring.freeSlots()).isEqualTo(SLOTS);
            assertThat(engine.ring.counters()[0].frames(0, FrameResult.POSITIONS))
                    .isEqualTo(SLOTS);
            assertThat(engine.published()).noneMatch(record -> record.startsWith(Long.toString(Client.imei(2))));
        }
    }

    private static byte[] packet(final int first, final int records) {
        return Client.packet(FIRST_MS + 1000L * first, records);
    }

    private static List<String> expected(final int device, final int records) {
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            expected.add(Client.imei(device) + " " + (FIRST_MS + 1000L * i));
        }
        return expected;
    }

    private static void assertStillServed(final ListenerHarness engine, final Client device) throws IOException {
        device.send(packet(500, 6));
        assertThat(device.acknowledgedRecords()).isEqualTo(6);
        assertThat(engine.counters.connections()).isEqualTo(1);
    }

    /** Sends frames of 1 to 20 records until the socket has taken no more for a while: how many records each had. */
    private static List<Integer> sendUntilHeldUp(final Client device) throws IOException {
        final List<Integer> sent = new ArrayList<>();
        int first = 0;
        while (true) {
            final int records = 1 + sent.size() % 20;
            final ByteBuffer frame = ByteBuffer.wrap(packet(first, records));
            if (!takesAll(device, frame)) {
                return sent;
            }
            sent.add(records);
            first += records;
        }
    }

    private static long offerUntilHeldUp(final Client device, final byte[] bytes, final long most) throws IOException {
        long taken = 0;
        while (taken < most) {
            final ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (!takesAll(device, buffer)) {
                return taken + buffer.position();
            }
            taken += bytes.length;
        }
        return taken;
    }

    private static boolean takesAll(final Client device, final ByteBuffer bytes) throws IOException {
        final long patienceNs = TimeUnit.MILLISECONDS.toNanos(500);
        long lastNs = System.nanoTime();
        while (bytes.hasRemaining()) {
            if (device.offer(bytes) > 0) {
                lastNs = System.nanoTime();
            } else if (System.nanoTime() - lastNs > patienceNs) {
                return false;
            } else {
                LockSupport.parkNanos(100_000);
            }
        }
        return true;
    }

    private static long usedMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static byte[] join(final byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Fails at the frames of the first device, from some moment on. */
    private record Brittle(ProtocolDecoder whole, AtomicBoolean broken) implements ProtocolDecoder {
        @Override
        public int frameLength(final DirectBuffer buffer, final int offset, final int available) {
            final int length = whole.frameLength(buffer, offset, available);
            if (broken.get() && length == packet(0, 1).length) {
                throw new IllegalStateException("broken");
            }
            return length;
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

    /** Waits for the end of a frame for ever. */
    private static final class Endless implements ProtocolDecoder {
        @Override
        public int frameLength(final DirectBuffer buffer, final int offset, final int available) {
            return NEED_MORE;
        }

        @Override
        public long deviceId(final DirectBuffer buffer, final int offset, final int length) {
            return NO_DEVICE;
        }

        @Override
        public FrameResult decode(
                final DirectBuffer buffer,
                final int offset,
                final int length,
                final DeviceSession session,
                final PositionBatch out) {
            return FrameResult.INCOMPLETE;
        }
    }
}
