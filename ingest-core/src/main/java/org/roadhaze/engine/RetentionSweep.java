// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.stream.DisclosureFiles;
import org.roadhaze.stream.LeftStream;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.StreamWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends, again and again, what is older than it is to be kept: the files of the streams, and the keys of what is sealed. One thread
 * at a time.
 */
final class RetentionSweep {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionSweep.class);
    private static final long FOR_EVER_MS = Long.MAX_VALUE;

    private final EngineOptions options;
    private final StreamRetention retention;
    private final RebuildPlan plan;
    private final List<String> names;
    private final List<StreamWriter> writers;

    /** Of how many streams it is noted for how long they are kept. */
    private int noted;

    /**
     * Ends nothing yet.
     *
     * @param options what the engine runs by.
     * @param plan    what is rebuilt at its start.
     * @param names   the streams of the policy, as they are opened.
     * @param writers theirs, in the same order.
     */
    RetentionSweep(
            final EngineOptions options,
            final RebuildPlan plan,
            final List<String> names,
            final List<StreamWriter> writers) {
        this.options = options;
        this.plan = plan;
        this.names = names;
        this.writers = writers;
        retention = new StreamRetention(options.policy());
    }

    /**
     * Looks at everything once. What fails for one stream does not keep alive what the others have.
     *
     * @param nowMs        milliseconds since 1970-01-01 UTC.
     * @param keys         of what is sealed; null while nothing was.
     * @param isRebuilding whether something waits to be appended that was rebuilt: what it was rebuilt of is then left alone,
     *                     however old it has become, since a start after a kill needs it again.
     * @throws IOException when something that should be gone may still be there.
     */
    void run(final long nowMs, final JournalKeys keys, final boolean isRebuilding) throws IOException {
        final List<IOException> failures = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            if (isRebuilding && isOfARebuild(names.get(i))) {
                continue;
            }
            try {
                writers.get(i).deleteBefore(retention.keptFromMs(names.get(i), nowMs));
            } catch (final IOException e) {
                failures.add(e);
            }
        }
        try {
            note();
        } catch (final IOException e) {
            failures.add(e);
        }
        long leftKeptMs = 0;
        for (final String left : leftOf(StreamFiles.names(options.data()))) {
            leftKeptMs = Math.max(leftKeptMs, endLeft(left, nowMs, failures));
        }
        for (final String left : leftOf(StreamFiles.namesOfKept(options.data()))) {
            try {
                LeftStream.forgetWhenGone(options.data(), left);
            } catch (final IOException e) {
                failures.add(e);
            }
        }
        if (leftKeptMs != FOR_EVER_MS && keys != null && !isRebuilding) {
            keys.destroyEnded(
                    retention.keysFromMs(nowMs, leftKeptMs),
                    nowMs,
                    options.journal().keyEpoch());
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    /** For how long the data keys are kept for a stream that the policy does not have, milliseconds; 0: it is no journal. */
    private long endLeft(final String left, final long nowMs, final List<IOException> failures) {
        long keysKeptMs = FOR_EVER_MS;
        try {
            final KeptRecord kept = KeptRecord.read(StreamFiles.kept(options.data(), left));
            if (kept != null) {
                keysKeptMs = kept.isJournal() ? kept.keptMs() : 0;
                LeftStream.deleteBefore(options.data(), left, nowMs - kept.keptMs());
                DisclosureFiles.deleteOld(options.data(), left, nowMs);
            }
        } catch (final IOException e) {
            failures.add(e);
        }
        return keysKeptMs;
    }

    /** A journal that is rebuilt from, or a stream whose queue says what has left. */
    private boolean isOfARebuild(final String stream) {
        return stream.equals(plan.journal()) || plan.isRebuilt(options.policy().stream(stream));
    }

    /**
     * Notes for how long each stream is kept, and says of those that the policy does not have what becomes of them. At a start,
     * when all are opened. What a disk that is full does not let be noted is noted by {@link #run}.
     */
    void begin() {
        try {
            for (final String left : leftOf(StreamFiles.names(options.data()))) {
                sayWhatBecomesOf(left);
            }
            note();
        } catch (final IOException e) {
            LOG.warn("For how long the streams are kept cannot be noted now, and is tried again: {}", e.getMessage());
        }
    }

    private void note() throws IOException {
        for (int i = noted; i < names.size(); i++) {
            retention.record(names.get(i)).write(StreamFiles.kept(options.data(), names.get(i)));
            noted = i + 1;
        }
    }

    private void sayWhatBecomesOf(final String left) throws IOException {
        final KeptRecord kept = KeptRecord.read(StreamFiles.kept(options.data(), left));
        if (kept == null) {
            LOG.warn(
                    "{} is a stream that is not in the policy, and nobody noted for how long it is to be kept: nothing of it"
                            + " is deleted, and no data key is destroyed, until it is in it again or moved away",
                    StreamFiles.queue(options.data(), left));
        } else {
            LOG.warn(
                    "{} is a stream that is not in the policy: what is in it is deleted when it is older than {} h, as the"
                            + " policy said that had it last",
                    StreamFiles.queue(options.data(), left),
                    Duration.ofMillis(kept.keptMs()).toHours());
        }
    }

    /**
     * The streams that lie here and are not in the policy: renamed, taken out, or taken out for a while. One of which nobody noted
     * for how long it is to be kept may be a journal, and its frames are not made unreadable for that.
     */
    private List<String> leftOf(final List<String> there) {
        final List<String> left = new ArrayList<>(there);
        left.removeAll(names);
        return left;
    }
}
