// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.roadhaze.anonymizer.mechanism.Ranges;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.RebuildRules;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.resend.RebuiltStreams;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.ring.AckLevel;

/** Of which streams a start makes again what they held, from which journal, and why of the others it does not. */
public final class RebuildPlan {
    private final StreamPolicy journal;
    private final ResendOptions resends;
    private final Set<String> streams = new LinkedHashSet<>();

    private RebuildPlan(final Policy policy, final ResendOptions resends) {
        journal = RebuildRules.journal(policy.streams());
        this.resends = resends;
        for (final StreamPolicy stream : policy.streams()) {
            if (!stream.holdsBack().isZero() && obstacle(stream).isEmpty()) {
                streams.add(stream.name());
            }
        }
    }

    /**
     * Looks at an engine's options.
     *
     * @param options the options.
     * @return the plan.
     */
    public static RebuildPlan of(final EngineOptions options) {
        return new RebuildPlan(options.policy(), options.resends());
    }

    private String obstacle(final StreamPolicy stream) {
        if (journal == null) {
            return "no stream of the policy is a journal (journal: true)";
        }
        if (!resends.isOn() || resends.acrossStarts() == 0) {
            return "no start knows what was sent before it (resends)";
        }
        return RebuildRules.obstacle(stream);
    }

    /** Whether what a stream held is made again. */
    boolean isRebuilt(final StreamPolicy stream) {
        return streams.contains(stream.name());
    }

    /** Null when nothing is made again. */
    String journal() {
        return streams.isEmpty() ? null : journal.name();
    }

    /** The same for the log of what was seen. */
    RebuiltStreams streams() {
        return streams.isEmpty() ? RebuiltStreams.NONE : new RebuiltStreams(journal.name(), streams);
    }

    /**
     * What a crash can lose of a stream.
     *
     * @param level  when a device may forget what it sent.
     * @param stream the stream.
     * @return a sentence without its full stop.
     */
    public String loss(final AckLevel level, final StreamPolicy stream) {
        if (stream.holdsBack().isZero()) {
            return level.loss(Duration.ZERO);
        }
        return isRebuilt(stream)
                ? level.loss(Duration.ZERO) + "; what the stream's mechanisms hold back, up to "
                        + Ranges.text(stream.holdsBack()) + " of it, is rebuilt at the next start from the last "
                        + Ranges.text(RebuildRules.horizon(stream)) + " of " + journal.name()
                        + String.format(
                                Locale.ROOT,
                                " as far as resends.across-starts, %,d records, reaches",
                                resends.acrossStarts())
                        + ", but what was due while no engine ran and whose key ended meanwhile"
                : level.loss(stream.holdsBack()) + "; it is not rebuilt: " + obstacle(stream);
    }
}
