// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.roadhaze.anonymizer.mechanism.AttributeAllowList;
import org.roadhaze.anonymizer.mechanism.ExactPlace;
import org.roadhaze.anonymizer.mechanism.KeyedPseudonym;
import org.roadhaze.anonymizer.mechanism.PlaceCell;
import org.roadhaze.anonymizer.mechanism.PlanarLaplaceParameters;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.position.Attribute;

/** What undoes noise on places, in a stream and between streams. */
final class NoiseContradictions {
    private static final Duration LONGEST_ROTATION = Duration.ofHours(1);

    private NoiseContradictions() {}

    static void check(final StreamPolicy policy, final ConfigMap stream) {
        if (!hasNoise(policy)) {
            return;
        }
        final KeyedPseudonym.Parameters pseudonym = Contradictions.find(policy, KeyedPseudonym.Parameters.class);
        if (pseudonym != null && pseudonym.rotate().compareTo(LONGEST_ROTATION) > 0) {
            Contradictions.problem(
                    stream,
                    "identity",
                    "noise hides where one report was made, not whose it is: under one pseudonym the reports of a day show"
                            + " where a vehicle is at home nearly as well as true places do; beside noise identity must be"
                            + " none, or rotate within 1h");
        }
        final AttributeAllowList.Parameters attributes =
                Contradictions.find(policy, AttributeAllowList.Parameters.class);
        if (attributes == null) {
            return;
        }
        final String telling = Contradictions.ofTheRawTrack(attributes);
        if (!telling.isEmpty()) {
            Contradictions.problem(
                    stream,
                    "attributes",
                    telling
                            + ": taken from the raw track, and so tells without noise what the noise hides: leave it out of"
                            + " a stream with noise");
        }
        final String counters = counters(attributes);
        if (!counters.isEmpty()) {
            Contradictions.problem(
                    stream,
                    "attributes",
                    counters
                            + ": counts up, and so joins a vehicle's reports as a pseudonym for ever would: leave it out"
                            + " of a stream with noise");
        }
    }

    private static String counters(final AttributeAllowList.Parameters attributes) {
        final List<String> counters = new ArrayList<>();
        for (final Attribute attribute : Attribute.values()) {
            if (attribute.kind() == Attribute.Kind.MONOTONE
                    && attribute != Attribute.TRIP_ODOMETER
                    && attributes.keeps(attribute)) {
                counters.add(attribute.label());
            }
        }
        return String.join(", ", counters);
    }

    /**
     * Why a step may not follow noise, where there is more to say than that one step publishes the place.
     *
     * @return a sentence; null when there is none.
     */
    static String afterNoise(final StreamPolicy.Step before, final Section section) {
        return before.parameters() instanceof PlanarLaplaceParameters && section == Section.CROWD
                ? "a crowd counted in noisy places: who is moved into another cell is counted there, and the devices of a"
                        + " cell were never together"
                : null;
    }

    /** Every stream is offered every position: what one adds noise to must not leave another as it is. */
    static void checkTogether(final List<StreamPolicy> streams, final ConfigMap named) {
        StreamPolicy first = null;
        for (final StreamPolicy stream : streams) {
            if (hasNoise(stream)) {
                if (first == null) {
                    first = stream;
                } else if (day(stream) != day(first)) {
                    problem(
                            named,
                            stream.name(),
                            "a device has one budget over all streams, and that of the stream " + first.name()
                                    + " is another one: the larger would spend what the smaller promises to keep");
                }
            }
        }
        for (final StreamPolicy stream : streams) {
            if (first != null && isExact(stream)) {
                problem(
                        named,
                        stream.name(),
                        "lets out the places of the same vehicles exactly that the stream " + first.name()
                                + " hides in noise: who reads both needs no more than the times to put one on the other; put"
                                + " exact places into a journal, or in an engine of their own");
            }
        }
    }

    private static void problem(final ConfigMap named, final String name, final String sentence) {
        named.optional(name).ifPresent((final ConfigNode stream) -> stream.problem(sentence, ""));
    }

    private static boolean hasNoise(final StreamPolicy policy) {
        return Contradictions.find(policy, PlanarLaplaceParameters.class) != null;
    }

    private static double day(final StreamPolicy policy) {
        return Contradictions.find(policy, PlanarLaplaceParameters.class)
                .budget()
                .dayPerMetre();
    }

    private static boolean isExact(final StreamPolicy policy) {
        final PlaceCell.Parameters cell = Contradictions.find(policy, PlaceCell.Parameters.class);
        return Contradictions.find(policy, ExactPlace.Parameters.class) != null
                || (cell != null && Contradictions.isAsGoodAsExact(cell));
    }
}
