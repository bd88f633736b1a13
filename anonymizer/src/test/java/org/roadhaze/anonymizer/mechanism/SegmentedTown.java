// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.roadhaze.anonymizer.BudgetLedger;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.config.DurationRange;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

/** Vehicles about a town, what {@link SplitAndGap} lets out of them, and what an attacker who reads that can tell. */
final class SegmentedTown {
    static final long START_MS = 1_752_393_600_000L;
    static final long HORIZON_MS = 1_800_000;
    static final double MOVED = 300;
    static final double BITS = 2.5;
    static final long LEAST_GAP_MS = 60_000;
    static final int LEAST_SEGMENT_S = 270;
    static final int MOST_SEGMENT_S = 300;

    /** A fix, in the order of the stream. */
    record Fix(long device, long timeMs, int latE7, int lonE7) {}

    record Left(Fix fix, long segment) {}

    private final Position position = new Position();
    private final Candidate candidate = new Candidate();
    private final List<Left> left = new ArrayList<>();
    private Consumer<Left> reader = one -> {};
    private final Map<SuppressionReason, Integer> suppressed = new EnumMap<>(SuppressionReason.class);
    private final Mechanism.Outlet outlet = new Mechanism.Outlet() {
        @Override
        public void pass(final Candidate passed) {
            final Position fix = passed.position();
            final Left one = new Left(
                    new Fix(fix.deviceId(), fix.fixTimeMs(), fix.latitudeE7(), fix.longitudeE7()), passed.segment());
            left.add(one);
            reader.accept(one);
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            suppressed.merge(reason, 1, Integer::sum);
        }
    };

    static SplitAndGap.Parameters byDensity() {
        return new SplitAndGap.Parameters(
                new DurationRange(Duration.ofSeconds(LEAST_SEGMENT_S), Duration.ofSeconds(MOST_SEGMENT_S)),
                null,
                BITS,
                MOVED,
                Duration.ofMillis(HORIZON_MS));
    }

    static TimedMechanism build(final SplitAndGap.Parameters parameters, final int devices, final int key) {
        return build(parameters, devices, key, null);
    }

    /** One that is given again what another was given, and let those segments out. */
    static TimedMechanism build(
            final SplitAndGap.Parameters parameters, final int devices, final int key, final SegmentsThatLeft left) {
        final BudgetLedger budgets = new BudgetLedger(devices);
        return parameters.build(new MechanismContext(
                "s", FixedEpochKeys.ring(key, START_MS), devices, List.of(), budgets, START_MS, left));
    }

    /** Vehicles about a town of some 10 km that drive, turn and stand, each at an interval of its own. */
    static List<Fix> town(final int vehicles, final int seconds, final Random random) {
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

    void offer(final TimedMechanism mechanism, final Fix fix) {
        position.clear();
        position.deviceId(fix.device())
                .fixTimeMs(fix.timeMs())
                .latitudeE7(fix.latE7())
                .longitudeE7(fix.lonE7());
        mechanism.accept(candidate.reset(position), outlet);
    }

    List<Left> run(final TimedMechanism mechanism, final List<Fix> fixes) {
        return run(mechanism, fixes, one -> {});
    }

    /** Tells a reader what leaves, when it does. */
    List<Left> run(final TimedMechanism mechanism, final List<Fix> fixes, final Consumer<Left> tells) {
        reader = tells;
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

    static Map<Long, List<Left>> bySegment(final List<Left> records) {
        final Map<Long, List<Left>> segments = new HashMap<>();
        for (final Left record : records) {
            segments.computeIfAbsent(record.segment(), number -> new ArrayList<>())
                    .add(record);
        }
        return segments;
    }

    /** What holds of any two neighbours on a track: one segment, not too long, or two with a gap between. */
    static void assertCut(
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

    static double metres(final Fix a, final Fix b) {
        return LocalMetres.between(a.latE7(), a.lonE7(), b.latE7(), b.lonE7()) * 1.0001;
    }

    /** Where a vehicle is known to have been last: the segment that left, or where it came up and nothing left. */
    private static final class Known {
        private final List<Fix> fixes = new ArrayList<>();
        private long segment;
        private boolean isWaiting;

        private boolean cameUp() {
            return segment == Candidate.NO_SEGMENT;
        }

        private Fix last() {
            return fixes.get(fixes.size() - 1);
        }

        private void restart(final Fix fix, final long number) {
            fixes.clear();
            fixes.add(fix);
            segment = number;
        }
    }

    /**
     * Looks at every beginning of a segment as somebody who has read everything up to then: of all segments that can go on
     * there none has more than its share. Of a vehicle of which nothing left within the horizon, where it and others came up
     * counts as well.
     *
     * @return how many beginnings are sequels, and how many are not.
     */
    static int[] assertConfused(final List<Fix> fixes, final List<Left> records) {
        return assertConfused(fixes, records, true);
    }

    /** The same of sequels alone: where vehicles came up of which nothing left is known to nobody else. */
    static int assertConfusedSequels(final List<Fix> fixes, final List<Left> records) {
        return assertConfused(fixes, records, false)[0];
    }

    private static int[] assertConfused(
            final List<Fix> fixes, final List<Left> records, final boolean isOfThoseThatCameUp) {
        final Map<Fix, Long> segmentOf = new HashMap<>();
        records.forEach(record -> segmentOf.put(record.fix(), record.segment()));
        final Map<Long, Known> fleet = new HashMap<>();
        final int[] checked = new int[2];
        for (final Fix fix : fixes) {
            final Known known = fleet.computeIfAbsent(fix.device(), device -> new Known());
            final long segment = segmentOf.getOrDefault(fix, Candidate.NO_SEGMENT);
            if (segment == Candidate.NO_SEGMENT) {
                known.isWaiting = true;
                if (known.fixes.isEmpty()
                        || (fix.timeMs() - known.last().timeMs() > HORIZON_MS
                                && (!known.cameUp() || metres(known.last(), fix) >= MOVED))) {
                    known.restart(fix, Candidate.NO_SEGMENT);
                }
            } else if (segment == known.segment) {
                known.fixes.add(fix);
            } else {
                assertThat(known.fixes).as("nothing leaves at once").isNotEmpty();
                known.isWaiting = true;
                if (isOfThoseThatCameUp || !known.cameUp()) {
                    assertThat(largestShare(fleet, known, fix))
                            .as("%s of device %d", known.cameUp() ? "the first" : "a sequel", fix.device())
                            .isLessThanOrEqualTo(1.05 * Math.pow(2, -BITS));
                }
                checked[known.cameUp() ? 1 : 0]++;
                known.restart(fix, segment);
                known.isWaiting = false;
            }
        }
        return checked;
    }

    private static double largestShare(final Map<Long, Known> fleet, final Known own, final Fix here) {
        double sum = 0;
        double largest = 0;
        for (final Known one : fleet.values()) {
            final Fix end = one.fixes.isEmpty() ? here : one.last();
            final double seconds = (here.timeMs() - end.timeMs()) / 1e3;
            if (one != own
                    && (!one.isWaiting
                            || (one.cameUp() && !own.cameUp())
                            || seconds < LEAST_GAP_MS / 1e3
                            || seconds > HORIZON_MS / 1e3
                            || metres(here, end) < MOVED)) {
                continue;
            }
            double north = 0;
            double east = 0;
            if (one.fixes.size() > 1) {
                final Fix before = one.fixes.get(one.fixes.size() - 2);
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

    Map<SuppressionReason, Integer> suppressed() {
        return suppressed;
    }
}
