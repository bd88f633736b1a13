// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How long one id can be followed, whether it outlives its epoch, and how long a device is silent between two ids. A record
 * is as old as one of the fixes that it may come from: only what no choice of them mends is a violation.
 */
final class SegmentRules {
    private final Records records;
    private final Owners owners;
    private final Map<Long, Span> spans = new HashMap<>();

    /** When an id's records were made, between bounds. */
    private static final class Span {
        private final int record;
        private long firstNotBeforeMs = Long.MAX_VALUE;
        private long firstNotAfterMs = Long.MAX_VALUE;
        private long lastNotBeforeMs = Long.MIN_VALUE;
        private long lastNotAfterMs = Long.MIN_VALUE;

        private Span(final int record) {
            this.record = record;
        }

        private void add(final long earliestMs, final long latestMs) {
            firstNotBeforeMs = Math.min(firstNotBeforeMs, earliestMs);
            firstNotAfterMs = Math.min(firstNotAfterMs, latestMs);
            lastNotBeforeMs = Math.max(lastNotBeforeMs, earliestMs);
            lastNotAfterMs = Math.max(lastNotAfterMs, latestMs);
        }

        private long leastLengthMs() {
            return Math.max(0, lastNotBeforeMs - firstNotAfterMs);
        }

        private long mostLengthMs() {
            return lastNotAfterMs - firstNotBeforeMs;
        }
    }

    SegmentRules(final Truth truth, final Records records, final Owners owners) {
        this.records = records;
        this.owners = owners;
        for (int record = 0; record < records.size(); record++) {
            final long id = records.id(record);
            final long[] bounds = {Long.MAX_VALUE, Long.MIN_VALUE};
            if (id != Published.NO_ID) {
                records.forEachFix(record, fix -> {
                    if (owners.mayBe(id, truth.deviceOf(fix))) {
                        bounds[0] = Math.min(bounds[0], truth.timeMs(fix));
                        bounds[1] = Math.max(bounds[1], truth.timeMs(fix));
                    }
                });
            }
            if (bounds[0] <= bounds[1]) {
                final int at = record;
                spans.computeIfAbsent(id, none -> new Span(at)).add(bounds[0], bounds[1]);
            }
        }
    }

    private List<Map.Entry<Long, Span>> ordered() {
        return spans.entrySet().stream()
                .sorted(Comparator.comparingInt(each -> each.getValue().record))
                .toList();
    }

    /** No id is of two epochs. */
    Finding epochs(final long rotateMs, final int mostShown) {
        final Tally tally = new Tally(
                        Violation.Rule.ID_EPOCH,
                        "no id outlives its epoch of " + rotateMs / 1000 + " s",
                        "ids",
                        mostShown)
                .atMost(rotateMs / 1000.0, "s");
        return check(
                tally,
                span -> Math.floorDiv(span.firstNotAfterMs, rotateMs) < Math.floorDiv(span.lastNotBeforeMs, rotateMs),
                span -> "an id of two epochs, " + span.leastLengthMs() / 1000.0
                        + " s or more from its first record to its" + " last",
                span -> Math.floorDiv(span.firstNotBeforeMs, rotateMs) < Math.floorDiv(span.lastNotAfterMs, rotateMs));
    }

    /** No id lasts longer. */
    Finding lengths(final long mostMs, final int mostShown) {
        final Tally tally = new Tally(
                        Violation.Rule.SEGMENT_LENGTH,
                        "no id lasts longer than " + mostMs / 1000.0 + " s",
                        "ids",
                        mostShown)
                .atMost(mostMs / 1000.0, "s");
        return check(
                tally,
                span -> span.leastLengthMs() > mostMs,
                span -> span.leastLengthMs() / 1000.0 + " s or more under one id, at most " + mostMs / 1000.0,
                span -> span.mostLengthMs() > mostMs);
    }

    private Finding check(
            final Tally tally,
            final Predicate<Span> isBroken,
            final Function<Span, String> found,
            final Predicate<Span> isUndecided) {
        ordered().forEach(each -> {
            final Span span = each.getValue();
            tally.checked();
            tally.figure(span.leastLengthMs() / 1000.0);
            if (isBroken.test(span)) {
                records.broken(tally, span.record, found.apply(span));
            } else if (isUndecided.test(span)) {
                tally.undecided();
            }
        });
        return tally.finding();
    }

    /** Between two ids of a device it is silent for so long. Of ids that can be several devices' nothing is known. */
    Finding gaps(final long leastMs, final int mostShown) {
        final Tally tally = new Tally(
                        Violation.Rule.SEGMENT_GAP,
                        "a device is silent for at least " + leastMs / 1000.0 + " s between two ids",
                        "ids",
                        mostShown)
                .atLeast(leastMs / 1000.0, "s");
        final Map<Integer, List<Span>> byDevice = new TreeMap<>();
        ordered().forEach(each -> {
            tally.checked();
            if (owners.candidates(each.getKey()) == 1) {
                byDevice.computeIfAbsent(owners.device(each.getKey()), none -> new ArrayList<>())
                        .add(each.getValue());
            } else {
                tally.undecided();
            }
        });
        byDevice.values().forEach(ofDevice -> {
            ofDevice.sort(Comparator.comparingLong(span -> span.firstNotAfterMs));
            OptionalLong endMs = OptionalLong.empty();
            for (final Span span : ofDevice) {
                if (endMs.isPresent()) {
                    final long gapMs = span.firstNotAfterMs - endMs.getAsLong();
                    tally.figure(gapMs / 1000.0);
                    if (gapMs < leastMs) {
                        records.broken(
                                tally,
                                span.record,
                                gapMs / 1000.0 + " s or less between two ids, at least " + leastMs / 1000.0);
                    }
                }
                endMs = OptionalLong.of(Math.max(endMs.orElse(Long.MIN_VALUE), span.lastNotBeforeMs));
            }
        });
        return tally.finding();
    }
}
