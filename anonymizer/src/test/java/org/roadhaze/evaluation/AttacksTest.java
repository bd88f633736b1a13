// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The attacks on tracks made by hand, whose answers are plain. Places are metres north and east of 0, 0. */
class AttacksTest {
    private static final long MINUTE = 60_000;

    static double degrees(final double metres) {
        return metres / Metres.PER_DEGREE;
    }

    private static Track still(final int minutes, final double north, final double east) {
        final Track.Builder track = Track.builder("still");
        for (int i = 0; i <= minutes; i++) {
            track.add(i * MINUTE, degrees(north), degrees(east));
        }
        return track.build();
    }

    @Test
    void shouldFindAStayOfFifteenMinutesAndNotOneOfFourteen() {
        assertEquals(1, StopDetector.ACCIO.stops(still(15, 0, 0)).size());
        assertEquals(0, StopDetector.ACCIO.stops(still(14, 0, 0)).size());
    }

    @Test
    void shouldEndAStayWithTheFirstFixTooFarAway() {
        final Track.Builder track = Track.builder("d");
        for (int i = 0; i <= 20; i++) {
            track.add(i * MINUTE, degrees(i % 2 == 0 ? 0 : 190), 0);
        }
        track.add(21 * MINUTE, degrees(-20), 0).add(22 * MINUTE, degrees(-2000), 0);
        final List<Stop> stops = StopDetector.ACCIO.stops(track.build());
        assertEquals(1, stops.size());
        assertEquals(0, stops.get(0).first());
        assertEquals(20, stops.get(0).last());
    }

    /** A stay of 28 days at one place, a fix a second: compared one by one, three million million pairs. */
    @Test
    void shouldNotCompareEveryPairOfALongStay() {
        final Track.Builder track = Track.builder("d");
        for (int i = 0; i < 28 * 86_400; i++) {
            track.add(i * 1000L, degrees(i % 7), degrees(i % 11));
        }
        final List<Stop> stops = StopDetector.ACCIO.stops(track.build());
        assertEquals(1, stops.size());
        assertEquals(28 * 86_400 - 1, stops.get(0).last());
    }

    @Test
    void shouldCountPointsOfInterestOnce() {
        final Track truth = still(20, 0, 0);
        assertEquals(1.0, PoiRetrieval.of(truth, truth, PoiRetrieval.AS_IS).f());
        assertEquals(
                1.0,
                PoiRetrieval.of(truth, still(20, 99, 0), PoiRetrieval.AS_IS).f());
        assertEquals(
                0.0,
                PoiRetrieval.of(truth, still(20, 101, 0), PoiRetrieval.AS_IS).f());
        final PoiRetrieval twice = PoiRetrieval.of(
                List.of(truth, still(20, 0, 0)), List.of(truth, still(20, 5000, 0)), PoiRetrieval.AS_IS);
        assertEquals(new PoiRetrieval(1, 2, 2), twice);
        assertEquals(0.5, twice.f());
    }

    @Test
    void shouldAverageOverNeighbours() {
        final Track mean = PoiRetrieval.movingAverage(
                Track.builder("d").add(0, 0, 3).add(1, 3, 0).add(2, 6, 0).build(), 3);
        assertEquals(1.5, mean.latitude(0), 1e-12);
        assertEquals(3.0, mean.latitude(1), 1e-12);
        assertEquals(1.0, mean.longitude(1), 1e-12);
    }

