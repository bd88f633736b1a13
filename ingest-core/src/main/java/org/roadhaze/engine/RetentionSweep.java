// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.roadhaze.journal.JournalKeys;
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

    private final EngineOptions options;
    private final StreamRetention retention;
    private final RebuildPlan plan;
    private final List<String> names;
    private final List<StreamWriter> writers;
    private boolean saidThatStreamsAreLeft;

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
        if (isAllInThePolicy() && keys != null && !isRebuilding) {
            keys.destroyEnded(
                    retention.keysFromMs(nowMs), nowMs, options.journal().keyEpoch());
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    /** A journal that is rebuilt from, or a stream whose queue says what has left. */
    private boolean isOfARebuild(final String stream) {
        return stream.equals(plan.journal()) || plan.isRebuilt(options.policy().stream(stream));
    }

    /**
     * Whether nothing lies here but streams of the policy. One that was renamed, or taken out for a while, may be a journal, and
     * nobody says any more for how long: its frames are not made unreadable for that.
     */
    private boolean isAllInThePolicy() throws IOException {
        final List<String> others = new ArrayList<>(StreamFiles.names(options.data()));
        others.removeAll(names);
        if (!others.isEmpty() && !saidThatStreamsAreLeft) {
            saidThatStreamsAreLeft = true;
            for (final String other : others) {
                LOG.warn(
                        "{} is a stream that is not in the policy: nothing of it is deleted, and no data key is destroyed,"
                                + " until it is in it again or moved away",
                        StreamFiles.queue(options.data(), other));
            }
        }
        return others.isEmpty();
    }
}
