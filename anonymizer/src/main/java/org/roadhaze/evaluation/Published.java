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
 * @param trueDevice index of its track among the tracks that went in; of an aggregate {@link #NO_DEVICE}.
 * @param trueTimeMs time of the fix that it was made from.
 * @param releasedMs event time at which it left: the newest fix of the fleet when it did.
 * @param attributes names of what else it tells.
 * @param speedKmh the speed that it tells, in km/h; NaN of one that tells none.
 * @param devices how many devices it says that it is made from: 1 but of an aggregate.
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
        List<String> attributes,
        double speedKmh,
        long devices) {
    /** Of a record that nothing but time and place links to others. */
    public static final long NO_ID = 0;

    /** Of a record that is made from several devices. */
    public static final int NO_DEVICE = -1;

    public Published {
        attributes = List.copyOf(attributes);
    }

    /** A record of one device that tells no speed. */
    public Published(
            final long id,
            final long timeMs,
            final double latitude,
            final double longitude,
            final double cellAreaKm2,
            final int trueDevice,
            final long trueTimeMs,
            final long releasedMs,
            final List<String> attributes) {
        this(
                id,
                timeMs,
                latitude,
                longitude,
                cellAreaKm2,
                trueDevice,
                trueTimeMs,
                releasedMs,
                attributes,
                Double.NaN,
                1);
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
