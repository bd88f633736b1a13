// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.roadhaze.position.Position;

/** Writes areas as GeoJSON, strewn over where a fleet drives: stars of 50 corners, some 200 to 600 metres wide. */
final class CityAreas {
    private static final int CORNERS = 50;
    private static final double MIN_RADIUS_DEG = 0.001;
    private static final double MAX_RADIUS_DEG = 0.003;

    private CityAreas() {}

    /**
     * Writes a file.
     *
     * @param file      to write.
     * @param count     how many areas.
     * @param positions where the fleet drives.
     * @throws IOException when it cannot be written.
     */
    static void write(final Path file, final int count, final List<Position> positions) throws IOException {
        int south = Integer.MAX_VALUE;
        int north = Integer.MIN_VALUE;
        int west = Integer.MAX_VALUE;
        int east = Integer.MIN_VALUE;
        for (final Position position : positions) {
            south = Math.min(south, position.latitudeE7());
            north = Math.max(north, position.latitudeE7());
            west = Math.min(west, position.longitudeE7());
            east = Math.max(east, position.longitudeE7());
        }
        final SplittableRandom random = new SplittableRandom(7);
        final StringBuilder json = new StringBuilder("{\"type\":\"FeatureCollection\",\"features\":[");
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"Feature\",\"id\":")
                    .append(i + 1)
                    .append(",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
            star(json, random.nextDouble(south, north) / 1e7, random.nextDouble(west, east) / 1e7, random);
            json.append("]]}}");
        }
        Files.writeString(file, json.append("]}"));
    }

    private static void star(
            final StringBuilder json, final double latitude, final double longitude, final SplittableRandom random) {
        final double radius = random.nextDouble(MIN_RADIUS_DEG, MAX_RADIUS_DEG);
        final double[] reach = new double[CORNERS];
        for (int corner = 0; corner < CORNERS; corner++) {
            reach[corner] = radius * random.nextDouble(0.5, 1);
        }
        for (int corner = 0; corner <= CORNERS; corner++) {
            final double angle = 2 * Math.PI * (corner % CORNERS) / CORNERS;
            final double distance = reach[corner % CORNERS];
            json.append(String.format(
                    Locale.ROOT,
                    "%s[%.7f,%.7f]",
                    corner == 0 ? "" : ",",
                    longitude + distance * Math.cos(angle) / Math.cos(Math.toRadians(latitude)),
                    latitude + distance * Math.sin(angle)));
        }
    }
}
