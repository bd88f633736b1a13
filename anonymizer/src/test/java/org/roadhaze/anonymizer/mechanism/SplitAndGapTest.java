// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.BITS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.HORIZON_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.LEAST_GAP_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.MOST_SEGMENT_S;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.MOVED;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.START_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.assertConfused;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.assertCut;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.build;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.byDensity;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.bySegment;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.town;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.mechanism.SegmentedTown.Fix;
import org.roadhaze.anonymizer.mechanism.SegmentedTown.Left;
import org.roadhaze.config.DurationRange;
import org.roadhaze.position.Position;

class SplitAndGapTest {
    private final SegmentedTown stream = new SegmentedTown();

    private static SplitAndGap.Parameters fixed() {
        return new SplitAndGap.Parameters(
                new DurationRange(Duration.ofSeconds(90), Duration.ofSeconds(180)),
                new DurationRange(Duration.ofSeconds(60), Duration.ofSeconds(120)),
                BITS,
                MOVED,
                Duration.ofMillis(HORIZON_MS));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldCutTracksIntoSegmentsWithGapsOfALength(final int seed) {
        final List<Fix> fixes = town(30, 7_200, new Random(seed));
        final List<Left> records = stream.run(build(fixed(), 100, seed), fixes);

        assertCut(records, 180_000, 60_000, 0);
        assertThat((double) records.size() / fixes.size()).isBetween(0.45, 0.65);
        assertThat(stream.suppressed()).containsOnlyKeys(SuppressionReason.SEGMENT_GAP);
        assertThat(records.size() + stream.suppressed().get(SuppressionReason.SEGMENT_GAP))
                .isEqualTo(fixes.size());
    }

    /** 5.2 standard deviations: one such test in a million would fail, were the keys not fixed. */
    @Test
    void shouldDrawLengthsUniformly() {
        final List<Fix> fixes = new ArrayList<>();
        for (int second = 0; second < 1_500; second++) {
            for (int device = 1; device <= 200; device++) {
                fixes.add(new Fix(device, START_MS + 1_000L * second, 525_000_000, 134_000_000));
            }
        }
        final List<Left> records = stream.run(build(fixed(), 1_000, 3), fixes);
        double sum = 0;
        int count = 0;
        for (final List<Left> segment : bySegment(records).values()) {
            final long lastMs = segment.get(segment.size() - 1).fix().timeMs();
            if (lastMs < START_MS + 1_490_000) {
                sum += (lastMs - segment.get(0).fix().timeMs()) / 1e3;
                count++;
            }
        }
        // The last fix is up to a second before the end, half of one on the average; 90 s wide, so 26 s of deviation.
        assertThat(count).isGreaterThan(500);
        assertThat(sum / count).isCloseTo(134.5, within(5.2 * 26 / Math.sqrt(count) + 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void shouldConfuseWheneverAGapEnds(final int seed) {
        final List<Fix> fixes = town(120, 9_000, new Random(seed));
        final List<Left> records = stream.run(build(byDensity(), 1_000, seed), fixes);

        assertCut(records, 1_000L * MOST_SEGMENT_S, LEAST_GAP_MS, MOVED);
        final int[] checked = assertConfused(fixes, records);
        assertThat(checked[0]).as("sequels").isGreaterThan(20);
        assertThat(checked[1]).as("of vehicles that came up").isGreaterThan(20);
        assertThat(stream.suppressed()).containsOnlyKeys(SuppressionReason.SEGMENT_GAP, SuppressionReason.UNCONFUSED);
    }

    @Test
    void shouldPublishNothingOfALoneVehicle() {
        assertThat(stream.run(build(byDensity(), 100, 1), town(1, 36_000, new Random(1))))
                .isEmpty();
        assertThat(stream.run(build(byDensity(), 100, 1), town(4, 36_000, new Random(2))))
                .as("four are at most two bits")
                .isEmpty();
        assertThat(stream.suppressed().get(SuppressionReason.UNCONFUSED)).isPositive();
    }

    @Test
    void shouldPublishTheSameForTheSameKeyAndOtherwiseForAnother() {
        final List<Fix> fixes = town(100, 5_400, new Random(7));
        final List<Left> first = stream.run(build(byDensity(), 1_000, 1), fixes);

        assertThat(stream.run(build(byDensity(), 1_000, 1), fixes))
                .isEqualTo(first)
                .isNotEmpty();
        assertThat(bySegment(stream.run(build(byDensity(), 1_000, 2), fixes)).keySet())
                .doesNotContainAnyElementsOf(bySegment(first).keySet());
    }

    /** Copies of records that come late, again, and in any order, let nothing out and change nothing. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldPublishTheSameWhenRecordsComeAgain(final int seed) {
        final Random random = new Random(seed);
        final List<Fix> fixes = town(80, 5_400, random);
        final SplitAndGap.Parameters parameters = seed % 2 == 0 ? fixed() : byDensity();
        final List<Left> ordered = stream.run(build(parameters, 1_000, seed), fixes);
        final List<Fix> disturbed = new ArrayList<>();
        final List<Fix> late = new ArrayList<>();
        for (final Fix fix : fixes) {
            disturbed.add(fix);
            if (random.nextInt(20) == 0) {
                late.add(fix);
            }
            if (random.nextInt(200) == 0) {
                Collections.shuffle(late, random);
                disturbed.addAll(late);
                late.clear();
            }
        }

        assertThat(stream.run(build(parameters, 1_000, seed), disturbed)).isEqualTo(ordered);
        assertThat(stream.suppressed().get(SuppressionReason.LATE)).isEqualTo(disturbed.size() - fixes.size());
    }

    /** A device that is forgotten for others is a new one, and confuses nobody any more. */
    @Test
    void shouldForgetADeviceWithItsSegment() {
        final List<Fix> fixes = town(100, 5_400, new Random(9));
        assertCut(stream.run(build(byDensity(), 50, 1), fixes), 1_000L * MOST_SEGMENT_S, 0, 0);
        assertThat(stream.run(build(fixed(), 50, 1), fixes).size()).isLessThan(fixes.size() / 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAllocateNothingPerRecord(final boolean byDensity) {
        final TimedMechanism mechanism = build(byDensity ? byDensity() : fixed(), 1_000, 1);
        final List<Fix> fixes = town(300, 16_200, new Random(10));
        final Fix[] inOrder = fixes.toArray(new Fix[0]);
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final long[] passed = new long[1];
        final Mechanism.Outlet counting = new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate one) {
                passed[0]++;
            }

            @Override
            public void suppress(final Candidate one, final SuppressionReason reason) {}
        };
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < inOrder.length; i++) {
            if (i == inOrder.length * 2 / 3) {
                before = threads.getCurrentThreadAllocatedBytes();
                passed[0] = 0;
            }
            final Fix fix = inOrder[i];
            mechanism.advanceTo(fix.timeMs(), counting);
            position.clear();
            position.deviceId(fix.device())
                    .fixTimeMs(fix.timeMs())
                    .latitudeE7(fix.latE7())
                    .longitudeE7(fix.lonE7());
            mechanism.accept(candidate.reset(position), counting);
        }
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(passed[0]).isPositive();
        assertThat(allocated).as("bytes for %d records", inOrder.length / 3).isLessThan(inOrder.length / 30);
    }
}
