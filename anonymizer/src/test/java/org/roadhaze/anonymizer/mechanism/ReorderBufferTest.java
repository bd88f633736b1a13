// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

class ReorderBufferTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final long LATE_MS = 30_000;
    private static final List<Integer> KEPT = List.of(Attribute.IGNITION.key());

    private record Fix(long device, long timeMs, int latitudeE7, int ignition) {}

    /** A buffer with what came out of it, and the time that it told then. */
    private static final class Gate implements Mechanism.Outlet {
        final List<Fix> left = new ArrayList<>();
        final List<Long> timesTold = new ArrayList<>();
        final Map<SuppressionReason, Integer> suppressed = new EnumMap<>(SuppressionReason.class);
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final ReorderBuffer buffer;
        long eventTimeMs = START_MS;
        long toldMs = Long.MIN_VALUE;
        int letGo;
        int mostLetGo;

        Gate(final int key, final int mostHeld, final long startMs) {
            buffer = new ReorderBuffer(
                    new ReorderBuffer.Parameters(Duration.ofMillis(LATE_MS), mostHeld),
                    new MechanismContext("s", FixedEpochKeys.ring(key, startMs), 1_000, KEPT));
        }

        Gate() {
            this(7, 200_000, START_MS);
        }

        void offer(final Fix fix) {
            eventTimeMs = Math.max(eventTimeMs, fix.timeMs);
            advance(eventTimeMs);
            accept(fix);
        }

        void accept(final Fix fix) {
            position.clear();
            position.deviceId(fix.device)
                    .fixTimeMs(fix.timeMs)
                    .latitudeE7(fix.latitudeE7)
                    .longitudeE7(-7)
                    .attribute(Attribute.IGNITION.key(), fix.ignition);
            buffer.accept(candidate.reset(position), this);
        }

        void advance(final long timeMs) {
            letGo = 0;
            buffer.advanceTo(timeMs, this);
            mostLetGo = Math.max(mostLetGo, letGo);
        }

        Gate offerAll(final List<Fix> fixes) {
            fixes.forEach(this::offer);
            for (int i = 0; i < 2_000; i++) {
                advance(eventTimeMs + LATE_MS + 1_000);
            }
            return this;
        }

        @Override
        public void advanceTo(final long timeMs) {
            assertThat(timeMs).isGreaterThanOrEqualTo(toldMs);
            toldMs = timeMs;
        }

        @Override
        public void pass(final Candidate passed) {
            letGo++;
            final Position from = passed.position();
            left.add(new Fix(from.deviceId(), from.fixTimeMs(), from.latitudeE7(), (int)
                    from.attributeValue(from.indexOfAttribute(Attribute.IGNITION.key()))));
            timesTold.add(toldMs);
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            suppressed.merge(reason, 1, Integer::sum);
        }
    }

    private static Fix fix(final long device, final long afterMs) {
        return new Fix(device, START_MS + afterMs, 5, 1);
    }

    /** A fleet's records in the order of their times, many of one time, some of one device and time, some of one place too. */
    private static List<Fix> drive(final Random random, final int devices, final int seconds) {
        final List<Fix> fixes = new ArrayList<>();
        for (int s = 0; s < seconds; s++) {
            for (int i = 0; i < 6; i++) {
                fixes.add(new Fix(
                        1 + random.nextInt(devices), START_MS + 1_000L * s, random.nextInt(2), random.nextInt(2)));
            }
        }
        return fixes;
    }

    @Test
    void shouldLetARecordGoWhenALaterOneCanHaveComeThatBelongsBeforeIt() {
        final Gate gate = new Gate();
        gate.offer(fix(1, 0));
        gate.offer(fix(2, 2_000));
        gate.offer(fix(3, 1_999));
        gate.advance(START_MS + 1_000 + LATE_MS - 1);
        assertThat(gate.left).isEmpty();
        gate.advance(START_MS + 1_000 + LATE_MS);
        assertThat(gate.left).containsExactly(fix(1, 0));
        gate.offer(fix(4, 1_000));
        gate.advance(START_MS + 3_000 + LATE_MS);
        assertThat(gate.left).containsExactly(fix(1, 0), fix(4, 1_000), fix(3, 1_999), fix(2, 2_000));
    }

    /** A time that lies before it has been told to none, and after it to all: as if records came when they are let go. */
    @Test
    void shouldTellTheStepsAfterItTheTimeOfWhatItLetsGo() {
        final Gate gate = new Gate();
        gate.offerAll(List.of(fix(1, 0), fix(2, 5_500), fix(3, 5_200)));
        assertThat(gate.timesTold).containsExactly(START_MS, START_MS + 5_200, START_MS + 5_500);
        assertThat(gate.toldMs).as("while none comes").isEqualTo(START_MS + 6_000);
        gate.advance(START_MS + 60_400);
        assertThat(gate.toldMs).isEqualTo(START_MS + 30_000);
    }

    /** Whatever the order in which they came, those of one device, time and place too. */
    @Test
    void shouldLetThemGoInAnOrderThatDoesNotDependOnHowTheyCame() {
        for (int seed = 0; seed < 50; seed++) {
            final Random random = new Random(seed);
            final List<Fix> fixes = drive(random, 1 + random.nextInt(20), 200);
            final Gate first = new Gate().offerAll(fixes);
            final Random jitter = new Random(seed + 1_000);
            final List<Fix> otherwise = late(fixes, jitter);

            assertThat(otherwise).isNotEqualTo(fixes);
            assertThat(new Gate().offerAll(otherwise).left)
                    .as("seed %d", seed)
                    .isEqualTo(first.left)
                    .containsExactlyInAnyOrderElementsOf(fixes);
            assertThat(first.left).extracting(Fix::timeMs).isSorted();
            assertThat(first.suppressed).isEmpty();
        }
    }

    /** Each comes at its time or up to half a minute later. */
    private static List<Fix> late(final List<Fix> fixes, final Random jitter) {
        record Arrival(Fix fix, long ms) {}
        final List<Arrival> arrivals = new ArrayList<>();
        for (final Fix fix : fixes) {
            arrivals.add(new Arrival(fix, fix.timeMs + jitter.nextInt((int) LATE_MS + 1)));
        }
        Collections.shuffle(arrivals, jitter);
        arrivals.sort(Comparator.comparingLong(Arrival::ms));
        return arrivals.stream().map(Arrival::fix).toList();
    }

    @Test
    void shouldOrderThoseOfOneTimeOtherwiseWithAnotherKeyAndAtAnotherTime() {
        final Set<List<Long>> orders = new HashSet<>();
        for (int key = 0; key < 10; key++) {
            final List<Fix> fixes = new ArrayList<>();
            for (int second = 0; second < 10; second++) {
                for (int device = 1; device <= 8; device++) {
                    fixes.add(fix(device, 1_000L * second));
                }
            }
            final List<Fix> left = new Gate(key, 100_000, START_MS).offerAll(fixes).left;
            for (int second = 0; second < 10; second++) {
                orders.add(left.subList(8 * second, 8 * second + 8).stream()
                        .map(Fix::device)
                        .toList());
            }
        }
        // Of 8! orders: two of a hundred are alike with probability 0.12, five with less than 1e-9.
        assertThat(orders).hasSizeGreaterThan(95);
    }

    @Test
    void shouldPassOnAtOnceWhatComesTooLateToBePutInOrder() {
        final Gate gate = new Gate();
        gate.offer(fix(1, 0));
        gate.offer(fix(1, 100_000));
        gate.advance(START_MS + 100_000);
        gate.offer(fix(2, 50_000));
        gate.offer(fix(2, 60_000));
        assertThat(gate.left).containsExactly(fix(1, 0), fix(2, 50_000), fix(2, 60_000));
        assertThat(gate.toldMs).as("they move no time").isEqualTo(START_MS + 70_000);
    }

    /** A device's own records stay in their order: the one too late does not go before those that are about to. */
    @Test
    void shouldNotPassOnWhatComesTooLateBeforeWhatIsAboutToGo() {
        final Gate gate = new Gate();
        for (int i = 0; i < 100; i++) {
            gate.offer(fix(1, i));
        }
        gate.offer(fix(2, 2_000 + LATE_MS));
        assertThat(gate.left).hasSize(Mechanism.MOST_LET_GO_AT_ONCE);
        gate.accept(fix(1, 500));
        assertThat(gate.left).hasSize(Mechanism.MOST_LET_GO_AT_ONCE);
        gate.advance(gate.eventTimeMs);
        assertThat(gate.left).hasSize(101).endsWith(fix(1, 99), fix(1, 500));
        assertThat(gate.timesTold).as("as had it gone at once").endsWith(START_MS + 99, START_MS + 2_000);
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
        gate.offer(fix(1, 200_000));
        assertThat(gate.suppressed).containsExactly(Map.entry(SuppressionReason.MEMORY, 3));
    }

    /** A device that says the same time and place for ever: sorting those by all that they say would take minutes. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void shouldNotBeHeldUpByRecordsThatAreAlmostAlike() {
        final Gate gate = new Gate();
        final int flood = 190_000;
        for (int i = flood; i > 0; i--) {
            gate.accept(new Fix(1, START_MS, 5, i));
        }
        for (int i = 0; i < flood; i++) {
            gate.advance(START_MS + 60_000);
            if (gate.left.size() == flood) {
                break;
            }
        }
        assertThat(gate.left).hasSize(flood);
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
        final ReorderBuffer buffer = new Gate().buffer;
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        int step = 0;
        for (int round = 0; round < 4; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++, step++) {
                final long timeMs = START_MS + step * 10L;
                buffer.advanceTo(timeMs, outlet);
                position.clear();
                position.deviceId(step % 997)
                        .fixTimeMs(timeMs - (step % 7) * 1_000L)
                        .latitudeE7(step)
                        .longitudeE7(step);
                buffer.accept(candidate.reset(position), outlet);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        // The bean itself allocates a little, and the day may change; one byte a record would be 100,000.
        assertThat(allocated).isLessThan(5_000);
        assertThat(sum[0]).isPositive();
        assertThat(sum[1]).isZero();
    }
}
