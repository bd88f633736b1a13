// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.roadhaze.config.ConfigMap;

/** Every mechanism that a policy can name, a line each. */
public final class Mechanisms {
    /** The mechanisms, in no particular order: {@link Section} says how they compose. */
    public static final List<Kind> ALL = List.of(
            Kind.of(Section.SAMPLE, "sample", DeviceSample.Parameters::read),
            Kind.of(Section.REORDER, "reorder", ReorderBuffer.Parameters::read),
            Kind.of(Section.SUPPRESSION, "zones", SensitiveZones.Parameters::read),
            Kind.of(Section.SUPPRESSION, "learned-zones", LearnedZones.Parameters::read),
            Kind.of(Section.TRIP, "trip-ends", TripEnds.Parameters::read),
            Kind.of(Section.TRIP, "dwell", TripEnds.Parameters::readDwell),
            Kind.of(Section.SEGMENT, "split-and-gap", SplitAndGap.Parameters::read),
            Kind.of(Section.CROWD, "crowd", CrowdLadder.Parameters::read),
            Kind.of(Section.CROWD, "counts", PrivateCountsParameters::read),
            Kind.of(Section.PLACE, "cell", PlaceCell.Parameters::read),
            Kind.of(Section.PLACE, "laplace", PlanarLaplaceParameters::read),
            Kind.word(Section.PLACE, "exact", ExactPlace.Parameters::read),
            Kind.of(Section.IDENTITY, "keyed", KeyedPseudonym.Parameters::read),
            Kind.of(Section.IDENTITY, "per-segment", map -> new SegmentPseudonym.Parameters()),
            Kind.of(Section.TIME, "round", TimeRounding.Parameters::read),
            Kind.of(Section.SHUFFLE, "shuffle", TimeShuffle.Parameters::read),
            Kind.word(Section.TIME, "exact", TimeRounding.Parameters::exact),
            Kind.of(Section.ATTRIBUTES, "keep", AttributeAllowList.Parameters::read));

    /**
     * A mechanism as a policy sees it.
     *
     * @param section what it is about.
     * @param name    how a policy names it, once in its key of the stream.
     * @param isWord  whether its name alone says everything.
     * @param reader  reads its parameters from the mapping that holds them; a word alone is an empty mapping.
     */
    public record Kind(Section section, String name, boolean isWord, Function<ConfigMap, MechanismParameters> reader) {
        private static Kind of(
                final Section section, final String name, final Function<ConfigMap, MechanismParameters> reader) {
            return new Kind(section, name, false, reader);
        }

        private static Kind word(
                final Section section, final String name, final Function<ConfigMap, MechanismParameters> reader) {
            return new Kind(section, name, true, reader);
        }
    }

    private Mechanisms() {}

    /**
     * The mechanism of a name.
     *
     * @param key  the key of the stream under which it stands.
     * @param name its name.
     * @return the mechanism, or null.
     */
    public static Kind find(final String key, final String name) {
        for (final Kind kind : ALL) {
            if (kind.section().key().equals(key) && kind.name().equals(name)) {
                return kind;
            }
        }
        return null;
    }

    /**
     * What may stand under a key of a stream.
     *
     * @param key the key.
     * @return the names.
     */
    public static List<String> names(final String key) {
        final List<String> names = new ArrayList<>();
        for (final Kind kind : ALL) {
            if (kind.section().key().equals(key)) {
                names.add(kind.name());
            }
        }
        return names;
    }
}
