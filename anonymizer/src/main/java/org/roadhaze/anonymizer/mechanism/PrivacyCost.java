// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * When a device may contribute how often, and what that costs of its privacy. Where the unit is a day, L0 contributions are
 * spread over its windows: as many in each as go into all, and of the rest one in each of as many stretches of the day.
 */
final class PrivacyCost {
    /** No stretch: what goes into all windows is all. */
    static final int NONE = -1;

    private final boolean perDay;
    private final int windowsOfDay;
    private final int most;
    private final int least;
    private final int stretches;
    private final long epsilonMillionths;

    PrivacyCost(final PrivateCountsParameters parameters) {
        perDay = parameters.isPerDay();
        windowsOfDay = (int) (PrivateCounts.DAY_MS / parameters.window().toMillis());
        most = parameters.cellsPerUnit();
        least = perDay ? most / windowsOfDay : most;
        stretches = perDay ? most % windowsOfDay : 0;
        epsilonMillionths = parameters.epsilonMillionths();
    }

    int windowOfDay(final long window) {
        return Math.floorMod(window, windowsOfDay);
    }

    /** To how many cells of any window a device may contribute. */
    int leastInWindow() {
        return least;
    }

    /** To how many cells of one window a device may contribute at most. */
    int mostInWindow() {
        return least + (stretches > 0 ? 1 : 0);
    }

    /** The stretch of the day that a window is in, or {@link #NONE}. */
    int stretchOf(final int windowOfDay) {
        return stretches == 0 ? NONE : (int) ((long) windowOfDay * stretches / windowsOfDay);
    }

    /** The first window of a stretch; of the one after the last, the end of the day. */
    int firstOf(final int stretch) {
        return (int) (((long) stretch * windowsOfDay + stretches - 1) / stretches);
    }

    /**
     * What one window costs one device at most.
     *
     * @return millionths of epsilon, rounded up.
     */
    long ofWindow() {
        return of(mostInWindow());
    }

    /**
     * What the windows of a day cost one device at most, up to one of them.
     *
     * @param window the window, included.
     * @return millionths of epsilon, rounded up.
     */
    long ofDayUpTo(final long window) {
        final int ofDay = windowOfDay(window);
        return perDay ? of(least * (ofDay + 1) + stretchOf(ofDay) + 1) : epsilonMillionths * (ofDay + 1);
    }

    /**
     * What one window adds to the cost of its day: these add up to {@link #ofDayUpTo}.
     *
     * @param window the window.
     * @return millionths of epsilon.
     */
    long addedBy(final long window) {
        return ofDayUpTo(window) - (windowOfDay(window) == 0 ? 0 : ofDayUpTo(window - 1));
    }

    private long of(final long contributions) {
        return (epsilonMillionths * contributions + most - 1) / most;
    }
}
