// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.LineString;

class GeoJsonLinesTest {
    @Test
    void shouldReadLinesInTheirOrder() throws InvalidGeoJsonException {
        final List<LineString> lines = GeoJsonLines.parse("roads.geojson", """
                {"type": "FeatureCollection", "features": [
                  {"type": "Feature", "properties": {"oneway": true},
                   "geometry": {"type": "LineString", "coordinates": [[8, 47], [8.5, 47, 400], [9, 48]]}},
                  {"type": "Feature", "properties": null, "geometry": {"type": "MultiLineString",
                   "coordinates": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}}
                ]}""");
        assertEquals(3, lines.size());
        assertEquals("LINESTRING (8 47, 8.5 47, 9 48)", lines.get(0).toText());
        assertEquals("LINESTRING (5 6, 7 8)", lines.get(2).toText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"Point\",\"coordinates\":[8,47]} | feature 0: geometry is a Point, allowed: LineString or"
                        + " MultiLineString with positions",
                "{\"type\":\"Feature\",\"geometry\":null} | feature 0: geometry is missing, allowed: LineString or"
                        + " MultiLineString with positions",
                "{\"type\":\"LineString\",\"coordinates\":[[8,47]]} | feature 0: line has 1 position, allowed: 2 or more",
                "{\"type\":\"LineString\",\"coordinates\":[]} | feature 0: coordinates is [], allowed: a list of"
                        + " positions, not empty",
                "{\"type\":\"LineString\",\"coordinates\":[[8,47],[8,97]]} | feature 0: position [8,97] has latitude 97,"
                        + " allowed: -90 to 90 degrees (longitude comes first)",
                "{\"type\":\"LineString\",\"coordinates\":[[179,0],[-179,0]]} | feature 0: line goes from longitude 179.0 to"
                        + " -179.0, allowed: edges of at most 180 degrees; cut what crosses the antimeridian into a"
                        + " MultiLineString (RFC 7946, 3.1.9)",
            })
    void shouldRefuseAndSayWhy(final String json, final String message) {
        final InvalidGeoJsonException refused =
                assertThrows(InvalidGeoJsonException.class, () -> GeoJsonLines.parse("roads.geojson", json));
        assertEquals(List.of("roads.geojson: " + message), refused.problems());
    }

    @Test
    void shouldNameAFileThatIsNotThere(@TempDir final Path directory) {
        final Path none = directory.resolve("none.geojson");
        final InvalidGeoJsonException refused =
                assertThrows(InvalidGeoJsonException.class, () -> GeoJsonLines.read(none));
        assertEquals(List.of(none + ": no such file, expected: a GeoJSON file"), refused.problems());
    }
}
