// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Distinct devices of the truth in each record's cell and window, counted from their fixes. Where the record's time is too
 * coarse to tell its window, that with the largest crowd decides.
 */
final class CrowdRule {
    private final Truth truth;
    private final Records records;
    private final Owners owners;
    private final int k;
    private final long windowMs;
    private final TruthIndex windows;
    private final Map<CellWindow, Integer> crowds = new HashMap<>();
    private int last;
    private int count;

    private record CellWindow(long cell, long window) {}

    CrowdRule(final Truth truth, final Records records, final Owners owners, final int k, final long windowMs) {
        this.truth = truth;
        this.records = records;
        this.owners = owners;
        this.k = k;
        this.windowMs = windowMs;
        windows = new TruthIndex(truth, windowMs);
    }

    Finding check(final int mostShown) {
        final Tally tally = new Tally(
                        Violation.Rule.CROWD,
                        "every cell and " + windowMs / 1000 + " s that leave held at least " + k + " devices",
                        "records",
                        mostShown)
                .atLeast(k, "devices");
        final Set<Long> possible = new TreeSet<>();
        for (int record = 0; record < records.size(); record++) {
            possible.clear();
            final long id = records.id(record);
            records.forEachFix(record, fix -> {
                if (owners.mayBe(id, truth.deviceOf(fix))) {
                    possible.add(Math.floorDiv(truth.timeMs(fix), windowMs));
                }
            });
            if (!possible.isEmpty()) {
                check(record, possible, tally);
            }
        }
        return tally.finding();
    }

    private void check(final int record, final Set<Long> possible, final Tally tally) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (final long window : possible) {
            final int devices = devices(records.cell(record), window);
            best = Math.max(best, devices);
            least = Math.min(least, devices);
        }
        tally.checked();
        tally.figure(best);
        if (best < k) {
            records.broken(tally, record, best + " devices in cell and window, at least " + k);
        } else if (least < k) {
            tally.undecided();
        }
    }

    /** A record without a cell has no crowd. */
    private int devices(final long cell, final long window) {
        return crowds.computeIfAbsent(new CellWindow(cell, window), none -> {
            last = -1;
            count = 0;
            Tessellation.of(cell)
                    .ifPresent(system -> windows.inCell(system, cell, window * windowMs, fix -> {
                        count += truth.deviceOf(fix) == last ? 0 : 1;
                        last = truth.deviceOf(fix);
                    }));
            return count;
        });
    }
}
