// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Position;

/** What steps with windows, the shortest that may be, do with the fixes of a clock that is ahead of all others. */
class ClocksAheadTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final long HOUR_MS = 3_600_000;
    private static final int HELD = 100_000;
    private static final List<Integer> LADDER = List.of(125, 250, 500);

    /** A step, and how late its records may come. */
    record Step(String name, long lateMs, Function<MechanismContext, Mechanism> maker) {
        StreamChain chain() {
            return new StreamChain(
                    name, List.of(maker.apply(MechanismContext.of(name, FixedEpochKeys.ring(7, START_MS)))));
        }

        @Override
        public String toString() {
            return name + ", " + lateMs + " ms late";
        }
    }

    static List<Step> steps() {
        return List.of(
                new Step("reorder", 1_000, new ReorderBuffer.Parameters(Duration.ofSeconds(1), HELD)::build),
                crowd(0),
                crowd(1_500),
                shuffle(0),
                shuffle(1_500),
                new Step(
                        "counts",
                        0,
                        new PrivateCountsParameters(
                                125,
                                Duration.ofMinutes(1),
                                1_000_000,
                                1e-3,
                                PrivateCountsParameters.Unit.DEVICE_WINDOW,
                                1,
                                0,
                                Duration.ZERO,
                                PlaceCell.Publish.CELL)::build));
    }

    private static Step crowd(final long lateMs) {
        return new Step(
                "crowd",
                lateMs,
                new CrowdLadder.Parameters(
                        2,
                        Duration.ofSeconds(1),
                        LADDER,
                        Duration.ofMillis(lateMs),
                        PlaceCell.Publish.BOTH,
                        CrowdLadder.Count.DEVICE,
                        HELD)::build);
    }

    private static Step shuffle(final long lateMs) {
        return new Step(
                "shuffle",
                lateMs,
                new TimeShuffle.Parameters(Duration.ofSeconds(1), Duration.ofMillis(lateMs), HELD)::build);
    }

    private static void offer(final StreamChain chain, final long device, final long fixMs, final long receivedMs) {
        chain.offer(
                new Position()
                        .deviceId(device)
                        .fixTimeMs(fixMs)
                        .receivedTimeMs(receivedMs)
                        .latitudeE7(480_000_000)
                        .longitudeE7(110_000_000),
                release -> {});
    }

    /** At every phase of a second. */
    @ParameterizedTest
    @MethodSource("steps")
    void shouldTakeAFixThatIsUpToAMinuteAhead(final Step step) {
        for (long aheadMs = 0; aheadMs <= TimedMechanism.MOST_AHEAD_MS; aheadMs += 250) {
            final StreamChain chain = step.chain();
            long nowMs = START_MS + HOUR_MS;
            for (int i = 0; i < 40; i++) {
                nowMs += 450;
                offer(chain, 1, nowMs, nowMs);
                offer(chain, 2, nowMs + aheadMs, nowMs);
            }
            assertThat(chain.suppressed(SuppressionReason.INVALID_FIX))
                    .as("%d ms ahead", aheadMs)
                    .isZero();
            assertThat(chain.suppressed(SuppressionReason.LATE))
                    .as("%d ms ahead", aheadMs)
                    .isZero();
        }
    }

    /** The fleet takes longer from fix to receipt than any step waits; no more of it is late for one clock that is wrong. */
    @ParameterizedTest
    @MethodSource("steps")
    void shouldLoseNothingOfOthersToAClockThatIsHoursAhead(final Step step) {
        final StreamChain chain = step.chain();
        long nowMs = START_MS + HOUR_MS;
        offer(chain, 1, nowMs - 80_000, nowMs);
        final int records = 1_000;
        for (int i = 0; i < records; i++) {
            nowMs += 450;
            offer(chain, 1, nowMs - 80_000, nowMs);
            offer(chain, 2, nowMs + 8 * HOUR_MS, nowMs);
        }
        assertThat(chain.suppressed(SuppressionReason.INVALID_FIX)).isEqualTo(records);
        assertThat(chain.suppressed(SuppressionReason.LATE)).isZero();
    }
}
