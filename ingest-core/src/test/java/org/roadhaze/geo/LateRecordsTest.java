// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.geometry.GeoJsonAreas;
import org.roadhaze.geometry.InvalidAreasException;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.Stage;

/**
 * What comes late, newest first, twice or months after it happened changes nothing of what fences and trips tell: the fixes
 * that were newer than all before them, alone and in their order, tell the same, and the others nothing.
 */
class LateRecordsTest {
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final long SIX_MONTHS_MS = 182 * 86_400_000L;
    private static final String FENCE = """
            {"type": "FeatureCollection", "features": [{"type": "Feature", "id": 7, "properties": {}, "geometry": {"type": "Polygon",
             "coordinates": [[[13.01, 51], [13.03, 51], [13.03, 53], [13.01, 53], [13.01, 51]]]}}]}
            """;

    private record Fix(long timeMs, int latitudeE7, int longitudeE7) {}

    /** What the stages told of one fix. */
    private record Told(Fix fix, List<Long> attributes) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldTurnNoLiveStateBackwards(final long seed) throws InvalidAreasException {
        final List<Fix> arriving = arriving(new Random(seed));
        final List<Told> told = tell(arriving);
        final List<Fix> live = new ArrayList<>();
        for (final Fix fix : arriving) {
            if (live.isEmpty() || fix.timeMs() > live.get(live.size() - 1).timeMs()) {
                live.add(fix);
            }
        }
        assertThat(live).hasSizeLessThan(arriving.size());
        assertThat(told).isEqualTo(tell(live));
        assertThat(told).extracting(Told::fix).isEqualTo(live);
        assertThat(told)
                .as("fences and trips were told")
                .anyMatch(each -> each.attributes().contains((long) Attribute.GEOFENCE_ENTER.key()))
                .anyMatch(each -> each.attributes().contains((long) Attribute.GEOFENCE_EXIT.key()))
                .anyMatch(each -> each.attributes().contains((long) Attribute.TRIP_START.key()));
    }

    /** There and back through the fence, with backlogs in between: newest first, shuffled, twice, from six months ago. */
    private static List<Fix> arriving(final Random random) {
        final List<Fix> drive = new ArrayList<>();
        for (int i = 0; i < 1200; i++) {
            final int east = i < 600 ? i : 1200 - i;
            drive.add(new Fix(NOW_MS - 1_300_000 + i * 1000L, 520_000_000, 130_000_000 + east * 1_000));
        }
        final List<Fix> arriving = new ArrayList<>();
        int at = 0;
        while (at < drive.size()) {
            final int length = Math.min(drive.size() - at, 1 + random.nextInt(60));
            final List<Fix> frame = new ArrayList<>(drive.subList(at, at + length));
            switch (random.nextInt(5)) {
                case 0 -> Collections.reverse(frame);
                case 1 -> Collections.shuffle(frame, random);
                case 2 -> frame.addAll(drive.subList(0, at));
                case 3 ->
                    frame.replaceAll(fix -> random.nextInt(3) == 0
                            ? new Fix(fix.timeMs() - SIX_MONTHS_MS, 0, 130_000_000 + random.nextInt(600_000))
                            : fix);
                default -> {}
            }
            arriving.addAll(frame);
            at += length;
        }
        arriving.addAll(drive.subList(0, 100));
        return arriving;
    }

    private static List<Told> tell(final List<Fix> arriving) throws InvalidAreasException {
        final List<Stage> stages = List.of(
                new PlausibilityStage(new DeviceTable(10)),
                new GeofenceStage(Geofences.of(GeoJsonAreas.parse("fence", FENCE, 0)), new DeviceTable(10)),
                new RouteStage(RouteParameters.DEFAULT, new DeviceTable(10)));
        final PositionBatch batch = new PositionBatch();
        final List<Told> told = new ArrayList<>();
        for (final Fix fix : arriving) {
            batch.clear(new UnsafeBuffer(0, 0));
            final Position position = batch.add();
            position.deviceId(1)
                    .receivedTimeMs(NOW_MS)
                    .fixTimeMs(fix.timeMs())
                    .latitudeE7(fix.latitudeE7())
                    .longitudeE7(fix.longitudeE7())
                    .speedKmh(25);
            stages.forEach(stage -> stage.process(batch));
            if (position.attributeCount() > 0) {
                final List<Long> attributes = new ArrayList<>();
                for (int i = 0; i < position.attributeCount(); i++) {
                    attributes.add((long) position.attributeKey(i));
                    attributes.add(position.attributeValue(i));
                }
                told.add(new Told(fix, attributes));
            }
        }
        return told;
    }
}
