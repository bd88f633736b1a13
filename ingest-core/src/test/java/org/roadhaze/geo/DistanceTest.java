// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
