// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds a stream, as everybody can read it, to what its policy promises, against the truth. Where {@link StreamVerifier} is
 * told which fix each record comes from, this has to find out, and shares no code with what made the records either.
 *
 * <p><b>How a record is matched.</b> It may come from every fix of the truth that lies in its cell (or has its coordinates) and
 * in its step of time; of records of one id only one device is asked that has such a fix for each of them. No pseudonym is
 * undone, and no key needed. Where several fixes or devices are left, the best of them decides: what is reported as broken is
 * broken whichever it was, and what would be broken by another is counted as undecided.
 *
 * <p>Not told by this: which of two devices that were side by side a record is of; and what never left, but should have. Not
 * thread safe. Memory: 56 bytes a record, 12 bytes a fix for each level of cells, and an entry for each id.
 */
public final class StreamAudit {
    private final Promises promises;
    private final StreamForm form;
    private final int mostShown;
    private final Truth truth;
    private final FormRules formRules;
    private final EpsilonTotals epsilon;
    private final Records records;

    /**
     * @param tracks every track that went in.
     * @param promises what the stream promises.
     * @param form what its records look like.
     * @param mostShown of how many violations of each promise more is told than their number.
     */
    public StreamAudit(final List<Track> tracks, final Promises promises, final StreamForm form, final int mostShown) {
        this.promises = promises;
        this.form = form;
        this.mostShown = mostShown;
        truth = new Truth(tracks);
        formRules = new FormRules(promises, form, mostShown);
        epsilon = promises.epsilonPerDay().isPresent() && form.aggregate()
                ? new EpsilonTotals(promises.epsilonPerDay().getAsDouble(), mostShown)
                : null;
        records = new Records(
                form.places(), new TruthIndex(truth, form.timeStepMs().orElse(0)));
    }

    /** Takes the next record of the stream. */
    public void accept(final Observed record) {
        formRules.accept(record);
        if (epsilon != null) {
            epsilon.accept(record);
        }
        if (isMatched()) {
            records.add(record);
        }
    }

    /** Whether a record comes from a fix that its place tells. */
    private boolean isMatched() {
        return !form.aggregate() && form.places().isKnown();
    }

    /** What became of every promise, after the last record. */
    public List<Finding> findings() {
        final List<Finding> findings = new ArrayList<>(formRules.findings());
        if (epsilon != null) {
            findings.add(epsilon.finding());
        }
        if (!isMatched()) {
            return findings;
        }
        final Owners owners = new Owners(truth, records);
        checkTruth(owners, findings);
        promises.stops().ifPresent(stops -> findings.add(new StopRule(truth, records, owners, stops).check(mostShown)));
        promises.zones().ifPresent(zones -> findings.add(new ZoneRule(truth, records, owners, zones).check(mostShown)));
        promises.k()
                .ifPresent(k ->
                        findings.add(new CrowdRule(truth, records, owners, k, promises.windowMs()).check(mostShown)));
        if (form.hasId()) {
            final SegmentRules segments = new SegmentRules(truth, records, owners);
            form.rotateMs().ifPresent(rotate -> findings.add(segments.epochs(rotate, mostShown)));
            promises.mostSegmentMs().ifPresent(most -> findings.add(segments.lengths(most, mostShown)));
            promises.leastGapMs().ifPresent(least -> findings.add(segments.gaps(least, mostShown)));
        }
        return findings;
    }

    private void checkTruth(final Owners owners, final List<Finding> findings) {
        final Tally fixes =
                new Tally(Violation.Rule.TRUE_FIX, "every record comes from a fix of the truth", "records", mostShown);
        final Tally devices =
                new Tally(Violation.Rule.ONE_DEVICE, "an id is of one device alone", "records", mostShown);
        for (int record = 0; record < records.size(); record++) {
            final long id = records.id(record);
            final boolean wasNobodys = owners.isNobodys(id);
            final int found = owners.add(record);
            fixes.checked();
            if (found == 0) {
                records.broken(fixes, record, "no fix of the truth lies in its place and time");
            }
            if (id != Published.NO_ID && found > 0) {
                devices.checked();
                if (owners.isNobodys(id) && !wasNobodys) {
                    records.broken(devices, record, "no device was at the places of all records of its id");
                }
            }
        }
        for (int record = 0; record < records.size(); record++) {
            final long id = records.id(record);
            if (id != Published.NO_ID && owners.candidates(id) > 1) {
                devices.undecided();
            }
        }
        findings.add(fixes.finding());
        if (form.hasId()) {
            findings.add(devices.finding());
        }
    }
}
