// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

class PrivateCountsTest {
    /** Midnight. */
    private static final long START_MS = 1_752_364_800_000L;

    private static final long WINDOW_MS = 900_000;
    private static final int LATITUDE = 525_010_000;
    private static final int LONGITUDE = 134_010_000;
    /** 1 km of latitude, nearly. */
    private static final int STEP = 89_928;

    private record Left(long timeMs, long cell, long count, long speed, long epsilon, long epsilonOfDay) {}

    private static final class Counter implements Mechanism.Outlet {
        final List<Left> left = new ArrayList<>();
        final Map<SuppressionReason, Integer> suppressed = new EnumMap<>(SuppressionReason.class);
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final PrivateCounts counts;
        boolean records = true;
        double epsilon;
        int letGo;
        int mostLetGo;

        Counter(final PrivateCountsParameters parameters) {
            counts = new PrivateCounts(parameters, MechanismContext.of("s", FixedEpochKeys.ring(7, START_MS)));
        }

        void offer(final long device, final long afterMs, final int stepsNorth, final int speedCmPerSec) {
            position.clear();
            position.deviceId(device)
                    .fixTimeMs(START_MS + afterMs)
                    .latitudeE7(LATITUDE + stepsNorth * STEP)
                    .longitudeE7(LONGITUDE)
                    .speedCmPerSec(speedCmPerSec);
            counts.accept(candidate.reset(position), this);
        }

        void advance(final long afterMs) {
            letGo = 0;
            counts.advanceTo(START_MS + afterMs, this);
            mostLetGo = Math.max(mostLetGo, letGo);
        }

        int suppressed(final SuppressionReason reason) {
            return suppressed.getOrDefault(reason, 0);
        }

        @Override
        public void pass(final Candidate passed) {
            letGo++;
            epsilon += passed.epsilon();
            if (records) {
                assertThat(passed.position().deviceId()).isZero();
                left.add(new Left(
                        passed.release().timeMs(),
                        passed.release().cell(),
                        attribute(passed, Attribute.DEVICE_COUNT),
                        attribute(passed, Attribute.MEAN_SPEED),
                        attribute(passed, Attribute.EPSILON),
                        attribute(passed, Attribute.EPSILON_OF_DAY)));
            }
        }

        private static long attribute(final Candidate passed, final Attribute attribute) {
            for (int i = 0; i < passed.release().attributeCount(); i++) {
                if (passed.release().attributeKey(i) == attribute.key()) {
                    return passed.release().attributeValue(i);
                }
            }
            return -1;
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            if (records) {
                suppressed.merge(reason, 1, Integer::sum);
            }
        }
    }

    private static PrivateCountsParameters parameters(
            final double epsilon, final PrivateCountsParameters.Unit unit, final int cells, final int maxSpeedKmh) {
        return new PrivateCountsParameters(
                1_000,
                Duration.ofMillis(WINDOW_MS),
                Math.round(epsilon * 1e6),
                1e-6,
                unit,
                cells,
                maxSpeedKmh,
                Duration.ofSeconds(60),
                PlaceCell.Publish.CELL);
    }

    private static Counter perWindow(final double epsilon, final int cells) {
        return new Counter(parameters(epsilon, PrivateCountsParameters.Unit.DEVICE_WINDOW, cells, 0));
    }

