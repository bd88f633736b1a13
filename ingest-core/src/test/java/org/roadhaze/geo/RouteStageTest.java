// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

class RouteStageTest {
    private final RouteStage stage = new RouteStage(RouteParameters.DEFAULT, new DeviceTable(100));

    @Test
    void shouldStartATripWhenTheVehicleDrivesAndEndItWhenItIsParked() {
        final Drive drive =
                new Drive(stage, 1).noise(2).stand(120).go(300, 14, 70).stand(600);
        assertEquals(List.of(1L), drive.all(Attribute.TRIP_START));
        assertEquals(1, drive.all(Attribute.TRIP_END).size());
        assertEquals(180, drive.all(Attribute.TRIP_END).get(0), 10);
        assertEquals(drive.trueMetres(), drive.tripMetres().get(0), 0.02 * drive.trueMetres());
        final List<Long> onTrip = drive.all(Attribute.ON_TRIP);
        assertEquals(1020, onTrip.size());
        assertEquals(0, onTrip.get(100));
        assertEquals(1, onTrip.get(130));
        assertEquals(1, onTrip.get(590));
        assertEquals(0, onTrip.get(615));
    }

    @Test
    void shouldStayOnTheTripAtATrafficLight() {
        final Drive drive =
                new Drive(stage, 2).noise(2).stand(10).go(200, 14, 0).stand(60).go(200, 14, 90);
        assertEquals(1, drive.all(Attribute.TRIP_START).size());
        assertEquals(0, drive.all(Attribute.TRIP_END).size());
        assertEquals(drive.trueMetres(), drive.lastTripMetres(), 0.02 * drive.trueMetres());
    }

    @Test
    void shouldNotDriveWhileParked() {
        final Drive drive = new Drive(stage, 3).noise(8).stand(7200);
        assertEquals(0, drive.all(Attribute.TRIP_START).size());
        final Drive fix =
                new Drive(stage, 4).noise(8).withoutSpeed().silent(8000).stand(7200);
        assertEquals(0, fix.all(Attribute.TRIP_START).size());
    }

    @Test
    void shouldNotAddUpJitterAtATrafficLight() {
        final Drive drive = new Drive(stage, 5).stand(5).go(100, 10, 0);
        final double before = drive.lastTripMetres();
        drive.noise(3).stand(150);
        assertEquals(before, drive.lastTripMetres(), 25);
    }

    @Test
    void shouldEndTheTripAtTheLastFixBeforeASilence() {
        final Drive drive = new Drive(stage, 6).stand(5).go(300, 20, 45);
        final long driven = drive.all(Attribute.TRIP_DISTANCE).get(299);
        drive.silent(3600).jump(40_000, 0).go(1, 20, 0);
        assertEquals(List.of(3601L), drive.all(Attribute.TRIP_END));
        assertEquals(List.of(driven), drive.tripMetres());
        drive.go(60, 20, 0);
        assertEquals(2, drive.all(Attribute.TRIP_START).size());
        assertEquals(1200, drive.lastTripMetres(), 5);
    }

    @Test
    void shouldEndTheTripWhenTheIgnitionIsOffAndStartNoneBeforeItIsOn() {
        final Drive drive = new Drive(stage, 7).ignition(true).go(100, 15, 0).ignition(false);
        assertEquals(List.of(1L), drive.all(Attribute.TRIP_END));
        drive.jump(500, 0).ignition(false).jump(500, 0).ignition(false);
        assertEquals(1, drive.all(Attribute.TRIP_START).size());
        drive.ignition(true).go(10, 15, 0);
        assertEquals(2, drive.all(Attribute.TRIP_START).size());
    }

    @Test
    void shouldLeaveTheStateAloneForHistoryAndFaults() {
        final Drive plain = new Drive(new RouteStage(RouteParameters.DEFAULT, new DeviceTable(1)), 8);
        plain.stand(10).go(100, 14, 0).stand(50).go(100, 14, 0).stand(300);
        final Drive mixed = new Drive(new RouteStage(RouteParameters.DEFAULT, new DeviceTable(1)), 8);
        mixed.history().stand(10).faulty().go(100, 14, 0).history().faulty();
        assertEquals(0, mixed.last().attributeCount());
        mixed.stand(50).history().go(100, 14, 0).history().stand(300).history();
        assertEquals(0, mixed.last().attributeCount());
        assertEquals(plain.all(Attribute.TRIP_START), mixed.all(Attribute.TRIP_START));
        assertEquals(plain.all(Attribute.TRIP_END), mixed.all(Attribute.TRIP_END));
        assertEquals(plain.all(Attribute.TRIP_DISTANCE), mixed.all(Attribute.TRIP_DISTANCE));
        assertEquals(plain.all(Attribute.ON_TRIP), mixed.all(Attribute.ON_TRIP));
    }

