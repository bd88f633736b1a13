// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.position;

/**
 * What cannot be said of a vehicle: a latitude beyond 90 degrees, both coordinates zero, a time before 1990 or more than a
 * day ahead of ours, a speed beyond 1,000 km/h. The one place that judges it, for live state and for what is published
 * alike.
 */
public final class Plausibility {
    /** 1990-01-01T00:00:00Z: no GPS tracker is older. */
    public static final long EARLIEST_MS = 631_152_000_000L;

    /** How far a device's clock may be ahead of ours: one day. */
    public static final long MAX_AHEAD_MS = 86_400_000;

    private static final int MAX_LATITUDE_E7 = 900_000_000;
    private static final int MAX_LONGITUDE_E7 = 1_800_000_000;

    /** 1,000 km/h, rounded as {@link Position#speedKmh} rounds it. */
    private static final int MAX_SPEED_CM_PER_SEC = 27_778;

    private Plausibility() {}

    /**
     * Adds the faults of place and time that can be seen in a position itself, and makes a speed that cannot be unknown: the
     * place beside it stays as good as it is. A position that was judged and not changed
     * since is not judged again. Without a {@linkplain Position#receivedTimeMs() received time} nobody can tell whether the
     * fix is of the future, so that its time is a fault.
     *
     * @param position the position.
     */
    public static void judge(final Position position) {
        if (position.isJudged()) {
            return;
        }
        judgeSpeed(position);
        judgePlaceAndTime(position);
        position.judged();
    }

    private static void judgeSpeed(final Position position) {
        final int speedCmPerSec = position.speedCmPerSec();
        if (speedCmPerSec < 0 || speedCmPerSec > MAX_SPEED_CM_PER_SEC) {
            position.speedCmPerSec(Position.UNKNOWN);
        }
    }

    private static void judgePlaceAndTime(final Position position) {
        final int latitude = position.latitudeE7();
        final int longitude = position.longitudeE7();
        if (latitude == Position.UNKNOWN || longitude == Position.UNKNOWN) {
            position.addFault(Position.FAULT_NO_FIX);
            return;
        }
        if (latitude > MAX_LATITUDE_E7
                || latitude < -MAX_LATITUDE_E7
                || longitude > MAX_LONGITUDE_E7
                || longitude < -MAX_LONGITUDE_E7) {
            position.addFault(Position.FAULT_RANGE);
        }
        if (latitude == 0 && longitude == 0) {
            position.addFault(Position.FAULT_NULL_ISLAND);
        }
        final long fixTimeMs = position.fixTimeMs();
        if (fixTimeMs < EARLIEST_MS || fixTimeMs > position.receivedTimeMs() + MAX_AHEAD_MS) {
            position.addFault(Position.FAULT_TIME);
        }
    }
}
