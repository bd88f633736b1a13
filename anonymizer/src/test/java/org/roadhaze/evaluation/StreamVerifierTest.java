// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every promise kept and broken by one record. */
class StreamVerifierTest {
    private static final long MINUTE = 60_000;

    /** Drives 300 m a minute north for 10 minutes, rests for 5, drives on for 10. */
    private static Track drive() {
        final Track.Builder track = Track.builder("d");
        double metres = 0;
        for (int i = 0; i <= 25; i++) {
            track.add(i * MINUTE, AttacksTest.degrees(metres), 0);
            metres += i < 10 || i >= 15 ? 300 : 0;
        }
        return track.build();
    }

    private static List<Published> all(final Track track, final long id) {
        return IntStream.range(0, track.size())
                .mapToObj(i -> Published.exact(id, 0, track, i))
                .toList();
    }

    private static List<Long> minutes(final List<Violation> violations, final Violation.Rule rule) {
        return violations.stream()
                .filter(violation -> violation.rule() == rule)
                .map(violation -> violation.record().trueTimeMs() / MINUTE)
                .toList();
    }

    @Test
    void shouldFindWhatIsTooNearToAStopOrAnEndOfItsTrip() {
        final Track track = drive();
        final List<Violation> violations =
                new StreamVerifier(List.of(track), Promises.NONE.stops(500)).verify(all(track, 1));
        // 600 m away and more: minutes 2 to 8 before the rest, 17 to 23 after it.
        assertEquals(
                List.of(0L, 1L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 24L, 25L),
                minutes(violations, Violation.Rule.STOP_DISTANCE));
        assertEquals(12, violations.size());
    }

    @Test
    void shouldTakeALongSilenceForTwoEnds() {
        final Track.Builder track = Track.builder("d");
        for (int i = 0; i < 10; i++) {
            track.add((i < 5 ? i : i + 30) * MINUTE, AttacksTest.degrees(1000 * i), 0);
        }
        final Track built = track.build();
        assertEquals(
                List.of(0L, 4L, 35L, 39L),
                minutes(
                        new StreamVerifier(List.of(built), Promises.NONE.stops(500)).verify(all(built, 1)),
                        Violation.Rule.STOP_DISTANCE));
    }

    @Test
    void shouldCountTheCrowdFromTheTruth() {
        final List<Track> truth = new ArrayList<>();
        for (int device = 0; device < 3; device++) {
            truth.add(Track.builder("d")
                    .add(0, AttacksTest.degrees(100 * device), 0)
                    .add(5 * MINUTE, AttacksTest.degrees(2000 * device), 0)
                    .build());
        }
        final List<Published> records = List.of(
                new Published(0, 0, AttacksTest.degrees(100), 0, 0.25, 0, 0, 0, List.of()),
                new Published(0, 0, AttacksTest.degrees(100), 0, 0.25, 0, 5 * MINUTE, 5 * MINUTE, List.of()));
        assertEquals(
                List.of(5L),
                minutes(
                        new StreamVerifier(truth, Promises.NONE.crowd(3, 5 * MINUTE)).verify(records),
                        Violation.Rule.CROWD));
        assertEquals(
                2,
                new StreamVerifier(truth, Promises.NONE.crowd(4, 5 * MINUTE))
                        .verify(records)
                        .size());
    }

    @Test
    void shouldFindLongSegmentsShortGapsAndSharedIds() {
        final Track track = drive();
        final List<Published> records = new ArrayList<>();
        for (final int minute : new int[] {0, 1, 2, 3, 5, 6, 7}) {
            records.add(Published.exact(minute < 4 ? 1 : minute < 7 ? 2 : 3, 0, track, minute));
        }
        records.add(Published.exact(3, 1, track, 9));
        final List<Violation> violations = new StreamVerifier(
                        List.of(track, track), Promises.NONE.segments(2 * MINUTE, 2 * MINUTE))
                .verify(records);
        assertEquals(List.of(3L), minutes(violations, Violation.Rule.SEGMENT_LENGTH));
        assertEquals(List.of(7L), minutes(violations, Violation.Rule.SEGMENT_GAP));
        assertEquals(List.of(9L), minutes(violations, Violation.Rule.ONE_DEVICE));
        assertEquals(3, violations.size());
    }

    @Test
    void shouldFindSmallCellsForeignAttributesUntrueFixesAndOverspending() {
        final Track track = drive();
        final List<Published> records = List.of(
                new Published(0, 0, 0, 0, 1.0, 0, 0, 0, List.of("speed")),
                new Published(0, 0, 0, 0, 0.9989, 0, MINUTE, MINUTE, List.of("speed", "odometer")),
                new Published(0, 0, 0, 0, 1.0, 0, 2 * MINUTE + 1, 0, List.of()));
        final List<Violation> violations = new StreamVerifier(
                        List.of(track),
                        Promises.NONE.cells(0.9989).only(Set.of("speed")).epsilon(2.5),
                        CellMembership.SQUARES,
                        record -> 1)
                .verify(records);
        assertEquals(List.of(2L), minutes(violations, Violation.Rule.TRUE_FIX));
        assertEquals(List.of(1L), minutes(violations, Violation.Rule.CELL_AREA));
        assertEquals(List.of(1L), minutes(violations, Violation.Rule.ATTRIBUTE));
        assertEquals(List.of(2L), minutes(violations, Violation.Rule.EPSILON));
        assertEquals(4, violations.size());
    }
}
