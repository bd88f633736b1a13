// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.BudgetLedger;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

class PlanarLaplaceTest {
    private static final long NOON_MS = 1_752_408_000_000L;
    private static final long DAY_MS = 86_400_000;
    private static final long DEVICE = 356307042441013L;
    private static final int LATITUDE = 525_000_000;
    private static final int LONGITUDE = 134_000_000;
    /** 111 m. */
    private static final int STEP = 10_000;

    private static final double EPSILON = 0.01;
    private static final CellSize THEN = new CellSize(CellSystem.EQUAL_AREA, 2_000);

    private final Candidate candidate = new Candidate();
    private final Position position = new Position();
    private final List<Left> left = new ArrayList<>();
    private SuppressionReason suppressed;

    /** What left. */
    private record Left(int latitudeE7, int longitudeE7, long cell, double epsilon) {}

    private final Mechanism.Outlet outlet = new Mechanism.Outlet() {
        @Override
        public void pass(final Candidate passed) {
            final Release release = passed.release();
            left.add(new Left(release.latitudeE7(), release.longitudeE7(), release.cell(), passed.epsilon()));
        }

        @Override
        public void suppress(final Candidate ended, final SuppressionReason reason) {
            suppressed = reason;
        }
    };

    private static PlanarLaplaceParameters parameters(final int reports, final CellSize then, final int cells) {
        return new PlanarLaplaceParameters(
                EPSILON, 100, new PlanarLaplaceParameters.Budget(reports * EPSILON, 200, then, cells));
    }

    private static Mechanism build(
            final String stream, final PlanarLaplaceParameters parameters, final BudgetLedger budgets) {
        return parameters.build(
                new MechanismContext(stream, FixedEpochKeys.ring(7, NOON_MS), 1_000, List.of(), budgets));
    }

    /** What leaves of one fix, or null. */
    private Left offer(final Mechanism mechanism, final long device, final long timeMs, final int lat, final int lon) {
        left.clear();
        suppressed = null;
        position.clear();
        position.deviceId(device).fixTimeMs(timeMs).latitudeE7(lat).longitudeE7(lon);
        mechanism.accept(candidate.reset(position), outlet);
        return left.isEmpty() ? null : left.get(0);
    }

    @Test
    void shouldRepeatTheReportWhileTheVehicleIsNearAndMakeAnotherWhenItIsNot() {
        final BudgetLedger budgets = new BudgetLedger(10);
        final Mechanism mechanism = build("s", parameters(100, null, 0), budgets);
        final Left first = offer(mechanism, DEVICE, NOON_MS, LATITUDE, LONGITUDE);
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 1; i < 2_000; i++) {
            final int latitude = LATITUDE + random.nextInt(-6_000, 6_001);
            final int longitude = LONGITUDE + random.nextInt(-9_000, 9_001);
            final Left again = offer(mechanism, DEVICE, NOON_MS + i, latitude, longitude);
            assertThat(again).isEqualTo(new Left(first.latitudeE7, first.longitudeE7, Release.NO_CELL, 0));
        }
        assertThat(first.epsilon).isEqualTo(EPSILON * 200, within(1e-12));
        assertThat(budgets.spentNanos(NOON_MS, DEVICE)).isEqualTo(10_000_000);

        final Left second = offer(mechanism, DEVICE, NOON_MS + 5_000, LATITUDE + STEP, LONGITUDE);
        assertThat(second.latitudeE7).isNotEqualTo(first.latitudeE7);
        assertThat(budgets.spentNanos(NOON_MS, DEVICE)).isEqualTo(20_000_000);

