// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Position;

class TimeShuffleTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final long STEP_MS = 60_000;
    private static final long LATE_MS = 30_000;

    private record Fix(long device, long timeMs, int latitudeE7) {
        long step() {
            return Math.floorDiv(timeMs, STEP_MS);
        }
    }

    /** A shuffle with what came out of it. */
    private static final class Gate implements Mechanism.Outlet {
        final List<Fix> left = new ArrayList<>();
        final Map<SuppressionReason, Integer> suppressed = new EnumMap<>(SuppressionReason.class);
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final TimeShuffle shuffle;
        long eventTimeMs = Long.MIN_VALUE;
        int letGo;
        int mostLetGo;

        Gate(final int key, final int mostHeld, final long startMs) {
            shuffle = new TimeShuffle(
                    new TimeShuffle.Parameters(Duration.ofMillis(STEP_MS), Duration.ofMillis(LATE_MS), mostHeld),
                    MechanismContext.of("s", FixedEpochKeys.ring(key, startMs)));
        }

        Gate() {
            this(7, 100_000, START_MS);
        }

        void offer(final Fix fix) {
            eventTimeMs = Math.max(eventTimeMs, fix.timeMs);
            advance(eventTimeMs);
            position.clear();
            position.deviceId(fix.device)
                    .fixTimeMs(fix.timeMs)
                    .latitudeE7(fix.latitudeE7)
                    .longitudeE7(-7);
            candidate.reset(position).stopDistanceCm(fix.latitudeE7 + 1);
            shuffle.accept(candidate, this);
        }

        void advance(final long timeMs) {
            letGo = 0;
            shuffle.advanceTo(timeMs, this);
            mostLetGo = Math.max(mostLetGo, letGo);
        }

        Gate offerAll(final List<Fix> fixes) {
            fixes.forEach(this::offer);
            for (int i = 0; i < 2_000; i++) {
                advance(eventTimeMs + 2 * STEP_MS + LATE_MS);
            }
            return this;
        }

        @Override
        public void pass(final Candidate passed) {
            letGo++;
            final Position from = passed.position();
            assertThat(from.longitudeE7()).isEqualTo(-7);
            assertThat(passed.stopDistanceCm()).isEqualTo(from.latitudeE7() + 1);
            left.add(new Fix(from.deviceId(), from.fixTimeMs(), from.latitudeE7()));
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            suppressed.merge(reason, 1, Integer::sum);
        }
    }

    private static Fix fix(final long device, final long afterMs) {
        return new Fix(device, START_MS + afterMs, 5);
    }

    /** A fleet's records in the order of their times. */
    private static List<Fix> drive(final Random random, final int devices, final int steps) {
        final List<Fix> fixes = new ArrayList<>();
        for (long at = 0; at < steps * STEP_MS; at += 500) {
            fixes.add(new Fix(1 + random.nextInt(devices), START_MS + at, random.nextInt(900_000_000)));
        }
        return fixes;
    }

    @Test
    void shouldWaitUntilTheStepIsOverAndLateOnesHaveHadTheirTime() {
        final Gate gate = new Gate();
        gate.offer(fix(1, 0));
        gate.offer(fix(2, STEP_MS));
        gate.advance(START_MS + STEP_MS + LATE_MS - 1);
        assertThat(gate.left).isEmpty();
        gate.offer(fix(3, 1));
        gate.advance(START_MS + STEP_MS + LATE_MS);
        assertThat(gate.left).containsExactlyInAnyOrder(fix(1, 0), fix(3, 1));

        gate.offer(fix(4, STEP_MS - 1));
        assertThat(gate.suppressed).containsExactly(Map.entry(SuppressionReason.LATE, 1));
        gate.advance(START_MS + 2 * STEP_MS + LATE_MS);
        assertThat(gate.left).hasSize(3).endsWith(fix(2, STEP_MS));
    }

    /** Whatever the order in which the records of a step came, also among those of its neighbours. */
    @Test
    void shouldLetThemGoInAnOrderThatDoesNotDependOnHowTheyCame() {
        for (int seed = 0; seed < 100; seed++) {
            final Random random = new Random(seed);
            final List<Fix> fixes = drive(random, 1 + random.nextInt(50), 5);
            final Gate first = new Gate().offerAll(fixes);
            final List<Fix> otherwise = new ArrayList<>(fixes);
            // Pieces of 30 s: no record is later than that.
            final int piece = (int) (LATE_MS / 500);
            for (int from = 0; from < fixes.size(); from += piece) {
                Collections.shuffle(otherwise.subList(from, Math.min(fixes.size(), from + piece)), random);
            }

            assertThat(new Gate().offerAll(otherwise).left)
                    .as("seed %d", seed)
                    .isEqualTo(first.left)
                    .containsExactlyInAnyOrderElementsOf(fixes);
            assertThat(first.left).extracting(Fix::step).isSorted();
            assertThat(first.suppressed).isEmpty();
        }
    }

    /**
     * All 120 orders of five records are as likely: chi-square with 119 degrees of freedom is above this once in a million
     * (scipy.stats.chi2.isf). Right code is rejected with that probability, were the key another each time.
     */
    @Test
    void shouldBeUniformOverAllOrders() {
        final double critical = 207.2;
        final int steps = 24_000;
        final List<Fix> fixes = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < 5; i++) {
                fixes.add(fix(11, step * STEP_MS + i * 1_000L)); // One device's frame, in order.
            }
        }
        final Gate gate = new Gate().offerAll(fixes);

        assertThat(chiSquare(gate.left, steps)).isLessThan(critical);
        assertThat(chiSquare(fixes, steps)).as("as they came").isGreaterThan(critical);
        final List<Fix> turned = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            final List<Fix> one = new ArrayList<>(fixes.subList(5 * step, 5 * step + 5));
            Collections.rotate(one, step);
            turned.addAll(one);
        }
        assertThat(chiSquare(turned, steps))
                .as("each first as often, and yet in order")
                .isGreaterThan(critical);
    }

    private static double chiSquare(final List<Fix> left, final int steps) {
        final long[] counts = new long[120];
        for (int step = 0; step < steps; step++) {
            int order = 0;
            for (int i = 0; i < 5; i++) {
                int smaller = 0;
                for (int j = i + 1; j < 5; j++) {
                    smaller += left.get(5 * step + j).timeMs < left.get(5 * step + i).timeMs ? 1 : 0;
                }
                order = order * (5 - i) + smaller;
            }
            counts[order]++;
        }
        double sum = 0;
        final double expected = steps / 120.0;
        for (final long count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    @Test
    void shouldDrawAnotherOrderWithAnotherKey() {
        final List<Fix> fixes = drive(new Random(1), 20, 2);
        final Set<List<Fix>> orders = new HashSet<>();
        for (int key = 0; key < 10; key++) {
            orders.add(new Gate(key, 100_000, START_MS).offerAll(fixes).left);
        }
        assertThat(orders).hasSize(10);
    }

    @Test
    void shouldLetABoundedNumberGoAtOnce() {
        final List<Fix> fixes = drive(new Random(2), 20, 10);
        final Gate gate = new Gate().offerAll(fixes);

        assertThat(gate.left).hasSize(fixes.size());
        assertThat(gate.mostLetGo).isEqualTo(Mechanism.MOST_LET_GO_AT_ONCE);
    }

    @Test
    void shouldGiveUpWhatItCannotHoldAndHoldAgainWhenThereIsRoom() {
        final Gate gate = new Gate(7, 1_000, START_MS);
        for (int i = 0; i < 1_003; i++) {
            gate.offer(fix(i, i));
        }
        assertThat(gate.suppressed).containsExactly(Map.entry(SuppressionReason.MEMORY, 3));
        gate.offerAll(List.of());
        assertThat(gate.left).hasSize(1_000);
        gate.offer(fix(1, 4 * STEP_MS));
        assertThat(gate.suppressed).containsExactly(Map.entry(SuppressionReason.MEMORY, 3));
    }

    @Test
    void shouldOpenNoStepAgainAfterARestart() {
        final List<Fix> fixes = drive(new Random(3), 20, 6);
        final Fix crash = fixes.get(430);
        final Gate after = new Gate(7, 100_000, crash.timeMs).offerAll(fixes);

        assertThat(after.left).isNotEmpty().allMatch(one -> one.step() * STEP_MS >= crash.timeMs);
    }

    @Test
    void shouldAllocateNothing() {
        final long[] sum = new long[2];
        final Mechanism.Outlet outlet = new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate passed) {
                sum[0]++;
            }

            @Override
            public void suppress(final Candidate kept, final SuppressionReason reason) {
                sum[1]++;
            }
        };
        final TimeShuffle shuffle = new Gate().shuffle;
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        int step = 0;
        for (int round = 0; round < 4; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++, step++) {
                final long timeMs = START_MS + step * 10L;
                shuffle.advanceTo(timeMs, outlet);
                position.clear();
                position.deviceId(step % 997).fixTimeMs(timeMs).latitudeE7(step).longitudeE7(step);
                shuffle.accept(candidate.reset(position), outlet);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        // The bean itself allocates a little, and the day may change; one byte a record would be 100,000.
        assertThat(allocated).isLessThan(5_000);
        assertThat(sum[0]).isPositive();
        assertThat(sum[1]).isZero();
    }
}
