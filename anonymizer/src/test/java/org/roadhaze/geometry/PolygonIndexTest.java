// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/** The index against JTS, which locates the same points in the same polygons. */
class PolygonIndexTest {
    private final StarPolygons stars = new StarPolygons(20_251);

    @Test
    void shouldAgreeWithJtsOnScatteredStars() {
        assertAgrees(stars.scattered(300, 2.0, 0.08, 50), 60_000, 1);
    }

    @Test
    void shouldAgreeWithJtsOnHolesAndMultiPolygons() {
        final List<Geometry> polygons = new ArrayList<>();
        final Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            final double x = random.nextDouble() - 0.5;
            final double y = random.nextDouble() - 0.5;
            polygons.add(stars.starWithHole(x, y, 0.1, 12 + i));
            polygons.add(stars.twoStars(y, x, 0.05, 9 + i));
        }
        assertAgrees(polygons, 60_000, 2);
    }

    @Test
    void shouldAgreeWithJtsOnTinyAmongHuge() {
        final List<Geometry> polygons = new ArrayList<>();
        polygons.add(stars.star(10, 5, 80, 200));
        polygons.add(stars.starWithHole(-20, -5, 80, 3_000));
        polygons.add(stars.star(0, 0, 179, 5).intersection(new GeometryFactory().toGeometry(world())));
        for (int i = 0; i < 40; i++) {
            polygons.add(stars.star(10 + i * 1e-5, 5, 1e-5, 10));
            polygons.add(stars.star(-60 + 3 * i, i, 2e-6, 3));
        }
        assertAgrees(roundedToE7(polygons), 60_000, 3);
    }

    @Test
    void shouldAgreeWithJtsOnCoarseLatticePolygonsFullOfLevelAndUprightEdges() {
        final List<Geometry> polygons = new ArrayList<>();
        final Random random = new Random(11);
        final GeometryFactory factory = new GeometryFactory();
        for (int i = 0; i < 150; i++) {
            final Envelope a = new Envelope(random.nextInt(40), 41 + random.nextInt(40), 0, 1 + random.nextInt(40));
            final Envelope b = new Envelope(random.nextInt(20), 21 + random.nextInt(40), -random.nextInt(40), 20);
            polygons.add(factory.toGeometry(a).symDifference(factory.toGeometry(b)));
        }
        final PolygonIndex index = PolygonIndex.of(scaled(polygons, 1e-7));
        final JtsOracle oracle = new JtsOracle(scaled(polygons, 1e-7));
        final int[] out = new int[index.maxMatches()];
        for (int latitude = -45; latitude <= 45; latitude++) {
            for (int longitude = -5; longitude <= 85; longitude++) {
                assertArrayEquals(oracle.covering(latitude, longitude), query(index, latitude, longitude, out));
            }
        }
    }

    @Test
    void shouldTakeABorderPointAsInsideOnEverySideAndInAHole() throws ParseException {
        final PolygonIndex index = PolygonIndex.of(
                List.of(new WKTReader().read("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))")));
        for (int i = 0; i <= 10; i++) {
            final int along = i * 10_000_000;
            assertTrue(index.containsAny(0, along), "south at " + i);
            assertTrue(index.containsAny(100_000_000, along), "north at " + i);
            assertTrue(index.containsAny(along, 0), "west at " + i);
            assertTrue(index.containsAny(along, 100_000_000), "east at " + i);
        }
        assertTrue(index.containsAny(40_000_000, 50_000_000));
        assertTrue(index.containsAny(60_000_000, 60_000_000));
        assertFalse(index.containsAny(40_000_001, 50_000_000));
        assertFalse(index.containsAny(50_000_000, 50_000_000));
        assertFalse(index.containsAny(-1, 50_000_000));
        assertFalse(index.containsAny(50_000_000, 100_000_001));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void shouldTakeBothNamesOfTheAntimeridianForOne(final int side) throws ParseException {
        final List<Geometry> polygons = new ArrayList<>();
        polygons.add(new WKTReader().read("POLYGON ((179 -18, 180 -18, 180 -16, 179 -16, 179 -18))"));
        polygons.add(new WKTReader().read("POLYGON ((178 -15, 180 -10, 178 -5, 178 -15))"));
        polygons.add(new WKTReader().read("POLYGON ((170 -40, 179.9999999 -40, 179.9999999 -30, 170 -30, 170 -40))"));
        polygons.add(new WKTReader()
                .read("POLYGON ((170 10, 180 10, 180 30, 170 30, 170 10), (172 15, 180 20, 172 25, 172 15))"));
        polygons.replaceAll(AffineTransformation.scaleInstance(side, 1)::transform);
        polygons.add(new WKTReader().read("POLYGON ((8 47, 9 47, 9 48, 8 48, 8 47))"));
        final PolygonIndex index = PolygonIndex.of(polygons);
        final JtsOracle oracle = new JtsOracle(polygons);
        final int[] out = new int[index.maxMatches()];
        final int meridian = side * 1_800_000_000;
        final Random random = new Random(23);
        int inside = 0;
        for (int i = 0; i < 40_000; i++) {
            final int latitude = i < 80 ? (i - 40) * 10_000_000 : random.nextInt(900_000_000) - 450_000_000;
            final int[] expected = oracle.covering(latitude, meridian);
            inside += expected.length;
            assertArrayEquals(expected, query(index, latitude, meridian, out), () -> "its own name at " + latitude);
            assertArrayEquals(expected, query(index, latitude, -meridian, out), () -> "the other name at " + latitude);
            assertEquals(expected.length > 0, index.containsAny(latitude, -meridian));
            assertFalse(index.containsAny(latitude, -meridian + side), "one step on");
            final int longitude = meridian - side * random.nextInt(120_000_000);
            assertSame(oracle, index, latitude, longitude, out);
        }
        assertTrue(inside > 1_000, "points inside: " + inside);
        assertTrue(index.containsAny(-100_000_000, -meridian), "a corner that touches the meridian");
        assertTrue(index.containsAny(475_000_000, 85_000_000));
    }

    @Test
    void shouldGiveTheSameAnswerAllOverAUniformCell() {
        final List<Geometry> polygons = stars.scattered(200, 1.0, 0.06, 40);
        final PolygonIndex index = PolygonIndex.of(polygons);
        final JtsOracle oracle = new JtsOracle(polygons);
        final int[] out = new int[index.maxMatches()];
        final Random random = new Random(5);
        int uniform = 0;
        for (int i = 0; i < 40_000; i++) {
            final int latitude = random.nextInt(12_000_000) - 6_000_000;
            final int longitude = random.nextInt(12_000_000) - 6_000_000;
            final int nextLatitude = latitude + random.nextInt(200) - 100;
            final int nextLongitude = longitude + random.nextInt(200) - 100;
            final int cell = index.cellOf(latitude, longitude);
            if (index.isUniform(cell) && cell == index.cellOf(nextLatitude, nextLongitude)) {
                uniform++;
                assertArrayEquals(oracle.covering(nextLatitude, nextLongitude), query(index, latitude, longitude, out));
            }
        }
        assertTrue(uniform > 15_000, "only " + uniform + " of 40000 steps stayed in a uniform cell");
    }

    @Test
    void shouldBeOutsideOfAllWhereNothingCanBe() {
        final PolygonIndex index = PolygonIndex.of(List.of(new GeometryFactory().toGeometry(world())));
        assertTrue(index.containsAny(900_000_000, -1_800_000_000));
        assertTrue(index.containsAny(-900_000_000, 1_800_000_000));
        assertFalse(index.containsAny(900_000_001, 0));
        assertFalse(index.containsAny(Integer.MIN_VALUE, Integer.MIN_VALUE));
        assertFalse(index.containsAny(Integer.MAX_VALUE, Integer.MAX_VALUE));
        final PolygonIndex none = PolygonIndex.of(List.of());
        assertFalse(none.containsAny(0, 0));
        assertTrue(none.isUniform(none.cellOf(0, 0)));
        assertEquals(0, none.query(0, 0, new int[none.maxMatches()]));
    }

    @Test
    void shouldRefuseWhatIsNoPolygonOnTheGlobe() throws ParseException {
        final Geometry line = new WKTReader().read("LINESTRING (0 0, 1 1)");
        final Geometry far = new WKTReader().read("POLYGON ((179 0, 181 0, 181 1, 179 0))");
        assertEquals(
                "polygon 0 is a LineString, allowed: Polygon, MultiPolygon",
                assertThrows(IllegalArgumentException.class, () -> PolygonIndex.of(List.of(line)))
                        .getMessage());
        final Geometry flat = new WKTReader().read("POLYGON ((1 1, 1.00000001 1, 1.00000001 1.00000001, 1 1))");
        assertEquals(
                "polygon 0 has no area once its corners are rounded to 1e-7 degrees (1 cm), as positions are: nothing"
                        + " could be in it",
                assertThrows(IllegalArgumentException.class, () -> PolygonIndex.of(List.of(flat)))
                        .getMessage());
        assertEquals(
                "polygon 0 has longitude 181.0, allowed: -180 to 180 degrees",
                assertThrows(IllegalArgumentException.class, () -> PolygonIndex.of(List.of(far)))
                        .getMessage());
    }

    @Test
    void shouldKeepItsMemoryBoundWhenLongEdgesCrossEverything() {
        final List<Geometry> zigzags = new ArrayList<>();
        final GeometryFactory factory = new GeometryFactory();
        for (int i = 0; i < 20; i++) {
            final List<Coordinate> points = new ArrayList<>();
            for (int k = 0; k < 400; k++) {
                points.add(new Coordinate(k * 0.01 + i * 1e-4, k % 2 == 0 ? 0 : 40));
            }
            points.add(new Coordinate(4.5, -1));
            points.add(points.get(0).copy());
            zigzags.add(factory.createPolygon(points.toArray(new Coordinate[0])));
        }
        final PolygonIndex index = PolygonIndex.of(zigzags);
        final long edges = 20 * 401;
        assertTrue(
                index.sizeBytes()
                        <= 8L * (PolygonIndexBuilder.BUDGET_INTS + PolygonIndexBuilder.BUDGET_INTS_PER_EDGE * edges),
                index.sizeBytes() + " bytes");
        assertAgrees(roundedToE7(zigzags), 5_000, 9);
    }

    /** Random points in and around all of it, and every vertex and edge's middle of the first polygons. */
    private static void assertAgrees(final List<? extends Geometry> polygons, final int points, final long seed) {
        final PolygonIndex index = PolygonIndex.of(polygons);
        final JtsOracle oracle = new JtsOracle(polygons);
        final Envelope box = new Envelope();
        polygons.forEach(polygon -> box.expandToInclude(polygon.getEnvelopeInternal()));
        final Random random = new Random(seed);
        final int[] out = new int[index.maxMatches()];
        for (int i = 0; i < points; i++) {
            final Envelope around =
                    i % 4 == 0 ? polygons.get(random.nextInt(polygons.size())).getEnvelopeInternal() : box;
            final int latitude = (int)
                    Math.round(1e7 * (around.getMinY() + (1.1 * random.nextDouble() - 0.05) * around.getHeight()));
            final int longitude =
                    (int) Math.round(1e7 * (around.getMinX() + (1.1 * random.nextDouble() - 0.05) * around.getWidth()));
            assertSame(oracle, index, latitude, longitude, out);
        }
        for (int i = 0; i < Math.min(50, polygons.size()); i++) {
            final Coordinate[] vertices = polygons.get(i).getCoordinates();
            for (int k = 0; k + 1 < vertices.length && k < 200; k++) {
                final int latitude = (int) Math.round(1e7 * vertices[k].y);
                final int longitude = (int) Math.round(1e7 * vertices[k].x);
                assertSame(oracle, index, latitude, longitude, out);
                assertSame(oracle, index, latitude + 1, longitude, out);
                assertSame(oracle, index, latitude, longitude - 1, out);
                assertSame(
                        oracle,
                        index,
                        (int) Math.round(5e6 * (vertices[k].y + vertices[k + 1].y)),
                        (int) Math.round(5e6 * (vertices[k].x + vertices[k + 1].x)),
                        out);
            }
        }
    }

    private static void assertSame(
            final JtsOracle oracle,
            final PolygonIndex index,
            final int latitude,
            final int longitude,
            final int[] out) {
        final int[] expected = oracle.covering(latitude, longitude);
        assertArrayEquals(
                expected,
                query(index, latitude, longitude, out),
                () -> "at latitude " + latitude + " longitude " + longitude + " (1e-7 degrees)");
        assertEquals(expected.length > 0, index.containsAny(latitude, longitude));
    }

    private static int[] query(final PolygonIndex index, final int latitude, final int longitude, final int[] out) {
        return Arrays.copyOf(out, index.query(latitude, longitude, out));
    }

    private static Envelope world() {
        return new Envelope(-180, 180, -90, 90);
    }

    private static List<Geometry> roundedToE7(final List<? extends Geometry> polygons) {
        final List<Geometry> rounded = new ArrayList<>();
        for (final Geometry polygon : polygons) {
            final Geometry copy = polygon.copy();
            copy.apply((Coordinate c) ->
                    c.setCoordinate(new Coordinate(Math.round(c.x * 1e7) / 1e7, Math.round(c.y * 1e7) / 1e7)));
            rounded.add(copy);
        }
        return rounded;
    }

    private static List<Geometry> scaled(final List<? extends Geometry> polygons, final double factor) {
        final List<Geometry> scaled = new ArrayList<>();
        for (final Geometry polygon : polygons) {
            final Geometry copy = polygon.copy();
            copy.apply((Coordinate c) -> c.setCoordinate(new Coordinate(c.x * factor, c.y * factor)));
            scaled.add(copy);
        }
        return scaled;
    }
}
