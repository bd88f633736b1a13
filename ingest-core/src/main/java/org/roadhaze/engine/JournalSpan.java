// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.util.List;
import org.roadhaze.anonymizer.EventTimeMark;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.resend.TakenIn;
import org.roadhaze.stream.Checkpoint;

/**
 * The last stretch of a journal that can be given again: of one version of the policy, by which the records were taken in, and as
 * far back as the log of what was seen knows which were new.
 *
 * @param firstPlace where its first document lies.
 * @param sinceMs    from when on it has every frame that was received, milliseconds since 1970-01-01 UTC. Where the journal, or what
 *                   is usable of it, begins, that is when its first frame was.
 * @param lastMs     when the last one was.
 * @param isFirst    whether the journal has no frame before it.
 * @param isCutShort whether it is shorter than was asked for since the log of what was seen does not reach farther.
 */
record JournalSpan(long firstPlace, long sinceMs, long lastMs, boolean isFirst, boolean isCutShort) {
    /** By less than that frames may overtake one another on their way to the journal. */
    private static final long LEAST_STEP_MS = 10_000;

    /**
     * Looks for it, from the begin of a minute on, of which {@link LagHistory} says how far event time was. No frame is opened.
     *
     * @param journal   read up to its end.
     * @param taken     what the log of what was seen has.
     * @param version   of the policy.
     * @param horizonMs how far back from the last frame it is to reach at least.
     * @param checkpoint passed at each frame.
     * @return null when there is no frame that can be given again.
     */
    static JournalSpan find(
            final JournalReader journal,
            final TakenIn taken,
            final String version,
            final long horizonMs,
            final Checkpoint checkpoint)
            throws IOException {
        final long lastMs = lastMs(journal, checkpoint);
        if (lastMs == Long.MIN_VALUE) {
            return null;
        }
        final long fromMs = Math.floorDiv(lastMs - horizonMs, EventTimeMark.MINUTE_MS) * EventTimeMark.MINUTE_MS;
        boolean isAnyBefore = !journal.toFileOf(fromMs); // In an hour before that of the time.
        long place = -1;
        boolean isUsable = false;
        boolean isCutShort = false;
        JournalSpan span = null;
        long latestMs = 0;
        while (journal.nextSealed()) {
            checkpoint.pass();
            if (isPutBack(latestMs, journal.receivedTimeMs())) {
                span = null;
                isAnyBefore = false;
                latestMs = 0;
            }
            latestMs = Math.max(latestMs, journal.receivedTimeMs());
            if (journal.place() != place) {
                place = journal.place();
                final boolean isOfThePolicy = journal.policyVersion().equals(version);
                isUsable = isOfThePolicy && taken.reaches(place);
                if (!isUsable) {
                    span = null;
                    isCutShort |= isOfThePolicy && journal.receivedTimeMs() >= fromMs;
                }
            }
            if (isUsable && span == null && journal.receivedTimeMs() >= fromMs) {
                span = new JournalSpan(
                        place,
                        isAnyBefore ? fromMs : journal.receivedTimeMs(),
                        lastMs,
                        taken.isFirst(place),
                        isCutShort);
            }
            isAnyBefore = isUsable;
        }
        return span;
    }

    /**
     * The same for a chain that was not given all of it.
     *
     * @param startMs   when that chain was begun anew; {@link LagHistory#UNKNOWN} when nobody knows.
     * @param horizonMs how far back from the last frame is enough.
     * @return a span that begins with the chain, where that begins in it, or before its first frame.
     */
    JournalSpan of(final long startMs, final long horizonMs) {
        final boolean isBeforeAll = isFirst && startMs >= lastMs - horizonMs;
        return startMs == LagHistory.UNKNOWN || (startMs < sinceMs && !isBeforeAll)
                ? this
                : new JournalSpan(firstPlace, startMs, lastMs, isFirst, isCutShort);
    }

    /** Whether the clock was put back between two frames; one engine's never is. */
    private static boolean isPutBack(final long beforeMs, final long receivedMs) {
        return beforeMs - receivedMs > LEAST_STEP_MS;
    }

    /** Frames lie in the file of the hour in which they were written, which may be later than when they came. */
    private static long lastMs(final JournalReader journal, final Checkpoint checkpoint) throws IOException {
        final List<Long> files = journal.fileTimesMs();
        long lastMs = Long.MIN_VALUE;
        for (int i = files.size() - 1; i >= 0 && lastMs == Long.MIN_VALUE; i--) {
            journal.toFileOf(files.get(i));
            while (journal.nextSealed()) {
                checkpoint.pass();
                lastMs = isPutBack(lastMs, journal.receivedTimeMs())
                        ? journal.receivedTimeMs()
                        : Math.max(lastMs, journal.receivedTimeMs());
            }
        }
        return lastMs;
    }
}
