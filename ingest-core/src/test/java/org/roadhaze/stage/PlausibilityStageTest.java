// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

class PlausibilityStageTest {
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final UnsafeBuffer NO_FRAME = new UnsafeBuffer(0, 0);

    private final PlausibilityStage stage = new PlausibilityStage(1000);
    private final PositionBatch batch = new PositionBatch();

    @ParameterizedTest
    @CsvSource({
        // latitudeE7, longitudeE7, fix time relative to ours in ms, faults
        "520000000,   130000000,        0, 0",
        "900000000, -1800000000,        0, 0",
        "-900000000, 1800000000,        0, 0",
        "900000001,   130000000,        0, 4",
        "520000000, -1800000001,        0, 4",
        "0,                   0,        0, 8",
        "0,                   1,        0, 0",
        "520000000,   130000000, 86400000, 0",
        "520000000,   130000000, 86400001, 16",
    })
    void shouldMarkFixesThatCannotBe(
            final int latitudeE7, final int longitudeE7, final long aheadMs, final int faults) {
        assertThat(process(1, latitudeE7, longitudeE7, NOW_MS + aheadMs).faults())
                .isEqualTo(faults);
    }

    @ParameterizedTest
    @CsvSource({
        // speed on the wire in km/h, in the position in cm/s; -2147483648 is unknown
        "0, 0",
        "255, 7083",
        "1000, 27778",
        "1001, -2147483648",
        "65535, -2147483648",
    })
    void shouldNotKnowASpeedThatNoVehicleHas(final int speedKmh, final int speedCmPerSec) {
        final Position position = process(1, 1, 1, NOW_MS, speedKmh);
        assertThat(position.speedCmPerSec()).isEqualTo(speedCmPerSec);
        assertThat(position.isValid()).isTrue();
        assertThat(process(2, Position.UNKNOWN, 1, NOW_MS, speedKmh).speedCmPerSec())
                .as("without a place")
                .isEqualTo(speedCmPerSec);
    }

    @Test
    void shouldNotKnowASpeedBelowNothing() {
        final Position position = new Position().receivedTimeMs(NOW_MS).speedCmPerSec(-1);
        PlausibilityStage.judge(position);
        assertThat(position.speedCmPerSec()).isEqualTo(Position.UNKNOWN);
    }

    @Test
    void shouldMarkTimesBeforeGpsTrackersAndMissingOnes() {
        assertThat(process(1, 1, 1, PlausibilityStage.EARLIEST_MS).faults()).isZero();
        assertThat(process(2, 1, 1, PlausibilityStage.EARLIEST_MS - 1).faults()).isEqualTo(Position.FAULT_TIME);
        assertThat(process(3, 1, 1, Position.UNKNOWN_TIME).faults()).isEqualTo(Position.FAULT_TIME);
    }

    @Test
    void shouldMarkARecordWithoutCoordinatesAsHavingNoFix() {
        final Position position = process(1, Position.UNKNOWN, Position.UNKNOWN, NOW_MS);
        assertThat(position.faults()).isEqualTo(Position.FAULT_NO_FIX);
    }

    @Test
    void shouldCallWhatIsNotNewerHistoryPerDevice() {
        assertThat(process(1, 1, 1, NOW_MS).isHistory()).isFalse();
        assertThat(process(1, 1, 1, NOW_MS - 1000).isHistory()).isTrue();
        assertThat(process(1, 1, 1, NOW_MS).isHistory()).isTrue();
        assertThat(process(1, 1, 1, NOW_MS + 1000).isHistory()).isFalse();
        assertThat(process(2, 1, 1, NOW_MS - 5000).isHistory()).isFalse();
    }

    @Test
    void shouldNotLetAnImpossibleFixMoveTheClockOfADevice() {
        process(1, 1, 1, NOW_MS);
        process(1, 1, 1, NOW_MS + 2 * PlausibilityStage.MAX_AHEAD_MS);
        assertThat(process(1, 1, 1, NOW_MS + 1000).isHistory()).isFalse();
    }

    @Test
    void shouldNotLetAFixFromTheNearFutureMakeHistoryOfTheTrueOnes() {
        assertThat(process(1, 1, 1, NOW_MS + PlausibilityStage.LIVE_AHEAD_MS + 1)
                        .isHistory())
                .isTrue();
        assertThat(process(1, 1, 1, NOW_MS).isHistory()).isFalse();
    }

    private Position process(final long device, final int latitudeE7, final int longitudeE7, final long fixTimeMs) {
        return process(device, latitudeE7, longitudeE7, fixTimeMs, 50);
    }

    private Position process(
            final long device, final int latitudeE7, final int longitudeE7, final long fixTimeMs, final int speedKmh) {
        batch.clear(NO_FRAME);
        final Position position = batch.add();
        position.deviceId(device)
                .receivedTimeMs(NOW_MS)
                .fixTimeMs(fixTimeMs)
                .latitudeE7(latitudeE7)
                .longitudeE7(longitudeE7)
                .speedKmh(speedKmh);
        stage.process(batch);
        return position;
    }
}
