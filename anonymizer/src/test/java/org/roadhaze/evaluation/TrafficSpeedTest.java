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
                TrafficSpeed.of(List.of(walk()), List.of(record(0, 1, 50, 3), record(0, 2, 90, 3.6)), 1);
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
        final TrafficSpeed found = TrafficSpeed.of(List.of(walk()), standing, 1);
        assertEquals(0, found.covered());
        assertTrue(Double.isNaN(found.error().p50()));
        standing.replaceAll(record -> record(0, (int) (record.timeMs() / MINUTE), 50, 0));
        assertEquals(
                1,
                TrafficSpeed.of(List.of(walk()), standing, 1).error().most(),
                "nobody sees that they are of one device");
    }

    @Test
    void shouldTakeNothingForATruthThatFewSaw() {
        final Track few = walk().slice(0, TrafficSpeed.LEAST_FIXES);
        assertEquals(0, TrafficSpeed.of(List.of(few), List.of(), 1).cells(), "nine speeds");
        assertEquals(
                1,
                TrafficSpeed.of(List.of(walk().slice(0, TrafficSpeed.LEAST_FIXES + 1)), List.of(), 1)
                        .cells());
    }

    /** Half of the vehicles crawl at 2.4 km/h and half go at 24; the records tell of the fast ones alone, exactly. */
    @Test
    void shouldTellWhatIsDueToFewerFixesFromWhatIsDueToWhose() {
        final List<Track> tracks = new ArrayList<>();
        final List<Published> ofTheFast = new ArrayList<>();
        for (int vehicle = 0; vehicle < 40; vehicle++) {
            final Track.Builder track = Track.builder("v" + vehicle);
            for (int minute = 0; minute < 12; minute++) {
                final double north = 10 + (vehicle % 2 == 0 ? 40 * minute : 400 * (minute % 2));
                track.add(minute * MINUTE, AttacksTest.degrees(north), AttacksTest.degrees(10));
            }
            tracks.add(track.build());
        }
        for (int vehicle = 1; vehicle < 40; vehicle += 2) {
            for (int i = 1; i < tracks.get(vehicle).size(); i++) {
                ofTheFast.add(record(0, i, 50, tracks.get(vehicle).speedKmh(i)));
            }
        }
        final TrafficSpeed found = TrafficSpeed.of(tracks, ofTheFast, 1);
        assertEquals(1, found.cells());
        assertTrue(found.bias() > 0.5, "bias " + found.bias());
        assertEquals(found.bias(), found.error().mean(), 1e-9, "of one square that is too fast");
        // 220 of 440 speeds: their mean has a standard error of less than 6 % of it, and a false alarm at five of them.
        assertTrue(found.sampled().mean() < 0.3, "sampled " + found.sampled().mean());
        assertTrue(found.sampled().mean() > 0, "it is not the truth itself");
    }

    @Test
    void shouldSampleAsMuchAsIsTold() {
        final TrafficSpeed all = TrafficSpeed.of(List.of(walk()), everyFix(), 1);
        assertEquals(0, all.sampled().most(), 1e-9, "all of it");
        assertEquals(0, all.bias(), 1e-6);
        final TrafficSpeed none = TrafficSpeed.of(List.of(walk()), List.of(), 1);
        assertTrue(Double.isNaN(none.sampled().mean()), "nothing of it");
        assertTrue(Double.isNaN(none.bias()));
    }

    /** Eleven walk at one speed in one square, and one at two speeds in another; the records tell of the first alone. */
    @Test
    void shouldCompareWithTheSampleWhereBothAnswer() {
        final List<Track> tracks = new ArrayList<>();
        for (int vehicle = 0; vehicle < 12; vehicle++) {
            final Track.Builder track = Track.builder("v" + vehicle);
            for (int minute = 0; minute <= 12; minute++) {
                final double north = vehicle < 11 ? 10 + 35 * minute : 10_010 + 40 * minute + 8 * (minute % 2);
                track.add(minute * MINUTE, AttacksTest.degrees(north), AttacksTest.degrees(10));
            }
            tracks.add(track.build());
        }
        final List<Published> records = new ArrayList<>();
        for (int vehicle = 0; vehicle < 11; vehicle++) {
            for (int minute = 1; minute <= 5; minute++) {
                records.add(record(0, minute, 50, 2.1));
            }
        }
        final TrafficSpeed found = TrafficSpeed.of(tracks, records, 1);
        assertEquals(2, found.cells());
        assertEquals(0.5, found.covered());
        assertEquals(0, found.sampled().most(), 1e-4, "all go at one speed in the square that is told of");
    }

    private static List<Published> everyFix() {
        final List<Published> records = new ArrayList<>();
        for (int minute = 1; minute <= 12; minute++) {
            records.add(record(0, minute, 10 + 40 * minute, walk().speedKmh(minute)));
        }
        return records;
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
