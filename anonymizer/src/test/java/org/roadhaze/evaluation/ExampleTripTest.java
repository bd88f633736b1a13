// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two drives due north at 10 m/s, a fix a minute, two hours long each, one in the morning and one at night. */
class ExampleTripTest {
    private static final double DEGREES_PER_MINUTE = 600 / Metres.PER_DEGREE;

    private static List<Track> tracks() {
        final List<Track> tracks = new ArrayList<>();
        for (int device = 0; device < 2; device++) {
            final Track.Builder track = Track.builder("d" + device);
            for (int minute = 0; minute < 120; minute++) {
                track.add(43_200_000L * device + 60_000L * minute, 45 + device + DEGREES_PER_MINUTE * minute, 7);
            }
            tracks.add(track.build());
        }
        return tracks;
    }

    @Test
    void shouldTellMetresAndMinutesFromTheFirstFix() {
        final List<Track> tracks = tracks();
        final List<Published> records = new ArrayList<>();
        for (int device = 0; device < 2; device++) {
            for (int i = 0; i < 120; i++) {
                records.add(Published.exact(1000 + i / 30, device, tracks.get(device), i));
            }
        }
        final ExampleTrip trip = ExampleTrip.draw(tracks, records, 1).orElseThrow();
        assertThat(trip.driven()).hasSizeBetween(ExampleTrip.LEAST_FIXES, 45);
        assertThat(trip.driven().get(0)).isEqualTo(new ExampleTrip.Place(0, 0, 0));
        final ExampleTrip.Place second = trip.driven().get(1);
        assertThat(second.minute()).isEqualTo(1);
        assertThat(second.north()).isCloseTo(600, within(0.01));
        assertThat(second.east()).isZero();
        assertThat(trip.sightings()).hasSameSizeAs(trip.driven());
        assertThat(trip.sightings().get(0)).isEqualTo(new ExampleTrip.Sighting(0, 0, 0, 1, 0));
        assertThat(trip.sightings().get(trip.sightings().size() - 1).piece()).isLessThanOrEqualTo(3);
        assertThat(ExampleTrip.draw(tracks, records, 1)).as("again").contains(trip);
    }

    @Test
    void shouldShowAStretchOfWhichAsMuchLeftAsUsual() {
        final List<Track> tracks = tracks();
        final List<Published> records = new ArrayList<>();
        for (int i = 45; i < 90; i++) {
            records.add(Published.exact(Published.NO_ID, 0, tracks.get(0), i));
        }
        // Of one stretch in six everything left, of the others nothing; the usual share is nearer to nothing.
        assertThat(ExampleTrip.draw(tracks, records, 1).orElseThrow().sightings())
                .isEmpty();
        for (int i = 0; i < 120; i++) {
            records.add(Published.exact(Published.NO_ID, 1, tracks.get(1), i));
        }
        assertThat(ExampleTrip.draw(tracks, records, 1).orElseThrow().sightings())
                .isNotEmpty()
                .allMatch(sighting -> sighting.piece() == 0);
    }

    @Test
    void shouldShowNobodyWhoStandsStill() {
        final Track.Builder parked = Track.builder("parked");
        for (int minute = 0; minute < 120; minute++) {
            parked.add(60_000L * minute, 45, 7);
        }
        assertThat(ExampleTrip.draw(List.of(parked.build()), List.of(), 1)).isEmpty();
    }
}
