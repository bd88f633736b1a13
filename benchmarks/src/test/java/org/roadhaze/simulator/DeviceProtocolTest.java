// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;

/** Devices and the engine's decoders understand each other: what the ledger says is what the engine decodes. */
class DeviceProtocolTest {
    private static final long IMEI = TestImei.of(42);
    private static final long NOW_MS = 1_732_406_400_000L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
    private final PositionBatch batch = new PositionBatch();
    private final DeviceAnswer answer = new DeviceAnswer();
    private final SplittableRandom random = new SplittableRandom(42);

    private static ProtocolDecoder decoder(final String name, final boolean udp) {
        final Protocol protocol = Protocols.byName(name).orElseThrow();
        return (udp ? protocol.udp() : protocol.tcp()).apply(DecoderOptions.ENGINE);
    }

    private Fix randomFix() {
        final Fix fix = new Fix();
        fix.timeMs = NOW_MS - random.nextLong(600_000_000_000L);
        fix.latitudeE7 = random.nextInt(-899_999_999, 900_000_000);
        fix.longitudeE7 = random.nextInt(-1_799_999_999, 1_800_000_000);
        fix.altitudeM = random.nextInt(-100, 3000);
        fix.speedKmh = random.nextInt(0, 200);
        fix.courseDeg = random.nextInt(0, 360);
        fix.satellites = random.nextInt(4, 15);
        fix.odometerM = random.nextInt(0, 1_000_000);
        fix.ignition = random.nextBoolean();
        return fix;
    }

    private FrameResult decode(final ProtocolDecoder decoder, final int length, final long imei) {
        assertThat(decoder.frameLength(buffer, 0, length)).isEqualTo(length);
        return decoder.decode(buffer, 0, length, new DeviceSession().reset(imei, NOW_MS), batch);
    }

    private DeviceAnswer.Kind answerOf(final DeviceProtocol device, final boolean loggedIn) {
        final int length = batch.acknowledgementLength();
        for (int cut = 1; cut < length && device.hasLogin(); cut++) {
            assertThat(device.answer(batch.acknowledgement(), 0, cut, loggedIn, answer))
                    .isEqualTo(DeviceProtocol.NEED_MORE);
        }
        assertThat(device.answer(batch.acknowledgement(), 0, length, loggedIn, answer))
                .isEqualTo(length);
        return answer.kind;
    }

    @ParameterizedTest
    @CsvSource({"teltonika, false, 0, 1", "teltonika, false, 13, 255", "teltonika, true, 10, 20", "gt06, false, 0, 1"})
    void shouldBeDecodedAsTheLedgerSays(final String name, final boolean udp, final int ioElements, final int records) {
        final DeviceProtocol device = DeviceProtocols.byName(name).factory().create(udp, ioElements);
        final ProtocolDecoder decoder = decoder(name, udp);
        final Fix[] fixes = new Fix[records];
        for (int serial = 65_500; serial < 65_600; serial++) {
            for (int i = 0; i < records; i++) {
                fixes[i] = randomFix();
                device.quantize(fixes[i]);
            }
            final int length = device.frame(buffer, IMEI, serial, fixes, records);
            assertThat(length).isLessThanOrEqualTo(device.maxFrameLength(records));
            assertThat(decode(decoder, length, IMEI)).isEqualTo(FrameResult.POSITIONS);
            assertThat(batch.size()).isEqualTo(records);
            for (int i = 0; i < records; i++) {
                assertSame(batch.get(i), fixes[i]);
            }
            assertThat(answerOf(device, true)).isEqualTo(DeviceAnswer.Kind.ACKNOWLEDGEMENT);
            assertThat(answer.serial)
                    .isEqualTo(device.acknowledgementNamesFrame() ? serial & 0xFFFF : DeviceAnswer.NOT_SAID);
            assertThat(answer.records).isIn(records, DeviceAnswer.NOT_SAID);
        }
    }

    private static void assertSame(final Position position, final Fix fix) {
        assertThat(position.fixTimeMs()).isEqualTo(fix.timeMs);
        assertThat(position.latitudeE7()).isEqualTo(fix.latitudeE7);
        assertThat(position.longitudeE7()).isEqualTo(fix.longitudeE7);
        assertThat(position.courseCdeg()).isEqualTo(100 * fix.courseDeg);
        assertThat(position.satellites()).isEqualTo(fix.satellites);
    }

    @ParameterizedTest
    @CsvSource({"teltonika", "gt06"})
    void shouldBeWelcome(final String name) {
        final DeviceProtocol device = DeviceProtocols.byName(name).factory().create(false, 0);
        final ProtocolDecoder decoder = decoder(name, false);
        final int length = device.login(buffer, IMEI);
        assertThat(decoder.deviceId(buffer, 0, length)).isEqualTo(IMEI);
        assertThat(decode(decoder, length, ProtocolDecoder.NO_DEVICE)).isEqualTo(FrameResult.LOGIN);
        assertThat(answerOf(device, false)).isEqualTo(DeviceAnswer.Kind.WELCOME);
    }
}
