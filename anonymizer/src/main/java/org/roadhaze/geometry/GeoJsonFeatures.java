// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.json.simple.JSONObject;

/**
 * The features of a GeoJSON text (RFC 7946): those of a FeatureCollection, a Feature alone, or a bare geometry, which is a feature
 * without properties. A key that stands twice in one object is refused.
 */
final class GeoJsonFeatures {
    private GeoJsonFeatures() {}

    /** Takes one feature after the other. */
    @FunctionalInterface
    interface Sink {
        /**
         * A feature.
         *
         * @param index      from 0.
         * @param feature    itself, empty of a bare geometry.
         * @param properties empty where it has none.
         * @param geometry   whatever stands there; null where nothing does.
         */
        void feature(int index, JSONObject feature, Map<?, ?> properties, Object geometry);
    }

    /**
     * The text of a file.
     *
     * @param file     UTF-8.
     * @param problems takes what is wrong.
     * @return none when it cannot be read.
     */
    static Optional<String> text(final Path file, final List<String> problems) {
        try {
            return Optional.of(Files.readString(file));
        } catch (final NoSuchFileException e) {
            problems.add(file + ": no such file, expected: a GeoJSON file");
        } catch (final CharacterCodingException e) {
            problems.add(file + ": is not text in UTF-8, expected: a GeoJSON file");
        } catch (final AccessDeniedException e) {
            problems.add(file + ": may not be read: permission denied");
        } catch (final IOException e) {
            problems.add(
                    file + ": cannot be read: " + (Files.isDirectory(file) ? "it is a directory" : e.getMessage()));
        }
        return Optional.empty();
    }

    /**
     * Reads a text.
     *
     * @param file     the name that messages give it.
     * @param text     GeoJSON.
     * @param problems takes what is wrong.
     * @param sink     takes the features, in their order.
     */
    static void read(final String file, final String text, final List<String> problems, final Sink sink) {
        final Object root = JsonText.parse(file, text, problems);
        if (!problems.isEmpty()) {
            return;
        }
        if (!(root instanceof JSONObject object)) {
            problems.add(file + ": found " + kind(root) + ", allowed: a FeatureCollection, a Feature or a geometry");
            return;
        }
        if (object.get("crs") != null && !isLongitudeLatitude(object.get("crs").toString())) {
            problems.add(file + ": crs is " + object.get("crs") + ", allowed: none, CRS84 or EPSG:4326");
            return;
        }
        if ("FeatureCollection".equals(object.get("type"))) {
            if (!(object.get("features") instanceof List<?> features) || features.isEmpty()) {
                problems.add(file + ": features is " + kind(object.get("features")) + ", allowed: a list of features");
                return;
            }
            int index = 0;
            for (final Object feature : features) {
                feature(file, index++, feature, problems, sink);
            }
        } else if ("Feature".equals(object.get("type"))) {
            feature(file, 0, object, problems, sink);
        } else {
            sink.feature(0, new JSONObject(), Map.of(), object);
        }
    }

    private static void feature(
            final String file, final int index, final Object value, final List<String> problems, final Sink sink) {
        if (!(value instanceof JSONObject feature) || !"Feature".equals(feature.get("type"))) {
            problems.add(file + ": feature " + index + ": found " + kind(value) + ", allowed: a Feature");
            return;
        }
        final Map<?, ?> properties = feature.get("properties") instanceof JSONObject given ? given : Map.of();
        sink.feature(index, feature, properties, feature.get("geometry"));
    }

    private static boolean isLongitudeLatitude(final String crs) {
        return crs.contains("CRS84") || crs.contains("4326");
    }

    /** What a value is, in words. */
    static String kind(final Object value) {
        if (value == null) {
            return "missing";
        }
        if (value instanceof JSONObject object) {
            return object.get("type") == null ? "an object without a type" : "a " + object.get("type");
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "an empty list" : "a list";
        }
        return "\"" + value + "\"";
    }
}
