// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.geometry.LocalMetres;

/**
 * Which fixes of one device its {@link TripFollower} was not shown, and where the vehicle was at the last of them: two spans of
 * time, since one fix may be of a clock that is hours ahead, and others of now. A third joins the nearer of the two; what lies
 * within a span counts as missing.
 *
 * <p>A stop with a missing fix in it lies within the radius of its first fix as a whole. So it goes on behind the missing one, if
 * at all, while the vehicle is within two radii of where that was; and behind several, of where the last was.
 */
final class MissingFixes {
    private static final long NEVER = Long.MIN_VALUE;

    /** What is nearer to a span than this joins it. */
    private static final long TOGETHER_MS = 120_000;

    private final Span one = new Span();
    private final Span other = new Span();
    /** The last that the track has passed; its vehicle may stand there still. */
    private final Span passed = new Span();

    /** How many fixes in a row the track had behind that to which no vehicle gets from there. */
    private int unreachable;

    /** From one missing fix to another, and the place of the later one. */
    private static final class Span {
        private long fromMs = NEVER;
        private long toMs = NEVER;
        private int latE7;
        private int lonE7;

        private boolean isEmpty() {
            return toMs == NEVER;
        }

        private long awayMs(final long timeMs) {
            return Math.max(0, Math.max(fromMs - timeMs, timeMs - toMs));
        }

        private void add(final long timeMs, final int lat, final int lon) {
            fromMs = isEmpty() ? timeMs : Math.min(fromMs, timeMs);
            if (timeMs >= toMs) {
                toMs = timeMs;
                latE7 = lat;
                lonE7 = lon;
            }
        }

        private boolean begins(final long timeMs) {
            return !isEmpty() && fromMs <= timeMs;
        }

        private void clear() {
            fromMs = NEVER;
            toMs = NEVER;
        }
    }

    /**
     * Adds one.
     *
     * @param timeMs of the fix.
     * @param latE7  latitude, degrees scaled by 1e7.
     * @param lonE7  longitude, degrees scaled by 1e7.
     */
    void add(final long timeMs, final int latE7, final int lonE7) {
        if (one.isEmpty() || one.awayMs(timeMs) <= TOGETHER_MS) {
            one.add(timeMs, latE7, lonE7);
        } else if (other.isEmpty() || other.awayMs(timeMs) <= one.awayMs(timeMs)) {
            other.add(timeMs, latE7, lonE7);
        } else {
            one.add(timeMs, latE7, lonE7);
        }
    }

    /**
     * Whether one is missing that the track passes with a fix, or it may still stand at one that it passed before.
     *
     * @param timeMs of the fix.
     * @return false when the track is whole.
     */
    boolean isAnyUpTo(final long timeMs) {
        return !passed.isEmpty() || one.begins(timeMs) || other.begins(timeMs);
    }

    /**
     * Goes on to a fix, and finds out whether it can be in one stop with a missing one.
     *
     * @param timeMs of the fix.
     * @param latE7  latitude, degrees scaled by 1e7.
     * @param lonE7  longitude, degrees scaled by 1e7.
     * @param metres how far two fixes of one stop are from each other at most.
     * @param shrink of the latitude, see {@link LocalMetres}.
     * @return true when it can, or when it cannot be told, since no vehicle gets from there to here: so for one fix in a row.
     */
    boolean mayStandWith(
            final long timeMs, final int latE7, final int lonE7, final double metres, final double shrink) {
        pass(one, timeMs);
        pass(other, timeMs);
        boolean may = one.begins(timeMs) || other.begins(timeMs);
        if (!passed.isEmpty()) {
            final double away = LocalMetres.between(latE7, lonE7, passed.latE7, passed.lonE7, shrink);
            final boolean jumps = away > metres && away > TripFollower.FASTEST_METRES_PER_MS * (timeMs - passed.toMs);
            unreachable = jumps ? unreachable + 1 : 0;
            if (away <= metres || unreachable == 1) {
                may = true;
            } else if (!may) {
                passed.clear();
            }
        }
        return may;
    }

    /** Of a span that is over, where it ended. */
    private void pass(final Span span, final long timeMs) {
        if (!span.isEmpty() && span.toMs <= timeMs) {
            passed.add(span.toMs, span.latE7, span.lonE7);
            unreachable = 0;
            span.clear();
        }
    }
}
