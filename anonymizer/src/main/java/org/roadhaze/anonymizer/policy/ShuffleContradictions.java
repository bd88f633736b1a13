// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.time.Duration;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.mechanism.CrowdLadder;
import org.roadhaze.anonymizer.mechanism.Ranges;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.anonymizer.mechanism.TimeShuffle;
import org.roadhaze.config.ConfigMap;

/** What puts shuffled records into their order again, and which of them come too late. */
final class ShuffleContradictions {
    private ShuffleContradictions() {}

    static void check(final StreamPolicy policy, final ConfigMap stream) {
        final TimeShuffle.Parameters shuffle = Contradictions.find(policy, TimeShuffle.Parameters.class);
        if (shuffle == null) {
            return;
        }
        if (Contradictions.find(policy, CrowdLadder.Parameters.class) != null) {
            Contradictions.problem(
                    stream,
                    "time",
                    "a crowd mixes the records of its window already, and what shuffle lets go comes too late for it: leave"
                            + " shuffle out of a stream with a crowd");
        }
        final AttributeAllowList.Parameters attributes =
                Contradictions.find(policy, AttributeAllowList.Parameters.class);
        final String counters = attributes == null ? "" : Contradictions.countingUp(attributes);
        if (!counters.isEmpty()) {
            Contradictions.problem(
                    stream,
                    "attributes",
                    counters
                            + ": counts up, and so puts the records of a vehicle into the order that shuffle takes away:"
                            + " leave it out of a stream that is shuffled");
        }
        checkLate(policy, stream, shuffle);
    }

    private static void checkLate(
            final StreamPolicy policy, final ConfigMap stream, final TimeShuffle.Parameters shuffle) {
        Duration before = Duration.ZERO;
        for (final StreamPolicy.Step step : policy.steps()) {
            // The steps after reorder live in the time of what it has let go.
            if (step.section().compareTo(Section.SHUFFLE) < 0 && step.section() != Section.REORDER) {
                before = before.plus(step.parameters().holdsBack());
            }
        }
        if (before.compareTo(shuffle.late()) > 0) {
            Contradictions.warning(
                    stream,
                    "time",
                    "steps before it hold records back for up to " + Ranges.text(before)
                            + ", and those that they hold for longer than late, " + Ranges.text(shuffle.late())
                            + ", may come after theirs have left, and do not leave");
        }
    }
}
