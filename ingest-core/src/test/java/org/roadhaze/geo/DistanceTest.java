// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistanceTest {
    /**
     * Flinders Peak to Buninyong is the worked example of the GDA94 technical manual (54,972.271 m); the arcs of one
     * minute are textbook values (a minute of latitude is 1842.90 m at the equator and 1852.20 m at 45 degrees).
     */
    @ParameterizedTest
    @CsvSource({
        "-379510334, 1444248679, -376528211, 1439264955, 54972.271, 0.2",
        "-83333, 0, 83333, 0, 1842.90, 0.03",
        "449916667, 0, 450083333, 0, 1852.20, 0.03",
        "0, 0, 0, 10000000, 111319.491, 700",
        "0, 1799999000, 0, -1799999000, 22.2639, 0.001",
        "450000000, 80000000, 450000000, 80000000, 0, 0",
        "0, 0, 900000000, 0, 10007557, 1",
    })
    void shouldBeAsPublished(
            final int fromLatitude,
            final int fromLongitude,
            final int toLatitude,
            final int toLongitude,
            final double metres,
            final double tolerance) {
        assertEquals(metres, Distance.metres(fromLatitude, fromLongitude, toLatitude, toLongitude), tolerance);
        assertEquals(metres, Distance.metres(toLatitude, toLongitude, fromLatitude, fromLongitude), tolerance);
    }

    /** Any two points, most of them near each other, some over the antimeridian, and limits from far below to far above. */
    @Test
    void shouldTellFromBoundsWhatItTellsExactly() {
        final Random random = new Random(1);
        int further = 0;
        final int points = 200_000;
        for (int i = 0; i < points; i++) {
            final int spread = 1 << random.nextInt(31);
            final int latitude = random.nextInt(1_800_000_001) - 900_000_000;
            final int longitude = (int) (random.nextLong(3_600_000_001L) - 1_800_000_000L);
            final int otherLatitude =
                    (int) Math.max(-900_000_000, Math.min(900_000_000, (long) latitude + random.nextInt(spread)));
            final int otherLongitude = (int) wrapped((long) longitude - random.nextInt(spread));
            final double metres = Distance.metres(latitude, longitude, otherLatitude, otherLongitude);
            final double limit = metres * Math.pow(2, random.nextGaussian() / 50);

            assertEquals(
                    metres > limit, Distance.isMoreThan(limit, latitude, longitude, otherLatitude, otherLongitude));
            further += metres > limit ? 1 : 0;
        }
        assertTrue(further > points / 4 && further < points - points / 4, () -> "the limits are all on one side");
    }

    private static long wrapped(final long longitudeE7) {
        return longitudeE7 < -1_800_000_000L ? longitudeE7 + 3_600_000_000L : longitudeE7;
    }
}
