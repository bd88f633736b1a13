// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

class PlausibilityStageTest {
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final UnsafeBuffer NO_FRAME = new UnsafeBuffer(0, 0);

    private final PlausibilityStage stage = new PlausibilityStage(1000);
    private final PositionBatch batch = new PositionBatch();

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
        batch.clear(NO_FRAME);
        final Position position = batch.add();
        position.deviceId(device)
                .receivedTimeMs(NOW_MS)
                .fixTimeMs(fixTimeMs)
                .latitudeE7(latitudeE7)
                .longitudeE7(longitudeE7);
        stage.process(batch);
        return position;
    }
}