    /** Windows in which nobody was, or too few to leave, cost as well: that nothing left tells of them. */
    @ParameterizedTest
    @CsvSource({"DEVICE_WINDOW, 3", "DEVICE_DAY, 3", "DEVICE_DAY, 96", "DEVICE_DAY, 100"})
    void shouldTellWhatTheClosedWindowsOfTheDayCost(final PrivateCountsParameters.Unit unit, final int cells) {
        final Counter counter = new Counter(parameters(90, unit, cells, 0));
        for (int window = 0; window < 96; window++) {
            final int devices = window % 5 == 4 ? 2_000 : window % 5 == 3 ? 0 : 1;
            for (int device = 1; device <= devices; device++) {
                counter.offer(device, window * WINDOW_MS, 0, 1_000);
            }
            counter.advance((window + 1) * WINDOW_MS + 60_000);
            if (!counter.left.isEmpty()) {
                final Left last = counter.left.get(counter.left.size() - 1);
                if (last.timeMs() == START_MS + window * WINDOW_MS) {
                    assertThat(counter.epsilon).isCloseTo(last.epsilonOfDay() / 1e6, within(1e-9));
                }
            }
        }
        assertThat(counter.left).isNotEmpty();
        assertThat(counter.left.get(counter.left.size() - 1).timeMs()).isGreaterThan(START_MS + 90 * WINDOW_MS);
    }

    @Test
    void shouldCountDevicesNearlyRightWhenTheyAreMany() {
        final Counter counter = perWindow(1, 3);
        for (int i = 0; i < 3_000; i++) {
            counter.offer(i % 1_000, i, 0, 1_000);
        }
        counter.advance(WINDOW_MS + 59_999);
        assertThat(counter.left).isEmpty();
        counter.advance(WINDOW_MS + 60_000);

        assertThat(counter.left).singleElement().satisfies(one -> {
            assertThat(one.timeMs).isEqualTo(START_MS);
            assertThat(one.cell).isEqualTo(LadderGrid.cellOf(LATITUDE, LONGITUDE, 3));
            // Noise of scale 3 is beyond 60 once in 10^8 keys.
            assertThat(one.count).isBetween(940L, 1_060L);
            assertThat(one.epsilon).isEqualTo(1_000_000);
            assertThat(one.epsilonOfDay).isEqualTo(1_000_000);
            assertThat(one.speed).isEqualTo(-1);
        });
        assertThat(counter.suppressed(SuppressionReason.AGGREGATED)).isEqualTo(3_000);
    }

    /** Counts that nothing blurs: with epsilon of 100 and one cell, noise is not zero once in e^100 keys. */
    @Test
    void shouldBoundWhatADeviceContributesWhateverTheOrder() {
        for (int seed = 0; seed < 20; seed++) {
            final Random random = new Random(seed);
            final int most = 1 + random.nextInt(4);
            final Counter counter = perWindow(100, most);
            final Counter reversed = perWindow(100, most);
            final List<int[]> visits = new ArrayList<>();
            for (int device = 0; device < 400; device++) {
                for (int visit = 0; visit < 12; visit++) {
                    visits.add(new int[] {device, random.nextInt(8)});
                }
            }
            for (int i = 0; i < visits.size(); i++) {
                counter.offer(visits.get(i)[0], i, visits.get(i)[1], 0);
                final int[] last = visits.get(visits.size() - 1 - i);
                reversed.offer(last[0], i, last[1], 0);
            }
            counter.advance(2 * WINDOW_MS);
            reversed.advance(2 * WINDOW_MS);

            long sum = 0;
            for (final Left one : counter.left) {
                sum += one.count;
            }
            // 8 cells, each with noise of scale most / 100, which is beyond 2 once in e^50 keys.
            assertThat(sum).as("seed " + seed).isLessThanOrEqualTo(400L * most + 16);
            assertThat(sum).as("seed " + seed).isGreaterThan(400L * most * 9 / 10);
            assertThat(reversed.left).as("seed " + seed).isEqualTo(counter.left);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "7", "96", "100", "200"})
    void shouldBoundWhatADeviceContributesInADay(final int cells) {
        final int devices = 500;
        final Counter counter = new Counter(parameters(100, PrivateCountsParameters.Unit.DEVICE_DAY, cells, 0));
        for (int window = 0; window < 96; window++) {
            counter.advance(window * WINDOW_MS);
            for (int i = 0; i < 6 * devices; i++) {
                counter.offer(i % devices, window * WINDOW_MS + i, i / devices, 0);
            }
        }
        counter.advance(97 * WINDOW_MS);
        long sum = 0;
        for (final Left one : counter.left) {
            sum += one.count;
        }
        // Six standard deviations of 576 noises of scale cells / 100 are less than 205 * cells / 100.
        assertThat(sum).isLessThanOrEqualTo((long) devices * cells + 3L * cells);
        if (cells >= 96) {
            assertThat(sum).as("as many as may be").isGreaterThan((long) devices * cells * 9 / 10);
        }

        final PrivacyCost cost = new PrivacyCost(parameters(1, PrivateCountsParameters.Unit.DEVICE_DAY, cells, 0));
        int contributions = 0;
        for (int window = 0; window < 96; window++) {
            contributions += cost.leastInWindow();
            final int stretch = cost.stretchOf(window);
            if (stretch != PrivacyCost.NONE) {
                assertThat(window).isBetween(cost.firstOf(stretch), cost.firstOf(stretch + 1) - 1);
                contributions += window == cost.firstOf(stretch) ? 1 : 0;
            }
            assertThat(cost.ofDayUpTo(window)).isGreaterThanOrEqualTo((1_000_000L * contributions) / cells);
        }
        assertThat(contributions).isEqualTo(cells);
        assertThat(cost.ofDayUpTo(95)).as("the whole day costs epsilon").isEqualTo(1_000_000);
    }

