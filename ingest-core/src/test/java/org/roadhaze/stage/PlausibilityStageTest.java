// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

class PlausibilityStageTest {
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final UnsafeBuffer NO_FRAME = new UnsafeBuffer(0, 0);

    private final PlausibilityStage stage = new PlausibilityStage(new DeviceTable(1000));
    private final PositionBatch batch = new PositionBatch();

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
        Plausibility.judge(position);
        assertThat(position.speedCmPerSec()).isEqualTo(Position.UNKNOWN);
    }

    @Test
    void shouldMarkFixesThatCannotBe() {
        assertThat(process(1, 520_000_000, 130_000_000, NOW_MS).faults()).isZero();
        assertThat(process(1, 900_000_001, 130_000_000, NOW_MS).faults()).isEqualTo(Position.FAULT_RANGE);
        assertThat(process(1, 0, 0, NOW_MS).faults()).isEqualTo(Position.FAULT_NULL_ISLAND);
        assertThat(process(1, 1, 1, 0).faults()).isEqualTo(Position.FAULT_TIME);
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
        process(1, 1, 1, NOW_MS + 2 * Plausibility.MAX_AHEAD_MS);
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
