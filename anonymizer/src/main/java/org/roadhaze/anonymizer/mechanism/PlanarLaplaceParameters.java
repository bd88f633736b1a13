// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.math.BigDecimal;
import java.util.Set;
import org.roadhaze.anonymizer.BudgetLedger;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.config.ConfigMap;

/**
 * How much noise, how often anew, and how much of it in all.
 *
 * @param epsilonPerMetre of one report, in [0.0005, 0.1], a multiple of 1e-9.
 * @param reportMetres    how far a vehicle may be from where it was when a report was made, for the report to be repeated, in
 *                        [10, 20000].
 * @param budget          what may be spent.
 */
public record PlanarLaplaceParameters(double epsilonPerMetre, double reportMetres, Budget budget)
        implements MechanismParameters {
    private static final double LEAST_EPSILON = 0.0005;
    private static final double MOST_EPSILON = 0.1;
    private static final double LEAST_METRES = 10;
    private static final double MOST_METRES = 20_000;
    private static final double MOST_DAY = 1_000;
    private static final double NANO = 1e-9;
    /** Of Gamma(2, 1): what half of all noise does not reach, and 95 % of it. */
    private static final double MEDIAN = 1.678_347;

    private static final double P95 = 4.743_865;

    /**
     * What may be spent on one device in one day (UTC), over all streams.
     *
     * @param dayPerMetre epsilon per metre, in [0.0005, 1000], a multiple of 1e-9.
     * @param atMetres    for two places how far apart epsilon is told in the account of disclosures, in [10, 20000].
     * @param then        the cell that leaves once it is spent; null for nothing.
     * @param cells       how many different cells in the day leave then, in [1, 4095]; 0 where none does.
     */
    public record Budget(double dayPerMetre, double atMetres, CellSize then, int cells) {
        /** Refuses what is out of range. */
        public Budget {
            Ranges.check("day", dayPerMetre, LEAST_EPSILON, MOST_DAY);
            Ranges.check("at", atMetres, LEAST_METRES, MOST_METRES);
            Ranges.check("cells", cells, then == null ? 0 : 1, then == null ? 0 : BudgetLedger.MOST_CELLS);
        }

        long dayNanos() {
            return Math.round(dayPerMetre / NANO);
        }

        boolean isCoarsening() {
            return then != null;
        }
    }

    /** Refuses what is out of range, and what would never let a report out. */
    public PlanarLaplaceParameters {
        Ranges.check("epsilon", epsilonPerMetre, LEAST_EPSILON, MOST_EPSILON);
        Ranges.check("report", reportMetres, LEAST_METRES, MOST_METRES);
        Ranges.check("day", budget.dayPerMetre(), epsilonPerMetre, MOST_DAY);
        if (budget.isCoarsening() && !isCoarser(budget.then(), epsilonPerMetre)) {
            throw new IllegalArgumentException("then: found " + budget.then().canonical()
                    + ", allowed cells wider than " + Ranges.metres(Math.ceil(2 / epsilonPerMetre)));
        }
    }

    /** Whether a cell is as wide as noise moves a place on average: it must not tell more than a report does. */
    private static boolean isCoarser(final CellSize cell, final double epsilonPerMetre) {
        return Math.sqrt(cell.leastAreaKm2()) * 1_000 >= 2 / epsilonPerMetre;
    }

    static PlanarLaplaceParameters read(final ConfigMap map) {
        final double epsilon = map.perMetre("epsilon", LEAST_EPSILON, MOST_EPSILON);
        final double report = map.metres("report", LEAST_METRES, MOST_METRES, 100);
        return new PlanarLaplaceParameters(epsilon, report, readBudget(map.map("budget"), epsilon));
    }

    private static Budget readBudget(final ConfigMap map, final double epsilon) {
        double day = map.perMetre("day", LEAST_EPSILON, MOST_DAY);
        if (day < epsilon) {
            if (map.has("day")) {
                map.keyProblem("day", text(day), text(epsilon) + " and more: less than that is not one report");
            }
            day = epsilon;
        }
        final double at = map.metres("at", LEAST_METRES, MOST_METRES, 200);
        if (!map.has("then")) {
            return new Budget(day, at, null, 0);
        }
        final int cells = map.integer("cells", 1, BudgetLedger.MOST_CELLS, 24);
        final CellSize then = PlaceCell.Parameters.readSize(map.map("then"));
        if (isCoarser(then, epsilon)) {
            return new Budget(day, at, then, cells);
        }
        map.keyProblem(
                "then",
                then.canonical(),
                "cells wider than " + Ranges.metres(Math.ceil(2 / epsilon))
                        + ", by which the noise moves a place on average: a finer one would tell more than what it"
                        + " stands for");
        return new Budget(day, at, null, 0);
    }

    long epsilonNanos() {
        return Math.round(epsilonPerMetre / NANO);
    }

    private static String text(final double perMetre) {
        return BigDecimal.valueOf(perMetre).stripTrailingZeros().toPlainString() + "/m";
    }

    @Override
    public Mechanism build(final MechanismContext context) {
        return new PlanarLaplace(this, context);
    }

    @Override
    public String effect() {
        final String then = budget.isCoarsening()
                ? "then the " + budget.then().noun() + " it is in, "
                        + budget.then().effect() + ", and its centre, at most " + budget.cells()
                        + " cells in a day, then nothing"
                : "then nothing";
        return "a place moved by noise: half of them by more than " + Math.round(MEDIAN / epsilonPerMetre)
                + " m, one in twenty by more than " + Math.round(P95 / epsilonPerMetre) + " m (planar Laplace, epsilon "
                + text(epsilonPerMetre) + "), another only when the vehicle is farther than "
                + Ranges.metres(reportMetres) + " from where it was; in a day epsilon adds up to "
                + text(budget.dayPerMetre()) + " over all streams, "
                + reportsOfDay() + ", " + then;
    }

    private String reportsOfDay() {
        final long reports = budget.dayNanos() / epsilonNanos();
        return "which is " + reports + (reports == 1 ? " such place" : " such places");
    }

    @Override
    public String canonical() {
        final StringBuilder text = new StringBuilder("laplace epsilon=").append(epsilonNanos());
        text.append("e-9/m report=").append(reportMetres).append("m day=").append(budget.dayNanos());
        text.append("e-9/m then=");
        return budget.isCoarsening()
                ? text.append(budget.then().canonical())
                        .append(" cells=")
                        .append(budget.cells())
                        .toString()
                : text.append("none").toString();
    }

    @Override
    public Set<String> inputs() {
        return Set.of("deviceId", "fixTime", "place");
    }
}
