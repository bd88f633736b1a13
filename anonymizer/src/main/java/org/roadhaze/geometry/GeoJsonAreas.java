// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.json.simple.JSONObject;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.Polygonal;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/**
 * Reads the areas of a GeoJSON file (RFC 7946): a FeatureCollection, a Feature or a bare geometry.
 *
 * <p>A feature's geometry is a {@code Polygon}, with holes or without, a {@code MultiPolygon}, or a {@code Point} with
 * a property {@code radius} in metres: a circle. Its name is the property {@code name}, or else its {@code id}; its
 * number is its {@code id}, a member or a property, where that is a whole number. A key that stands twice in one object is
 * refused.
 *
 * <p>Published borders often cross themselves by a hair. What is not valid is repaired where that changes the area by
 * less than a thousandth, and refused otherwise.
 *
 * <p>Everything that is wrong is told at once. A polygon over the antimeridian has to be cut there, as the RFC says;
 * circles and buffers are cut here.
 */
public final class GeoJsonAreas {
    private static final double MAX_REPAIR = 1e-3;

    private final String file;
    private final double bufferMetres;
    private final List<Area> areas = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private GeoJsonAreas(final String file, final double bufferMetres) {
        this.file = file;
        this.bufferMetres = bufferMetres;
    }

    /**
     * Reads a file.
     *
     * @param file         the file, UTF-8.
     * @param bufferMetres how far to grow every area at least, in [0, 100000].
     * @return the areas in the file's order, at least one.
     * @throws InvalidAreasException when anything in the file cannot be used as it stands.
     */
    public static List<Area> read(final Path file, final double bufferMetres) throws InvalidAreasException {
        final String text;
        try {
            text = Files.readString(file);
        } catch (final NoSuchFileException e) {
            throw new InvalidAreasException(List.of(file + ": no such file, expected: a GeoJSON file"));
        } catch (final CharacterCodingException e) {
            throw new InvalidAreasException(List.of(file + ": is not text in UTF-8, expected: a GeoJSON file"));
        } catch (final AccessDeniedException e) {
            throw new InvalidAreasException(List.of(file + ": may not be read: permission denied"));
        } catch (final IOException e) {
            throw new InvalidAreasException(List.of(
                    file + ": cannot be read: " + (Files.isDirectory(file) ? "it is a directory" : e.getMessage())));
        }
        return parse(file.toString(), text, bufferMetres);
    }

    /**
     * Reads a text.
     *
     * @param file         the name that messages give it.
     * @param text         GeoJSON.
     * @param bufferMetres how far to grow every area at least, in [0, 100000].
     * @return the areas in the text's order, at least one.
     * @throws InvalidAreasException when anything in the text cannot be used as it stands.
     */
    public static List<Area> parse(final String file, final String text, final double bufferMetres)
            throws InvalidAreasException {
        final GeoJsonAreas reader = new GeoJsonAreas(file, bufferMetres);
        reader.document(text);
        if (!reader.problems.isEmpty()) {
            throw new InvalidAreasException(reader.problems);
        }
        return List.copyOf(reader.areas);
    }

