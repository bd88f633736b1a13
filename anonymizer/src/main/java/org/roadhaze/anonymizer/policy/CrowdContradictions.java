// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.mechanism.CrowdLadder;
import org.roadhaze.anonymizer.mechanism.PrivateCountsParameters;
import org.roadhaze.anonymizer.mechanism.Ranges;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.anonymizer.mechanism.TimeRounding;
import org.roadhaze.config.ConfigMap;

/** What undoes a crowd, and what has no meaning beside counts. */
final class CrowdContradictions {
    private CrowdContradictions() {}

    static void check(final StreamPolicy policy, final ConfigMap stream) {
        final CrowdLadder.Parameters crowd = Contradictions.find(policy, CrowdLadder.Parameters.class);
        if (crowd != null) {
            checkCrowd(policy, stream, crowd);
        }
        if (Contradictions.find(policy, PrivateCountsParameters.class) != null) {
            checkCounts(policy, stream);
        }
    }

    private static void checkCrowd(
            final StreamPolicy policy, final ConfigMap stream, final CrowdLadder.Parameters crowd) {
        if (has(policy, Section.IDENTITY)) {
            Contradictions.problem(
                    stream,
                    "identity",
                    "a crowd hides a record among those of its window, and a pseudonym finds it again in the next: where"
                            + " a few windows meet there is no crowd left; beside a crowd identity must be none");
        }
        final TimeRounding.Parameters time = Contradictions.find(policy, TimeRounding.Parameters.class);
        if (time != null) {
            checkTime(stream, time.step().toMillis(), crowd.window().toMillis(), Ranges.text(crowd.window()));
        }
        final AttributeAllowList.Parameters attributes =
                Contradictions.find(policy, AttributeAllowList.Parameters.class);
        if (attributes != null) {
            checkAttributes(stream, attributes);
        }
    }

    private static void checkTime(final ConfigMap stream, final long stepMs, final long windowMs, final String window) {
        if (windowMs % stepMs != 0 && stepMs % windowMs != 0) {
            Contradictions.problem(
                    stream,
                    "time",
                    "a step of the rounded time lies in two windows of the crowd, which count apart, so that nobody can"
                            + " tell from what leaves which crowd a record had: round must divide the window of "
                            + window + " or be a multiple of it");
        } else if (stepMs < windowMs) {
            Contradictions.warning(
                    stream,
                    "time",
                    "a time finer than the window of the crowd, " + window + ": the crowd is of the whole window, and"
                            + " in a shorter time there may have been fewer devices, or one");
        }
    }

    private static void checkAttributes(final ConfigMap stream, final AttributeAllowList.Parameters attributes) {
        final String telling = Contradictions.ofTheRawTrack(attributes);
        if (!telling.isEmpty()) {
            Contradictions.problem(
                    stream,
                    "attributes",
                    telling + ": taken from the raw track, and so names a place finer than the cell that the crowd"
                            + " allows: leave it out of a stream with a crowd");
        }
        final String counters = Contradictions.countingUp(attributes);
        if (!counters.isEmpty()) {
            Contradictions.problem(
                    stream,
                    "attributes",
                    counters + ": counts up, and so finds a vehicle again in the next window as a"
                            + " pseudonym does: leave it out of a stream with a crowd");
        }
    }

    private static void checkCounts(final StreamPolicy policy, final ConfigMap stream) {
        refuse(policy, stream, Section.IDENTITY, "a count is of many devices, and has no identity: it must be none");
        refuse(policy, stream, Section.TIME, "a count has the time at which its window begins: leave time out");
        refuse(
                policy,
                stream,
                Section.ATTRIBUTES,
                "a count has attributes of its own, and none of a record: leave attributes out");
        refuse(
                policy,
                stream,
                Section.SEGMENT,
                "counts keep no track that could be cut, and gaps would be missing in them: count before gaps are made");
    }

    private static void refuse(
            final StreamPolicy policy, final ConfigMap stream, final Section section, final String sentence) {
        if (has(policy, section)) {
            Contradictions.problem(stream, section.key(), sentence);
        }
    }

    private static boolean has(final StreamPolicy policy, final Section section) {
        return policy.steps().stream().anyMatch(step -> step.section() == section);
    }
}
