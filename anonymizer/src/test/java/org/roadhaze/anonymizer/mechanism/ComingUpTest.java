// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.LEAST_GAP_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.MOST_SEGMENT_S;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.MOVED;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.START_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.assertConfused;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.assertCut;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.build;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.byDensity;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.metres;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.town;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.mechanism.SegmentedTown.Fix;
import org.roadhaze.anonymizer.mechanism.SegmentedTown.Left;

/** Vehicles of which nothing left lately, after a start, a night, or a gap that did not end. */
class ComingUpTest {
    private final SegmentedTown stream = new SegmentedTown();

    /** The same vehicles on two days; in the night between, nobody drives, all stay where they are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldBeginAgainAfterANight(final int seed) {
        final int daySeconds = 7_200;
        final long nightMs = Duration.ofHours(10).toMillis();
        final List<Fix> fixes = new ArrayList<>();
        for (final Fix fix : town(120, 2 * daySeconds, new Random(seed))) {
            final boolean isFirst = fix.timeMs() < START_MS + 1_000L * daySeconds;
            fixes.add(new Fix(fix.device(), fix.timeMs() + (isFirst ? 0 : nightMs), fix.latE7(), fix.lonE7()));
        }
        final List<Fix> second =
                fixes.stream().filter(fix -> fix.timeMs() >= START_MS + nightMs).toList();
        final int fresh = stream.run(build(byDensity(), 1_000, seed), second).size();
        final List<Left> records = stream.run(build(byDensity(), 1_000, seed), fixes);

        assertThat(records)
                .filteredOn(one -> one.fix().timeMs() >= START_MS + nightMs)
                .as("on the second day, as if it were the first")
                .hasSizeBetween(fresh * 9 / 10, fresh * 11 / 10);
        assertCut(records, 1_000L * MOST_SEGMENT_S, LEAST_GAP_MS, MOVED);
        assertThat(assertConfused(fixes, records)[0]).isGreaterThan(20);
    }

    /** A tracker that was out of reach may be the first to send: its record is three hours old. */
    @Test
    void shouldBeginThoughTheFirstRecordIsOld() {
        final List<Fix> fixes = town(120, 5_400, new Random(4));
        final List<Left> without = stream.run(build(byDensity(), 1_000, 4), fixes);
        final List<Fix> late = new ArrayList<>(fixes);
        late.add(0, new Fix(999, START_MS - Duration.ofHours(3).toMillis(), 525_000_000, 134_000_000));

        assertThat(stream.run(build(byDensity(), 1_000, 4), late))
                .isEqualTo(without)
                .hasSizeGreaterThan(1_000);
    }

    /** Forty that stand about for three hours hide those that come up in the first, and nobody that comes up in the last. */
    @Test
    void shouldNotHideBehindVehiclesThatStandForEver() {
        final int hours = 3;
        final List<Fix> standing = standing(40, hours * 3_600, new Random(6));
        final List<Fix> late = new ArrayList<>(standing);
        final long laterMs = Duration.ofHours(hours - 1).toMillis();
        for (final Fix fix : town(4, 3_600, new Random(7))) {
            late.add(new Fix(fix.device(), fix.timeMs() + laterMs, fix.latE7(), fix.lonE7()));
        }
        late.sort((a, b) -> Long.compare(a.timeMs(), b.timeMs()));
        assertThat(stream.run(build(byDensity(), 1_000, 1), late))
                .as("behind those that came up two hours ago and have not moved")
                .isEmpty();

        final List<Fix> all = new ArrayList<>(standing);
        all.addAll(town(4, hours * 3_600, new Random(7)));
        all.sort((a, b) -> Long.compare(a.timeMs(), b.timeMs()));
        final List<Left> records = stream.run(build(byDensity(), 1_000, 1), all);
        final Map<Long, Set<Long>> segments = new HashMap<>();
        records.forEach(one -> segments.computeIfAbsent(one.fix().device(), device -> new HashSet<>())
                .add(one.segment()));
        assertThat(segments).isNotEmpty().allSatisfy((device, ids) -> assertThat(ids)
                .as("segments of %d", device)
                .hasSize(1));
    }

    private static List<Fix> standing(final int vehicles, final int seconds, final Random random) {
        final List<Fix> fixes = new ArrayList<>();
        for (int vehicle = 0; vehicle < vehicles; vehicle++) {
            final int latE7 = 525_000_000 + random.nextInt(400_000);
            final int lonE7 = 134_000_000 + random.nextInt(600_000);
            for (int s = vehicle % 30; s < seconds; s += 30) {
                fixes.add(new Fix(1_000 + vehicle, START_MS + 1_000L * s, latE7, lonE7));
            }
        }
        return fixes;
    }

    /** Forty that stand about came up, and nothing of them ever leaves: they hide the first segments of four, and no other. */
    @Test
    void shouldNotCountOnVehiclesThatNobodyHasSeen() {
        final List<Fix> fixes = standing(40, 3_600, new Random(6));
        fixes.addAll(town(4, 3_600, new Random(7)));
        fixes.sort((a, b) -> Long.compare(a.timeMs(), b.timeMs()));
        final List<Left> records = stream.run(build(byDensity(), 1_000, 1), fixes);

        assertThat(records).isNotEmpty().allMatch(one -> one.fix().device() < 1_000);
        assertThat(assertConfused(fixes, records)[0]).as("sequels").isZero();
    }

    /** The engine before this one may have published a segment up to where this one sees a vehicle first. */
    @Test
    void shouldTakeWhereAVehicleComesUpForTheEndOfASegment() {
        final Map<Long, Fix> first = new HashMap<>();
        final List<Fix> fixes = town(150, 3_600, new Random(8));
        fixes.forEach(fix -> first.putIfAbsent(fix.device(), fix));
        final Set<Long> seen = new HashSet<>();
        for (final Left one : stream.run(build(byDensity(), 1_000, 1), fixes)) {
            if (seen.add(one.fix().device())) {
                assertThat(metres(first.get(one.fix().device()), one.fix())).isGreaterThanOrEqualTo(MOVED);
            }
        }
        assertThat(seen).hasSizeGreaterThan(20);
    }
}
