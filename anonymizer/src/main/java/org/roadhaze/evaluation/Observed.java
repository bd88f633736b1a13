// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Map;

/**
 * One record as everybody sees it who reads the stream.
 *
 * @param index of its document in the queue.
 * @param ordinal of the record in the stream, from 1.
 * @param id pseudonym or segment, or {@link Published#NO_ID}.
 * @param timeMs milliseconds since 1970-01-01 UTC, or {@link #NO_TIME}.
 * @param latitude WGS 84 degrees, or NaN without coordinates.
 * @param longitude WGS 84 degrees, or NaN without coordinates.
 * @param cell its id, or {@link #NO_CELL}.
 * @param attributes names, with values in the attribute's unit; booleans are 0 and 1.
 */
public record Observed(
        long index,
        long ordinal,
        long id,
        long timeMs,
        double latitude,
        double longitude,
        long cell,
        Map<String, Double> attributes) {
    public static final long NO_TIME = Long.MIN_VALUE;
    public static final long NO_CELL = 0;

    public Observed {
        attributes = Map.copyOf(attributes);
    }

    boolean hasCoordinates() {
        return !Double.isNaN(latitude);
    }
}