    @Test
    void shouldNotCountTheWayToAnOutlierAndBack() {
        final Drive drive =
                new Drive(stage, 9).stand(5).go(100, 14, 0).jump(30_000, 0).stand(1);
        drive.jump(-30_000, 0).go(100, 14, 0);
        assertEquals(drive.trueMetres(), drive.lastTripMetres(), 20);
    }

    @Test
    void shouldTakeTheVehicleToBeWhereTwoFixesSayAndNotCountTheWay() {
        final Drive drive =
                new Drive(stage, 10).stand(5).go(100, 14, 0).jump(30_000, 0).go(100, 14, 0);
        assertEquals(drive.trueMetres(), drive.lastTripMetres(), 40);
        assertEquals(1, drive.all(Attribute.TRIP_START).size());
    }

    @ParameterizedTest
    @CsvSource({"1, true, 0", "1, true, 2", "1, false, 2", "10, true, 3", "10, false, 3", "60, true, 5", "60, false, 5"
    })
    void shouldConserveDistanceOverADay(final int period, final boolean saysSpeed, final double noise) {
        final Drive drive = new Drive(stage, 11).noise(noise).every(period).stand(60);
        if (!saysSpeed) {
            drive.withoutSpeed();
        }
        for (int trip = 0; trip < 8; trip++) {
            drive.go(600, 12, 45 * trip).stand(60).go(1200, 25, 45 * trip + 30).stand(1800);
        }
        assertEquals(8, drive.tripMetres().size());
        final double sum =
                drive.tripMetres().stream().mapToDouble(Long::doubleValue).sum();
        assertEquals(drive.trueMetres(), sum, 0.02 * drive.trueMetres());
    }

    @Test
    void shouldKeepDevicesApartAndForgetTheOneNotSeenForLongest() {
        final RouteStage small = new RouteStage(RouteParameters.DEFAULT, new DeviceTable(2));
        final PositionBatch batch = new PositionBatch();
        for (int device = 1; device <= 3; device++) {
            batch.clear(new UnsafeBuffer(new byte[0]));
            for (int i = 0; i < 20; i++) {
                batch.add()
                        .deviceId(device)
                        .fixTimeMs(1_700_000_000_000L + 10_000L * i)
                        .latitudeE7(100_000_000 * device + 10_000 * i)
                        .longitudeE7(0);
            }
            small.process(batch);
            assertEquals(1, batch.get(1).attributeValue(batch.get(1).indexOfAttribute(Attribute.TRIP_START.key())));
        }
        assertEquals(2, small.devices());
        assertEquals(1, small.evictions());
    }

    @Test
    void shouldAllocateNothingInSteadyState() {
        final PositionBatch batch = new PositionBatch();
        final long bytes = Allocation.perRound(5_000, round -> {
            batch.clear(null);
            for (int i = 0; i < 20; i++) {
                final boolean drives = round % 40 < 20;
                batch.add()
                        .deviceId(1 + round % 7)
                        .fixTimeMs(1_700_000_000_000L + 20_000L * round + 1000L * i)
                        .latitudeE7(450_000_000 + (drives ? 1000 * (20 * (round % 40) + i) : 0))
                        .longitudeE7(80_000_000)
                        .speedCmPerSec(drives ? 1100 : 0);
            }
            stage.process(batch);
        });
        assertEquals(0, bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "27, 20, 100, 180, 1200, 8333, 'movingSpeedCmPerSec is 27, allowed: 28 to 1389'",
        "139, 0, 100, 180, 1200, 8333, 'jitterMetres is 0, allowed: 1 to 200'",
        "139, 120, 100, 180, 1200, 8333, 'stopRadiusMetres is 100, allowed: 121 to 1000'",
        "139, 20, 100, 29, 1200, 8333, 'stopDwellSeconds is 29, allowed: 30 to 7200'",
        "139, 20, 100, 1200, 1200, 8333, 'maxSilenceSeconds is 1200, allowed: 1201 to 86400'",
        "139, 20, 100, 180, 1200, 34001, 'maxSpeedCmPerSec is 34001, allowed: 1389 to 34000'"
    })
    void shouldRefuseParametersOutOfRange(
            final int speed,
            final int jitter,
            final int radius,
            final int dwell,
            final int silence,
            final int maxSpeed,
            final String message) {
        final IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new RouteParameters(speed, jitter, radius, dwell, silence, maxSpeed));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void shouldTellNothingAtAllOfAPositionWithoutATime() {
        final PositionBatch batch = new PositionBatch();
        batch.clear(null);
        final Position position = batch.add().deviceId(1).addFault(Position.FAULT_NO_FIX);
        stage.process(batch);
        assertEquals(0, position.attributeCount());
    }
}
