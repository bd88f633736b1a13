// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agrona.collections.Long2ObjectHashMap;
import org.junit.jupiter.api.Test;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.geometry.GeoJsonAreas;
import org.roadhaze.geometry.InvalidAreasException;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

class GeofenceStageTest {
    private static final int ENTER = Attribute.GEOFENCE_ENTER.key();
    private static final int EXIT = Attribute.GEOFENCE_EXIT.key();

    private final PositionBatch batch = new PositionBatch();

    @Test
    void shouldTellEnterAndExitOnThePositionWhereItHappened() throws InvalidAreasException {
        final GeofenceStage stage = new GeofenceStage(squares("7", "0 0 2 2", "3", "1 1 3 3"), new DeviceTable(10));
        assertEquals(List.of(), at(stage, 1, -1, -1));
        assertEquals(List.of("+7"), at(stage, 1, 0.5, 0.5));
        assertEquals(List.of(), at(stage, 1, 0.6, 0.5));
        assertEquals(List.of("+3"), at(stage, 1, 1.5, 1.5));
        assertEquals(List.of("-7"), at(stage, 1, 2.5, 2.5));
        assertEquals(List.of("-3", "+7"), at(stage, 1, 0.5, 0.5));
        assertEquals(List.of("-7"), at(stage, 1, 9, 9));
    }

    @Test
    void shouldEnterWithTheFirstFix() throws InvalidAreasException {
        final GeofenceStage stage = new GeofenceStage(squares("7", "0 0 2 2", "3", "1 1 3 3"), new DeviceTable(10));
        assertEquals(List.of("+3", "+7"), at(stage, 1, 1.5, 1.5));
        assertEquals(List.of("+3", "+7"), at(stage, 2, 1.5, 1.5));
        assertEquals(List.of("-3", "-7"), at(stage, 1, 5, 5));
    }

    @Test
    void shouldLeaveTheStateAloneForHistoryAndFaults() throws InvalidAreasException {
        final GeofenceStage stage = new GeofenceStage(squares("7", "0 0 2 2"), new DeviceTable(10));
        assertEquals(List.of("+7"), at(stage, 1, 1, 1));
        batch.clear(null);
        batch.add().deviceId(1).latitudeE7(50_000_000).longitudeE7(0).history(true);
        batch.add().deviceId(1).latitudeE7(910_000_000).longitudeE7(0).addFault(Position.FAULT_RANGE);
        batch.add().deviceId(1).addFault(Position.FAULT_NO_FIX);
        batch.add().deviceId(1).latitudeE7(10_000_000).longitudeE7(10_000_000);
        stage.process(batch);
        for (int i = 0; i < batch.size(); i++) {
            assertEquals(0, batch.get(i).attributeCount());
        }
    }

