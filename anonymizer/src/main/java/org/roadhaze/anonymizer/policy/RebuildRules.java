// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.roadhaze.anonymizer.key.EpochKeys;
import org.roadhaze.anonymizer.mechanism.LearnedZones;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;
import org.roadhaze.anonymizer.mechanism.PlanarLaplaceParameters;
import org.roadhaze.anonymizer.mechanism.PrivateCountsParameters;
import org.roadhaze.anonymizer.mechanism.Ranges;
import org.roadhaze.anonymizer.mechanism.Rebuilding;
import org.roadhaze.anonymizer.mechanism.ReorderBuffer;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.anonymizer.mechanism.SegmentPseudonym;
import org.roadhaze.anonymizer.mechanism.SplitAndGap;
import org.roadhaze.anonymizer.mechanism.TimeRounding;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.position.Attribute;

/**
 * Whether what a stream holds back can be made again, after the engine died, from the frames of a journal, and how far back those
 * have to reach.
 *
 * <p>What is made again must leave as it would have left, and nothing of it twice. So each release must be a function of frames
 * that are read again, which it is not where a step learns for days, or an attribute tells of a trip that began before; and it must
 * be known again among those that left, which takes a time. Where tracks are cut into segments, which each leave under a number of
 * their own, what left shows where they were cut.
 */
public final class RebuildRules {
    /** How much later than its fix a record may come, and an engine may be stopped by its disk, beyond what the steps allow for. */
    public static final Duration MARGIN = Duration.ofMinutes(2);

    /** Of these a stage remembers what came before. */
    private static final List<Attribute> REMEMBERED = List.of(
            Attribute.GEOFENCE_ENTER,
            Attribute.GEOFENCE_EXIT,
            Attribute.ON_TRIP,
            Attribute.TRIP_START,
            Attribute.TRIP_END,
            Attribute.TRIP_DISTANCE);

    private RebuildRules() {}

    /**
     * What a stream's chain can be rebuilt of, as far as its most demanding step allows.
     *
     * @param stream the stream.
     * @return {@link Rebuilding#PURE} when it holds nothing.
     */
    public static Rebuilding of(final StreamPolicy stream) {
        return stream.steps().stream()
                .map(step -> step.parameters().rebuilding())
                .max(Comparator.naturalOrder())
                .orElse(Rebuilding.PURE);
    }

    /**
     * Why what a stream holds cannot be rebuilt, whatever the policy has beside it.
     *
     * @param stream the stream.
     * @return a phrase; empty when it can be, or there is nothing to rebuild.
     */
    public static String obstacle(final StreamPolicy stream) {
        if (stream.holdsBack().isZero()) {
            return "";
        }
        final List<String> never = new ArrayList<>();
        for (final StreamPolicy.Step step : stream.steps()) {
            if (step.parameters().rebuilding() == Rebuilding.NEVER) {
                never.add(name(step.parameters()));
            }
        }
        if (!never.isEmpty()) {
            return "what " + String.join(" and ", never) + " lets out depends on what came long before";
        }
        final String uncut = whyCutsAreNotKnown(stream);
        if (!uncut.isEmpty()) {
            return uncut;
        }
        for (final Attribute attribute : REMEMBERED) {
            if (stream.steps().stream()
                    .anyMatch(step -> step.parameters().inputs().contains(attribute.label()))) {
                return attribute.label() + " depends on what came long before";
            }
        }
        final boolean hasTime = stream.steps().stream()
                .anyMatch(
                        step -> step.section() == Section.TIME || step.parameters() instanceof PrivateCountsParameters);
        return hasTime
                ? ""
                : "its records have no time, by which those that left could be told from those that did not";
    }

    /**
     * Why what left does not show at which fixes segments began. Their numbers have to leave, and at once: what a step holds behind
     * would leave of segments that nobody has seen begin. Nothing may come whose clock is hours ahead, which only reorder sees to:
     * it would be taken for what came lately. And the keys of the longest gap must live.
     */
    private static String whyCutsAreNotKnown(final StreamPolicy stream) {
        final SplitAndGap.Parameters cut = Contradictions.find(stream, SplitAndGap.Parameters.class);
        if (cut == null) {
            return "";
        }
        if (stream.steps().stream()
                        .filter(step -> step.parameters() instanceof SplitAndGap.Parameters)
                        .count()
                > 1) {
            return "what the first split-and-gap lets out leaves under no number of its own";
        }
        if (Contradictions.find(stream, SegmentPseudonym.Parameters.class) == null) {
            return "what split-and-gap lets out depends on what came long before, and leaves under no number that would show"
                    + " where it was cut (pseudonym: per-segment)";
        }
        if (Contradictions.find(stream, ReorderBuffer.Parameters.class) == null) {
            return "what split-and-gap lets out depends on what came long before, and without reorder also on what"
                    + " clocks send that are hours ahead";
        }
        if (stream.steps().stream()
                .filter(step -> step.section().compareTo(Section.SEGMENT) > 0)
                .anyMatch(step -> !step.parameters().holdsBack().isZero())) {
            return "what is held behind split-and-gap has not left, and so does not show where it was cut";
        }
        final Duration before = stream.holdsBack().plus(looksBack(stream));
        return before.compareTo(EpochKeys.LONGEST_GRACE) > 0
                ? "what split-and-gap lets out depends on what came " + Ranges.text(before)
                        + " before, and keys live for " + Ranges.text(EpochKeys.LONGEST_GRACE)
                : "";
    }

