// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.function.Consumer;
import org.roadhaze.anonymizer.HeldFixes;
import org.roadhaze.device.DeviceState;
import org.roadhaze.geometry.LocalMetres;

/**
 * Follows the raw track of one device, and knows of every fix whether it can still turn out to be part of a stop.
 *
 * <p>A <i>stop</i> is a run of fixes that begins with one from which all the others are at most {@code radius} away, and that
 * lasts for at least {@code dwell}. Nobody knows of a fix whether a stop has begun there until a later fix lies farther away
 * (then none has) or the dwell is over (then one has). So the beginnings that are still possible are kept; one less than a
 * spacing from an older one is not, for which that stands: it is given up only when the track is farther from it than radius
 * and spacing together. Every stop is found by this, at the fix that completes its dwell or before; so may be what comes close to one.
 *
 * <pre>
 *   odometer  ----s------------p-----------b---------n-->     s: where the last stop ended, p: a fix that is held,
 *                 |--- trim ---|--- trim ---|                 b: the first possible beginning of a stop, n: now
 * </pre>
 */
final class TripFollower extends DeviceState {
    /**
     * Beginnings are so much of the radius apart. All that are possible still lie within radius and spacing of the last fix,
     * so that there are 121 at most: discs of half the spacing around them do not overlap.
     */
    private static final double SPACING = 0.1;

    /** No vehicle is faster: 252 km/h. */
    static final double FASTEST_METRES_PER_MS = 0.07;

    private static final long NEVER = Long.MIN_VALUE;

    private final Consumer<TripFollower> forgotten;

    private final TripBeginnings beginnings;
    private int firstBeginning = TripBeginnings.NONE;
    private int lastBeginning = TripBeginnings.NONE;

    private long lastMs;
    private int lastLatE7;
    private int lastLonE7;
    private double odometerMetres;
    private double stopMetres;
    private double stopBeforeMetres;
    private int number;
    private boolean outlier;
    private int outlierLatE7;
    private int outlierLonE7;
    private long outlierMs;
    /** Null until a fix is missing. */
    private MissingFixes missing;

    /** The fixes that are held, by their handles, the oldest first. */
    int first = HeldFixes.NONE;

    int last = HeldFixes.NONE;
    int held;

    /** What a fix is for a track. */
    enum Finding {
        /** Not later than what was seen. */
        LATE,
        /** Impossibly far away. */
        OUTLIER,
        /** Part of a stop. */
        STOPPED,
        /** The first of another track: after a long silence, or at another place. */
        NEW,
        /** On the way. */
        DRIVING
    }

    /**
     * Makes a follower of nobody.
     *
     * @param beginnings where possible stops are kept, for all followers.
     * @param forgotten  called when the device is forgotten, before its state is.
     */
    TripFollower(final TripBeginnings beginnings, final Consumer<TripFollower> forgotten) {
        this.beginnings = beginnings;
        this.forgotten = forgotten;
        clear();
    }

    @Override
    protected void reset() {
        forgotten.accept(this);
        clear();
    }

    private void clear() {
        forgetBeginnings();
        lastMs = NEVER;
        odometerMetres = 0;
        stopMetres = 0;
        stopBeforeMetres = 0;
        number = 0;
        outlier = false;
        missing = null;
        first = HeldFixes.NONE;
        last = HeldFixes.NONE;
        held = 0;
    }

    /**
     * Goes on to the next fix.
     *
     * @param timeMs       of the fix.
     * @param latE7        latitude, degrees scaled by 1e7.
     * @param lonE7        longitude, degrees scaled by 1e7.
     * @param engineOff    whether the device says that its engine is off: a stop, however short.
     * @param radiusMetres of a stop.
     * @param dwellMs      of a stop.
     * @param silenceMs    after which another trip begins.
     * @return what the fix is; everything else that is asked afterwards is as of this fix.
     */
    Finding follow(
            final long timeMs,
            final int latE7,
            final int lonE7,
            final boolean engineOff,
            final double radiusMetres,
            final long dwellMs,
            final long silenceMs) {
        if (lastMs != NEVER && timeMs <= lastMs) {
            return Finding.LATE;
        }
        final double shrink = LocalMetres.shrink(latE7);
        boolean isNew = lastMs == NEVER || timeMs - lastMs > silenceMs;
        double leg = 0;
        if (!isNew) {
            leg = LocalMetres.between(latE7, lonE7, lastLatE7, lastLonE7, shrink);
            if (leg > radiusMetres && leg > FASTEST_METRES_PER_MS * (timeMs - lastMs)) {
                if (!isSecondThere(timeMs, latE7, lonE7, radiusMetres, shrink)) {
                    return Finding.OUTLIER;
                }
                isNew = true;
            }
        }
        outlier = false;
        if (isNew) {
            forgetBeginnings();
            stopBeforeMetres = stopMetres;
            stopMetres = odometerMetres;
        } else {
            odometerMetres += leg;
        }
        lastMs = timeMs;
        lastLatE7 = latE7;
        lastLonE7 = lonE7;
        number++;
        final double spacing = SPACING * radiusMetres;
        if (!giveUpBeginnings(latE7, lonE7, radiusMetres + spacing, spacing, shrink)) {
            begin(timeMs, latE7, lonE7);
        }
        if (missing != null && missing.isAnyUpTo(timeMs)) {
            stopMetres = odometerMetres;
            if (missing.mayStandWith(timeMs, latE7, lonE7, radiusMetres + radiusMetres + spacing, shrink)) {
                return Finding.STOPPED;
            }
        }
        if (engineOff || timeMs - beginnings.timeMs(firstBeginning) >= dwellMs) {
            stopMetres = odometerMetres;
            return Finding.STOPPED;
        }
        return isNew ? Finding.NEW : Finding.DRIVING;
    }

