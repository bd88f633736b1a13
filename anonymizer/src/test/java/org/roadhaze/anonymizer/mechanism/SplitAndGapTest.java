// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
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
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.config.DurationRange;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

class SplitAndGapTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final long HORIZON_MS = 1_800_000;
    private static final double MOVED = 300;
    private static final double BITS = 2.5;
    private static final long LEAST_GAP_MS = 60_000;
    private static final int LEAST_SEGMENT_S = 270;
    private static final int MOST_SEGMENT_S = 300;

    /** A fix, in the order of the stream. */
    private record Fix(long device, long timeMs, int latE7, int lonE7) {}

    private record Left(Fix fix, long segment) {}

    private final Position position = new Position();
    private final Candidate candidate = new Candidate();
    private final List<Left> left = new ArrayList<>();
    private final Map<SuppressionReason, Integer> suppressed = new EnumMap<>(SuppressionReason.class);
    private final Mechanism.Outlet outlet = new Mechanism.Outlet() {
        @Override
        public void pass(final Candidate passed) {
            final Position fix = passed.position();
            left.add(new Left(
                    new Fix(fix.deviceId(), fix.fixTimeMs(), fix.latitudeE7(), fix.longitudeE7()), passed.segment()));
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            suppressed.merge(reason, 1, Integer::sum);
        }
    };

    private static SplitAndGap.Parameters byDensity() {
        return new SplitAndGap.Parameters(
                new DurationRange(Duration.ofSeconds(LEAST_SEGMENT_S), Duration.ofSeconds(MOST_SEGMENT_S)),
                null,
                BITS,
                MOVED,
                Duration.ofMillis(HORIZON_MS));
    }

    private static SplitAndGap.Parameters fixed() {
        return new SplitAndGap.Parameters(
                new DurationRange(Duration.ofSeconds(90), Duration.ofSeconds(180)),
                new DurationRange(Duration.ofSeconds(60), Duration.ofSeconds(120)),
                BITS,
                MOVED,
                Duration.ofMillis(HORIZON_MS));
    }

    private static TimedMechanism build(final SplitAndGap.Parameters parameters, final int devices, final int key) {
        return parameters.build(new MechanismContext("s", FixedEpochKeys.ring(key, START_MS), devices, List.of()));
    }

    /** Vehicles about a town of some 10 km that drive, turn and stand, each at an interval of its own. */
    private static List<Fix> town(final int vehicles, final int seconds, final Random random) {
        final List<Fix> fixes = new ArrayList<>();
        for (int device = 1; device <= vehicles; device++) {
            final int everySeconds = new int[] {5, 10, 30, 60}[random.nextInt(4)];
            double north = 10_000 * random.nextDouble();
            double east = 10_000 * random.nextDouble();
            double heading = 2 * Math.PI * random.nextDouble();
            double speed = 10;
            for (int s = random.nextInt(everySeconds); s < seconds; s += everySeconds) {
                if (random.nextInt(20) == 0) {
                    heading = 2 * Math.PI * random.nextDouble();
                    speed = Math.max(0, random.nextInt(-10, 25));
                }
                north += everySeconds * speed * Math.cos(heading);
                east += everySeconds * speed * Math.sin(heading);
                fixes.add(new Fix(
                        device,
                        START_MS + 1_000L * s + device % 1_000,
                        525_000_000 + (int) (north / LocalMetres.PER_E7),
                        134_000_000 + (int) (east / LocalMetres.PER_E7 / 0.6)));
            }
        }
        fixes.sort((a, b) -> Long.compare(a.timeMs(), b.timeMs()));
        return fixes;
    }

    private void offer(final TimedMechanism mechanism, final Fix fix) {
        position.clear();
        position.deviceId(fix.device())
                .fixTimeMs(fix.timeMs())
                .latitudeE7(fix.latE7())
                .longitudeE7(fix.lonE7());
        mechanism.accept(candidate.reset(position), outlet);
    }

    private List<Left> run(final TimedMechanism mechanism, final List<Fix> fixes) {
        left.clear();
        suppressed.clear();
        long nowMs = 0;
        for (final Fix fix : fixes) {
            nowMs = Math.max(nowMs, fix.timeMs());
            mechanism.advanceTo(nowMs, outlet);
            offer(mechanism, fix);
        }
        return new ArrayList<>(left);
    }

    private static Map<Long, List<Left>> bySegment(final List<Left> records) {
        final Map<Long, List<Left>> segments = new HashMap<>();
        for (final Left record : records) {
            segments.computeIfAbsent(record.segment(), number -> new ArrayList<>())
                    .add(record);
        }
        return segments;
    }

    /** What holds of any two neighbours on a track: one segment, not too long, or two with a gap between. */
    private static void assertCut(
            final List<Left> records, final long mostSegmentMs, final long leastGapMs, final double leastMetres) {
        bySegment(records).forEach((segment, members) -> {
            assertThat(segment).isNotEqualTo(Candidate.NO_SEGMENT);
            assertThat(members)
                    .extracting(one -> one.fix().device())
                    .containsOnly(members.get(0).fix().device());
            assertThat(members.get(members.size() - 1).fix().timeMs()
                            - members.get(0).fix().timeMs())
                    .isLessThan(mostSegmentMs);
        });
        final Map<Long, Left> last = new HashMap<>();
        for (final Left record : records) {
            final Left before = last.put(record.fix().device(), record);
            if (before != null && before.segment() != record.segment()) {
                assertThat(record.fix().timeMs() - before.fix().timeMs()).isGreaterThanOrEqualTo(leastGapMs);
                assertThat(metres(before.fix(), record.fix())).isGreaterThanOrEqualTo(leastMetres);
            }
        }
    }

    private static double metres(final Fix a, final Fix b) {
        return LocalMetres.between(a.latE7(), a.lonE7(), b.latE7(), b.lonE7()) * 1.0001;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldCutTracksIntoSegmentsWithGapsOfALength(final int seed) {
        final List<Fix> fixes = town(30, 7_200, new Random(seed));
        final List<Left> records = run(build(fixed(), 100, seed), fixes);

        assertCut(records, 180_000, 60_000, 0);
        assertThat((double) records.size() / fixes.size()).isBetween(0.45, 0.65);
        assertThat(suppressed).containsOnlyKeys(SuppressionReason.SEGMENT_GAP);
        assertThat(records.size() + suppressed.get(SuppressionReason.SEGMENT_GAP))
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
        final List<Left> records = run(build(fixed(), 1_000, 3), fixes);
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
        final List<Left> records = run(build(byDensity(), 1_000, seed), fixes);

        assertCut(records, 1_000L * MOST_SEGMENT_S, LEAST_GAP_MS, MOVED);
        assertThat(assertConfused(fixes, records)).isGreaterThan(20);
        assertThat(suppressed).containsOnlyKeys(SuppressionReason.SEGMENT_GAP, SuppressionReason.UNCONFUSED);
    }

    /**
     * Looks at every beginning of a segment, beyond the first horizon, as somebody who has read everything up to then: of all
     * segments that can go on there none has more than its share.
     */
    private static int assertConfused(final List<Fix> fixes, final List<Left> records) {
        final Map<Fix, Long> segmentOf = new HashMap<>();
        records.forEach(record -> segmentOf.put(record.fix(), record.segment()));
        final Map<Long, List<Fix>> open = new HashMap<>();
        final Set<Long> waiting = new HashSet<>();
        int checked = 0;
        for (final Fix fix : fixes) {
            final Long segment = segmentOf.get(fix);
            if (segment == null) {
                if (open.containsKey(fix.device())) {
                    waiting.add(fix.device());
                }
                continue;
            }
            if (waiting.remove(fix.device()) && fix.timeMs() > START_MS + 2 * HORIZON_MS) {
                waiting.add(fix.device());
                assertThat(largestShare(open, waiting, fix)).isLessThanOrEqualTo(1.05 * Math.pow(2, -BITS));
                waiting.remove(fix.device());
                checked++;
            }
            if (open.get(fix.device()) == null
                    || !segmentOf.get(last(open, fix.device())).equals(segment)) {
                open.put(fix.device(), new ArrayList<>());
            }
            open.get(fix.device()).add(fix);
        }
        return checked;
    }

    private static Fix last(final Map<Long, List<Fix>> open, final long device) {
        return open.get(device).get(open.get(device).size() - 1);
    }

    private static double largestShare(final Map<Long, List<Fix>> open, final Set<Long> waiting, final Fix here) {
        double sum = 0;
        double largest = 0;
        for (final long device : waiting) {
            final List<Fix> segment = open.get(device);
            final Fix end = segment.get(segment.size() - 1);
            double seconds = (here.timeMs() - end.timeMs()) / 1e3;
            if (device == here.device()) {
                seconds = Math.min(seconds, HORIZON_MS / 1e3);
            } else if (seconds < LEAST_GAP_MS / 1e3 || seconds > HORIZON_MS / 1e3 || metres(here, end) < MOVED) {
                continue;
            }
            double north = 0;
            double east = 0;
            if (segment.size() > 1) {
                final Fix before = segment.get(segment.size() - 2);
                final double ahead = 300 * seconds / (seconds + 300) * 1e3 / (end.timeMs() - before.timeMs());
                north = ahead * (end.latE7() - before.latE7());
                east = ahead * (end.lonE7() - before.lonE7());
            }
            final double miss = LocalMetres.between(
                    here.latE7(), here.lonE7(), (int) (end.latE7() + north), (int) (end.lonE7() + east));
            final double mu = 50 + 2.5 * seconds;
            final double weight = Math.exp(-miss / mu) / (mu * mu);
            sum += weight;
            largest = Math.max(largest, weight);
        }
        return largest / sum;
    }

    @Test
    void shouldPublishNothingOfALoneVehicle() {
        assertThat(run(build(byDensity(), 100, 1), town(1, 36_000, new Random(1))))
                .isEmpty();
        assertThat(run(build(byDensity(), 100, 1), town(4, 36_000, new Random(2))))
                .as("four are at most two bits")
                .isEmpty();
        assertThat(suppressed.get(SuppressionReason.UNCONFUSED)).isPositive();
    }

    @Test
    void shouldPublishTheSameForTheSameKeyAndOtherwiseForAnother() {
        final List<Fix> fixes = town(100, 5_400, new Random(7));
        final List<Left> first = run(build(byDensity(), 1_000, 1), fixes);

        assertThat(run(build(byDensity(), 1_000, 1), fixes)).isEqualTo(first).isNotEmpty();
        assertThat(bySegment(run(build(byDensity(), 1_000, 2), fixes)).keySet())
                .doesNotContainAnyElementsOf(bySegment(first).keySet());
    }

    /** The engine before this one may have published a segment up to where this one sees a vehicle first. */
    @Test
    void shouldTakeWhereAVehicleComesUpForTheEndOfASegment() {
        final Map<Long, Fix> first = new HashMap<>();
        final List<Fix> fixes = town(150, 3_600, new Random(8));
        fixes.forEach(fix -> first.putIfAbsent(fix.device(), fix));
        final Set<Long> seen = new HashSet<>();
        for (final Left one : run(build(byDensity(), 1_000, 1), fixes)) {
            if (seen.add(one.fix().device())) {
                assertThat(metres(first.get(one.fix().device()), one.fix())).isGreaterThanOrEqualTo(MOVED);
            }
        }
        assertThat(seen).hasSizeGreaterThan(20);
    }

    /** Copies of records that come late, again, and in any order, let nothing out and change nothing. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldPublishTheSameWhenRecordsComeAgain(final int seed) {
        final Random random = new Random(seed);
        final List<Fix> fixes = town(80, 5_400, random);
        final SplitAndGap.Parameters parameters = seed % 2 == 0 ? fixed() : byDensity();
        final List<Left> ordered = run(build(parameters, 1_000, seed), fixes);
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

        assertThat(run(build(parameters, 1_000, seed), disturbed)).isEqualTo(ordered);
        assertThat(suppressed.get(SuppressionReason.LATE)).isEqualTo(disturbed.size() - fixes.size());
    }

    /** A device that is forgotten for others is a new one, and confuses nobody any more. */
    @Test
    void shouldForgetADeviceWithItsSegment() {
        final List<Fix> fixes = town(100, 5_400, new Random(9));
        assertCut(run(build(byDensity(), 50, 1), fixes), 1_000L * MOST_SEGMENT_S, 0, 0);
        assertThat(run(build(fixed(), 50, 1), fixes).size()).isLessThan(fixes.size() / 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAllocateNothingPerRecord(final boolean byDensity) {
        final TimedMechanism mechanism = build(byDensity ? byDensity() : fixed(), 1_000, 1);
        final List<Fix> fixes = town(300, 10_800, new Random(10));
        final Fix[] inOrder = fixes.toArray(new Fix[0]);
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
            if (i == inOrder.length / 2) {
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
        assertThat(allocated).as("bytes for %d records", inOrder.length / 2).isLessThan(inOrder.length / 20);
    }
}
