// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/** Administrative polygons, which share borders; run where the shared data is. */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class RealPolygonsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "san-francisco",
                "california-counties",
                "new-york-counties",
                "zurich-city",
                "rome-rioni",
                "middle-east-countries",
                "china"
            })
    void shouldAgreeWithJts(final String name) throws InvalidAreasException {
        final Path file = Path.of(System.getProperty("roadhaze.shared"), "geo", name + ".geojson");
        final List<Geometry> polygons =
                GeoJsonAreas.read(file, 0).stream().map(Area::geometry).toList();
        final PolygonIndex index = PolygonIndex.of(polygons);
        final JtsOracle oracle = new JtsOracle(polygons);
        final Envelope box = new Envelope();
        polygons.forEach(polygon -> box.expandToInclude(polygon.getEnvelopeInternal()));
        final Random random = new Random(42);
        final int[] out = new int[index.maxMatches()];
        for (int i = 0; i < 50_000; i++) {
            final int latitude = (int) Math.round(1e7 * (box.getMinY() + random.nextDouble() * box.getHeight()));
            final int longitude = (int) Math.round(1e7 * (box.getMinX() + random.nextDouble() * box.getWidth()));
            assertArrayEquals(
                    oracle.covering(latitude, longitude),
                    Arrays.copyOf(out, index.query(latitude, longitude, out)),
                    () -> "at latitude " + latitude + " longitude " + longitude + " (1e-7 degrees)");
        }
    }
}
