// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.mechanism.ExactPlace;
import org.roadhaze.anonymizer.mechanism.KeyedPseudonym;
import org.roadhaze.anonymizer.mechanism.LearnedZones;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;
import org.roadhaze.anonymizer.mechanism.PlaceCell;
import org.roadhaze.anonymizer.mechanism.ReorderBuffer;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.anonymizer.mechanism.TimeRounding;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.PositionBatch;

/**
 * Judges the mechanisms of one stream together: each may be right and yet one undo the other. What undoes a promise is
 * refused; what weakens it is a warning.
 */
final class Contradictions {
    private static final Duration LONG_ROTATION = Duration.ofHours(24);
    private static final Duration FINE_TIME = Duration.ofSeconds(15);
    /** A cell of H3's resolution 11 has 2150 m2 on average, one of resolution 10 seven times as much. */
    private static final int AS_GOOD_AS_EXACT_M2 = 2_500;

    /** Records leave in the order in which they came, those of one frame side by side: no mechanism hides that. */
    private static final String TRACKS_WITHOUT_IDENTITY =
            "whoever may read the stream can link what one device sent in one frame, up to "
                    + PositionBatch.MAX_POSITIONS + " records, to a track, and a track can show whose it is, though"
                    + " there is no identity: the records of a frame leave side by side and in their order";

    private static final String LINKED_PSEUDONYMS =
            "whoever may read the stream can link the pseudonym before a change to the one after it, though nothing"
                    + " computes one from the other: the records of a frame that spans the change leave side by side and"
                    + " in their order";

    private Contradictions() {}

    static void check(final StreamPolicy policy, final ConfigMap stream) {
        final ExactPlace.Parameters exact = find(policy, ExactPlace.Parameters.class);
        final PlaceCell.Parameters cell = find(policy, PlaceCell.Parameters.class);
        final TimeRounding.Parameters time = find(policy, TimeRounding.Parameters.class);
        final KeyedPseudonym.Parameters pseudonym = find(policy, KeyedPseudonym.Parameters.class);
        final AttributeAllowList.Parameters attributes = find(policy, AttributeAllowList.Parameters.class);

        CrowdContradictions.check(policy, stream);
        ShuffleContradictions.check(policy, stream);
        SegmentContradictions.check(policy, stream);
        NoiseContradictions.check(policy, stream);
        if (!publishesPlace(policy)
                && time == null
                && (attributes == null || attributes.keep().isEmpty())) {
            stream.problem("nothing leaves: neither a place nor a time nor an attribute is named");
        }
        if (attributes != null && attributes.keeps(Attribute.ALTITUDE) && exact == null) {
            problem(
                    stream,
                    "attributes",
                    "altitude tells where a vehicle is, beside a place that is coarsened or kept"
                            + " back: leave altitude out, or publish the exact place");
        }
        final boolean hasZones = policy.steps().stream().anyMatch(step -> step.section() == Section.SUPPRESSION);
        final String telling = attributes == null ? "" : ofTheRawTrack(attributes);
        final boolean hasTrips = policy.steps().stream().anyMatch(step -> step.section() == Section.TRIP);
        if (hasTrips && !telling.isEmpty()) {
            problem(
                    stream,
                    "attributes",
                    telling
                            + ": taken from the raw track, and so tells where and when a trip ended, or how far away that"
                            + " is, which the stream keeps back: leave it out of a stream that cuts trips");
        }
        warnOfOrder(policy, stream);
        if (!hasTrips && find(policy, LearnedZones.Parameters.class) != null) {
            warning(
                    stream,
                    "location",
                    "learned zones and no trip-ends: until a place is learned, at every new device, at a new home, and again"
                            + " after each start of the engine, what is around it leaves");
        }
        if (hasTrips && pseudonym != null) {
            warning(
                    stream,
                    "identity",
                    "the ends of all trips are cut, and one pseudonym joins the trips: where a day's trips break off and go"
                            + " on encircles the place between");
        }
        if (hasZones && !telling.isEmpty()) {
            problem(
                    stream,
                    "attributes",
                    telling + ": taken from the raw track, before zones keep anything back, and so names the place that"
                            + " they hide, by its fence, by the trip that began or ended there, or by the way driven since:"
                            + " leave it out of a stream with zones");
        }
        if (pseudonym != null
                && time != null
                && pseudonym.rotate().toMillis() % time.step().toMillis() != 0) {
            problem(
                    stream,
                    "identity",
                    "the pseudonym changes within one step of the rounded time, so that the last record of"
                            + " the old one and the first of the new one carry the same time, and the two are"
                            + " linked: rotate must be a multiple of round");
        }
        if (!policy.mixesRecords()) {
            warning(stream, "identity", hasIdentity(policy) ? LINKED_PSEUDONYMS : TRACKS_WITHOUT_IDENTITY);
        }
        final boolean hasPlace = exact != null || cell != null || (attributes != null && keepsFences(attributes));
        if (hasPlace && pseudonym != null && pseudonym.rotate().compareTo(LONG_ROTATION) > 0) {
            warning(
                    stream,
                    "identity",
                    "one pseudonym for longer than 24h beside places: a few of them tell who it is, however coarse"
                            + " they are, and then everything else until the pseudonym changes");
        }
        final boolean hasFineCell = cell != null && isAsGoodAsExact(cell);
        if (hasFineCell) {
            warning(
                    stream,
                    "location",
                    "cells of " + AS_GOOD_AS_EXACT_M2
                            + " m2 and less are as good as exact places: a house or a parking bay");
        }
        if ((exact != null || hasFineCell) && !hasZones && !hasTrips) {
            warning(stream, "location", "exact places and no zones: where a trip begins and ends shows who drives");
        }
        if (cell != null && time != null && attributes != null && isFine(time) && attributes.keeps(Attribute.SPEED)) {
            warning(
                    stream,
                    "time",
                    "a time finer than 15s beside cells tells when a cell was entered, and speed where"
                            + " from there: the place is finer than the cell while a vehicle crosses borders");
        }
    }

