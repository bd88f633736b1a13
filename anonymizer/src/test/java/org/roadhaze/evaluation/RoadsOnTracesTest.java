// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.roadhaze.geometry.GeoJsonLines;
import org.roadhaze.geometry.InvalidGeoJsonException;

/**
 * What a road map gives a tracker: trips of taxis in Porto, a fix every 15 s, all begun within half an hour as if they were one fleet,
 * in pieces with fixed gaps, and the roads of the city. Run where the shared data is.
 */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class RoadsOnTracesTest {
    private static final Pattern ROW = Pattern.compile("\"LINESTRING \\((.*)\\)\",\"(.*?)\",.*");
    private static final long HALF_HOUR_MS = 1_800_000;
    private static final long GAP_MS = 60_000;

    private static Path shared(final String name) {
        return Path.of(System.getProperty("roadhaze.shared"), name);
    }

    private static List<Track> trips(final SplittableRandom random) throws IOException {
        final List<Track> trips = new ArrayList<>();
        for (final String line : Files.readAllLines(shared("traces/porto-trips.csv"))) {
            final Matcher row = ROW.matcher(line);
            if (row.matches()) {
                final String[] places = row.group(1).split(", ", -1);
                final String[] seconds = row.group(2).split(", ", -1);
                final Track.Builder trip = Track.builder("");
                final long beginMs = random.nextLong(HALF_HOUR_MS);
                for (int i = 0; i < places.length; i++) {
                    final String[] place = places[i].split(" ", -1);
                    trip.add(
                            beginMs + 1000 * (Long.parseLong(seconds[i].strip()) - Long.parseLong(seconds[0].strip())),
                            Double.parseDouble(place[1]),
                            Double.parseDouble(place[0]));
                }
                trips.add(trip.build());
            }
        }
        return trips;
    }

    /**
     * Distances along roads find fewer of these pieces than the crow's: a vehicle is expected where it would roll to, which is beside the
     * roads, and the nearest of them may be one that it is a long way round to. Ours of one draw; see EVALUATION.md.
     */
    @Test
    void shouldFindWithAMapWhatItFound() throws IOException, InvalidGeoJsonException {
        final RoadGraph roads = new RoadGraph(GeoJsonLines.read(shared("geo/porto-roads.geojson")));
        assertEquals(641, roads.lengthMetres() / 1000, 1, "930 km, those that go both ways counted twice");
        final List<Track> trips = trips(new SplittableRandom(1));
        assertEquals(318, trips.size());
        final List<Published> records = Textbook.splitAndGap(trips, 120_000, GAP_MS, false, new SplittableRandom(1));
        final Relinking.Tracker tracker = new Relinking.Tracker(
                Relinking.Motion.CONSTANT_VELOCITY, Relinking.Matching.GREEDY, GAP_MS, GAP_MS + 120_000, 50);
        final Relinking crow = Relinking.attack(records, tracker);
        final Relinking along = Relinking.attack(records, tracker.on(roads));
        System.out.printf(
                "porto 120/60: %d links, as the crow flies %.3f, along roads %.3f, by chance %.3f%n",
                crow.links(), crow.rate(), along.rate(), crow.chance());
        assertEquals(1078, along.links());
        assertEquals(0.733, crow.rate(), 0.02);
        assertEquals(0.657, along.rate(), 0.02);
        assertEquals(0.169, crow.chance(), 0.02);
    }
}
