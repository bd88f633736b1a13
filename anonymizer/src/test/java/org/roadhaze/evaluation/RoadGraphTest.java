// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.roadhaze.evaluation.AttacksTest.degrees;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;

/** Distances along roads. Places are metres east and north of 0, 0. */
class RoadGraphTest {
    private static final GeometryFactory FACTORY = new GeometryFactory();

    /** Places have a precision of a centimetre; planes of places so near differ by less. */
    private static final double EXACT = 0.1;

    static LineString road(final double... eastNorth) {
        final Coordinate[] line = new Coordinate[eastNorth.length / 2];
        for (int i = 0; i < line.length; i++) {
            line[i] = new Coordinate(degrees(eastNorth[2 * i]), degrees(eastNorth[2 * i + 1]));
        }
        return FACTORY.createLineString(line);
    }

    private static RoadGraph.OnRoad at(final RoadGraph roads, final double east, final double north) {
        return roads.nearest(degrees(north), degrees(east));
    }

    private static double metres(
            final RoadGraph roads, final double east, final double north, final double toEast, final double toNorth) {
        return roads.metres(at(roads, east, north), List.of(at(roads, toEast, toNorth)))[0];
    }

    /** Two roads of a kilometre, 100 m apart, with a bridge at their western ends; and an island. */
    private static RoadGraph river() {
        return new RoadGraph(List.of(
                road(0, 0, 500, 0, 1000, 0), road(0, 100, 1000, 100), road(0, 0, 0, 100), road(5000, 0, 6000, 0)));
    }

    @Test
    void shouldGoRoundByTheBridge() {
        assertEquals(3100, river().lengthMetres(), EXACT);
        assertEquals(800 + 100 + 800, metres(river(), 800, 0, 800, 100), EXACT);
        assertEquals(20 + 800 + 100 + 800 + 10, metres(river(), 800, -20, 800, 110), EXACT);
    }

    @Test
    void shouldStayOnARoadThatHoldsBoth() {
        assertEquals(100, metres(river(), 600, 0, 700, 0), EXACT);
        assertEquals(0, metres(river(), 700, 0, 700, 0), EXACT);
        assertEquals(400, metres(river(), 300, 0, 700, 0), EXACT);
    }

    @Test
    void shouldKnowWhatRoadsJoin() {
        final RoadGraph roads = river();
        assertTrue(roads.isJoined(at(roads, 1000, 0), at(roads, 1000, 100)));
        assertFalse(roads.isJoined(at(roads, 1000, 0), at(roads, 5000, 0)));
        assertTrue(roads.isJoined(at(roads, 6000, 0), at(roads, 5000, 0)));
    }

    @Test
    void shouldTellWhetherTracksWereDrivenThere() {
        final Track far = Track.builder("far")
                .add(1, degrees(3000), degrees(3000))
                .add(2, degrees(4000), degrees(3000))
                .build();
        final Track near = Track.builder("near")
                .add(1, degrees(3000), 0)
                .add(2, degrees(-90), degrees(5500))
                .build();
        assertFalse(river().isNearAny(List.of(far), 1000));
        assertTrue(river().isNearAny(List.of(far, near), 100));
        assertFalse(river().isNearAny(List.of(far, near), 80));
    }

    @Test
    void shouldFindNoWayToAnIsland() {
        assertEquals(Double.POSITIVE_INFINITY, metres(river(), 0, 0, 5500, 0));
        final RoadGraph roads = river();
        final double[] both = roads.metres(at(roads, 0, 0), List.of(at(roads, 5500, 0), at(roads, 0, 50)));
        assertEquals(50, both[1], EXACT, "and still the other");
    }

    @Test
    void shouldMeetOnlyWhereRoadsShareAVertex() {
        final RoadGraph bridge = new RoadGraph(List.of(road(-100, 0, 100, 0), road(0, -100, 0, 100)));
        assertEquals(Double.POSITIVE_INFINITY, metres(bridge, -50, 0, 0, 50));
        final RoadGraph junction = new RoadGraph(List.of(road(-100, 0, 0, 0, 100, 0), road(0, -100, 0, 0, 0, 100)));
        assertEquals(100, metres(junction, -50, 0, 0, 50), EXACT);
    }

    @Test
    void shouldFindTheNearestRoadHoweverFar() {
        final RoadGraph roads = river();
        assertEquals(100_000, at(roads, 500, -100_000).besideMetres(), 150);
        assertEquals(30, at(roads, 500, 70).besideMetres(), EXACT);
    }

    @Test
    void shouldRefuseAMapWithoutARoad() {
        assertThrows(IllegalArgumentException.class, () -> new RoadGraph(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new RoadGraph(List.of(road(1, 1, 1, 1))));
    }

    /** Random maps of a few junctions, by comparing every pair over every third; and the laws of a distance. */
    @Test
    void shouldFindTheShortestOfAllWays() {
        for (int seed = 0; seed < 200; seed++) {
            final Random random = new Random(seed);
            final int nodes = 3 + random.nextInt(6);
            final double[] east = random.doubles(nodes, 0, 2000).toArray();
            final double[] north = random.doubles(nodes, 0, 2000).toArray();
            final double[][] way = new double[nodes][nodes];
            final List<LineString> roads = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                Arrays.fill(way[i], Double.POSITIVE_INFINITY);
                way[i][i] = 0;
            }
            for (int i = 0; i < 2 * nodes; i++) {
                final int from = random.nextInt(nodes);
                final int to = random.nextInt(nodes);
                if (from != to) {
                    roads.add(road(east[from], north[from], east[to], north[to]));
                    way[from][to] = Math.hypot(east[from] - east[to], north[from] - north[to]);
                    way[to][from] = way[from][to];
                }
            }
            for (int k = 0; k < nodes; k++) {
                for (int i = 0; i < nodes; i++) {
                    for (int j = 0; j < nodes; j++) {
                        way[i][j] = Math.min(way[i][j], way[i][k] + way[k][j]);
                    }
                }
            }
            if (!roads.isEmpty()) {
                compare(new RoadGraph(roads), way, east, north, "seed " + seed);
            }
        }
    }

    private static void compare(
            final RoadGraph roads, final double[][] way, final double[] east, final double[] north, final String seed) {
        for (int i = 0; i < way.length; i++) {
            for (int j = 0; j < way.length; j++) {
                final double found = metres(roads, east[i], north[i], east[j], north[j]);
                if (isOnRoad(way[i]) && isOnRoad(way[j])) {
                    assertEquals(way[i][j], found, EXACT, seed);
                }
                assertEquals(found, metres(roads, east[j], north[j], east[i], north[i]), 1e-6, seed + ": both ways");
                assertTrue(
                        found >= Math.hypot(east[i] - east[j], north[i] - north[j]) - EXACT,
                        seed + ": no road is shorter than the crow's");
            }
        }
    }

    /** Others snap to some road between. */
    private static boolean isOnRoad(final double[] ways) {
        return Arrays.stream(ways).filter(Double::isFinite).count() > 1;
    }
}