    @Test
    void shouldAddUpWhatTheWindowsOfADayCost() {
        final PrivacyCost cost = new PrivacyCost(parameters(0.5, PrivateCountsParameters.Unit.DEVICE_WINDOW, 3, 0));
        final long firstOfDay = START_MS / WINDOW_MS;
        assertThat(cost.ofWindow()).isEqualTo(500_000);
        for (int window = 0; window < 96; window++) {
            assertThat(cost.ofDayUpTo(firstOfDay + window)).isEqualTo((window + 1) * 500_000L);
        }
        assertThat(cost.ofDayUpTo(firstOfDay + 96)).as("the next day").isEqualTo(500_000);
    }

    /** That of continuous noise is 1 - (L0 / epsilon) ln(2 delta / L0): 43.7 and 132.2. */
    @Test
    void shouldHaveAThresholdNearThatOfContinuousNoise() {
        assertThat(perWindow(1, 3).counts.threshold()).isBetween(43L, 46L);
        assertThat(perWindow(0.1, 1).counts.threshold()).isBetween(131L, 134L);
    }

    /** One device alone: at delta 1e-3 it may show in one of a thousand cells. */
    @Test
    void shouldShowACellOfOneDeviceAsRarelyAsDeltaSays() {
        final Counter counter = new Counter(new PrivateCountsParameters(
                125,
                Duration.ofMillis(WINDOW_MS),
                1_000_000,
                1e-3,
                PrivateCountsParameters.Unit.DEVICE_WINDOW,
                1,
                0,
                Duration.ZERO,
                PlaceCell.Publish.CELL));
        for (int device = 0; device < 50_000; device++) {
            counter.offer(device, 0, device % 400, 0);
            counter.position.longitudeE7(LONGITUDE + device / 400 * 20_000);
            counter.counts.accept(counter.candidate.reset(counter.position.deviceId(100_000 + device)), counter);
        }
        for (int i = 0; i < 1_000; i++) {
            counter.advance(2 * WINDOW_MS);
        }

        // At most 50 of 50,000 expected beside the 400 crowded cells; above 100 once in 10^9 keys (Poisson).
        assertThat(counter.left.stream().filter(one -> one.count < 40).count()).isBetween(1L, 100L);
        assertThat(counter.mostLetGo).isLessThanOrEqualTo(Mechanism.MOST_LET_GO_AT_ONCE);
    }