    private static String name(final MechanismParameters parameters) {
        if (parameters instanceof LearnedZones.Parameters) {
            return "learned-zones";
        }
        return parameters instanceof PlanarLaplaceParameters ? "laplace" : parameters.canonical();
    }

    /**
     * How far back frames have to be read, from the last one on, to make again what a stream can hold, and with it all of what left
     * that could be taken for it: what waits may be as old as is held back at most, what left beside it has a time that is a step
     * less, and the window or stay that this belongs to began before it, within as long again.
     *
     * @param stream the stream.
     * @return zero when it holds nothing, or nothing can be rebuilt of it.
     */
    public static Duration horizon(final StreamPolicy stream) {
        final Duration held = stream.holdsBack();
        if (held.isZero() || !obstacle(stream).isEmpty()) {
            return Duration.ZERO;
        }
        return held.multipliedBy(3)
                .plus(Duration.ofMillis(2 * timeStepMs(stream)))
                .plus(looksBack(stream))
                .plus(MARGIN);
    }

    /** Each step has to be given what it should be by those before it. */
    private static Duration looksBack(final StreamPolicy stream) {
        Duration sum = Duration.ZERO;
        for (final StreamPolicy.Step step : stream.steps()) {
            sum = sum.plus(step.parameters().looksBack());
        }
        return sum;
    }

    /**
     * How long after the receipt of the first frame that is given again the first record of a segment has to be, so that the
     * segment is made again: what cuts was given then what it was given, for at least the longest segment, so that the
     * first of its records that left need not have been the one at which it began. A clock may be ahead by {@link #MARGIN}.
     *
     * @param stream the stream; it has segments.
     * @return milliseconds.
     */
    public static long segmentsKnownAfterMs(final StreamPolicy stream) {
        final SplitAndGap.Parameters cut = Contradictions.find(stream, SplitAndGap.Parameters.class);
        return looksBack(stream)
                .minus(cut.looksBack())
                .plus(cut.segment().most())
                .plus(MARGIN)
                .toMillis();
    }

    /**
     * For how long after the first frame that is given again no segment begins that had not begun.
     *
     * @param stream the stream; it has segments.
     * @return milliseconds.
     */
    public static long segmentsBlindForMs(final StreamPolicy stream) {
        return looksBack(stream).plus(MARGIN).toMillis() + timeStepMs(stream);
    }

    /**
     * By how much the time of a record that leaves may be less than that of its fix.
     *
     * @param stream the stream.
     * @return milliseconds.
     */
    public static long timeStepMs(final StreamPolicy stream) {
        long stepMs = 0;
        for (final StreamPolicy.Step step : stream.steps()) {
            if (step.parameters() instanceof TimeRounding.Parameters rounding) {
                stepMs = Math.max(stepMs, rounding.step().toMillis());
            }
        }
        return stepMs;
    }

    /**
     * The journal that the others are rebuilt from: the first that is named.
     *
     * @param streams all of a policy.
     * @return null when there is none.
     */
    public static StreamPolicy journal(final List<StreamPolicy> streams) {
        return streams.stream().filter(StreamPolicy::journal).findFirst().orElse(null);
    }

    /** Refuses a journal that is deleted before what it is to rebuild has left, and a stream whose records cannot be known again. */
    static void check(final List<StreamPolicy> streams, final Map<String, ConfigMap> maps) {
        final StreamPolicy journal = journal(streams);
        if (journal == null) {
            return;
        }
        for (final StreamPolicy stream : streams) {
            final Duration horizon = horizon(stream);
            refuseLess(
                    journal,
                    horizon,
                    "what stream " + stream.name() + " holds back is rebuilt from so much of " + journal.name()
                            + " when the engine starts",
                    maps);
            refuseLess(
                    stream,
                    horizon,
                    "what it holds back is rebuilt from " + journal.name()
                            + " when the engine starts, but for what it still has of so long",
                    maps);
        }
    }

    private static void refuseLess(
            final StreamPolicy stream, final Duration least, final String why, final Map<String, ConfigMap> maps) {
        final ConfigMap map = maps.get(stream.name());
        if (map.has("retention") && stream.retention().compareTo(least) < 0) {
            map.keyProblem("retention", Ranges.text(stream.retention()), "at least " + Ranges.text(least) + ": " + why);
        }
    }
}
