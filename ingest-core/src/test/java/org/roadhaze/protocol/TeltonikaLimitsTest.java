// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/** What no device sends: refused before it costs anything. */
class TeltonikaLimitsTest {
    private static final long IMEI = 356307042441013L;

    private final ProtocolDecoder tcp = TeltonikaDecoder.tcp(DecoderOptions.ENGINE);
    private final ProtocolDecoder udp = TeltonikaDecoder.udp(DecoderOptions.ENGINE);
    private final TeltonikaEncoder encoder = new TeltonikaEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256 * 1024]);
    private final PositionBatch batch = new PositionBatch();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000", // a data field of nothing
                "0000000000000002", // too short for codec and both counts
                "000000000001fff5", // one more than the longest frame
                "000000007fffffff",
                "0000000080000000",
                "00000000ffffffff",
                "000001", // a preamble that is not zero
                "00000001",
                "01", // nothing begins so
                "fe",
                "0001", // logins of lengths that no IMEI has
                "0007",
                "0013",
                "00ff",
                "000f30313233343536373839303132330a", // a character that is no digit
                "000f3a",
                "000f303030303030303030303030303030" // no device has the number zero
            })
    void shouldRefuseNonsenseAsSoonAsItIsThere(final String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(tcp.frameLength(new UnsafeBuffer(bytes), 0, bytes.length)).isEqualTo(ProtocolDecoder.MALFORMED);
        assertThat(tcp.frameLength(new UnsafeBuffer(bytes), 0, bytes.length - 1))
                .isEqualTo(ProtocolDecoder.NEED_MORE);
    }

    @Test
    void shouldTakeTheLongestFrame() {
        buffer.putLong(0, TeltonikaDecoder.MAX_FRAME_LENGTH - 12, ByteOrder.BIG_ENDIAN);
        assertThat(tcp.frameLength(buffer, 0, 8)).isEqualTo(ProtocolDecoder.NEED_MORE);
        assertThat(tcp.frameLength(buffer, 0, buffer.capacity())).isEqualTo(TeltonikaDecoder.MAX_FRAME_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "0008", "003dcafe01050001", "0010cafe0105000f"})
    void shouldRefuseDatagramsThatCannotBe(final String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(udp.frameLength(new UnsafeBuffer(bytes), 0, bytes.length)).isEqualTo(ProtocolDecoder.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({"1024, POSITIONS", "1025, MALFORMED"})
    void shouldBoundTheElementsOfARecord(final int elements, final FrameResult expected) {
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8_EXTENDED).record(0, 1, 1, 0, 0, 5, 0);
        for (int i = 0; i < elements; i++) {
            encoder.io(1000, 1, i);
        }
        assertThat(decode(encoder.end())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "1, 0", "0, 1"})
    void shouldSayThatWithoutSatellitesThereIsNoFix(final int satellites, final int faults) {
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8).record(1_700_000_000_000L, 1, 1, 0, 0, satellites, 0);
        assertThat(decode(encoder.end())).isEqualTo(FrameResult.POSITIONS);
        assertThat(batch.get(0).faults()).isEqualTo(faults);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "359, 35900", "360, 0", "361, -2147483648"})
    void shouldKeepTheCourseInItsRange(final int courseDeg, final int courseCdeg) {
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8).record(0, 1, 1, 0, courseDeg, 5, 0);
        assertThat(decode(encoder.end())).isEqualTo(FrameResult.POSITIONS);
        assertThat(batch.get(0).courseCdeg()).isEqualTo(courseCdeg);
        assertThat(Position.UNKNOWN).isEqualTo(Integer.MIN_VALUE);
    }

    private FrameResult decode(final int length) {
        final DeviceSession session = new DeviceSession().reset(IMEI, Decoding.RECEIVED_TIME_MS);
        return tcp.decode(buffer, 0, length, session, batch);
    }
}
