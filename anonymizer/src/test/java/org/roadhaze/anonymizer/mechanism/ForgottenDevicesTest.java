// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.config.DurationRange;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Five vehicles drive around, and more parked trackers than a chain remembers report beside them. Who is forgotten and comes back
 * must not count twice: five vehicles cannot confuse each other to 2.5 bits, so nothing may leave of them.
 */
class ForgottenDevicesTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final int REMEMBERED = 100;
    private static final int DRIVING = 5;
    private static final int PARKED = REMEMBERED + 5;
    private static final int SECONDS = 4 * 3600;
    private static final int SECONDS_BETWEEN_FIXES = 10;
    private static final double RADIUS_METRES = 800;
    private static final double METRES_PER_SECOND = 8;

    private final Position position = new Position();
    private long left;
    private final ReleaseSink sink = new ReleaseSink() {
        @Override
        public void release(final Release release) {
            left++;
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {200, 330, 360, 420})
    void shouldNotTakeOneThatCameBackForAnother(final int secondsBetweenReports) {
        final StreamChain chain = chain();
        for (int second = 0; second < SECONDS; second++) {
            final long timeMs = START_MS + 1_000L * second;
            final int driving = second % SECONDS_BETWEEN_FIXES;
            if (driving < DRIVING) {
                final double angle = METRES_PER_SECOND / RADIUS_METRES * second + 2 * driving;
                offer(
                        chain,
                        1 + driving,
                        timeMs,
                        RADIUS_METRES * Math.sin(angle),
                        RADIUS_METRES * Math.cos(angle) + 100 * driving,
                        true);
            }
            if (second % secondsBetweenReports == secondsBetweenReports - 1) {
                for (int i = 0; i < PARKED; i++) {
                    offer(chain, 1_000 + i, timeMs, 20_000 + 50 * i, 20_000, false);
                }
            }
        }
        assertThat(left).isZero();
    }

    private static StreamChain chain() {
        final MechanismContext context = new MechanismContext(
                "s", FixedEpochKeys.ring(1, START_MS), REMEMBERED, List.of(Attribute.IGNITION.key()));
        final List<Mechanism> steps = List.of(
                new ReorderBuffer.Parameters(Duration.ofSeconds(30), 100_000).build(context),
                new TripEnds.Parameters(
                                500, 100, Duration.ofMinutes(3), Duration.ofMinutes(20), Duration.ofMinutes(30), 64)
                        .build(context),
                new SplitAndGap.Parameters(
                                new DurationRange(Duration.ofSeconds(270), Duration.ofMinutes(5)),
                                null,
                                2.5,
                                600,
                                Duration.ofMinutes(20))
                        .build(context));
        return new StreamChain("s", steps);
    }

    private void offer(
            final StreamChain chain,
            final long device,
            final long timeMs,
            final double northMetres,
            final double eastMetres,
            final boolean ignition) {
        position.clear();
        position.deviceId(device)
                .fixTimeMs(timeMs)
                .receivedTimeMs(timeMs)
                .latitudeE7(525_000_000 + (int) (northMetres / LocalMetres.PER_E7))
                .longitudeE7(134_000_000 + (int) (eastMetres / LocalMetres.PER_E7 / 0.6));
        position.attribute(Attribute.IGNITION.key(), ignition ? 1 : 0);
        chain.offer(position, sink);
    }
}
