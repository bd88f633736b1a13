// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.json.simple.JSONObject;
import org.json.simple.parser.JSONParser;
import org.json.simple.parser.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * Twelve real drives at 1 Hz, without reported speed, against the length of the roads driven; where the data is. Routes
 * and recordings begin up to 300 m apart, and one receiver wanders so that its fixes joined up are 39 % too long.
 */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class RealDrivesTest {
    private final Map<Long, Double> drivenMetres = new HashMap<>();

    @Test
    void shouldMeasureTheRouteDriven() throws IOException, ParseException {
        final Path shared = Path.of(System.getProperty("roadhaze.shared"));
        drive(shared.resolve("traces/cars-1hz.csv.gz"));
        final Map<Long, Double> routeMetres = routes(shared.resolve("geo/cars-1hz-routes.geojson"));
        assertEquals(12, routeMetres.size());
        routeMetres.forEach(
                (device, metres) -> assertEquals(metres, drivenMetres.get(device), 0.05 * metres, "device " + device));
        assertEquals(sum(routeMetres), sum(drivenMetres), 0.01 * sum(routeMetres));
    }

    private static double sum(final Map<Long, Double> metres) {
        return metres.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private void drive(final Path file) throws IOException {
        final RouteStage stage = new RouteStage(RouteParameters.DEFAULT, new DeviceTable(100));
        final PositionBatch batch = new PositionBatch();
        final Map<Long, Double> running = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final String[] fields = line.split(",", 4);
                final long device = Long.parseLong(fields[0]) + 1;
                batch.clear(null);
                final Position position = batch.add()
                        .deviceId(device)
                        .fixTimeMs(1000 * Long.parseLong(fields[1]))
                        .latitudeE7((int) Math.round(1e7 * Double.parseDouble(fields[2])))
                        .longitudeE7((int) Math.round(1e7 * Double.parseDouble(fields[3])));
                stage.process(batch);
                final int distance = position.indexOfAttribute(Attribute.TRIP_DISTANCE.key());
                if (distance >= 0) {
                    running.put(device, (double) position.attributeValue(distance));
                }
                if (position.indexOfAttribute(Attribute.TRIP_END.key()) >= 0) {
                    drivenMetres.merge(device, running.remove(device), Double::sum);
                }
            }
        }
        running.forEach((device, metres) -> drivenMetres.merge(device, metres, Double::sum));
    }

    private static Map<Long, Double> routes(final Path file) throws IOException, ParseException {
        final Map<Long, Double> metres = new HashMap<>();
        final JSONObject routes = (JSONObject) new JSONParser().parse(Files.readString(file));
        for (final Object feature : (List<?>) routes.get("features")) {
            final JSONObject properties = (JSONObject) ((JSONObject) feature).get("properties");
            final JSONObject geometry = (JSONObject) ((JSONObject) feature).get("geometry");
            final List<?> points = (List<?>) geometry.get("coordinates");
            double length = 0;
            for (int i = 1; i < points.size(); i++) {
                length += Distance.metres(
                        e7(points.get(i - 1), 1), e7(points.get(i - 1), 0), e7(points.get(i), 1), e7(points.get(i), 0));
            }
            metres.put(Long.parseLong((String) properties.get("device")) + 1, length);
        }
        return metres;
    }

    private static int e7(final Object point, final int axis) {
        return (int) Math.round(1e7 * ((Number) ((List<?>) point).get(axis)).doubleValue());
    }
}