    /** Steps that remember the record before need it before the next. */
    private static void warnOfOrder(final StreamPolicy policy, final ConfigMap stream) {
        final boolean remembers = find(policy, LearnedZones.Parameters.class) != null
                || policy.steps().stream()
                        .anyMatch(step -> step.section() == Section.TRIP || step.section() == Section.SEGMENT);
        if (remembers && find(policy, ReorderBuffer.Parameters.class) == null) {
            warning(
                    stream,
                    "location",
                    "no reorder before steps that follow a vehicle: a record that comes after one of a later time is lost to"
                            + " them, and without it a stop may not be seen, so that more leaves than would have in order");
        }
    }

    /** What the stages derive, and what the device counts from the trip's start on, as they do. */
    static String ofTheRawTrack(final AttributeAllowList.Parameters attributes) {
        final List<String> labels = new ArrayList<>();
        for (final Attribute attribute : Attribute.values()) {
            if ((attribute.isDerived() || attribute == Attribute.TRIP_ODOMETER) && attributes.keeps(attribute)) {
                labels.add(attribute.label());
            }
        }
        return String.join(", ", labels);
    }

    /** What counts up, and so puts the records of a vehicle into their order, and finds it again. */
    static String countingUp(final AttributeAllowList.Parameters attributes) {
        final List<String> labels = new ArrayList<>();
        for (final Attribute attribute : Attribute.values()) {
            if (attribute.kind() == Attribute.Kind.MONOTONE && attributes.keeps(attribute)) {
                labels.add(attribute.label());
            }
        }
        return String.join(", ", labels);
    }

    private static boolean hasIdentity(final StreamPolicy policy) {
        return policy.steps().stream().anyMatch(step -> step.section() == Section.IDENTITY);
    }

    static boolean isAsGoodAsExact(final PlaceCell.Parameters cell) {
        return cell.size().averageAreaKm2() * 1e6 <= AS_GOOD_AS_EXACT_M2;
    }

    private static boolean publishesPlace(final StreamPolicy policy) {
        return policy.steps().stream().anyMatch(step -> step.section().publishesPlace());
    }

    private static boolean keepsFences(final AttributeAllowList.Parameters attributes) {
        return attributes.keeps(Attribute.GEOFENCE_ENTER) || attributes.keeps(Attribute.GEOFENCE_EXIT);
    }

    private static boolean isFine(final TimeRounding.Parameters time) {
        return time.step().compareTo(FINE_TIME) < 0;
    }

    static void problem(final ConfigMap stream, final String key, final String sentence) {
        stream.optional(key).ifPresent((final ConfigNode value) -> value.problem(sentence, ""));
    }

    static void warning(final ConfigMap stream, final String key, final String sentence) {
        stream.optional(key).ifPresent((final ConfigNode value) -> value.warning(sentence));
    }

    static <P extends MechanismParameters> P find(final StreamPolicy policy, final Class<P> type) {
        for (final StreamPolicy.Step step : policy.steps()) {
            if (type.isInstance(step.parameters())) {
                return type.cast(step.parameters());
            }
        }
        return null;
    }
}
