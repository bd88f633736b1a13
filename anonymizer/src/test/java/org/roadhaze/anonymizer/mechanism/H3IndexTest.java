// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import com.uber.h3core.H3Core;
import com.uber.h3core.util.LatLng;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index against the library that it stands in for: every answer must be the same, wherever the point is. */
class H3IndexTest {
    private static final int PLACES = 25;
    private static final int POINTS_PER_PLACE = 800;

    private final H3Core h3 = H3Library.get();

    @ParameterizedTest(name = "resolution {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void shouldAgreeWithTheLibraryEverywhere(final int resolution) {
        final SplittableRandom random = new SplittableRandom(20_250_713 + resolution);
        final H3Index index = new H3Index(resolution);
        final double sideDeg = 11.5 / Math.pow(Math.sqrt(7), resolution);
        int checked = 0;
        for (final LatLng place : places(random, resolution)) {
            for (int i = 0; i < POINTS_PER_PLACE; i++) {
                final double latitude = clamp(place.lat + sideDeg * 4 * (random.nextDouble() - 0.5), 90);
                final double stretch = 1 / Math.max(0.01, Math.cos(Math.toRadians(latitude)));
                final double longitude = wrap(place.lng + sideDeg * stretch * 4 * (random.nextDouble() - 0.5));
                check(index, resolution, (int) Math.round(latitude * 1e7), (int) Math.round(longitude * 1e7));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(60_000);
    }

    @Test
    void shouldAgreeWithTheLibraryAtEveryBorderOfACell() {
        final SplittableRandom random = new SplittableRandom(1);
        final H3Index index = new H3Index(8);
        for (int i = 0; i < 400; i++) {
            final long cell = h3.latLngToCell(78 * (2 * random.nextDouble() - 1), 360 * random.nextDouble() - 180, 8);
            final List<LatLng> corners = h3.cellToBoundary(cell);
            for (int step = 0; step < 300; step++) {
                final LatLng from = corners.get(step % corners.size());
                final LatLng to = corners.get((step + 1) % corners.size());
                if (Math.abs(from.lng - to.lng) > 180) {
                    continue;
                }
                final double along = random.nextDouble();
                check(
                        index,
                        8,
                        (int) Math.round((from.lat + along * (to.lat - from.lat)) * 1e7) + random.nextInt(-60, 60),
                        (int) Math.round((from.lng + along * (to.lng - from.lng)) * 1e7) + random.nextInt(-60, 60));
            }
        }
    }

    @Test
    void shouldAgreeWithTheLibraryAtTheCornersOfTheWorld() {
        final int[] latitudes = {-900_000_000, -899_999_999, -1, 0, 1, 899_999_999, 900_000_000};
        final int[] longitudes = {-1_800_000_000, -1_799_999_999, -1, 0, 1, 1_799_999_999, 1_800_000_000};
        for (int resolution = 0; resolution <= 15; resolution++) {
            final H3Index index = new H3Index(resolution);
            for (int round = 0; round < 2; round++) {
                for (final int latitude : latitudes) {
                    for (final int longitude : longitudes) {
                        check(index, resolution, latitude, longitude);
                    }
                }
            }
        }
    }

    @Test
    void shouldRarelyAskTheLibraryInACity() {
        final long[] outline = new long[CellOutline.LENGTH];
        final SplittableRandom random = new SplittableRandom(3);
        int inside = 0;
        for (int i = 0; i < 20_000; i++) {
            final int latitude = 525_000_000 + random.nextInt(1_000_000);
            final int longitude = 134_000_000 + random.nextInt(1_000_000);
            final long cell = h3.latLngToCell(latitude * 1e-7, longitude * 1e-7, 8);
            assertThat(CellOutline.write(h3, cell, outline, 0)).isTrue();
            inside += isInside(outline, latitude, longitude) ? 1 : 0;
        }
        assertThat(inside).isGreaterThan(19_900);
    }

    private void check(final H3Index index, final int resolution, final int latitudeE7, final int longitudeE7) {
        final long expected = h3.latLngToCell(latitudeE7 * 1e-7, longitudeE7 * 1e-7, resolution);
        // Twice: once to be learned, once from what was learned.
        for (int round = 0; round < 2; round++) {
            if (index.cellOf(latitudeE7, longitudeE7) != expected) {
                throw new AssertionError("at " + latitudeE7 + ", " + longitudeE7 + " resolution " + resolution);
            }
        }
        final LatLng centre = h3.cellToLatLng(expected);
        if (index.centreLatitudeE7() != Math.round(centre.lat * 1e7)
                || index.centreLongitudeE7() != Math.round(centre.lng * 1e7)) {
            throw new AssertionError("centre at " + latitudeE7 + ", " + longitudeE7);
        }
    }

    /** Ordinary places, the twelve pentagons, the poles, the antimeridian, and edges of the icosahedron. */
    private List<LatLng> places(final SplittableRandom random, final int resolution) {
        final List<LatLng> places = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            final double latitude = Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
            places.add(new LatLng(latitude, 360 * random.nextDouble() - 180));
        }
        for (final long pentagon : h3.getPentagons(resolution)) {
            places.add(h3.cellToLatLng(pentagon));
        }
        for (int i = 0; i < PLACES; i++) {
            places.add(new LatLng(180 * random.nextDouble() - 90, 180));
        }
        places.add(new LatLng(90, 0));
        places.add(new LatLng(-90, 0));
        final List<LatLng> pentagons =
                h3.getPentagons(0).stream().map(h3::cellToLatLng).toList();
        for (int i = 0; i < pentagons.size(); i++) {
            for (int j = 0; j < i; j++) {
                addPointOfEdge(pentagons.get(i), pentagons.get(j), random.nextDouble(), places);
            }
        }
        return places;
    }

    /** Neighbouring vertices of the icosahedron are 63.4 degrees apart, and a straight line between them is an edge. */
    private static void addPointOfEdge(final LatLng a, final LatLng b, final double along, final List<LatLng> out) {
        final double[] p = vector(a);
        final double[] q = vector(b);
        if (p[0] * q[0] + p[1] * q[1] + p[2] * q[2] < 0.4) {
            return;
        }
        final double x = p[0] + along * (q[0] - p[0]);
        final double y = p[1] + along * (q[1] - p[1]);
        final double z = p[2] + along * (q[2] - p[2]);
        out.add(new LatLng(Math.toDegrees(Math.atan2(z, Math.hypot(x, y))), Math.toDegrees(Math.atan2(y, x))));
    }

    private static double[] vector(final LatLng point) {
        final double latitude = Math.toRadians(point.lat);
        final double longitude = Math.toRadians(point.lng);
        return new double[] {
            Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)
        };
    }

    private static boolean isInside(final long[] outline, final int latitudeE7, final int longitudeE7) {
        for (int i = 0; i < outline.length; i += 3) {
            if (outline[i] * latitudeE7 + outline[i + 1] * longitudeE7 + outline[i + 2] <= 0) {
                return false;
            }
        }
        return true;
    }

    private static double clamp(final double value, final double limit) {
        return Math.max(-limit, Math.min(limit, value));
    }

    private static double wrap(final double longitude) {
        return longitude - 360 * Math.floor((longitude + 180) / 360);
    }
}
