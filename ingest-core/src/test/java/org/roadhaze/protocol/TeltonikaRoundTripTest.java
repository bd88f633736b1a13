// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.PositionBatch;

/** Random packets: what the encoder wrote is what the decoder reads; and a packet that lies is read within its bounds. */
class TeltonikaRoundTripTest {
    private static final int PACKETS = 300;
    private static final int LIES = 20_000;
    private static final int MAX_SPEED_KMH = 1000;
    private static final long IMEI = 356307042441013L;

    /** Above the named elements, so that the expectation needs no table of meanings; Codec 8 has few such. */
    private static final int[] RAW_IDS_8 = {29, 30, 100, 101, 150, 151, 210, 211, 254, 255};

    private final TeltonikaEncoder encoder = new TeltonikaEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512 * 1024]);
    private final PositionBatch batch = new PositionBatch();

    @ParameterizedTest
    @CsvSource({"8, false", "8, true", "142, false", "142, true", "16, false", "16, true"})
    void shouldDecodeWhatWasEncoded(final int codec, final boolean datagram) {
        final Random random = new Random(codec);
        final ProtocolDecoder decoder = decoder(datagram, DecoderOptions.ENGINE);
        for (int packet = 0; packet < PACKETS; packet++) {
            final int records = packet == 0 ? 255 : 1 + random.nextInt(30);
            final int packetId = random.nextInt(1 << 16);
            final int avlPacketId = random.nextInt(1 << 8);
            final int offset = random.nextInt(50);
            if (datagram) {
                encoder.beginDatagram(buffer, offset, codec, IMEI, packetId, avlPacketId);
            } else {
                encoder.begin(buffer, offset, codec);
            }
            final List<Map<String, Object>> expected = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                expected.add(record(random, codec, packet == 0 ? 1 : 20));
            }
            final int length = encoder.end();

            assertThat(decoder.frameLength(buffer, offset, length)).isEqualTo(length);
            final Decoding decoding =
                    Decoding.of(decoder, buffer, offset, length, datagram ? 0 : IMEI, Decoding.RECEIVED_TIME_MS, batch);
            final String acknowledgement = datagram
                    ? String.format("0005%04x01%02x%02x", packetId, avlPacketId, records)
                    : String.format("%08x", records);
            assertThat(decoding)
                    .isEqualTo(new Decoding(
                            FrameResult.POSITIONS,
                            datagram ? IMEI : ProtocolDecoder.NO_DEVICE,
                            acknowledgement,
                            expected));
            assertThat(batch.get(0).deviceId()).isEqualTo(IMEI);
            assertThat(batch.get(0).receivedTimeMs()).isEqualTo(Decoding.RECEIVED_TIME_MS);
        }
    }

    /** Bytes changed at random, check sums ignored: the same result whatever lies around the frame, and no exception. */
    @ParameterizedTest
    @CsvSource({"8, false", "8, true", "142, false", "142, true", "16, false", "16, true"})
    void shouldReadNothingOutsideAFrameThatLies(final int codec, final boolean datagram) {
        final Random random = new Random(7L * codec);
        final ProtocolDecoder decoder = decoder(datagram, new DecoderOptions(false, null));
        for (int lie = 0; lie < LIES; lie++) {
            if (datagram) {
                encoder.beginDatagram(buffer, 0, codec, IMEI, 1, 2);
            } else {
                encoder.begin(buffer, 0, codec);
            }
            for (int i = random.nextInt(4); i >= 0; i--) {
                record(random, codec, 6);
            }
            final byte[] frame = Arrays.copyOf(buffer.byteArray(), encoder.end());
            for (int i = random.nextInt(4); i >= 0; i--) {
                frame[(datagram ? 23 : 8) + random.nextInt(frame.length - (datagram ? 23 : 8))] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(8));
            }
            final Decoding alone = Decoding.of(decoder, frame, IMEI, Decoding.RECEIVED_TIME_MS, batch);
            final byte[] amid = new byte[frame.length + 100];
            random.nextBytes(amid);
            System.arraycopy(frame, 0, amid, 50, frame.length);
            assertThat(Decoding.of(
                            decoder, new UnsafeBuffer(amid), 50, frame.length, IMEI, Decoding.RECEIVED_TIME_MS, batch))
                    .isEqualTo(alone);
        }
    }

    private static ProtocolDecoder decoder(final boolean datagram, final DecoderOptions options) {
        return datagram ? TeltonikaDecoder.udp(options) : TeltonikaDecoder.tcp(options);
    }

    private Map<String, Object> record(final Random random, final int codec, final int maxPerGroup) {
        final long fixTimeMs = 1_500_000_000_000L + random.nextInt();
        final int latitudeE7 = random.nextInt(1_800_000_001) - 900_000_000;
        final int longitudeE7 = (int) (random.nextLong(3_600_000_001L) - 1_800_000_000L);
        final int altitudeM = random.nextInt(1 << 16) - (1 << 15);
        final int courseDeg = random.nextInt(360);
        final int satellites = random.nextInt(256);
        final int speedKmh = random.nextInt(2 * MAX_SPEED_KMH);
        final int priority = random.nextInt(3);
        final int event = random.nextInt(codec == TeltonikaEncoder.CODEC_8 ? 1 << 8 : 1 << 16);
        final int generation = random.nextInt(8);
        encoder.record(fixTimeMs, latitudeE7, longitudeE7, altitudeM, courseDeg, satellites, speedKmh)
                .event(priority, event, generation);

        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fixTimeMs", fixTimeMs);
        fields.put("latitudeE7", (long) latitudeE7);
        fields.put("longitudeE7", (long) longitudeE7);
        fields.put("altitudeCm", altitudeM * 100L);
        if (speedKmh <= MAX_SPEED_KMH) {
            fields.put("speedCmPerSec", Math.round(speedKmh / 0.036));
        }
        fields.put("courseCdeg", courseDeg * 100L);
        fields.put("satellites", (long) satellites);
        if (satellites == 0) {
            fields.put("faults", List.of("NO_FIX"));
        }
        final List<Object> attributes = new ArrayList<>();
        attributes.add(List.of("priority", (long) priority));
        attributes.add(List.of("event", (long) event));
        if (codec == TeltonikaEncoder.CODEC_16) {
            attributes.add(List.of("generationType", (long) generation));
        }
        for (int size = 1; size <= 8; size *= 2) {
            for (int i = random.nextInt(maxPerGroup); i > 0; i--) {
                final int id = rawId(random, codec);
                final long value = size == 8 ? random.nextLong() : random.nextLong(1L << (8 * size));
                encoder.io(id, size, value);
                attributes.add(List.of(Attribute.labelOf(Attribute.ioKey(id)), value));
            }
        }
        if (codec == TeltonikaEncoder.CODEC_8_EXTENDED) {
            for (int i = random.nextInt(maxPerGroup); i > 0; i--) {
                final byte[] text = new byte[random.nextInt(40)];
                random.nextBytes(text);
                final int id = rawId(random, codec);
                encoder.io(id, new UnsafeBuffer(text), 0, text.length);
                attributes.add(List.of(
                        Attribute.labelOf(Attribute.ioKey(id)), HexFormat.of().formatHex(text)));
            }
        }
        fields.put("attributes", attributes);
        return fields;
    }

    private static int rawId(final Random random, final int codec) {
        return codec == TeltonikaEncoder.CODEC_8
                ? RAW_IDS_8[random.nextInt(RAW_IDS_8.length)]
                : 400 + random.nextInt(65_136);
    }
}
