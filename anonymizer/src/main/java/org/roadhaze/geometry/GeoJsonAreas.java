// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geometry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        final List<String> problems = new ArrayList<>();
        final Optional<String> text = GeoJsonFeatures.text(file, problems);
        if (text.isEmpty()) {
            throw new InvalidAreasException(problems);
        }
        return parse(file.toString(), text.get(), bufferMetres);
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
        GeoJsonFeatures.read(file, text, reader.problems, reader::area);
        if (!reader.problems.isEmpty()) {
            throw new InvalidAreasException(reader.problems);
        }
        return List.copyOf(reader.areas);
    }

    private void area(final int index, final JSONObject feature, final Map<?, ?> properties, final Object geometry) {
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
            throw new IllegalArgumentException("geometry is " + GeoJsonFeatures.kind(value)
                    + ", allowed: Polygon, MultiPolygon, or Point with a radius");
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
            throw new IllegalArgumentException("property radius is " + GeoJsonFeatures.kind(radius)
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
}