    /** Two vehicles meet head on during their silence: who goes on is told from who turns. */
    @Test
    void shouldJoinCrossingVehiclesByTheirVelocity() {
        final List<Published> records = new ArrayList<>();
        for (int minute = 0; minute <= 9; minute++) {
            if (minute < 3 || minute > 6) {
                final int segment = minute < 3 ? 1 : 2;
                records.add(Published.point(segment, 0, minute * MINUTE, degrees(1000 * minute), 0));
                records.add(Published.point(10 + segment, 1, minute * MINUTE, degrees(9000 - 1000 * minute), 0));
            }
        }
        final Relinking.Tracker tracker = Relinking.Tracker.greedy(0, 10 * MINUTE);
        assertEquals(new Relinking(2, 2, 1), Relinking.attack(records, tracker));
        final Relinking.Tracker resting =
                new Relinking.Tracker(Relinking.Motion.AT_REST, Relinking.Matching.GREEDY, 0, 10 * MINUTE, 1000);
        assertEquals(new Relinking(2, 0, 1), Relinking.attack(records, resting));
        final Relinking.Tracker impatient = Relinking.Tracker.greedy(0, MINUTE);
        assertEquals(new Relinking(2, 0, 0), Relinking.attack(records, impatient));
    }

    /** One goes on after two minutes, after just a quarter of an hour, and after a millisecond more: nobody looks for that. */
    @Test
    void shouldCountLinksOverSilencesThatAreLookedOver() {
        final List<Published> records = new ArrayList<>();
        final long[] times = {0, 2 * MINUTE, 17 * MINUTE, 32 * MINUTE + 1};
        for (int i = 0; i < times.length; i++) {
            records.add(Published.point(1 + i, 0, times[i], 0, 0));
        }
        final Relinking.Tracker impatient = Relinking.Tracker.greedy(0, 5 * MINUTE);
        assertEquals(new Relinking(2, 1, 1, 1), Relinking.attack(records, impatient), "impatient");
        final Relinking.Tracker patient = Relinking.Tracker.greedy(0, 15 * MINUTE);
        final Relinking patiently = Relinking.attack(records, patient);
        assertEquals(2, patiently.links(), "the same for all");
        assertEquals(1, patiently.longer());
        assertEquals(1.0 / 3, patiently.longerShare());
        final Relinking.Tracker knowing = Relinking.Tracker.greedy(2 * MINUTE, 5 * MINUTE);
        assertEquals(3, Relinking.attack(records, knowing).links(), "of up to 17 minutes: beyond the least");
        final Relinking.Tracker tireless = Relinking.Tracker.greedy(0, 20 * MINUTE);
        assertEquals(
                new Relinking(3, 3, 2.5), Relinking.attack(records, tireless), "whoever looks further is held to it");
        final List<Segment> segments = Segment.of(records);
        assertThrows(IllegalArgumentException.class, () -> new SegmentTracking(segments, patient, 5 * MINUTE));
        final Relinking evaluated = Evaluation.evaluate(
                        List.of(Track.builder("d").add(0, 0, 0).build()),
                        tracks -> records,
                        Evaluation.Settings.DEFAULT)
                .relinkFull();
        assertEquals(new Relinking(2, 2, evaluated.byChance(), 1), evaluated);
    }