    @Test
    void shouldPublishNothingOfEmptyWindowsAndFewDevices() {
        final Counter counter = perWindow(1, 3);
        counter.offer(1, 0, 0, 0);
        counter.advance(50 * WINDOW_MS);

        assertThat(counter.left).isEmpty();
    }

    @Test
    void shouldPublishAMeanSpeedOfDevicesAndNotOfRecords() {
        final Counter counter = new Counter(parameters(100, PrivateCountsParameters.Unit.DEVICE_WINDOW, 1, 130));
        for (int device = 0; device < 1_000; device++) {
            counter.offer(device, 1, 0, 1_000); // 36 km/h
            counter.offer(device, 2, 0, device % 2 == 0 ? 1_000 : 3_000); // of every second, 72 km/h on average
            counter.offer(device, 3, 0, Position.UNKNOWN);
        }
        for (int i = 0; i < 100; i++) {
            counter.offer(7, 4, 0, 99_999); // One device cannot move it, and is as fast as the fastest.
        }
        counter.advance(2 * WINDOW_MS);

        assertThat(counter.left).singleElement().satisfies(one -> assertThat(one.speed)
                .isBetween(5_350L, 5_450L));
        assertThat(counter.suppressed(SuppressionReason.NO_KEPT_ATTRIBUTE)).isEqualTo(1_000);
    }

    @Test
    void shouldNeverOpenAWindowAgainAndCountNoneThatHadBegun() {
        final Counter counter = perWindow(1, 3);
        counter.offer(1, -1, 0, 0);
        counter.advance(WINDOW_MS + 60_000);
        counter.offer(1, WINDOW_MS - 1, 0, 0);

        assertThat(counter.suppressed(SuppressionReason.LATE)).isEqualTo(2);
    }

    @Test
    void shouldAllocateNothing() {
        final Counter counter = new Counter(parameters(1, PrivateCountsParameters.Unit.DEVICE_WINDOW, 3, 130));
        counter.records = false;
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        int step = 0;
        for (int round = 0; round < 4; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++, step++) {
                counter.advance(step * 50L);
                counter.offer(step % 997, step * 50L, step % 11, 1_500);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        // The bean itself allocates a little; one byte a record would be 100,000.
        assertThat(allocated).isLessThan(5_000);
        assertThat(counter.mostLetGo).isPositive();
    }

    /** Measured before with continuous noise: 1.9 % of the partitions, which have 19.2 % of the records (503 taxis, weekday). */
    @Test
    @EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
    void shouldPublishLittleOfASmallFleet() throws IOException {
        final List<CabTraces.Fix> fixes = CabTraces.oneDay(Path.of(System.getProperty("roadhaze.shared")));
        final long startMs = fixes.get(0).timeMs() / WINDOW_MS * WINDOW_MS;
        for (final PrivateCountsParameters.Unit unit : PrivateCountsParameters.Unit.values()) {
            final Counter counter = new Counter(parameters(1, unit, 3, 0));
            final PrivateCounts counts = new PrivateCounts(
                    parameters(1, unit, 3, 0), MechanismContext.of("s", FixedEpochKeys.ring(7, startMs)));
            for (final CabTraces.Fix fix : fixes) {
                counts.advanceTo(fix.timeMs(), counter);
                counter.position.clear();
                counter.position
                        .deviceId(fix.device())
                        .fixTimeMs(fix.timeMs())
                        .latitudeE7(fix.latitudeE7())
                        .longitudeE7(fix.longitudeE7());
                counts.accept(counter.candidate.reset(counter.position), counter);
            }
            for (int i = 0; i < 1_000; i++) {
                counts.advanceTo(fixes.get(fixes.size() - 1).timeMs() + 2 * WINDOW_MS, counter);
            }
            System.out.printf("MEASURE %s: %d aggregates, %s%n", unit, counter.left.size(), counter.suppressed);
            assertThat(counter.left.isEmpty()).isEqualTo(unit == PrivateCountsParameters.Unit.DEVICE_DAY);
        }
    }
}