    @Test
    void shouldAlternateEnterAndExitPerFenceAndDeviceAndAgreeWithTheIndex() throws InvalidAreasException {
        final Random random = new Random(99);
        final List<String> fences = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            final double x = 10 * random.nextDouble();
            final double y = 10 * random.nextDouble();
            fences.add(Integer.toString(1000 - 7 * i));
            fences.add(x + " " + y + " " + (x + 3 * random.nextDouble()) + " " + (y + 3 * random.nextDouble()));
        }
        final Geofences geofences = squares(fences.toArray(new String[0]));
        final GeofenceStage stage = new GeofenceStage(geofences, new DeviceTable(50));
        final Long2ObjectHashMap<Set<Integer>> inside = new Long2ObjectHashMap<>();
        final double[] x = new double[50];
        final double[] y = new double[50];
        final int[] out = new int[geofences.index().maxMatches()];
        int events = 0;
        for (int round = 0; round < 4_000; round++) {
            final int device = random.nextInt(50);
            final Set<Integer> in = inside.computeIfAbsent(device, key -> new HashSet<>());
            batch.clear(null);
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                x[device] = Math.abs(x[device] + random.nextGaussian()) % 12;
                y[device] = Math.abs(y[device] + random.nextGaussian()) % 12;
                batch.add().deviceId(device).latitudeE7((int) (1e7 * y[device])).longitudeE7((int) (1e7 * x[device]));
            }
            stage.process(batch);
            for (int i = 0; i < batch.size(); i++) {
                final Position position = batch.get(i);
                for (int k = 0; k < position.attributeCount(); k++) {
                    final int fence = (int) position.attributeValue(k);
                    assertTrue(
                            position.attributeKey(k) == ENTER ? in.add(fence) : in.remove(fence),
                            "fence " + fence + " twice the same way");
                    events++;
                }
                final Set<Integer> expected = new HashSet<>();
                final int count = geofences.index().query(position.latitudeE7(), position.longitudeE7(), out);
                for (int k = 0; k < count; k++) {
                    expected.add(geofences.number(out[k]));
                }
                assertEquals(expected, in);
            }
        }
        assertTrue(events > 5_000, events + " events");
    }

    @Test
    void shouldForgetTheDeviceNotSeenForLongestAndCountIt() throws InvalidAreasException {
        final GeofenceStage stage = new GeofenceStage(squares("7", "0 0 2 2"), new DeviceTable(2));
        at(stage, 1, 1, 1);
        at(stage, 2, 1, 1);
        at(stage, 1, 1, 1.1);
        assertEquals(0, stage.evictions());
        assertEquals(List.of("+7"), at(stage, 3, 1, 1));
        assertEquals(1, stage.evictions());
        assertEquals(2, stage.devices());
        assertEquals(List.of(), at(stage, 1, 1, 1.2));
        assertEquals(List.of("+7"), at(stage, 2, 1, 1));
    }

    @Test
    void shouldAllocateNothingInSteadyState() throws InvalidAreasException {
        final GeofenceStage stage =
                new GeofenceStage(squares("7", "0 0 2 2", "3", "1 1 3 3", "4", "0 0 9 9"), new DeviceTable(10));
        final long bytes = Allocation.perRound(5_000, round -> {
            batch.clear(null);
            for (int i = 0; i < 20; i++) {
                batch.add()
                        .deviceId(1 + round % 9)
                        .latitudeE7(2_000_000 * ((round + i) % 20))
                        .longitudeE7(15_000_000);
            }
            stage.process(batch);
        });
        assertEquals(0, bytes);
    }

    private List<String> at(final GeofenceStage stage, final long device, final double x, final double y) {
        batch.clear(null);
        final Position position = batch.add()
                .deviceId(device)
                .latitudeE7((int) Math.round(1e7 * y))
                .longitudeE7((int) Math.round(1e7 * x));
        stage.process(batch);
        final List<String> events = new ArrayList<>();
        for (int i = 0; i < position.attributeCount(); i++) {
            assertTrue(position.attributeKey(i) == ENTER || position.attributeKey(i) == EXIT);
            events.add((position.attributeKey(i) == ENTER ? "+" : "-") + position.attributeValue(i));
        }
        return events;
    }

    /** Pairs of an id and west, south, east, north. */
    private static Geofences squares(final String... idsAndBoxes) throws InvalidAreasException {
        final StringBuilder features = new StringBuilder();
        for (int i = 0; i < idsAndBoxes.length; i += 2) {
            final String[] box = idsAndBoxes[i + 1].split(" ", 4);
            features.append(i == 0 ? "" : ",").append("""
                    {"type":"Feature","id":%5$s,"properties":{},"geometry":{"type":"Polygon","coordinates":
                    [[[%1$s,%2$s],[%3$s,%2$s],[%3$s,%4$s],[%1$s,%4$s],[%1$s,%2$s]]]}}""".formatted(box[0], box[1], box[2], box[3], idsAndBoxes[i]));
        }
        return Geofences.of(
                GeoJsonAreas.parse("squares", "{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}", 0));
    }
}
