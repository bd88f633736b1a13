// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Map;
import java.util.TreeMap;

/**
 * What counts with noise have cost a device's privacy in a day, added up from what their records say: a window costs its
 * epsilon once, however many cells of it leave; and the total that a record tells of its day is no less than what the windows
 * so far add up to.
 */
final class EpsilonTotals {
    /** What a window costs. */
    static final String EPSILON = "epsilon";

    /** What the windows of its day cost together, its own included. */
    static final String EPSILON_OF_DAY = "epsilonOfDay";

    private static final long DAY_MS = 86_400_000L;
    private static final double TOLERANCE = 1e-6;

    private final double most;
    private final Tally tally;
    private final Map<Long, Window> windows = new TreeMap<>();

    private record Window(double epsilon, double ofDay, long index, long ordinal) {}

    EpsilonTotals(final double most, final int mostShown) {
        this.most = most;
        tally = new Tally(
                        Violation.Rule.EPSILON,
                        "a device spends at most epsilon " + most
                                + " in a day, and records tell what it may have spent",
                        "windows and records",
                        mostShown)
                .atMost(most, "epsilon");
    }

    void accept(final Observed record) {
        final Double epsilon = record.attributes().get(EPSILON);
        final Double ofDay = record.attributes().get(EPSILON_OF_DAY);
        tally.checked();
        if (epsilon == null || ofDay == null || record.timeMs() == Observed.NO_TIME) {
            tally.broken(record.index(), record.ordinal(), "a record that does not tell its time, epsilon and total");
            return;
        }
        final Window window = new Window(epsilon, ofDay, record.index(), record.ordinal());
        final Window before = windows.putIfAbsent(record.timeMs(), window);
        if (before != null && before.epsilon() != epsilon) {
            tally.broken(
                    record.index(),
                    record.ordinal(),
                    "an epsilon of " + epsilon + ", and of " + before.epsilon() + " in the same window");
        }
    }

    Finding finding() {
        long day = Long.MIN_VALUE;
        double sum = 0;
        for (final Map.Entry<Long, Window> each : windows.entrySet()) {
            final Window window = each.getValue();
            if (Math.floorDiv(each.getKey(), DAY_MS) != day) {
                day = Math.floorDiv(each.getKey(), DAY_MS);
                sum = 0;
            }
            sum += window.epsilon();
            tally.checked();
            tally.figure(Math.max(sum, window.ofDay()));
            if (Math.max(sum, window.ofDay()) > most + TOLERANCE) {
                tally.broken(
                        window.index(),
                        window.ordinal(),
                        Math.max(sum, window.ofDay()) + " spent in its day, at most " + most);
            } else if (window.ofDay() < sum - TOLERANCE) {
                tally.broken(
                        window.index(),
                        window.ordinal(),
                        "a total of " + window.ofDay() + " told, where the windows of its day add up to " + sum);
            }
        }
        return tally.finding();
    }
}
