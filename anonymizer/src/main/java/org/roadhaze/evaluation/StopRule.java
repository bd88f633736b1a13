// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/** Driven metres from each record to the stops of the truth. Of the fixes that it may come from, the best decides. */
final class StopRule {
    private final Truth truth;
    private final Records records;
    private final Owners owners;
    private final StopPromise promise;
    private final StopDistances[] distances;
    private double best;
    private double least;

    StopRule(final Truth truth, final Records records, final Owners owners, final StopPromise promise) {
        this.truth = truth;
        this.records = records;
        this.owners = owners;
        this.promise = promise;
        distances = new StopDistances[truth.devices()];
    }

    Finding check(final int mostShown) {
        final String stop = "stop (" + promise.dwellMs() / 1000 + " s within " + promise.radiusMetres() + " m"
                + (promise.endsAreStops() ? ", or an end of the trip)" : ")");
        final Tally tally = new Tally(
                        Violation.Rule.STOP_DISTANCE,
                        promise.metres() == 0
                                ? "no record is part of a " + stop
                                : "every record is at least " + promise.metres() + " driven metres from every " + stop,
                        "records",
                        mostShown)
                .atLeast(promise.metres(), "m");
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
                if (promise.isBrokenBy(best)) {
                    records.broken(
                            tally,
                            record,
                            Math.round(100 * best) / 100.0 + " m from a stop, at least " + promise.metres());
                } else if (promise.isBrokenBy(least)) {
                    tally.undecided();
                }
            }
        }
        return tally.finding();
    }

    private void found(final double metres) {
        if (!Double.isNaN(metres)) {
            best = Double.isNaN(best) ? metres : Math.max(best, metres);
            least = Double.isNaN(least) ? metres : Math.min(least, metres);
        }
    }

    private double metres(final int fix) {
        final int device = truth.deviceOf(fix);
        if (distances[device] == null) {
            distances[device] = new StopDistances(truth.track(device), promise);
        }
        return distances[device].of(truth.indexInTrack(fix));
    }
}
