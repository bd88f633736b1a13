// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.roadhaze.evaluation.PoiRetrieval;

class FigureValuesTest {
    /** One of one real stop found, beside two that are none: F is a half, of the mean of one and three. */
    @Test
    void shouldGiveFOfStopsTheIntervalOfAShareOfTheMeanOfRealAndShown() {
        final Map<String, Object> stops = FigureValues.stops(new PoiRetrieval(1, 3, 1), 0.25);
        assertThat(stops)
                .containsEntry("value", 0.5)
                .containsEntry("chance", 0.25)
                .containsEntry("of", 2L);
        // Wilson: z = 1.959964, (0.5 + z * z / 4) / (1 + z * z / 2) less and more z * sqrt(0.125 + z * z / 16) over the
        // same.
        assertThat((Double) stops.get("low")).isCloseTo(0.0945, within(1e-4));
        assertThat((Double) stops.get("high")).isCloseTo(0.9055, within(1e-4));
    }

    @Test
    void shouldFindNothingWhereNobodyStops() {
        final Map<String, Object> stops = FigureValues.stops(new PoiRetrieval(0, 4, 0), null);
        assertThat(stops.get("value")).isNull();
        assertThat(stops)
                .containsEntry("of", 0L)
                .containsEntry("reason", "no vehicle of the traces stops for 15 minutes");
    }
}
