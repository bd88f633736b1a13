// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;
import org.roadhaze.geometry.LocalMetres;

/**
 * The places at which one device stays, with the time that it has stayed at each, which halves with every half-life: those
 * where it stays longest are learned, and have a zone. A learned place does not move, nor does its zone, until the time stayed
 * there is down to a quarter of what it took to learn it, or another place that is not learned has twice as much and there are
 * no more zones to be had.
 *
 * <p>Bounded: as many as are learned, and {@value #CANDIDATES} others, of which the least stayed at goes for a new one.
 * Allocates nothing. Not thread safe: one device's.
 */
final class LearnedPlaces {
    static final int NONE = -1;

    /** Other places that are remembered while they are not learned. */
    static final int CANDIDATES = 8;

    /** Stays no farther than this from each other are at one place: who parks in the street parks elsewhere every night. */
    static final double SAME_PLACE_METRES = 2 * StayFollower.RADIUS_METRES;

    /** Distances are off by 0.6 % for the ellipsoid, and by less for the change of a degree's length: a hole is so much wider. */
    private static final double WIDER = 1.015;

    private static final double FORGOTTEN = 0.25;
    private static final double LEFT_OF_A_STAY = 1.0 / 16;

    private final LearnedZones.Parameters parameters;
    private final ZoneShift shift;
    private final double holeMetres;
    private final double afterMs;
    private final int[] latE7;
    private final int[] lonE7;
    private final int[] centreLatE7;
    private final int[] centreLonE7;
    private final double[] shrink;
    private final double[] stayedMs;
    private final boolean[] isLearned;
    private int size;
    private int learned;
    private long decayedMs;

    LearnedPlaces(final LearnedZones.Parameters parameters, final ZoneShift shift) {
        this.parameters = parameters;
        this.shift = shift;
        holeMetres = WIDER * (parameters.radiusMetres() + parameters.shiftMetres());
        afterMs = parameters.after().toMillis();
        final int capacity = parameters.places() + CANDIDATES;
        latE7 = new int[capacity];
        lonE7 = new int[capacity];
        centreLatE7 = new int[capacity];
        centreLonE7 = new int[capacity];
        shrink = new double[capacity];
        stayedMs = new double[capacity];
        isLearned = new boolean[capacity];
    }

    /** Forgets all places. */
    void clear() {
        Arrays.fill(latE7, 0);
        Arrays.fill(lonE7, 0);
        Arrays.fill(centreLatE7, 0);
        Arrays.fill(centreLonE7, 0);
        Arrays.fill(stayedMs, 0);
        Arrays.fill(isLearned, false);
        size = 0;
        learned = 0;
        decayedMs = 0;
    }

    /**
     * Whether a fix lies in a zone.
     *
     * @param fixLatE7 latitude, degrees scaled by 1e7.
     * @param fixLonE7 longitude, degrees scaled by 1e7.
     * @return true when it must not leave.
     */
    boolean hides(final int fixLatE7, final int fixLonE7) {
        for (int i = 0; i < size; i++) {
            if (isLearned[i]
                    && LocalMetres.between(fixLatE7, fixLonE7, centreLatE7[i], centreLonE7[i], shrink[i])
                            <= holeMetres) {
                return true;
            }
        }
        return false;
    }

    /**
     * Learns of a stay that has lasted long enough to be one. What was known of other places by their number is void.
     *
     * @param timeMs   until when.
     * @param deviceId whose.
     * @param stayLat  where, degrees scaled by 1e7.
     * @param stayLon  where, degrees scaled by 1e7.
     * @param ms       for how long.
     * @return the number of the place, good until the next call.
     */
    int stay(final long timeMs, final long deviceId, final int stayLat, final int stayLon, final long ms) {
        decay(timeMs);
        int place = nearest(stayLat, stayLon);
        if (place == NONE) {
            place = add(stayLat, stayLon);
        } else if (!isLearned[place]) {
            final double weight = ms / (stayedMs[place] + ms);
            latE7[place] += (int) Math.round(weight * (stayLat - latE7[place]));
            lonE7[place] =
                    LocalMetres.wrapE7(lonE7[place] + Math.round(weight * LocalMetres.eastE7(stayLon, lonE7[place])));
        }
        goOn(timeMs, deviceId, place, ms);
        return place;
    }

    /**
     * Learns that the last stay goes on.
     *
     * @param timeMs   until when.
     * @param deviceId whose.
     * @param place    its number.
     * @param ms       for how long since the last call.
     */
    void goOn(final long timeMs, final long deviceId, final int place, final long ms) {
        stayedMs[place] += ms;
        if (isLearned[place] || stayedMs[place] < afterMs) {
            return;
        }
        if (learned == parameters.places()) {
            final int least = least(true);
            if (stayedMs[place] < 2 * stayedMs[least]) {
                return;
            }
            forgetZone(least);
        }
        shrink[place] = LocalMetres.shrink(latE7[place]);
        shift.shift(timeMs, deviceId, latE7[place], lonE7[place], shrink[place]);
        centreLatE7[place] = shift.latitudeE7();
        centreLonE7[place] = shift.longitudeE7();
        isLearned[place] = true;
        learned++;
    }

    /** How many places are remembered, whether they are learned or not. */
    int size() {
        return size;
    }

    boolean isLearned(final int place) {
        return isLearned[place];
    }

    int latitudeE7(final int place) {
        return latE7[place];
    }

    int longitudeE7(final int place) {
        return lonE7[place];
    }

    private void decay(final long timeMs) {
        final double left = Math.pow(
                0.5, (timeMs - decayedMs) / (double) parameters.halfLife().toMillis());
        decayedMs = timeMs;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            stayedMs[i] *= left;
            if (isLearned[i] && stayedMs[i] < FORGOTTEN * afterMs) {
                forgetZone(i);
            }
            if (stayedMs[i] >= LEFT_OF_A_STAY * parameters.stay().toMillis()) {
                move(i, kept++);
            }
        }
        size = kept;
    }

    private void forgetZone(final int place) {
        isLearned[place] = false;
        learned--;
    }

    private void move(final int from, final int to) {
        latE7[to] = latE7[from];
        lonE7[to] = lonE7[from];
        centreLatE7[to] = centreLatE7[from];
        centreLonE7[to] = centreLonE7[from];
        shrink[to] = shrink[from];
        stayedMs[to] = stayedMs[from];
        isLearned[to] = isLearned[from];
    }

    private int nearest(final int stayLat, final int stayLon) {
        final double shrinkHere = LocalMetres.shrink(stayLat);
        int nearest = NONE;
        double nearestMetres = SAME_PLACE_METRES;
        for (int i = 0; i < size; i++) {
            final double metres = LocalMetres.between(stayLat, stayLon, latE7[i], lonE7[i], shrinkHere);
            if (metres <= nearestMetres) {
                nearest = i;
                nearestMetres = metres;
            }
        }
        return nearest;
    }

    private int add(final int stayLat, final int stayLon) {
        final int place = size == latE7.length ? least(false) : size++;
        latE7[place] = stayLat;
        lonE7[place] = stayLon;
        stayedMs[place] = 0;
        isLearned[place] = false;
        return place;
    }

    /** The least stayed at, of those that are learned or of the others: of either there is one when this is asked. */
    private int least(final boolean ofLearned) {
        int least = NONE;
        for (int i = 0; i < size; i++) {
            if (isLearned[i] == ofLearned && (least == NONE || stayedMs[i] < stayedMs[least])) {
                least = i;
            }
        }
        return least;
    }
}
