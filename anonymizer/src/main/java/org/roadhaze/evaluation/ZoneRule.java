// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/** Distance from each record to the places at which its device stays longest. Of the fixes that it may come from, the best decides. */
final class ZoneRule {
    private final Truth truth;
    private final Records records;
    private final Owners owners;
    private final ZonePromise promise;
    private final LongStays[] stays;
    private double best;
    private double least;

    ZoneRule(final Truth truth, final Records records, final Owners owners, final ZonePromise promise) {
        this.truth = truth;
        this.records = records;
        this.owners = owners;
        this.promise = promise;
        stays = new LongStays[truth.devices()];
    }

    Finding check(final int mostShown) {
        final Tally tally = new Tally(
                        Violation.Rule.LEARNED_ZONE,
                        "no record is within " + promise.radiusMetres()
                                + " m of a place where its device had stayed for " + 2 * promise.afterMs() / 1000
                                + " s, had the engine run since",
                        "records",
                        mostShown)
                .atLeast(promise.radiusMetres(), "m");
        for (int record = 0; record < records.size(); record++) {
            best = Double.NaN;
            least = Double.NaN;
            final long id = records.id(record);
            records.forEachFix(record, fix -> {
                if (owners.mayBe(id, truth.deviceOf(fix))) {
                    found(metres(fix));
                }
            });
            if (!Double.isNaN(best)) {
                tally.checked();
                tally.figure(best);
                if (best < promise.radiusMetres()) {
                    records.broken(
                            tally,
                            record,
                            Math.round(best) + " m at most from where its device stays, at least "
                                    + promise.radiusMetres());
                } else if (least < promise.radiusMetres()) {
                    tally.undecided();
                }
            }
        }
        return tally.finding();
    }

    private void found(final double metres) {
        best = Double.isNaN(best) ? metres : Math.max(best, metres);
        least = Double.isNaN(least) ? metres : Math.min(least, metres);
    }

    private double metres(final int fix) {
        final int device = truth.deviceOf(fix);
        if (stays[device] == null) {
            stays[device] = new LongStays(truth.track(device), promise);
        }
        return stays[device].metres(truth.timeMs(fix), truth.latitude(fix), truth.longitude(fix));
    }
}
