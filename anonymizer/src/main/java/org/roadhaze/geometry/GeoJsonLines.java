// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.json.simple.JSONObject;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;

/**
 * Reads the lines of a GeoJSON file (RFC 7946), such as roads: {@code LineString} and {@code MultiLineString}, whose properties are
 * not looked at. Everything that is wrong is told at once.
 */
public final class GeoJsonLines {
    private static final GeometryFactory FACTORY = new GeometryFactory();

    private GeoJsonLines() {}

    /**
     * Reads a file.
     *
     * @param file the file, UTF-8.
     * @return the lines in the file's order, at least one; x is the longitude and y the latitude, in degrees.
     * @throws InvalidGeoJsonException when anything in the file cannot be used as it stands.
     */
    public static List<LineString> read(final Path file) throws InvalidGeoJsonException {
        final List<String> problems = new ArrayList<>();
        final Optional<String> text = GeoJsonFeatures.text(file, problems);
        if (text.isEmpty()) {
            throw new InvalidGeoJsonException(problems);
        }
        return parse(file.toString(), text.get());
    }

    /**
     * Reads a text.
     *
     * @param file the name that messages give it.
     * @param text GeoJSON.
     * @return the lines in the text's order, at least one.
     * @throws InvalidGeoJsonException when anything in the text cannot be used as it stands.
     */
    public static List<LineString> parse(final String file, final String text) throws InvalidGeoJsonException {
        final List<String> problems = new ArrayList<>();
        final List<LineString> lines = new ArrayList<>();
        GeoJsonFeatures.read(file, text, problems, (index, feature, properties, geometry) -> {
            try {
                add(geometry, lines);
            } catch (final IllegalArgumentException e) {
                problems.add(file + ": feature " + index + ": " + e.getMessage());
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidGeoJsonException(problems);
        }
        return List.copyOf(lines);
    }

    private static void add(final Object value, final List<LineString> lines) {
        final Object type = value instanceof JSONObject geometry ? geometry.get("type") : null;
        final Object coordinates = value instanceof JSONObject geometry ? geometry.get("coordinates") : null;
        if ("LineString".equals(type)) {
            lines.add(line(coordinates));
        } else if ("MultiLineString".equals(type) && coordinates instanceof List<?> several && !several.isEmpty()) {
            several.forEach(each -> lines.add(line(each)));
        } else {
            throw new IllegalArgumentException("geometry is " + GeoJsonFeatures.kind(value)
                    + ", allowed: LineString or MultiLineString with positions");
        }
    }

    private static LineString line(final Object positions) {
        GeoJsonCoordinates.checkLine(positions);
        return FACTORY.createLineString(((List<?>) positions)
                .stream()
                        .map(position -> (List<?>) position)
                        .map(position -> new Coordinate(
                                ((Number) position.get(0)).doubleValue(), ((Number) position.get(1)).doubleValue()))
                        .toArray(Coordinate[]::new));
    }
}
