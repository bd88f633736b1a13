// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.position.PositionBatch;

/** The dates of devices that are set to local time, as they leave the factory. */
class Gt06TimeZoneTest {
    private static final long IMEI = 356_307_042_441_013L;
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final long CHINA_MS = 8 * 3_600_000L;

    /** 2025-03-05 23:59:58, what the frames below say. */
    private static final long ON_THE_DEVICE_MS = 1_741_219_198_000L;

    /** Types that count seconds of UTC, whatever the device's calendar says. */
    private static final Set<Long> SECONDS_OF_UTC = Set.of(0x70L, 0xF1L, 0xF2L);

    private final PositionBatch batch = new PositionBatch();

    static Stream<Vector> vectors() {
        return ProtocolVectorsTest.vectorsOf(Protocols.byName("gt06").orElseThrow()).stream();
    }

    /** Nothing but the times of positions depends on the zone: no place, no acknowledgement, no answer with the time. */
    @ParameterizedTest
    @MethodSource("vectors")
    void shouldMoveEveryDateToUtcAndNothingElse(final Vector vector) {
        final Decoding utc = vector.decode(vector.decoder(new DecoderOptions(false, null)), vector.frame(), batch);
        final Decoding local =
                vector.decode(vector.decoder(new DecoderOptions(false, null, CHINA)), vector.frame(), batch);
        for (int i = 0; i < utc.positions().size(); i++) {
            final Map<String, Object> position = utc.positions().get(i);
            if (!SECONDS_OF_UTC.contains(type(position))) {
                position.computeIfPresent("fixTimeMs", (key, value) -> (long) value - CHINA_MS);
            }
        }
        assertThat(local).isEqualTo(utc);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a door, 7979000d9405190305173b3a010002f78a0d0a",
        "a camera's event with speed, 78781e95ffff00190305173b3a0c055d4a800209d9c014b400320010910002889b0d0a",
        "a fix in a long frame, 7979001833190305173b3acc055d4a800209d9c03214b4000002602c0d0a",
        "a fix without a check sum, 78781210190305173b3acc055d4a800209d9c03214b40d0a",
        "surroundings without a check sum, 78780069250305235958000104020d0a",
    })
    void shouldReadTheDateOf(final String what, final String frame) {
        assertThat(timeMs(frame, ZoneOffset.UTC)).as(what).isEqualTo(ON_THE_DEVICE_MS);
        assertThat(timeMs(frame, CHINA)).as(what).isEqualTo(ON_THE_DEVICE_MS - CHINA_MS);
        assertThat(timeMs(frame, ZoneOffset.ofHoursMinutes(-3, -30)))
                .as(what)
                .isEqualTo(ON_THE_DEVICE_MS + 3 * 3_600_000 + 30 * 60_000);
    }

    @Test
    void shouldLeaveSecondsOfUtcAsTheyAre() {
        assertThat(timeMs("78780af167c8e57e00000208e20d0a", CHINA)).isEqualTo(ON_THE_DEVICE_MS);
    }

    private long timeMs(final String hex, final ZoneOffset zone) {
        final byte[] frame = HexFormat.of().parseHex(hex);
        final ProtocolDecoder decoder = Gt06Decoder.tcp(new DecoderOptions(false, null, zone));
        final Decoding decoding = Decoding.of(decoder, frame, IMEI, Decoding.RECEIVED_TIME_MS, batch);
        assertThat(decoding.result()).isEqualTo(FrameResult.POSITIONS);
        return (long) decoding.positions().get(0).get("fixTimeMs");
    }

    private static long type(final Map<String, Object> position) {
        return ((List<?>) position.get("attributes"))
                .stream()
                        .map(attribute -> (List<?>) attribute)
                        .filter(attribute -> "type".equals(attribute.get(0)))
                        .mapToLong(attribute -> (long) attribute.get(1))
                        .findFirst()
                        .orElseThrow();
    }
}
