// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.position;

/**
 * What cannot be said of a vehicle: a latitude beyond 90 degrees, both coordinates zero, a time of a clock that was never
 * set or more than a day ahead of ours, a speed beyond 1,000 km/h. The one place that judges it, for live state and for
 * what is published alike.
 *
 * <p>A time that lost 1024 weeks, or twice as many, gets them back: the system counts weeks modulo 1024, and old receivers
 * do not know how often that went round.
 */
public final class Plausibility {
    /** 1990-01-01T00:00:00Z: no GPS tracker is older. */
    public static final long EARLIEST_MS = 631_152_000_000L;

    /** A clock that begins with the year 2000, and was never set, runs for some weeks. */
    private static final long FROM_2000_MS = 946_684_800_000L;

    private static final long TO_2000_MS = FROM_2000_MS + 31 * 86_400_000L;

    private static final int ROLLOVER_WEEKS = 1024;
    private static final int MAX_ROLLOVERS = 2;
    private static final long ROLLOVER_MS = ROLLOVER_WEEKS * 7 * 86_400_000L;

    /** How near our time a time has to come by adding weeks: 90 days. */
    private static final long MAX_OFF_MS = 90 * 86_400_000L;

    /** How far a device's clock may be ahead of ours: one day. */
    public static final long MAX_AHEAD_MS = 86_400_000;

    private static final int MAX_LATITUDE_E7 = 900_000_000;
    private static final int MAX_LONGITUDE_E7 = 1_800_000_000;

    /** 1,000 km/h, rounded as {@link Position#speedKmh} rounds it. */
    private static final int MAX_SPEED_CM_PER_SEC = 27_778;

    private Plausibility() {}

    /**
     * Adds the faults of place and time that can be seen in a position itself, adds the weeks that its time lost, and makes a
     * speed that cannot be unknown: the place beside it stays as good as it is. A position that was judged and not changed
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
        addLostWeeks(position);
        judgePlaceAndTime(position);
        position.judged();
    }

    /**
     * What was found of a position's time.
     *
     * @param position judged.
     * @return the finding.
     */
    public static TimeFinding timeOf(final Position position) {
        if ((position.faults() & Position.FAULT_TIME) != 0) {
            return isSet(position.fixTimeMs()) ? TimeFinding.FAR_AHEAD : TimeFinding.NOT_SET;
        }
        return position.weeksAdded() == 0 ? TimeFinding.SENSIBLE : TimeFinding.WEEKS_ADDED;
    }

    /** Not what clocks begin with: 1970, 1980, 2000. */
    private static boolean isSet(final long timeMs) {
        return timeMs >= EARLIEST_MS && (timeMs < FROM_2000_MS || timeMs >= TO_2000_MS);
    }

    private static void addLostWeeks(final Position position) {
        final long fixTimeMs = position.fixTimeMs();
        final long receivedTimeMs = position.receivedTimeMs();
        if (fixTimeMs < 0 || receivedTimeMs < 0 || fixTimeMs > receivedTimeMs - ROLLOVER_MS + MAX_OFF_MS) {
            return;
        }
        for (int rollovers = 1; rollovers <= MAX_ROLLOVERS; rollovers++) {
            if (Math.abs(receivedTimeMs - fixTimeMs - rollovers * ROLLOVER_MS) <= MAX_OFF_MS) {
                position.addWeeks(rollovers * ROLLOVER_WEEKS, rollovers * ROLLOVER_MS);
                return;
            }
        }
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
        if (!isSet(fixTimeMs) || fixTimeMs > position.receivedTimeMs() + MAX_AHEAD_MS) {
            position.addFault(Position.FAULT_TIME);
        }
    }
}
