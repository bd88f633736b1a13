// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.roadhaze.evaluation.AttacksTest.degrees;
import static org.roadhaze.evaluation.RoadGraphTest.road;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a tracker gains by a road map. */
class RoadTrackerTest {
    private static final long MINUTE = 60_000;

    /** A river of 100 m between two roads whose bridge is far; another road behind it that nothing joins. */
    private static final RoadGraph RIVER = new RoadGraph(
            List.of(road(0, 0, 10_000, 0), road(0, 100, 10_000, 100), road(0, 0, 0, 100), road(0, 3000, 10_000, 3000)));

    private static void drive(
            final List<Published> records,
            final long id,
            final int device,
            final int fromMinute,
            final double fromEast,
            final double toEast,
            final double north) {
        records.add(Published.point(id, device, fromMinute * MINUTE, degrees(north), degrees(fromEast)));
        records.add(Published.point(id, device, (fromMinute + 1) * MINUTE, degrees(north), degrees(toEast)));
    }

    /**
     * Two vehicles, a silence of four minutes. The one south of the river slows down while nobody sees it, and comes up 400 m before where
     * it is expected; the one north of it comes up 350 m beside that very place, but on the other bank. As the crow flies the southern
     * end is nearer to the northern beginning.
     */
    private static List<Published> banks() {
        final List<Published> records = new ArrayList<>();
        drive(records, 1, 0, 0, 0, 600, 0);
        drive(records, 2, 0, 5, 2600, 3000, 0); // expected at 3000
        drive(records, 3, 1, 0, 0, 700, 100);
        drive(records, 4, 1, 5, 3050, 3400, 100); // expected at 3500
        return records;
    }

    private static Relinking.Tracker tracker(final Relinking.Motion motion) {
        return new Relinking.Tracker(motion, Relinking.Matching.GREEDY, MINUTE, 10 * MINUTE, 50);
    }

    @Test
    void shouldNotCrossARiverWithoutABridge() {
        final Relinking.Tracker crow = tracker(Relinking.Motion.CONSTANT_VELOCITY);
        assertEquals(new Relinking(2, 0, 1), Relinking.attack(banks(), crow));
        assertEquals(new Relinking(2, 2, 1), Relinking.attack(banks(), crow.on(RIVER)));
    }

    /** A vehicle that no road leads to is not joined; without a map it is. */
    @Test
    void shouldNotJoinWhatNoRoadJoins() {
        final List<Published> records = new ArrayList<>();
        drive(records, 1, 0, 0, 0, 600, 0);
        drive(records, 2, 0, 5, 600, 900, 3000);
        final Relinking.Tracker crow = tracker(Relinking.Motion.AT_REST);
        assertEquals(new Relinking(1, 1, 1), Relinking.attack(records, crow));
        assertEquals(new Relinking(1, 0, 1), Relinking.attack(records, crow.on(RIVER)));
    }

    /** On one straight road, the ways along it are those of the crow: the same answers, whatever the motion. */
    @Test
    void shouldFindTheSameOnAStraightRoad() {
        final RoadGraph straight = new RoadGraph(List.of(road(-50_000, 0, 50_000, 0)));
        final List<Published> records = new ArrayList<>();
        final Random random = new Random(1);
        for (int vehicle = 0; vehicle < 20; vehicle++) {
            for (int piece = 0; piece < 5; piece++) {
                final double east = 300 * vehicle + 900 * piece + 400 * random.nextDouble();
                drive(records, 1 + vehicle * 10 + piece, vehicle, 4 * piece, east, east + 250, 0);
            }
        }
        for (final Relinking.Motion motion : Relinking.Motion.values()) {
            final Relinking crow = Relinking.attack(records, tracker(motion));
            assertEquals(80, crow.links());
            assertEquals(crow, Relinking.attack(records, tracker(motion).on(straight)));
        }
    }
}
