// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.geometry.InvalidAreasException;

class GeofencesTest {
    @TempDir
    private Path directory;

    @Test
    void shouldKeepGivenNumbersAndGiveTheOthersWhatIsFree() throws Exception {
        final Path depots = file("depots.geojson", circle("\"id\":1,", "North"), circle("", "East"));
        final Path yards = file("yards.geojson", circle("", "South"), circle("\"id\":0,", "West"));
        final Geofences fences = Geofences.read(List.of(depots, yards));
        assertEquals(4, fences.size());
        assertEquals("West", fences.name(0));
        assertEquals("North", fences.name(1));
        assertEquals("East", fences.name(2));
        assertEquals("South", fences.name(3));
        assertNull(fences.name(4));
        assertEquals(2, fences.number(2));
    }

    @Test
    void shouldRefuseANumberGivenTwiceAndTellOfAllFiles() throws Exception {
        final Path first = file("first.geojson", circle("\"id\":5,", "A"), circle("\"id\":5,", "B"));
        final Path missing = directory.resolve("missing.geojson");
        final Path second = file("second.geojson", circle("\"id\":5,", "C"));
        final InvalidAreasException refused =
                assertThrows(InvalidAreasException.class, () -> Geofences.read(List.of(first, missing, second)));
        assertEquals(
                List.of(
                        missing + ": no such file, expected: a GeoJSON file",
                        first + ": \"B\": id is 5 as that of " + first + ": \"A\", allowed: an id of its own"),
                refused.problems());
    }

    @Test
    void shouldHoldNothingWithoutFiles() throws Exception {
        assertEquals(0, Geofences.read(List.of()).size());
        assertEquals(0, Geofences.NONE.size());
    }

    private Path file(final String name, final String... features) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "{\"type\":\"FeatureCollection\",\"features\":[" + String.join(",", features) + "]}");
    }

    private static String circle(final String id, final String name) {
        return "{\"type\":\"Feature\"," + id + "\"properties\":{\"name\":\"" + name
                + "\",\"radius\":100},\"geometry\":{\"type\":\"Point\",\"coordinates\":[8,47]}}";
    }
}
