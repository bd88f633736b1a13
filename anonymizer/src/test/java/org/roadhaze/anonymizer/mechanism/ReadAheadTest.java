// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.config.DurationRange;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.position.Position;

class ReadAheadTest {
    private static final long START_MS = SegmentedTown.START_MS;
    private static final int VEHICLES = 200;

    /** What leaves a mechanism, and what comes of the rest. */
    private static class Log implements Mechanism.Outlet {
        final List<String> lines = new ArrayList<>();
        int left;

        @Override
        public void pass(final Candidate passed) {
            left++;
            final Position fix = passed.position();
            lines.add(fix.deviceId() + " " + fix.fixTimeMs() + " " + fix.latitudeE7() + " " + passed.segment() + " "
                    + passed.stopDistanceCm());
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            lines.add(reason.toString());
        }
    }

    private static MechanismContext context(final int devices) {
        return new MechanismContext("s", FixedEpochKeys.ring(1, START_MS), devices, List.of());
    }

    private static void offer(
            final Mechanism mechanism, final SegmentedTown.Fix fix, final Position position, final Log log) {
        position.clear();
        position.deviceId(fix.device())
                .fixTimeMs(fix.timeMs())
                .latitudeE7(fix.latE7())
                .longitudeE7(fix.lonE7());
        mechanism.accept(new Candidate().reset(position), log);
    }

    /** Every second of records is let go in groups, and whose they are is told before the first of each. */
    @Test
    void shouldTellWhoComesBeforeTheyCome() {
        final ReorderBuffer buffer =
                new ReorderBuffer(new ReorderBuffer.Parameters(Duration.ofSeconds(1), 100_000), context(VEHICLES));
        final Set<Long> told = new HashSet<>();
        final int[] groups = {0};
        final Log log = new Log() {
            @Override
            public long readAhead(final long[] deviceIds, final int count) {
                assertThat(count).isBetween(2, DeviceStates.MOST_AHEAD);
                told.clear();
                for (int i = 0; i < count; i++) {
                    told.add(deviceIds[i]);
                }
                groups[0]++;
                return 0;
            }

            @Override
            public void pass(final Candidate passed) {
                super.pass(passed);
                assertThat(told).contains(passed.position().deviceId());
            }
        };
        final Position position = new Position();
        for (int device = 1; device <= VEHICLES; device++) {
            offer(buffer, new SegmentedTown.Fix(device, START_MS + device % 2, 5, 7), position, log);
        }
        while (log.left < VEHICLES) {
            buffer.advanceTo(START_MS + 2_000, log);
        }

        final int calls = (VEHICLES - 1) / Mechanism.MOST_LET_GO_AT_ONCE + 1;
        assertThat(groups[0]).isBetween(VEHICLES / DeviceStates.MOST_AHEAD, VEHICLES / DeviceStates.MOST_AHEAD + calls);
    }

    /** Whoever is told of, those who are not known too, and with so little room that vehicles are forgotten all the time. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 150, 2})
    void shouldChangeNothing(final int devices) {
        final List<SegmentedTown.Fix> fixes = SegmentedTown.town(VEHICLES, 3_600, new Random(devices));
        assertThat(run(trips(devices), fixes, true))
                .isEqualTo(run(trips(devices), fixes, false))
                .hasSizeGreaterThan(fixes.size() / 2);
        assertThat(run(segments(devices), fixes, true))
                .isEqualTo(run(segments(devices), fixes, false))
                .hasSize(fixes.size());
    }

    private static Mechanism trips(final int devices) {
        return new TripEnds.Parameters(
                        300, 100, Duration.ofMinutes(3), Duration.ofMinutes(20), Duration.ofMinutes(30), 64)
                .build(context(devices));
    }

    private static Mechanism segments(final int devices) {
        final DurationRange segment = new DurationRange(Duration.ofSeconds(60), Duration.ofSeconds(90));
        return new SplitAndGap.Parameters(segment, null, 1, 100, Duration.ofMinutes(30)).build(context(devices));
    }

    private static List<String> run(
            final Mechanism mechanism, final List<SegmentedTown.Fix> fixes, final boolean readsAhead) {
        final Log log = new Log();
        final Position position = new Position();
        final Random random = new Random(1);
        final long[] ahead = new long[DeviceStates.MOST_AHEAD];
        for (final SegmentedTown.Fix fix : fixes) {
            if (mechanism instanceof TimedMechanism timed) {
                timed.advanceTo(fix.timeMs(), log);
            }
            if (readsAhead) {
                for (int i = 0; i < ahead.length; i++) {
                    ahead[i] = random.nextInt(2 * VEHICLES);
                }
                mechanism.readAhead(ahead, 1 + random.nextInt(ahead.length));
            }
            offer(mechanism, fix, position, log);
        }
        return log.lines;
    }
}
