// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.List;

/**
 * One record that left, beside the truth about it, which the evaluator alone knows.
 *
 * @param id the pseudonym or segment id under which it left, or {@link #NO_ID}.
 * @param timeMs the time that it tells, in milliseconds since 1970-01-01 UTC.
 * @param latitude WGS 84 degrees; of a cell its centre.
 * @param longitude WGS 84 degrees; of a cell its centre.
 * @param cellAreaKm2 area of the cell in square kilometres; 0 for a point.
 * @param trueDevice index of its track among the tracks that went in.
 * @param trueTimeMs time of the fix that it was made from.
 * @param releasedMs event time at which it left: the newest fix of the fleet when it did.
 * @param attributes names of what else it tells.
 */
public record Published(
        long id,
        long timeMs,
        double latitude,
        double longitude,
        double cellAreaKm2,
        int trueDevice,
        long trueTimeMs,
        long releasedMs,
        List<String> attributes) {
    /** Of a record that nothing but time and place links to others. */
    public static final long NO_ID = 0;

    public Published {
        attributes = List.copyOf(attributes);
    }

    /** A fix that leaves at once as it is. */
    public static Published exact(final long id, final int trueDevice, final Track track, final int index) {
        final long timeMs = track.timeMs(index);
        return point(id, trueDevice, timeMs, track.latitude(index), track.longitude(index));
    }

    /** A point that leaves at once, at its true time. */
    public static Published point(
            final long id, final int trueDevice, final long timeMs, final double latitude, final double longitude) {
        return new Published(id, timeMs, latitude, longitude, 0, trueDevice, timeMs, timeMs, List.of());
    }
}
