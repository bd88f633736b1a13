// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.HORIZON_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.LEAST_GAP_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.MOST_SEGMENT_S;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.MOVED;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.START_MS;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.assertConfusedSequels;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.assertCut;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.build;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.byDensity;
import static org.roadhaze.anonymizer.mechanism.SegmentedTown.bySegment;
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
import org.roadhaze.config.DurationRange;

/** What cuts tracks dies at some fix, and what is given again to the next begins somewhere in the middle of what it was given. */
class RebuiltSegmentsTest {
    private static final int VEHICLES = 150;
    private static final int SECONDS = 12_000;
    private static final long MARGIN_MS = 120_000;

    private final SegmentedTown stream = new SegmentedTown();

    private static SplitAndGap.Parameters fixed() {
        return new SplitAndGap.Parameters(
                new DurationRange(Duration.ofSeconds(90), Duration.ofSeconds(180)),
                new DurationRange(Duration.ofSeconds(60), Duration.ofMinutes(20)),
                SegmentedTown.BITS,
                MOVED,
                Duration.ofMillis(HORIZON_MS));
    }

    /** What left, and how much of it has yet to be let out again. */
    private static final class Known implements SegmentsThatLeft {
        private final Map<Long, Long> firstMs = new HashMap<>();
        private final Set<Left> missing = new HashSet<>();
        private final long fromMs;

        Known(final List<Left> left, final long fromMs) {
            this.fromMs = fromMs;
            left.forEach(one -> firstMs.merge(one.segment(), one.fix().timeMs(), Math::min));
            left.stream().filter(one -> firstMs.get(one.segment()) >= fromMs).forEach(missing::add);
        }

        @Override
        public boolean hasLeft(final long segment) {
            return firstMs.containsKey(segment);
        }

        @Override
        public boolean isOver() {
            return missing.isEmpty();
        }

        @Override
        public long knownFromMs() {
            return fromMs;
        }
    }

    /** A town, what leaves of it when nothing dies, what left up to a death, and what leaves after that. */
    private final class Story {
        private final List<Fix> fixes;
        private final List<Left> whole;
        private final List<Left> before;
        private final List<Left> after = new ArrayList<>();

        Story(final SplitAndGap.Parameters parameters, final int seed, final boolean isFromTheStart) {
            final Random random = new Random(seed);
            fixes = town(VEHICLES, SECONDS, random);
            whole = stream.run(build(parameters, 1_000, seed), fixes);
            final int death = (int) (fixes.size() * (0.75 + 0.1 * random.nextDouble()));
            final List<Left> let = stream.run(build(parameters, 1_000, seed), fixes.subList(0, death));
            before = new ArrayList<>(let.subList(0, let.size() - random.nextInt(40)));
            final long deathMs = fixes.get(death - 1).timeMs();
            final long sinceMs =
                    isFromTheStart ? START_MS : deathMs - parameters.looksBack().toMillis() - MARGIN_MS;
            final Known known = new Known(
                    before,
                    isFromTheStart
                            ? SegmentsThatLeft.ALL
                            : sinceMs + parameters.segment().most().toMillis());
            final List<Fix> again =
                    fixes.stream().filter(fix -> fix.timeMs() >= sinceMs).toList();
            final Set<Left> left = new HashSet<>(before);
            stream.run(build(parameters, 1_000, seed, known), again, one -> {
                known.missing.remove(one);
                if (left.contains(one)) {
                    after.clear();
                } else {
                    after.add(one);
                }
            });
            assertThat(known.missing).as("what left comes again").isEmpty();
        }

        /** In the order of the tracks. */
        private List<Left> all() {
            final List<Left> all = new ArrayList<>(before);
            all.addAll(after);
            return all;
        }

        /** None is torn: what had begun goes on as it would have. */
        private void assertWhole() {
            final Map<Long, List<Left>> expected = bySegment(whole);
            final Map<Long, List<Left>> found = bySegment(all());
            bySegment(before).forEach((segment, members) -> assertThat(found.get(segment))
                    .as("a segment of which %d records left before the death", members.size())
                    .isEqualTo(expected.get(segment)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldGoOnAsIfItHadNotDiedWhereAllIsGivenAgain(final int seed) {
        for (final SplitAndGap.Parameters parameters : List.of(byDensity(), fixed())) {
            final Story story = new Story(parameters, seed, true);
            assertThat(story.all()).isEqualTo(story.whole).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldKeepItsGapsAndConfusionWhereTheMiddleIsGivenAgain(final int seed) {
        final Story story = new Story(byDensity(), seed, false);
        assertCut(story.all(), 1_000L * MOST_SEGMENT_S, LEAST_GAP_MS, MOVED);
        assertThat(assertConfusedSequels(story.fixes, story.all())).isGreaterThan(20);
        story.assertWhole();
        assertThat((double) story.all().size() / story.whole.size()).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldCutByLengthsAsIfItHadNotDiedWhereTheMiddleIsGivenAgain(final int seed) {
        final Story story = new Story(fixed(), seed, false);
        assertCut(story.all(), 180_000, 60_000, 0);
        story.assertWhole();
        assertThat((double) story.all().size() / story.whole.size()).isGreaterThan(0.97);
    }

    /** A vehicle whose segment began before what is given again, and of which nobody knows when it ended. */
    @Test
    void shouldBeginNothingWhileSegmentsCanHaveEndedThatAreNotKnown() {
        final SplitAndGap.Parameters parameters = byDensity();
        final List<Fix> fixes = town(VEHICLES, SECONDS, new Random(1));
        final long fromMs = START_MS + 600_000;
        final List<Left> records = stream.run(build(parameters, 1_000, 1, new Known(List.of(), fromMs)), fixes);
        assertThat(records)
                .isNotEmpty()
                .allMatch(one -> one.fix().timeMs() >= fromMs + 1_000L * MOST_SEGMENT_S + 2 * HORIZON_MS);
        final List<Left> anew = stream.run(build(parameters, 1_000, 1), fixes);
        assertThat(anew.get(0).fix().timeMs()).isLessThan(fromMs);
    }
}