    /**
     * Learns that a fix is missing, of a time that the track has not come to.
     *
     * @param timeMs of the fix; one that is not newer than what was seen would have been of no use.
     * @param latE7  latitude, degrees scaled by 1e7.
     * @param lonE7  longitude, degrees scaled by 1e7.
     */
    void miss(final long timeMs, final int latE7, final int lonE7) {
        if (lastMs != NEVER && timeMs <= lastMs) {
            return;
        }
        if (missing == null) {
            missing = new MissingFixes();
        }
        missing.add(timeMs, latE7, lonE7);
    }

    /** Whether a fix is missing that is no newer than this one. */
    boolean missesAnyBefore(final long timeMs) {
        return missing != null && missing.isAnyUpTo(timeMs);
    }

    /** An impossible fix is one of a kind; two together are where the device is. */
    private boolean isSecondThere(
            final long timeMs, final int latE7, final int lonE7, final double radiusMetres, final double shrink) {
        final boolean second = outlier
                && timeMs > outlierMs
                && LocalMetres.between(latE7, lonE7, outlierLatE7, outlierLonE7, shrink)
                        <= Math.max(radiusMetres, FASTEST_METRES_PER_MS * (timeMs - outlierMs));
        outlier = true;
        outlierMs = timeMs;
        outlierLatE7 = latE7;
        outlierLonE7 = lonE7;
        return second;
    }

    /** True when one of those that are left stands for a stop that begins here. */
    private boolean giveUpBeginnings(
            final int latE7, final int lonE7, final double metres, final double spacing, final double shrink) {
        boolean covered = false;
        int before = TripBeginnings.NONE;
        for (int at = firstBeginning; at != TripBeginnings.NONE; ) {
            final double away =
                    LocalMetres.between(latE7, lonE7, beginnings.latitudeE7(at), beginnings.longitudeE7(at), shrink);
            if (away <= metres) {
                covered |= away <= spacing;
                before = at;
                at = beginnings.next(at);
            } else {
                at = beginnings.remove(before, at);
                if (before == TripBeginnings.NONE) {
                    firstBeginning = at;
                }
            }
        }
        lastBeginning = before;
        return covered;
    }

    private void begin(final long timeMs, final int latE7, final int lonE7) {
        lastBeginning = beginnings.add(lastBeginning, latE7, lonE7, timeMs, odometerMetres, number);
        if (firstBeginning == TripBeginnings.NONE) {
            firstBeginning = lastBeginning;
        }
    }

    private void forgetBeginnings() {
        while (firstBeginning != TripBeginnings.NONE) {
            firstBeginning = beginnings.remove(TripBeginnings.NONE, firstBeginning);
        }
        lastBeginning = TripBeginnings.NONE;
    }

    /** Reads the follower itself, see {@link org.roadhaze.anonymizer.Mechanism#readAhead}; what it made of that. */
    long readAhead() {
        return lastMs + held + (missing == null ? 0 : 1);
    }

    /** Reads where the next stop can have begun. */
    long readBeginningsAhead() {
        return firstBeginning == TripBeginnings.NONE ? 0 : beginnings.next(firstBeginning);
    }

    /** The way driven up to the last fix, in metres. */
    double odometerMetres() {
        return odometerMetres;
    }

    /** Where the last stop ended, or the trip began, on the odometer. */
    double stopMetres() {
        return stopMetres;
    }

    /** The same for the trip before, when the last fix began one. */
    double stopBeforeMetres() {
        return stopBeforeMetres;
    }

    /** Where on the odometer the first stop can begin that is not known yet. */
    double nextStopMetres() {
        return beginnings.metres(firstBeginning);
    }

    /** Which fix of the device that would be; a fix of a smaller number is in no stop that is not known yet. */
    int nextStopNumber() {
        return beginnings.number(firstBeginning);
    }

    long lastMs() {
        return lastMs;
    }

    /** The number of the last fix. */
    int number() {
        return number;
    }
}
