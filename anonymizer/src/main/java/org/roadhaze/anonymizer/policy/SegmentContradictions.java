// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.time.Duration;
import java.util.List;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.mechanism.ExactPlace;
import org.roadhaze.anonymizer.mechanism.KeyedPseudonym;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.anonymizer.mechanism.SegmentPseudonym;
import org.roadhaze.anonymizer.mechanism.TimeRounding;
import org.roadhaze.config.ConfigMap;

/** What joins the segments of a track again, and numbers of segments where there are none. */
final class SegmentContradictions {
    /** Trackers report every 10 s, 15 s, 30 s or more. */
    private static final Duration FINE_TIME = Duration.ofSeconds(15);

    private SegmentContradictions() {}

    static void check(final StreamPolicy policy, final ConfigMap stream) {
        final boolean perSegment = Contradictions.find(policy, SegmentPseudonym.Parameters.class) != null;
        if (!hasSegments(policy)) {
            if (perSegment) {
                Contradictions.problem(
                        stream,
                        "identity",
                        "a pseudonym for each segment, and no step that makes segments: add split-and-gap to location,"
                                + " or let pseudonym be keyed");
            }
            return;
        }
        if (Contradictions.find(policy, KeyedPseudonym.Parameters.class) != null) {
            Contradictions.problem(
                    stream,
                    "identity",
                    "a pseudonym that outlives a segment joins the segments again, whatever gaps are between them:"
                            + " beside split-and-gap it must be per-segment, or identity none");
        }
        if (Contradictions.find(policy, ExactPlace.Parameters.class) != null) {
            Contradictions.problem(
                    stream,
                    "location",
                    "exact coordinates beside segments: the line on which one ends and another begins, to the"
                            + " centimetre, tells a vehicle from those that confuse it with: let a cell leave");
        }
        final AttributeAllowList.Parameters attributes =
                Contradictions.find(policy, AttributeAllowList.Parameters.class);
        if (attributes != null) {
            checkAttributes(stream, attributes);
        }
        final TimeRounding.Parameters time = Contradictions.find(policy, TimeRounding.Parameters.class);
        if (time != null && time.step().compareTo(FINE_TIME) < 0) {
            Contradictions.warning(
                    stream,
                    "time",
                    "a time finer than 15s beside segments tells at which second of its interval a device reports,"
                            + " before a gap and after it");
        }
    }

    private static void checkAttributes(final ConfigMap stream, final AttributeAllowList.Parameters attributes) {
        final String counters = Contradictions.countingUp(attributes);
        if (!counters.isEmpty()) {
            Contradictions.problem(
                    stream,
                    "attributes",
                    counters + ": counts up, and so joins a segment to the next one over any gap:"
                            + " leave it out of a stream with segments");
        }
        final String telling = Contradictions.ofTheRawTrack(attributes);
        if (!telling.isEmpty()) {
            Contradictions.problem(
                    stream,
                    "attributes",
                    telling + ": taken from the raw track, and so tells what happened in a gap: leave it out of a"
                            + " stream with segments");
        }
    }

    /**
     * Judges a stream beside those before it.
     *
     * @param others those.
     * @param policy the stream.
     * @param stream where it stands.
     */
    static void checkBeside(final List<StreamPolicy> others, final StreamPolicy policy, final ConfigMap stream) {
        if (!hasSegments(policy)) {
            return;
        }
        for (final StreamPolicy other : others) {
            if (hasSegments(other)) {
                Contradictions.problem(
                        stream,
                        "location",
                        "segments here and in stream " + other.name() + ": the one goes on where the other has its gap,"
                                + " and who reads both joins the segments of a vehicle; one stream may have segments");
                return;
            }
        }
    }

    private static boolean hasSegments(final StreamPolicy policy) {
        return policy.steps().stream().anyMatch(step -> step.section() == Section.SEGMENT);
    }
}
