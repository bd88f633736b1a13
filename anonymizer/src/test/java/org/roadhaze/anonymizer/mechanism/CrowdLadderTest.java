// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Position;

class CrowdLadderTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final long WINDOW_MS = 300_000;
    private static final long LATE_MS = 60_000;
    private static final List<Integer> LADDER = List.of(125, 250, 500, 1_000, 2_000, 4_000, 8_000);
    private static final int LATITUDE = 525_010_000;
    private static final int LONGITUDE = 134_010_000;
    /** 125 m of latitude. */
    private static final int STEP = 11_241;

    private record Fix(long device, long timeMs, int latitudeE7, int longitudeE7) {}

    private record Left(Fix fix, long cell, int crowd) {
        long window() {
            return Math.floorDiv(fix.timeMs, WINDOW_MS);
        }
    }

    /** A crowd gate with what came out of it. */
    private static final class Gate implements Mechanism.Outlet {
        final List<Left> left = new ArrayList<>();
        final Map<Fix, SuppressionReason> suppressed = new HashMap<>();
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final CrowdLadder crowd;
        long eventTimeMs = Long.MIN_VALUE;
        int letGo;
        int mostLetGo;

        Gate(final int k, final long startMs) {
            this(
                    new CrowdLadder.Parameters(
                            k,
                            Duration.ofMillis(WINDOW_MS),
                            LADDER,
                            Duration.ofMillis(LATE_MS),
                            PlaceCell.Publish.BOTH,
                            CrowdLadder.Count.DEVICE,
                            100_000),
                    startMs);
        }

        Gate(final CrowdLadder.Parameters parameters, final long startMs) {
            crowd = new CrowdLadder(parameters, MechanismContext.of("s", FixedEpochKeys.ring(7, startMs)));
        }

        void offer(final Fix fix) {
            eventTimeMs = Math.max(eventTimeMs, fix.timeMs);
            advance(eventTimeMs);
            position.clear();
            position.deviceId(fix.device)
                    .fixTimeMs(fix.timeMs)
                    .latitudeE7(fix.latitudeE7)
                    .longitudeE7(fix.longitudeE7);
            candidate.reset(position).stopDistanceCm((int) fix.device + 1);
            crowd.accept(candidate, this);
        }

        void advance(final long timeMs) {
            letGo = 0;
            crowd.advanceTo(timeMs, this);
            mostLetGo = Math.max(mostLetGo, letGo);
        }

        Gate finish() {
            for (int i = 0; i < 100_000; i++) {
                advance(eventTimeMs + 2 * WINDOW_MS + LATE_MS);
            }
            return this;
        }

        Gate offerAll(final List<Fix> fixes) {
            fixes.forEach(this::offer);
            return finish();
        }

        private static Fix fix(final Candidate candidate) {
            final Position from = candidate.position();
            return new Fix(from.deviceId(), from.fixTimeMs(), from.latitudeE7(), from.longitudeE7());
        }

        @Override
        public void pass(final Candidate passed) {
            letGo++;
            assertThat(passed.stopDistanceCm())
                    .isEqualTo((int) passed.position().deviceId() + 1);
            final Release release = passed.release();
            assertThat(release.latitudeE7()).isEqualTo(LadderGrid.centreLatitudeE7(release.cell()));
            assertThat(release.longitudeE7()).isEqualTo(LadderGrid.centreLongitudeE7(release.cell()));
            left.add(new Left(fix(passed), release.cell(), passed.crowd()));
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            letGo++;
            suppressed.put(fix(kept), reason);
        }

        Set<Fix> published() {
            final Set<Fix> fixes = new HashSet<>();
            left.forEach(one -> fixes.add(one.fix));
            return fixes;
        }
    }

    private static Fix fix(final long device, final long afterMs, final int stepsNorth) {
        return new Fix(device, START_MS + afterMs, LATITUDE + stepsNorth * STEP, LONGITUDE);
    }

    /** A city: most are near its middle, some far out, each drives about. */
    private static List<Fix> drive(final Random random, final int devices, final int windows) {
        final List<Fix> fixes = new ArrayList<>();
        final int spread = 1 + random.nextInt(2_000_000);
        final int[] latitude = new int[devices];
        final int[] longitude = new int[devices];
        for (int i = 0; i < devices; i++) {
            latitude[i] = LATITUDE + (int) (random.nextGaussian() * spread);
            longitude[i] = LONGITUDE + (int) (random.nextGaussian() * spread);
        }
        for (long at = 0; at < windows * WINDOW_MS; at += 20_000) {
            for (int i = 0; i < devices; i++) {
                latitude[i] += random.nextInt(20_001) - 10_000;
                longitude[i] += random.nextInt(20_001) - 10_000;
                if (random.nextInt(3) == 0) {
                    fixes.add(new Fix(i + 1, START_MS + at + i, latitude[i], longitude[i]));
                }
            }
        }
        return fixes;
    }

    @Test
    void shouldWaitForTheWindowAndPublishTheFinestCellWithACrowd() {
        final Gate gate = new Gate(3, START_MS);
        gate.offer(fix(1, 0, 0));
        gate.offer(fix(2, 1_000, 0));
        gate.offer(fix(3, 2_000, 0));
        gate.advance(START_MS + WINDOW_MS + LATE_MS - 1);
        assertThat(gate.left).isEmpty();
        gate.advance(START_MS + WINDOW_MS + LATE_MS);

        assertThat(gate.left)
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.crowd).isEqualTo(3))
                .allSatisfy(one -> assertThat(one.cell).isEqualTo(LadderGrid.cellOf(LATITUDE, LONGITUDE, 0)));
    }

    @Test
    void shouldCountDevicesAndNotRecords() {
        final Gate gate = new Gate(3, START_MS);
        for (int i = 0; i < 50; i++) {
            gate.offer(fix(1 + i % 2, i, 0));
        }
        gate.finish();

        assertThat(gate.left).isEmpty();
        assertThat(gate.suppressed).hasSize(50).containsValue(SuppressionReason.CROWD);
    }

    @Test
    void shouldCountEachWindowAlone() {
        final Gate gate = new Gate(2, START_MS);
        gate.offer(fix(1, WINDOW_MS - 1, 0));
        gate.offer(fix(2, WINDOW_MS, 0));
        gate.finish();

        assertThat(gate.left).isEmpty();
    }

    @Test
    void shouldKeepACellBackSoThatOneAloneIsNotWhatRemainsOfTheCoarserCell() {
        final Gate gate = new Gate(2, START_MS);
        final long finest = LadderGrid.cellOf(LATITUDE, LONGITUDE, 0);
        final int south = LadderGrid.southE7(LadderGrid.parent(finest, 1));
        for (int device = 1; device <= 5; device++) {
            // One and two and two in the three cells of one that is 250 m wide.
            final int north = device <= 2 ? 0 : STEP;
            final int east = device == 5 ? 4 * STEP / 2 : 0;
            gate.offer(new Fix(device, START_MS + device, south + north + 10, LONGITUDE + east));
        }
        gate.finish();

        for (final Left one : gate.left) {
            assertThat(remaining(gate.left, one)).hasSizeGreaterThanOrEqualTo(2);
        }
        assertThat(gate.left).hasSize(5);
    }

    private static Set<Long> remaining(final List<Left> left, final Left one) {
        final Set<Long> devices = new HashSet<>();
        for (final Left other : left) {
            if (other.cell == one.cell && other.window() == one.window()) {
                devices.add(other.fix.device);
            }
        }
        return devices;
    }

    @Test
    void shouldNeverOpenAWindowAgain() {
        final Gate gate = new Gate(2, START_MS);
        gate.offer(fix(1, 0, 0));
        gate.offer(fix(2, 0, 0));
        gate.offer(fix(3, WINDOW_MS + LATE_MS, 0));
        assertThat(gate.left).hasSize(2);
        gate.offer(fix(4, WINDOW_MS - 1, 0));

        assertThat(gate.suppressed).containsEntry(fix(4, WINDOW_MS - 1, 0), SuppressionReason.LATE);
    }

    @Test
    void shouldTakeWhatIsLateWhileItWaits() {
        final Gate gate = new Gate(2, START_MS);
        gate.offer(fix(1, 0, 0));
        gate.offer(fix(3, WINDOW_MS + LATE_MS - 1, 0));
        gate.offer(fix(2, 1, 0));
        gate.finish();

        assertThat(gate.published()).containsExactlyInAnyOrder(fix(1, 0, 0), fix(2, 1, 0));
    }

    @Test
    void shouldGiveUpWhatItCannotHold() {
        final Gate gate = new Gate(
                new CrowdLadder.Parameters(
                        2,
                        Duration.ofMillis(WINDOW_MS),
                        LADDER,
                        Duration.ZERO,
                        PlaceCell.Publish.BOTH,
                        CrowdLadder.Count.DEVICE,
                        1_000),
                START_MS);
        for (int i = 0; i < 1_001; i++) {
            gate.offer(fix(i, i, 0));
        }
        assertThat(gate.suppressed).hasSize(1).containsEntry(fix(1_000, 1_000, 0), SuppressionReason.MEMORY);
        gate.finish();
        assertThat(gate.left).hasSize(1_000);
        gate.offer(fix(1, 3 * WINDOW_MS, 0));
        assertThat(gate.suppressed).as("there is room again").hasSize(1);
    }

    @Test
    void shouldLetABoundedNumberGoAtOnceAndMixThem() {
        final Gate gate = new Gate(2, START_MS);
        for (int i = 0; i < 500; i++) {
            gate.offer(fix(i, i, 0));
        }
        gate.finish();

        assertThat(gate.left).hasSize(500);
        assertThat(gate.mostLetGo).isEqualTo(Mechanism.MOST_LET_GO_AT_ONCE);
        // Of 500 in a random order 499 neighbours are one apart twice on average, more than 15 times once in 10^9
        // (Poisson).
        int inOrder = 0;
        for (int i = 1; i < 500; i++) {
            if (Math.abs(gate.left.get(i).fix.device - gate.left.get(i - 1).fix.device) == 1) {
                inOrder++;
            }
        }
        assertThat(inOrder).isLessThan(16);
    }

    @Test
    void shouldMixEachWindowAfresh() {
        final Gate gate = new Gate(2, START_MS);
        final List<List<Long>> orders = new ArrayList<>();
        for (int window = 0; window < 2; window++) {
            for (int i = 0; i < 60; i++) {
                gate.offer(fix(i, window * WINDOW_MS + i, 0));
            }
        }
        gate.finish();
        for (int window = 0; window < 2; window++) {
            orders.add(gate.left.subList(60 * window, 60 * window + 60).stream()
                    .map(one -> one.fix.device)
                    .toList());
        }
        assertThat(orders.get(0)).isNotEqualTo(orders.get(1)).containsExactlyInAnyOrderElementsOf(orders.get(1));
    }

    /** Counted apart from the mechanism: of what leaves in a cell, and of all that is in it. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10})
    void shouldNeverPublishACellWithFewerThanKDevices(final int k) {
        for (int seed = 0; seed < 12; seed++) {
            final Random random = new Random(seed);
            final List<Fix> fixes = drive(random, 2 + random.nextInt(120), 4);
            final Gate gate = new Gate(k, START_MS).offerAll(fixes);

            final Map<List<Long>, Set<Long>> crowds = new HashMap<>();
            for (final Left one : gate.left) {
                crowds.computeIfAbsent(List.of(one.window(), one.cell), key -> new HashSet<>())
                        .add(one.fix.device);
                assertThat(one.cell)
                        .isEqualTo(
                                LadderGrid.cellOf(one.fix.latitudeE7, one.fix.longitudeE7, LadderGrid.level(one.cell)));
            }
            for (final Left one : gate.left) {
                final Set<Long> crowd = crowds.get(List.of(one.window(), one.cell));
                assertThat(crowd.size())
                        .as("seed " + seed)
                        .isGreaterThanOrEqualTo(k)
                        .isEqualTo(one.crowd);
            }
            final Map<List<Long>, Set<Long>> roots = new HashMap<>();
            fixes.forEach(one ->
                    roots.computeIfAbsent(root(one), key -> new HashSet<>()).add(one.device));
            final Set<Fix> published = gate.published();
            for (final Fix one : fixes) {
                assertThat(published.contains(one))
                        .as("seed " + seed + " " + one)
                        .isEqualTo(roots.get(root(one)).size() >= k);
            }
            assertThat(gate.left.size() + gate.suppressed.size()).isEqualTo(fixes.size());
        }
    }

    private static List<Long> root(final Fix fix) {
        return List.of(fix.timeMs / WINDOW_MS, LadderGrid.cellOf(fix.latitudeE7, fix.longitudeE7, 6));
    }

    @Test
    void shouldPublishNothingOutOfOrderThatItKeptBackInOrder() {
        int differing = 0;
        for (int seed = 0; seed < 40; seed++) {
            final Random random = new Random(seed);
            final List<Fix> ordered = drive(random, 2 + random.nextInt(60), 5);
            final List<Fix> disordered = new ArrayList<>(ordered);
            for (int i = 0; i < ordered.size() / 20; i++) {
                final Fix one = disordered.remove(random.nextInt(disordered.size()));
                disordered.add(random.nextInt(disordered.size()), one); // Late, or early.
                disordered.add(random.nextInt(disordered.size()), ordered.get(random.nextInt(ordered.size())));
            }
            for (int i = 0; i + 5 < disordered.size(); i += 5) {
                Collections.shuffle(disordered.subList(i, i + 5), random);
            }
            final Set<Fix> inOrder = new Gate(5, START_MS).offerAll(ordered).published();
            final Set<Fix> outOfOrder =
                    new Gate(5, START_MS).offerAll(disordered).published();

            assertThat(inOrder).as("seed " + seed).containsAll(outOfOrder);
            differing += inOrder.size() - outOfOrder.size();
        }
        assertThat(differing).as("some came too late").isPositive();
    }

    @Test
    void shouldPublishNoWindowTwiceAcrossARestart() {
        for (int seed = 0; seed < 40; seed++) {
            final Random random = new Random(seed);
            final List<Fix> fixes = drive(random, 30, 6);
            final int crash = random.nextInt(fixes.size());
            final Gate before = new Gate(2, START_MS);
            fixes.subList(0, crash).forEach(before::offer);
            final Gate after = new Gate(2, fixes.get(crash).timeMs);
            after.offerAll(fixes); // Devices send everything again.

            final Set<Long> windows = new HashSet<>();
            before.left.forEach(one -> windows.add(one.window()));
            assertThat(after.left).as("seed " + seed).noneMatch(one -> windows.contains(one.window()));
            final long running = fixes.get(crash).timeMs - 1;
            assertThat(after.left).noneMatch(one -> one.window() * WINDOW_MS <= running);
        }
    }

    @Test
    void shouldRepeatItself() {
        final List<Fix> fixes = drive(new Random(9), 80, 4);
        assertThat(new Gate(5, START_MS).offerAll(fixes).left)
                .isEqualTo(new Gate(5, START_MS).offerAll(fixes).left)
                .isNotEmpty();
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
        final CrowdLadder crowd = new Gate(5, START_MS).crowd;
        final Position position = new Position();
        final Candidate candidate = new Candidate();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        int step = 0;
        for (int round = 0; round < 4; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++, step++) {
                final long timeMs = START_MS + step * 50L;
                crowd.advanceTo(timeMs, outlet);
                position.clear();
                position.deviceId(step % 997)
                        .fixTimeMs(timeMs)
                        .latitudeE7(LATITUDE + step % 997 * 1_500)
                        .longitudeE7(LONGITUDE + step % 5 * 50_000);
                crowd.accept(candidate.reset(position), outlet);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        // The bean itself allocates a little, and the day may change; one byte a record would be 100,000.
        assertThat(allocated).isLessThan(5_000);
        assertThat(sum[0]).isPositive();
    }
}
