// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import org.roadhaze.anonymizer.BudgetLedger;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.position.Position;

/**
 * Lets out a place moved by noise instead of the true one ({@link LaplaceNoise}), a new one only when the vehicle has moved away
 * from where it was when the last was made, and only so many a day.
 *
 * <p><b>What it promises.</b> One report is epsilon-geo-indistinguishable: whoever sees it can tell two places that are d metres
 * apart by a factor of exp(epsilon d) at most. Reports add up: after n of them it is n epsilon, which is why
 * {@link BudgetLedger} counts them, per device and day and over all streams, and why this is for vehicles that are looked at
 * now and then, not for tracks.
 *
 * <p><b>What it does not.</b> The same report is let out again while the vehicle stays near, so that nobody averages many; but
 * that it stays, and when it leaves, is no noise: the moment of a new report tells that the true place is now more than so many
 * metres from the last one. And a cell that leaves once the budget is spent is the true one: a bound on precision, no more.
 *
 * <p>The noise of a report is a function of the stream's key, the device, and the time and place of its fix: a replay says the
 * same. In a new process the first fix of a device makes a report, whatever was said of it before.
 */
public final class PlanarLaplace implements Mechanism {
    private final EpochRandom random;
    private final LaplaceNoise noise;
    private final BudgetLedger budgets;
    private final DeviceStates<LaplaceReport> reports;
    private final double reportMetres;
    private final long epsilonNanos;
    private final long dayNanos;
    private final double epsilonAtDistance;
    private final CellIndex coarse;
    private final int mostCells;

    PlanarLaplace(final PlanarLaplaceParameters parameters, final MechanismContext context) {
        random = context.random(EpochRandom.Use.NOISE);
        noise = new LaplaceNoise(random, parameters.epsilonPerMetre());
        budgets = context.budgets();
        reports = new DeviceStates<>(context.maxDevices(), LaplaceReport::new);
        reportMetres = parameters.reportMetres();
        epsilonNanos = parameters.epsilonNanos();
        dayNanos = parameters.budget().dayNanos();
        epsilonAtDistance = parameters.epsilonPerMetre() * parameters.budget().atMetres();
        coarse = parameters.budget().isCoarsening() ? parameters.budget().then().index() : null;
        mostCells = parameters.budget().cells();
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final Position position = candidate.position();
        final LaplaceReport report = reports.of(position.deviceId());
        if (report.covers(position.latitudeE7(), position.longitudeE7(), reportMetres)) {
            candidate.release().coordinates(report.latitudeE7(), report.longitudeE7());
            outlet.pass(candidate);
            return;
        }
        if (!random.hasKey(position.fixTimeMs())) {
            outlet.suppress(candidate, SuppressionReason.LATE_EPOCHS);
            return;
        }
        report.endReport();
        switch (budgets.spend(position.fixTimeMs(), position.deviceId(), epsilonNanos, dayNanos)) {
            case GRANTED -> report(candidate, report, outlet);
            case SPENT -> coarsen(candidate, report, outlet);
            case NO_ROOM -> outlet.suppress(candidate, SuppressionReason.MEMORY);
            case TOO_OLD -> outlet.suppress(candidate, SuppressionReason.LATE);
        }
    }

    private void report(final Candidate candidate, final LaplaceReport report, final Outlet outlet) {
        final Position position = candidate.position();
        noise.draw(position.fixTimeMs(), position.deviceId(), position.latitudeE7(), position.longitudeE7());
        report.report(position.latitudeE7(), position.longitudeE7(), noise.latitudeE7(), noise.longitudeE7());
        candidate.epsilon(epsilonAtDistance);
        candidate.release().coordinates(noise.latitudeE7(), noise.longitudeE7());
        outlet.pass(candidate);
    }

    private void coarsen(final Candidate candidate, final LaplaceReport report, final Outlet outlet) {
        final Position position = candidate.position();
        if (coarse == null) {
            outlet.suppress(candidate, SuppressionReason.BUDGET);
            return;
        }
        final long cell = coarse.cellOf(position.latitudeE7(), position.longitudeE7());
        if (cell != report.coarseCell()
                && budgets.tellCell(position.fixTimeMs(), position.deviceId(), mostCells)
                        != BudgetLedger.Answer.GRANTED) {
            outlet.suppress(candidate, SuppressionReason.BUDGET);
            return;
        }
        report.coarseCell(cell);
        candidate.release().cell(cell);
        candidate.release().coordinates(coarse.centreLatitudeE7(), coarse.centreLongitudeE7());
        outlet.pass(candidate);
    }
}
