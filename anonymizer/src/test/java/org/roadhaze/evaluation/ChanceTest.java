// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.roadhaze.evaluation.AttacksTest.degrees;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What attacks would find by chance, on cases that can be counted. */
class ChanceTest {
    private static final long MINUTE = 60_000;

    private static Optional<HomeInference.Place> place(final double north) {
        return Optional.of(new HomeInference.Place(degrees(north), 0));
    }

    /** Three devices: the homes of two lie 100 m apart, that of the third far away; of the third nothing is guessed. */
    @Test
    void shouldFindNeighboursHomes() {
        final List<Optional<HomeInference.Place>> homes = List.of(place(0), place(100), place(9000));
        final List<Optional<HomeInference.Place>> guesses = List.of(place(0), place(100), Optional.empty());
        assertEquals(2.0 / 6, HomeInference.chance(homes, guesses, 250), 1e-12);
        assertEquals(0, HomeInference.chance(homes, guesses, 50));
        assertEquals(2.0 / 3, HomeInference.errors(homes, guesses).within(250), 1e-12);
        assertEquals(Double.NaN, HomeInference.chance(List.of(place(0)), List.of(place(0)), 250));
        assertEquals(
                Double.NaN,
                HomeInference.chance(List.of(Optional.empty(), Optional.empty()), List.of(place(0), place(0)), 250));
    }

    private static Track stays(final double... north) {
        final Track.Builder track = Track.builder("d");
        for (int i = 0; i < north.length; i++) {
            for (int minute = 0; minute <= 20; minute += 5) {
                track.add((i * 30 + minute) * MINUTE, degrees(north[i]), 0);
            }
        }
        return track.build();
    }

    /** Each stops at a rank that all use and at a place of its own: the rank is found in anybody's records. */
    @Test
    void shouldFindStopsThatAreEverybodys() {
        final List<Track> fleet = List.of(stays(0, 10_000), stays(0, 20_000), stays(0, 30_000));
        final PoiRetrieval.WithChance found = PoiRetrieval.best(fleet, fleet);
        assertEquals(new PoiRetrieval(6, 6, 6), found.best());
        assertEquals(new PoiRetrieval(3, 6, 6), found.byChance());
    }

    /** Four ends and four beginnings at one time, far from each other but within reach: a quarter of the links by chance. */
    @Test
    void shouldCountTheBeginningsThatATrackerConsiders() {
        final List<Published> records = new ArrayList<>();
        for (int device = 0; device < 4; device++) {
            records.add(Published.point(1 + device, device, 0, degrees(1000 * device), 0));
            records.add(Published.point(11 + device, device, 5 * MINUTE, degrees(1000 * device), 0));
        }
        final Relinking.Tracker tracker = new Relinking.Tracker(
                Relinking.Motion.AT_REST, Relinking.Matching.GREEDY, MINUTE, 10 * MINUTE, Double.POSITIVE_INFINITY);
        assertEquals(new Relinking(4, 4, 1), Relinking.attack(records, tracker));
        assertEquals(0.25, Relinking.attack(records, tracker).chance());
        final Relinking.Tracker slow =
                new Relinking.Tracker(Relinking.Motion.AT_REST, Relinking.Matching.GREEDY, MINUTE, 10 * MINUTE, 1);
        assertEquals(new Relinking(4, 4, 4), Relinking.attack(records, slow), "300 m in five minutes");
    }

    /** Who never stops is no target: else a fleet under short ids would look safe from an attack that was not made. */
    @Test
    void shouldAttackByStopsOnlyWhereThereIsOne() {
        final List<PublishedTracks.OfId> targets = List.of(
                new PublishedTracks.OfId(0, stays(0)),
                new PublishedTracks.OfId(1, stays(0).slice(0, 3)),
                new PublishedTracks.OfId(1, stays()));
        final List<Track> known = List.of(stays(0), stays(9000));
        assertEquals(new HeatMapAttack.Result(1, 1), new PoiAttack(known).attack(targets));
        assertEquals(new HeatMapAttack.Result(1, 1), new MarkovAttack(known).attack(targets));
        assertEquals(
                2,
                new HeatMapAttack(known, HeatMapAttack.CELL_METRES)
                        .attack(targets)
                        .targets());
    }

    /** Two trips of one device an hour apart: the first under one id, the second under two; a third tells one record. */
    @Test
    void shouldTellWholeTripsFromPieces() {
        final Track.Builder track = Track.builder("d");
        final List<Published> records = new ArrayList<>();
        for (int trip = 0; trip < 3; trip++) {
            for (int minute = 0; minute < 10; minute++) {
                final long timeMs = (60 * trip + minute) * MINUTE;
                track.add(timeMs, degrees(100 * minute), 0);
                if (trip < 2 || minute == 5) {
                    records.add(Published.point(trip == 1 && minute > 4 ? 9 : trip + 1, 0, timeMs, 0, 0));
                }
            }
        }
        final List<Track> tracks = List.of(track.build());
        assertEquals(new WholeTrips(2, 1), WholeTrips.of(tracks, records));
        assertFalse(WholeTrips.of(tracks, records).areMost(), "a half is not most");
        records.replaceAll(
                record -> Published.point(Published.NO_ID, 0, record.timeMs(), record.latitude(), record.longitude()));
        assertEquals(new WholeTrips(2, 0), WholeTrips.of(tracks, records));
        assertTrue(WholeTrips.of(tracks, List.of()).areMost());
    }
}