        final Left back = offer(mechanism, DEVICE, NOON_MS + 6_000, LATITUDE, LONGITUDE);
        assertThat(back.latitudeE7).isNotEqualTo(first.latitudeE7).isNotEqualTo(second.latitudeE7);
    }

    @Test
    void shouldSayTheSameOfAReplay() {
        final List<Left> said = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            final Mechanism mechanism = build("s", parameters(40, THEN, 3), new BudgetLedger(10));
            final List<Left> now = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                now.add(offer(mechanism, DEVICE + i % 3, NOON_MS + i * 1_000L, LATITUDE + i * STEP / 4, LONGITUDE));
            }
            if (run == 0) {
                said.addAll(now);
            }
            assertThat(now).isEqualTo(said).isNotEmpty();
        }
    }

    @Test
    void shouldCoarsenAndThenSuppressWhatIsBeyondTheBudgetAndBeginAnewTheNextDay() {
        final BudgetLedger budgets = new BudgetLedger(10);
        final Mechanism mechanism = build("s", parameters(3, THEN, 2), budgets);
        final CellIndex cells = THEN.index();
        for (int day = 0; day < 2; day++) {
            final long start = NOON_MS + day * DAY_MS - 3_600_000;
            for (int i = 0; i < 3; i++) {
                assertThat(offer(mechanism, DEVICE, start + i, LATITUDE + i * STEP, LONGITUDE).cell)
                        .isEqualTo(Release.NO_CELL);
            }
            final Set<Long> told = new HashSet<>();
            int i = 3;
            for (; i < 200; i++) {
                final int latitude = LATITUDE + i * STEP;
                final Left one = offer(mechanism, DEVICE, start + i, latitude, LONGITUDE);
                if (one == null) {
                    break;
                }
                assertThat(one.cell).isEqualTo(cells.cellOf(latitude, LONGITUDE));
                assertThat(one.latitudeE7).isEqualTo(cells.centreLatitudeE7());
                assertThat(one.epsilon).isZero();
                told.add(one.cell);
            }
            assertThat(told).hasSize(2);
            assertThat(suppressed).isEqualTo(SuppressionReason.BUDGET);
            assertThat(offer(mechanism, DEVICE, start + 300, LATITUDE, LONGITUDE + 100 * STEP))
                    .isNull();
            assertThat(budgets.spentNanos(start, DEVICE)).isEqualTo(30_000_000);
            assertThat(budgets.cellsTold(start, DEVICE)).isEqualTo(2);
        }
    }

    @Test
    void shouldSuppressAtOnceWithoutACoarseCell() {
        final Mechanism mechanism = build("s", parameters(1, null, 0), new BudgetLedger(10));

        assertThat(offer(mechanism, DEVICE, NOON_MS, LATITUDE, LONGITUDE)).isNotNull();
        assertThat(offer(mechanism, DEVICE, NOON_MS + 1, LATITUDE + STEP, LONGITUDE))
                .isNull();
        assertThat(suppressed).isEqualTo(SuppressionReason.BUDGET);
        assertThat(offer(mechanism, DEVICE + 1, NOON_MS + 1, LATITUDE + STEP, LONGITUDE))
                .as("another's budget")
                .isNotNull();
    }

    @Test
    void shouldCountAllStreamsTogether() {
        final BudgetLedger budgets = new BudgetLedger(10);
        final Mechanism one = build("one", parameters(3, null, 0), budgets);
        final Mechanism other = build("other", parameters(3, null, 0), budgets);
        final Left first = offer(one, DEVICE, NOON_MS, LATITUDE, LONGITUDE);

        assertThat(offer(other, DEVICE, NOON_MS, LATITUDE, LONGITUDE)).isNotNull();
        assertThat(first).isNotNull();
        assertThat(offer(one, DEVICE, NOON_MS + 1, LATITUDE + STEP, LONGITUDE)).isNotNull();
        assertThat(offer(other, DEVICE, NOON_MS + 1, LATITUDE + STEP, LONGITUDE))
                .isNull();
    }

    @Test
    void shouldSuppressWhatNoAccountIsKeptOf() {
        final Mechanism mechanism = build("s", parameters(3, THEN, 3), new BudgetLedger(1));

        assertThat(offer(mechanism, DEVICE, NOON_MS, LATITUDE, LONGITUDE)).isNotNull();
        assertThat(offer(mechanism, DEVICE + 1, NOON_MS, LATITUDE, LONGITUDE)).isNull();
        assertThat(suppressed).isEqualTo(SuppressionReason.MEMORY);
        assertThat(offer(mechanism, DEVICE, NOON_MS - 4 * DAY_MS, LATITUDE + STEP, LONGITUDE))
                .isNull();
        assertThat(suppressed).isEqualTo(SuppressionReason.LATE);
    }

    /** Whatever a fleet does: what was let out never adds up to more than the budget, by the sum of what left. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldNeverOverspendWhateverComes(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final int reports = random.nextInt(1, 12);
        final BudgetLedger budgets = new BudgetLedger(40);
        final Mechanism[] streams = {
            build("a", parameters(reports, THEN, 4), budgets), build("b", parameters(reports, null, 0), budgets)
        };
        final Map<String, Double> spent = new HashMap<>();
        final Map<String, Set<Long>> told = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            final long device = DEVICE + random.nextInt(50);
            final long time = NOON_MS + i * 7_000L - random.nextLong(3 * DAY_MS) * (random.nextInt(20) == 0 ? 1 : 0);
            final Left one = offer(
                    streams[random.nextInt(2)],
                    device,
                    time,
                    LATITUDE + random.nextInt(-20 * STEP, 20 * STEP),
                    LONGITUDE + random.nextInt(-20 * STEP, 20 * STEP));
            if (one != null) {
                final String account = device + " on " + Math.floorDiv(time, DAY_MS);
                spent.merge(account, one.epsilon, Double::sum);
                if (one.cell != Release.NO_CELL) {
                    told.computeIfAbsent(account, none -> new HashSet<>()).add(one.cell);
                }
            }
        }
        assertThat(spent.values()).hasSizeGreaterThan(100).allMatch(sum -> sum <= reports * EPSILON * 200 + 1e-9);
        assertThat(spent.values()).anyMatch(sum -> sum > reports * EPSILON * 200 - 1e-9);
        assertThat(told.values()).isNotEmpty();
    }

    @Test
    void shouldMoveAPlaceAsFarAsItsEffectSays() {
        final PlanarLaplaceParameters parameters = parameters(1, null, 0);
        int beyondHalf = 0;
        final Mechanism mechanism = build("s", parameters, new BudgetLedger(2_000));
        for (int i = 0; i < 1_000; i++) {
            final Left one = offer(mechanism, DEVICE + i, NOON_MS, LATITUDE, LONGITUDE);
            beyondHalf += LocalMetres.between(LATITUDE, LONGITUDE, one.latitudeE7, one.longitudeE7) > 168 ? 1 : 0;
        }
        // 500 and five standard deviations of 15.8: rejects right code once in 1.7 million keys.
        assertThat(beyondHalf).isBetween(420, 580);
        assertThat(parameters.effect()).contains("half of them by more than 168 m", "epsilon 0.01/m", "1 such place");
    }
}