    @Test
    void shouldAssignAsCheaplyAsEveryPermutationTried() {
        for (int seed = 0; seed < 300; seed++) {
            final Random random = new Random(seed);
            final int rows = 1 + random.nextInt(5);
            final int columns = 1 + random.nextInt(5);
            final List<Assignment.Pair> pairs = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    if (random.nextInt(3) > 0) {
                        pairs.add(new Assignment.Pair(row, column, random.nextInt(20)));
                    }
                }
            }
            final int[] columnOf = Assignment.optimal(rows, columns, pairs, 10);
            double cost = 0;
            for (int row = 0; row < rows; row++) {
                final int at = row;
                cost += pairs.stream()
                        .filter(pair -> pair.row() == at && pair.column() == columnOf[at])
                        .mapToDouble(Assignment.Pair::cost)
                        .findFirst()
                        .orElse(10);
            }
            assertEquals(cheapest(0, rows, new boolean[columns], pairs), cost, "seed " + seed);
        }
    }

    private static double cheapest(
            final int row, final int rows, final boolean[] taken, final List<Assignment.Pair> pairs) {
        if (row == rows) {
            return 0;
        }
        double best = 10 + cheapest(row + 1, rows, taken, pairs);
        for (final Assignment.Pair pair : pairs) {
            if (pair.row() == row && !taken[pair.column()]) {
                taken[pair.column()] = true;
                best = Math.min(best, pair.cost() + cheapest(row + 1, rows, taken, pairs));
                taken[pair.column()] = false;
            }
        }
        return best;
    }

    @Test
    void shouldCallUniqueWhatOnlyOneDeviceDid() {
        final List<Track> same = List.of(still(10, 0, 0), still(10, 0, 0));
        assertEquals(0.0, Uniqueness.of(same, 100, MINUTE, 2, 20, 1).rate());
        final List<Track> apart = List.of(still(10, 0, 0), still(10, 5000, 0));
        assertEquals(new Uniqueness(40, 40), Uniqueness.of(apart, 100, MINUTE, 1, 20, 1));
        assertEquals(0, Uniqueness.of(apart, 100, MINUTE, 12, 20, 1).draws());
    }

    @Test
    void shouldFindTheHeatMapThatOverlapsMost() {
        final HeatMapAttack attack =
                new HeatMapAttack(List.of(still(10, 400, 400), still(10, 5000, 400), still(10, 400, 9000)), 800);
        final HeatMapAttack.Result result = attack.attack(List.of(
                new PublishedTracks.OfId(1, still(3, 5000, 400)),
                new PublishedTracks.OfId(2, still(3, 400, 9000)),
                new PublishedTracks.OfId(2, still(3, 400, 400))));
        assertEquals(new HeatMapAttack.Result(3, 2), result);
    }

    @Test
    void shouldFindThePersonWhoseStopsAreNearest() {
        final PoiAttack attack = new PoiAttack(List.of(still(14, 0, 0), still(20, 0, 0), still(20, 3000, 0)));
        assertEquals(1, attack.nearest(still(20, 1400, 0)));
        assertEquals(2, attack.nearest(still(20, 1600, 0)));
        assertEquals(-1, attack.nearest(still(14, 0, 0)), "no stop of a quarter of an hour");
        assertEquals(-1, new PoiAttack(List.of(still(14, 0, 0))).nearest(still(20, 0, 0)), "no known stop");
        assertEquals(
                new HeatMapAttack.Result(2, 1),
                attack.attack(List.of(
                        new PublishedTracks.OfId(2, still(20, 2900, 0)),
                        new PublishedTracks.OfId(0, still(20, 0, 0)))));
    }

    @Test
    void shouldFindHomeAtNightAndAtTheEndsOfRuns() {
        final long hour = 60 * MINUTE;
        assertEquals(8 * hour, HomeInference.nightMs(20 * hour, 32 * hour));
        assertEquals(0, HomeInference.nightMs(6 * hour, 22 * hour));
        assertEquals(2 * hour, HomeInference.nightMs(0, 2 * hour));
        final Optional<HomeInference.Place> night = HomeInference.byNights(still(60, 0, 0), 0);
        assertTrue(night.isPresent());
        assertFalse(HomeInference.byNights(still(60, 0, 0), 12 * hour).isPresent());

        final List<Track> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(Track.builder("r")
                    .add(0, degrees(10 * i), 0)
                    .add(MINUTE, degrees(5000 * (i + 1)), 0)
                    .build());
        }
        final HomeInference.Place guess = HomeInference.byEndPoints(runs).orElseThrow();
        assertEquals(10, guess.latitude() * Metres.PER_DEGREE, 1);
        final HomeInference.Errors errors = HomeInference.errors(
                List.of(night, night, Optional.empty()),
                List.of(Optional.of(guess), Optional.empty(), Optional.empty()));
        assertEquals(0.5, errors.within(100));
        assertEquals(10, errors.metres().get(0), 1);
        assertEquals(Double.POSITIVE_INFINITY, errors.metres().get(1));
    }
}
