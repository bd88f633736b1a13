// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.locationtech.jts.geom.Coordinate;

class GeoJsonAreasTest {
    private static final double EARTH_RADIUS_METRES = 6_371_008.8;

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseAndSayWhy(final String json, final String message) {
        final InvalidAreasException refused =
                assertThrows(InvalidAreasException.class, () -> GeoJsonAreas.parse("zones.geojson", json, 0));
        assertEquals(List.of(message), refused.problems());
    }

    static List<Object[]> refused() throws IOException {
        try (InputStream in = GeoJsonAreasTest.class.getResourceAsStream("/geometry/areas-refused.txt")) {
            final List<Object[]> cases = new ArrayList<>();
            for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isEmpty() && !line.startsWith("#")) {
                    cases.add(line.split("\t", 2));
                }
            }
            return cases;
        }
    }

    @Test
    void shouldTellEverythingThatIsWrongAtOnce() {
        final String json = """
                {"type": "FeatureCollection", "features": [
                  {"type": "Feature", "geometry": null, "properties": {"name": "first"}},
                  {"type": "Feature", "geometry": {"type": "Point", "coordinates": [8, 47]},
                   "properties": {"name": "fine", "radius": 100}},
                  {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[8, 47]]]}, "properties": {}}
                ]}""";
        final InvalidAreasException refused =
                assertThrows(InvalidAreasException.class, () -> GeoJsonAreas.parse("f", json, 0));
        assertEquals(2, refused.problems().size());
        assertTrue(refused.problems().get(0).startsWith("f: feature 0 \"first\": "));
        assertTrue(refused.problems().get(1).startsWith("f: feature 2: "));
    }

    @Test
    void shouldNameTheLineThatIsNotJson() {
        final InvalidAreasException refused = assertThrows(
                InvalidAreasException.class, () -> GeoJsonAreas.parse("f", "{\"type\":\n\"Feature\",\n oops}", 0));
        assertEquals(List.of("f: line 3: not JSON: unexpected character 'o'"), refused.problems());
    }

    @Test
    void shouldNameEveryKeyThatStandsTwiceWithItsLine() {
        final InvalidAreasException refused =
                assertThrows(InvalidAreasException.class, () -> GeoJsonAreas.parse("f", """
                {"type": "Feature",
                 "geometry": {"type": "Point", "coordinates": [8, 47]},
                 "geometry": {"type": "Point", "coordinates": [9, 47]},
                 "properties": {
                   "radius": 900, "name": "clinic",
                   "radius": 9}}""", 0));
        assertEquals(
                List.of(
                        "f: line 3: the key \"geometry\" again, allowed: once in an object",
                        "f: line 6: the key \"radius\" again, allowed: once in an object"),
                refused.problems());
    }

    @Test
    void shouldReadNamesNumbersHolesAndMultiPolygons() throws InvalidAreasException {
        final List<Area> areas = GeoJsonAreas.parse("f", """
                {"type": "FeatureCollection", "features": [
                  {"type": "Feature", "id": 12, "properties": {"name": "Yard"}, "geometry": {"type": "Polygon",
                    "coordinates": [[[0,0],[4,0],[4,4],[0,4],[0,0]], [[1,1],[1,2],[2,2],[2,1],[1,1]]]}},
                  {"type": "Feature", "id": "depot", "properties": null, "geometry": {"type": "MultiPolygon",
                    "coordinates": [[[[5,5],[6,5],[6,6],[5,5]]], [[[7,7],[8,7],[8,8],[7,7]]]]}},
                  {"type": "Feature", "properties": {"id": 3}, "geometry": {"type": "Polygon",
                    "coordinates": [[[9,9],[10,9],[10,10],[9,9]]]}},
                  {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon",
                    "coordinates": [[[9,9,300.5],[10,9,301],[10,10,302],[9,9,300.5]]]}}
                ]}""", 0);
        assertEquals(List.of("Yard", "depot", "3", "feature 3"), names(areas));
        assertEquals(12, areas.get(0).number());
        assertEquals(Area.NO_NUMBER, areas.get(1).number());
        assertEquals(3, areas.get(2).number());
        final PolygonIndex index = index(areas);
        assertTrue(index.containsAny(5_000_000, 5_000_000));
        assertFalse(index.containsAny(15_000_000, 15_000_000));
        assertTrue(index.containsAny(75_000_000, 76_000_000));
    }

    @Test
    void shouldRepairABorderThatCrossesItselfByAHair() throws InvalidAreasException {
        final PolygonIndex index = index(GeoJsonAreas.parse("f", """
                {"type": "Polygon", "coordinates": [[[0,0],[4,0],[4,4],[2,4],[2.0001,4.0001],[2.0001,3.9999],[0,4],[0,0]]]}
                """, 0));
        assertTrue(index.containsAny(20_000_000, 20_000_000));
        assertTrue(index.containsAny(39_000_000, 1_000_000));
        assertFalse(index.containsAny(40_010_000, 20_000_000));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 10", "47, 8, 150", "-33, 151, 2500", "60, 25, 100000", "84, 15, 100000", "78, -170, 400"})
    void shouldCoverACircleAndLittleMore(final double latitude, final double longitude, final double radius)
            throws InvalidAreasException {
        final PolygonIndex index = index(GeoJsonAreas.parse("f", circle(latitude, longitude, radius), 0));
        for (int i = 0; i < 720; i++) {
            assertTrue(holds(index, latitude, longitude, radius, i / 2.0), "inside at bearing " + i / 2.0);
            assertFalse(
                    holds(index, latitude, longitude, radius * 1.0012 + 0.06, i / 2.0),
                    "outside at bearing " + i / 2.0);
        }
    }

    @Test
    void shouldCutACircleAtTheAntimeridian() throws InvalidAreasException {
        final PolygonIndex index = index(GeoJsonAreas.parse("f", circle(-17, 179.99, 20_000), 0));
        assertTrue(index.containsAny(-170_000_000, 1_799_900_000));
        assertTrue(index.containsAny(-170_000_000, 1_800_000_000));
        assertTrue(index.containsAny(-170_000_000, -1_800_000_000));
        assertTrue(index.containsAny(-170_000_000, -1_799_000_000));
        assertFalse(index.containsAny(-170_000_000, -1_797_000_000));
        assertFalse(index.containsAny(-170_000_000, 0));
    }

    @Test
    void shouldBufferByAtLeastTheMetresAskedFor() throws InvalidAreasException {
        final String square = """
                {"type": "Polygon", "coordinates": [[[25,60],[25.1,60],[25.1,60.1],[25,60.1],[25,60]]]}""";
        final PolygonIndex index = index(GeoJsonAreas.parse("f", square, 200));
        for (int bearing = 0; bearing <= 90; bearing++) {
            assertTrue(holds(index, 60.1, 25.1, 200, bearing), "north-east corner, bearing " + bearing);
            assertFalse(holds(index, 60.1, 25.1, 205, bearing), "north-east corner, bearing " + bearing);
            assertTrue(holds(index, 60, 25, 200, 180 + bearing), "south-west corner, bearing " + bearing);
        }
        assertFalse(holds(index, 60, 25.05, 205, 180));
    }

    @Test
    void shouldTakeWhatIsSmallerThanAPositionCanTellWithItsBuffer() throws InvalidAreasException {
        final PolygonIndex index = index(GeoJsonAreas.parse("f", """
                {"type": "Polygon", "coordinates": [[[25,60],[25.00000001,60],[25.00000001,60.00000001],[25,60]]]}
                """, 50));
        assertTrue(holds(index, 60, 25, 49, 0));
        assertFalse(holds(index, 60, 25, 52, 0));
    }

    @Test
    void shouldRefuseABufferThatCannotBe() {
        final InvalidAreasException refused =
                assertThrows(InvalidAreasException.class, () -> GeoJsonAreas.parse("f", circle(1, 1, 5), 100_001));
        assertEquals(List.of("f: feature 0: buffer is 100001.0, allowed: 0 to 100000.0 metres"), refused.problems());
    }

    @Test
    void shouldReadAFileAndNameTheOneThatIsNotThere(@TempDir final Path directory) throws Exception {
        final Path file = directory.resolve("fences.geojson");
        Files.writeString(file, circle(47, 8, 100));
        assertEquals(1, GeoJsonAreas.read(file, 0).size());
        final Path missing = directory.resolve("missing.geojson");
        final InvalidAreasException refused =
                assertThrows(InvalidAreasException.class, () -> GeoJsonAreas.read(missing, 0));
        assertEquals(List.of(missing + ": no such file, expected: a GeoJSON file"), refused.problems());
    }

    private static boolean holds(
            final PolygonIndex index,
            final double latitude,
            final double longitude,
            final double metres,
            final double bearing) {
        final Coordinate there = destination(latitude, longitude, metres, bearing);
        return index.containsAny((int) Math.round(there.y * 1e7), (int) Math.round(there.x * 1e7));
    }

    /** Along a great circle, by vectors: not the formula under test. */
    private static Coordinate destination(
            final double latitude, final double longitude, final double metres, final double bearing) {
        final double phi = Math.toRadians(latitude);
        final double angle = metres / EARTH_RADIUS_METRES;
        final double north = Math.cos(Math.toRadians(bearing)) * Math.sin(angle);
        final double east = Math.sin(Math.toRadians(bearing)) * Math.sin(angle);
        final double outward = Math.cos(angle) * Math.cos(phi) - north * Math.sin(phi);
        final double up = Math.cos(angle) * Math.sin(phi) + north * Math.cos(phi);
        return new Coordinate(
                longitude + Math.toDegrees(Math.atan2(east, outward)),
                Math.toDegrees(Math.atan2(up, Math.hypot(east, outward))));
    }

    private static String circle(final double latitude, final double longitude, final double radius) {
        return "{\"type\":\"Feature\",\"properties\":{\"radius\":" + radius
                + "},\"geometry\":{\"type\":\"Point\",\"coordinates\":[" + longitude + "," + latitude + "]}}";
    }

    private static PolygonIndex index(final List<Area> areas) {
        return PolygonIndex.of(areas.stream().map(Area::geometry).toList());
    }

    private static List<String> names(final List<Area> areas) {
        return areas.stream().map(Area::name).toList();
    }
}
