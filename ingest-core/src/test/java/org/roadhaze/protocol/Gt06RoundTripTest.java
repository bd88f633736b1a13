// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/** Random frames: what the encoder wrote is what the decoder reads; and a frame that lies is read within its bounds. */
class Gt06RoundTripTest {
    private static final int FRAMES = 20_000;
    private static final int LIES = 2_000;
    private static final long IMEI = 356307042441013L;
    private static final long FROM_MS = 946_684_800_000L;
    private static final long UNTIL_MS = Decoding.RECEIVED_TIME_MS;

    /** A wire step is 1/1,800,000 degree, 5.6e-7: half of it, and half of a 1e-7 for either rounding. */
    private static final int QUANTUM_E7 = 3;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Gt06Encoder.MAX_LENGTH + 64]);
    private final PositionBatch batch = new PositionBatch();
    private final DeviceSession session = new DeviceSession().reset(IMEI, Decoding.RECEIVED_TIME_MS);
    private final ProtocolDecoder decoder = Gt06Decoder.tcp(DecoderOptions.ENGINE);

    @ParameterizedTest
    @ValueSource(ints = {Gt06.LOCATION, Gt06.LOCATION_WITH_IGNITION, Gt06.ALARM})
    void shouldDecodeTheFixThatWasEncoded(final int type) {
        final Random random = new Random(type);
        for (int i = 0; i < FRAMES; i++) {
            final int offset = random.nextInt(64);
            final long timeMs = random.nextLong(FROM_MS, UNTIL_MS);
            final int latitudeE7 = random.nextInt(-900_000_000, 900_000_001);
            final int longitudeE7 = (int) random.nextLong(-1_800_000_000L, 1_800_000_001L);
            final int speedKmh = random.nextInt(300);
            final int courseDeg = random.nextInt(360);
            final int satellites = random.nextInt(20);
            final int serial = random.nextInt(1 << 16);
            final boolean flag = random.nextBoolean();
            final int length =
                    switch (type) {
                        case Gt06.LOCATION ->
                            Gt06Encoder.location(
                                    buffer,
                                    offset,
                                    timeMs,
                                    latitudeE7,
                                    longitudeE7,
                                    speedKmh,
                                    courseDeg,
                                    satellites,
                                    serial);
                        case Gt06.LOCATION_WITH_IGNITION ->
                            Gt06Encoder.locationWithIgnition(
                                    buffer,
                                    offset,
                                    timeMs,
                                    latitudeE7,
                                    longitudeE7,
                                    speedKmh,
                                    courseDeg,
                                    satellites,
                                    flag,
                                    !flag,
                                    serial);
                        default ->
                            Gt06Encoder.alarm(
                                    buffer,
                                    offset,
                                    timeMs,
                                    latitudeE7,
                                    longitudeE7,
                                    speedKmh,
                                    courseDeg,
                                    satellites,
                                    flag ? Gt06Encoder.STATE_IGNITION : 0,
                                    Gt06Encoder.ALARM_OVERSPEED,
                                    serial);
                    };

            assertThat(decoder.frameLength(buffer, offset, length)).isEqualTo(length);
            assertThat(decoder.deviceId(buffer, offset, length)).isEqualTo(ProtocolDecoder.NO_DEVICE);
            assertThat(decoder.decode(buffer, offset, length, session, batch)).isEqualTo(FrameResult.POSITIONS);
            assertThat(batch.size()).isEqualTo(1);
            final Position position = batch.get(0);
            assertThat(position.deviceId()).isEqualTo(IMEI);
            assertThat(position.receivedTimeMs()).isEqualTo(Decoding.RECEIVED_TIME_MS);
            assertThat(position.fixTimeMs()).isEqualTo(timeMs - timeMs % 1000);
            assertThat(position.latitudeE7()).isEqualTo(Gt06Encoder.onWireE7(latitudeE7));
            assertThat(position.longitudeE7()).isEqualTo(Gt06Encoder.onWireE7(longitudeE7));
            assertThat(position.latitudeE7()).isCloseTo(latitudeE7, within(QUANTUM_E7));
            assertThat(position.longitudeE7()).isCloseTo(longitudeE7, within(QUANTUM_E7));
            assertThat(position.speedCmPerSec()).isEqualTo((int) Math.round(Math.min(speedKmh, 255) / 0.036));
            assertThat(position.courseCdeg()).isEqualTo(100 * courseDeg);
            assertThat(position.satellites()).isEqualTo(Math.min(satellites, 15));
            assertThat(position.isValid()).isTrue();
            if (type != Gt06.LOCATION) {
                assertThat(value(position, Attribute.IGNITION)).isEqualTo(flag ? 1 : 0);
            }
            if (type == Gt06.ALARM) {
                assertThat(value(position, Attribute.ALARM)).isEqualTo(Gt06Encoder.ALARM_OVERSPEED);
            }
            assertAcknowledged(type, serial);
        }
    }

    @Test
    void shouldDecodeTheLoginThatWasEncoded() {
        final Random random = new Random(1);
        for (int i = 0; i < FRAMES; i++) {
            final long imei = random.nextLong(1, 1_000_000_000_000_000L);
            final int serial = random.nextInt(1 << 16);
            final int length = Gt06Encoder.login(buffer, 3, imei, serial);
            assertThat(decoder.frameLength(buffer, 3, length)).isEqualTo(length);
            assertThat(decoder.deviceId(buffer, 3, length)).isEqualTo(imei);
            session.reset(ProtocolDecoder.NO_DEVICE, Decoding.RECEIVED_TIME_MS);
            assertThat(decoder.decode(buffer, 3, length, session, batch)).isEqualTo(FrameResult.LOGIN);
            assertAcknowledged(Gt06.LOGIN, serial);
        }
    }

    @Test
    void shouldDecodeTheHeartbeatThatWasEncoded() {
        final int state = Gt06Encoder.STATE_IGNITION | Gt06Encoder.STATE_CHARGING;
        final int length = Gt06Encoder.heartbeat(buffer, 0, state, 3, 4, 258);
        assertThat(decoder.decode(buffer, 0, length, session, batch)).isEqualTo(FrameResult.POSITIONS);
        assertThat(batch.get(0).faults()).isEqualTo(Position.FAULT_NO_FIX);
        assertThat(value(batch.get(0), Attribute.IGNITION)).isEqualTo(1);
        assertThat(value(batch.get(0), Attribute.CHARGING)).isEqualTo(1);
        assertThat(value(batch.get(0), Attribute.BATTERY_LEVEL)).isEqualTo(50);
        assertThat(value(batch.get(0), Attribute.GSM_SIGNAL)).isEqualTo(4);
        assertAcknowledged(Gt06.STATUS, 258);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1_000_000_000_000_000L})
    void shouldRefuseToWriteWhatIsNoImei(final long imei) {
        assertThatThrownBy(() -> Gt06Encoder.login(buffer, 0, imei, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Every vector with its bytes and its type changed at random, check sums ignored: nothing outside is read. */
    @Test
    void shouldReadNothingOutsideAFrameThatLies() {
        final Random random = new Random(79);
        final ProtocolDecoder lenient = Gt06Decoder.tcp(new DecoderOptions(false, null));
        final UnsafeBuffer amid = new UnsafeBuffer(new byte[Gt06Decoder.MAX_FRAME_LENGTH + 100]);
        for (final byte[] original : frames()) {
            for (int lie = 0; lie < LIES; lie++) {
                final byte[] frame = original.clone();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    frame[3 + random.nextInt(frame.length - 5)] =
                            (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(8));
                }
                final Decoding alone = Decoding.of(lenient, frame, IMEI, Decoding.RECEIVED_TIME_MS, batch);
                random.nextBytes(amid.byteArray());
                amid.putBytes(50, frame);
                assertThat(Decoding.of(lenient, amid, 50, frame.length, IMEI, Decoding.RECEIVED_TIME_MS, batch))
                        .isEqualTo(alone);
                assertThat(batch.rejectedAtOffset()).isBetween(-1, frame.length);
                assertThat(batch.rejectedAtOffset() >= 0)
                        .isEqualTo(!alone.result().isOk() && alone.result() != FrameResult.UNSUPPORTED);
            }
        }
    }

    /** The explanation of a frame covers every byte of it exactly once. */
    @Test
    void shouldExplainEveryByteOnce() {
        for (final byte[] frame : frames()) {
            final CoverageTrace trace = new CoverageTrace(frame.length);
            final ProtocolDecoder explaining = Gt06Decoder.tcp(new DecoderOptions(false, trace));
            final Decoding decoding = Decoding.of(explaining, frame, IMEI, Decoding.RECEIVED_TIME_MS, batch);
            if (decoding.result().isOk() || decoding.result() == FrameResult.UNSUPPORTED) {
                assertThat(trace.told).as(HexFormat.of().formatHex(frame)).containsOnly(1);
            } else {
                assertThat(trace.remarks).as(HexFormat.of().formatHex(frame)).isNotEmpty();
            }
        }
    }

    private void assertAcknowledged(final int type, final int serial) {
        final byte[] acknowledgement = new byte[batch.acknowledgementLength()];
        batch.acknowledgement().getBytes(0, acknowledgement);
        final String checked = String.format("05%02x%04x", type, serial);
        final byte[] bytes = HexFormat.of().parseHex(checked);
        final int crc = Crc16.X25.compute(new UnsafeBuffer(bytes), 0, bytes.length);
        assertThat(HexFormat.of().formatHex(acknowledgement))
                .isEqualTo("7878" + checked + String.format("%04x", crc) + "0d0a");
    }

    private static long value(final Position position, final Attribute attribute) {
        return position.attributeValue(position.indexOfAttribute(attribute.key()));
    }

    private static List<byte[]> frames() {
        final Protocol protocol = Protocols.byName("gt06").orElseThrow();
        final Path file = Path.of(
                Gt06RoundTripTest.class.getResource("/vectors/gt06.jsonl").getPath());
        return JsonLines.read(file).stream()
                .map(line -> Vector.parse(protocol, line))
                .map(Vector::frame)
                .filter(frame -> frame.length > 6)
                .toList();
    }

    /** Counts how often each byte is told. */
    private static final class CoverageTrace implements FieldTrace {
        private final int[] told;
        private final List<String> remarks = new ArrayList<>();

        CoverageTrace(final int length) {
            told = new int[length];
        }

        @Override
        public void field(final int offset, final int length, final String name, final long value, final String unit) {
            bytes(offset, length, name);
        }

        @Override
        public void bytes(final int offset, final int length, final String name) {
            for (int i = 0; i < length; i++) {
                told[offset + i]++;
            }
        }

        @Override
        public void remark(final int offset, final String text) {
            remarks.add(text);
        }
    }
}
