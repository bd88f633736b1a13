// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.device.DeviceState;
import org.roadhaze.geometry.LocalMetres;

/**
 * Follows the raw track of one device, by the times of its fixes alone, and finds its stays. One lasts as long as all fixes
 * are within {@link #RADIUS_METRES} of its first. Excursions of less than {@link #EXCURSION_MS} do not end it: they are a
 * receiver's that wanders; after a longer one, another stay has begun with the first of the fixes that are together by then. A
 * silence is a stay as well, since a tracker sleeps when its vehicle does: it stood where it was seen last, wherever it is
 * seen next.
 *
 * <p>Fixes that are not newer than what was seen teach nothing. Allocates nothing.
 */
final class StayFollower extends DeviceState {
    static final double RADIUS_METRES = 100;
    static final long EXCURSION_MS = 300_000;

    /** One stay counts for no more: a vehicle that was left at an airport for a month does not live there. */
    static final long MOST_MS = 86_400_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final LearnedPlaces places;
    private final long leastStayMs;
    private long lastMs = NEVER;
    private boolean isAway;
    private long awayMs;
    private long nextMs;
    private int nextLatE7;
    private int nextLonE7;
    private int lastAwayLatE7;
    private int lastAwayLonE7;
    private int firstLatE7;
    private int firstLonE7;
    private double shrink;
    private int nearLatE7;
    private int nearLonE7;
    private long startMs;
    private long countedMs;
    private double northE7Ms;
    private double eastE7Ms;
    private int place;

    StayFollower(final LearnedZones.Parameters parameters, final ZoneShift shift) {
        places = new LearnedPlaces(parameters, shift);
        leastStayMs = parameters.stay().toMillis();
    }

    @Override
    protected void reset() {
        lastMs = NEVER;
        places.clear();
    }

    LearnedPlaces places() {
        return places;
    }

    /**
     * Goes on to the next fix.
     *
     * @param timeMs of the fix.
     * @param latE7  latitude, degrees scaled by 1e7.
     * @param lonE7  longitude, degrees scaled by 1e7.
     */
    void follow(final long timeMs, final int latE7, final int lonE7) {
        if (lastMs == NEVER) {
            begin(timeMs, latE7, lonE7);
        } else if (timeMs <= lastMs) {
            return;
        } else if (LocalMetres.between(latE7, lonE7, firstLatE7, firstLonE7, shrink) <= RADIUS_METRES) {
            stayUntil(timeMs);
            isAway = false;
            nearLatE7 = latE7;
            nearLonE7 = lonE7;
        } else {
            beAway(timeMs, latE7, lonE7);
        }
        lastMs = timeMs;
    }

    private void beAway(final long timeMs, final int latE7, final int lonE7) {
        if (timeMs - lastMs >= leastStayMs) {
            if (isAway) {
                beginWhereItWent();
            }
            stayUntil(timeMs);
            begin(timeMs, latE7, lonE7);
            return;
        }
        if (!isAway || LocalMetres.between(latE7, lonE7, nextLatE7, nextLonE7, shrink) > RADIUS_METRES) {
            nextMs = timeMs;
            nextLatE7 = latE7;
            nextLonE7 = lonE7;
        }
        if (!isAway) {
            isAway = true;
            awayMs = timeMs;
        }
        lastAwayLatE7 = latE7;
        lastAwayLonE7 = lonE7;
        if (timeMs - awayMs >= EXCURSION_MS) {
            beginWhereItWent();
            stayUntil(timeMs);
        }
    }

    private void beginWhereItWent() {
        begin(nextMs, nextLatE7, nextLonE7);
        nearLatE7 = lastAwayLatE7;
        nearLonE7 = lastAwayLonE7;
    }

    private void begin(final long timeMs, final int latE7, final int lonE7) {
        isAway = false;
        firstLatE7 = latE7;
        firstLonE7 = lonE7;
        nearLatE7 = latE7;
        nearLonE7 = lonE7;
        shrink = LocalMetres.shrink(latE7);
        startMs = timeMs;
        countedMs = timeMs;
        northE7Ms = 0;
        eastE7Ms = 0;
        place = LearnedPlaces.NONE;
    }

    /** Where it is, is the mean over time: a tracker that sleeps has most of its fixes from before the vehicle stood. */
    private void stayUntil(final long timeMs) {
        final long beforeMs = countedMs - startMs;
        final long stayedMs = timeMs - startMs;
        northE7Ms += (double) (stayedMs - beforeMs) * (nearLatE7 - firstLatE7);
        eastE7Ms += (double) (stayedMs - beforeMs) * LocalMetres.eastE7(nearLonE7, firstLonE7);
        countedMs = timeMs;
        if (place != LearnedPlaces.NONE) {
            places.goOn(timeMs, deviceId(), place, Math.min(MOST_MS, stayedMs) - Math.min(MOST_MS, beforeMs));
        } else if (stayedMs >= leastStayMs) {
            place = places.stay(
                    timeMs,
                    deviceId(),
                    firstLatE7 + (int) Math.round(northE7Ms / stayedMs),
                    LocalMetres.wrapE7(firstLonE7 + Math.round(eastE7Ms / stayedMs)),
                    Math.min(MOST_MS, stayedMs));
        }
    }
}