    private void document(final String text) {
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
                feature(index++, feature);
            }
        } else if ("Feature".equals(object.get("type"))) {
            feature(0, object);
        } else {
            area(new JSONObject(), Map.of(), object, 0);
        }
    }

    private void feature(final int index, final Object value) {
        if (!(value instanceof JSONObject feature) || !"Feature".equals(feature.get("type"))) {
            problems.add(file + ": feature " + index + ": found " + kind(value) + ", allowed: a Feature");
            return;
        }
        final Map<?, ?> properties = feature.get("properties") instanceof JSONObject given ? given : Map.of();
        area(feature, properties, feature.get("geometry"), index);
    }

    private void area(final JSONObject feature, final Map<?, ?> properties, final Object geometry, final int index) {
        final Object id = feature.get("id") != null ? feature.get("id") : properties.get("id");
        final Object given = properties.get("name") != null ? properties.get("name") : id;
        final boolean isNamed = given != null && !given.toString().isBlank();
        final String name = isNamed ? given.toString() : "feature " + index;
        final String place = file + ": feature " + index + (isNamed ? " \"" + name + "\"" : "") + ": ";
        final int number;
        if (id instanceof Long whole) {
            if (whole < 0 || whole > Integer.MAX_VALUE) {
                problems.add(place + "id is " + whole + ", allowed: 0 to " + Integer.MAX_VALUE + ", or a text");
                return;
            }
            number = whole.intValue();
        } else {
            number = Area.NO_NUMBER;
        }
        try {
            areas.add(new Area(number, name, MetricShapes.buffer(shape(geometry, properties), bufferMetres)));
        } catch (final IllegalArgumentException e) {
            problems.add(place + e.getMessage());
        }
    }

    private Geometry shape(final Object value, final Map<?, ?> properties) {
        if (!(value instanceof JSONObject geometry)) {
            throw new IllegalArgumentException(
                    "geometry is " + kind(value) + ", allowed: Polygon, MultiPolygon, or Point with a radius");
        }
        final Object coordinates = geometry.get("coordinates");
        return switch (String.valueOf(geometry.get("type"))) {
            case "Point" -> {
                GeoJsonCoordinates.checkPosition(coordinates);
                yield circle((List<?>) coordinates, properties.get("radius"));
            }
            case "Polygon" -> {
                GeoJsonCoordinates.checkPolygon(coordinates);
                yield valid(geometry);
            }
            case "MultiPolygon" -> {
                GeoJsonCoordinates.checkMultiPolygon(coordinates);
                yield valid(geometry);
            }
            default ->
                throw new IllegalArgumentException("geometry is a " + geometry.get("type")
                        + ", allowed: Polygon, MultiPolygon, or Point with a property radius");
        };
    }

    private static Geometry circle(final List<?> centre, final Object radius) {
        if (!(radius instanceof Number metres)) {
            throw new IllegalArgumentException("property radius is " + kind(radius)
                    + ", a Point needs one: a number of metres, more than 0, at most " + MetricShapes.MAX_METRES);
        }
        return MetricShapes.circle(
                ((Number) centre.get(1)).doubleValue(), ((Number) centre.get(0)).doubleValue(), metres.doubleValue());
    }

    private Geometry valid(final JSONObject geometry) {
        final Geometry shape;
        try {
            shape = new GeoJsonReader().read(geometry.toJSONString());
        } catch (final ParseException e) {
            throw new IllegalArgumentException("geometry cannot be read: " + e.getMessage(), e);
        }
        if (bufferMetres == 0) {
            refuseFlatParts(shape);
        }
        final TopologyValidationError error = new IsValidOp(shape).getValidationError();
        return error == null ? shape : repaired(shape, error);
    }

    /** A zone without a buffer that has shrunk away would keep nothing back. What crosses itself is told as that. */
    private static void refuseFlatParts(final Geometry shape) {
        for (int i = 0; i < shape.getNumGeometries(); i++) {
            if (shape.getGeometryN(i) instanceof Polygon part && EdgeList.isFlat(part) && part.isValid()) {
                throw new IllegalArgumentException("polygon " + i + " of the geometry " + EdgeList.FLAT
                        + ", allowed: a larger one, or this one with a buffer");
            }
        }
    }

    /** A bow tie's two halves take each other's area away, so that its repair stands out; a sliver's does not. */
    private static Geometry repaired(final Geometry shape, final TopologyValidationError error) {
        final Geometry fixed = GeometryFixer.fix(shape);
        if (fixed instanceof Polygonal
                && !fixed.isEmpty()
                && Math.abs(fixed.getArea() - shape.getArea()) <= MAX_REPAIR * fixed.getArea()) {
            return fixed;
        }
        throw new IllegalArgumentException("geometry is not valid: " + error.getMessage() + " at longitude "
                + error.getCoordinate().x + " latitude " + error.getCoordinate().y
                + ", allowed: rings that neither cross nor touch along a line, holes inside their polygon");
    }

    private static boolean isLongitudeLatitude(final String crs) {
        return crs.contains("CRS84") || crs.contains("4326");
    }

    private static String kind(final Object value) {
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
