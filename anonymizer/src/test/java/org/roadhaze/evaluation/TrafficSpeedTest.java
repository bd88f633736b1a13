// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficSpeedTest {
    private static final long MINUTE = 60_000;

    /** Walks north from 10 m at 2.4 km/h, twelve minutes. */
    private static Track walk() {
        final Track.Builder track = Track.builder("w");
        for (int minute = 0; minute <= 12; minute++) {
            track.add(minute * MINUTE, AttacksTest.degrees(10 + 40 * minute), AttacksTest.degrees(10));
        }
        return track.build();
    }

    private static Published record(final long id, final int minute, final double north, final double kmh) {
        final long timeMs = minute * MINUTE;
        return new Published(
                id,
                timeMs,
                AttacksTest.degrees(north),
                AttacksTest.degrees(10),
                0,
                0,
                timeMs,
                timeMs,
                List.of("speed"),
                kmh,
                1);
    }

    @Test
    void shouldTakeTheSpeedThatRecordsTell() {
        final TrafficSpeed found =
                TrafficSpeed.of(List.of(walk()), List.of(record(0, 1, 50, 3), record(0, 2, 90, 3.6)));
        assertEquals((3.3 - 2.4) / 2.4, found.error().most(), 1e-6);
        assertEquals(1, found.covered());
        assertEquals(0.9, found.shiftKmh(), 1e-6);
    }

    @Test
    void shouldLeaveOutWhoStandsWhereAnIdShowsIt() {
        final List<Published> standing = new ArrayList<>();
        for (int minute = 0; minute < 5; minute++) {
            standing.add(record(8, minute, 50, 0));
        }
        final TrafficSpeed found = TrafficSpeed.of(List.of(walk()), standing);
        assertEquals(0, found.covered());
        assertTrue(Double.isNaN(found.error().p50()));
        standing.replaceAll(record -> record(0, (int) (record.timeMs() / MINUTE), 50, 0));
        assertEquals(
                1,
                TrafficSpeed.of(List.of(walk()), standing).error().most(),
                "nobody sees that they are of one device");
    }

    @Test
    void shouldTakeNothingForATruthThatFewSaw() {
        final Track few = walk().slice(0, TrafficSpeed.LEAST_FIXES);
        assertEquals(0, TrafficSpeed.of(List.of(few), List.of()).cells(), "nine speeds");
        assertEquals(
                1,
                TrafficSpeed.of(List.of(walk().slice(0, TrafficSpeed.LEAST_FIXES + 1)), List.of())
                        .cells());
    }

    @Test
    void shouldMeasureTheAreaBetweenDistributions() {
        assertEquals(0, Wasserstein.distance(new double[] {3, 1, 2}, new double[] {1, 2, 3}));
        assertEquals(0, Wasserstein.distance(new double[] {1, 2}, new double[] {2, 1, 1, 2}));
        assertEquals(5, Wasserstein.distance(new double[] {1}, new double[] {6, 6}));
        assertEquals(0.5, Wasserstein.distance(new double[] {0, 1}, new double[] {1}));
        assertTrue(Double.isNaN(Wasserstein.distance(new double[0], new double[] {1})));
    }
}
