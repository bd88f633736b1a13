// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.roadhaze.anonymizer.mechanism.Mechanisms;
import org.roadhaze.anonymizer.mechanism.Section;
import org.roadhaze.anonymizer.policy.StreamPolicy.Step;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.Spelling;

/** Reads one stream of a policy: its keys, and the mechanisms that stand under them. */
final class StreamReader {
    private static final Duration SHORTEST_RETENTION = Duration.ofHours(1);
    private static final Duration LONGEST_RETENTION = Duration.ofDays(3650);
    private static final String IDENTITY_ALLOWED =
            "none, { pseudonym: keyed, rotate: 24h }, or { pseudonym: per-segment }";
    private static final String ATTRIBUTES_ALLOWED = "{ keep: [NAME, ...] }";
    private static final List<String> KEYS_OF_A_CHAIN = List.of("identity", "location", "time", "attributes");
    private static final String TIME_ALLOWED = "exact, or { round: 1s }";

    private final List<Step> steps = new ArrayList<>();

    private StreamReader() {}

    static StreamPolicy read(final String name, final ConfigMap stream) {
        final StreamReader reader = new StreamReader();
        final String description = stream.text("description", "");
        final Duration retention = stream.duration("retention", SHORTEST_RETENTION, LONGEST_RETENTION);
        if (stream.bool("journal", false)) {
            return readJournal(name, description, retention, stream);
        }
        // Contradictions are judged when the mechanisms are known, whatever else is wrong with the stream.
        final int problemsBefore = stream.reader().problemCount();
        stream.required("identity", IDENTITY_ALLOWED).ifPresent(reader::readIdentity);
        for (final ConfigNode step : stream.list("location")) {
            reader.readLocationStep(step);
        }
        stream.optional("time").ifPresent((final ConfigNode time) -> reader.readOne(Section.TIME, time, TIME_ALLOWED));
        stream.optional("attributes")
                .ifPresent((final ConfigNode attributes) ->
                        reader.readOne(Section.ATTRIBUTES, attributes, ATTRIBUTES_ALLOWED));
        final boolean areMechanismsKnown = stream.reader().problemCount() == problemsBefore;
        reader.steps.sort(Comparator.comparing(Step::section));

        final StreamPolicy policy =
                new StreamPolicy(name, description, retention, false, reader.steps, EvaluationLimits.read(stream));
        if (areMechanismsKnown) {
            Contradictions.check(policy, stream);
        }
        return policy;
    }

    /** What mechanisms would take away has to stay: frames are kept as they came. */
    private static StreamPolicy readJournal(
            final String name, final String description, final Duration retention, final ConfigMap stream) {
        for (final String key : KEYS_OF_A_CHAIN) {
            if (stream.has(key)) {
                stream.keyProblem(
                        key,
                        key + " in a journal, which holds whole frames, sealed",
                        "a journal without it, or a stream without journal: true");
            }
        }
        return new StreamPolicy(name, description, retention, true, List.of());
    }

    private void readIdentity(final ConfigNode identity) {
        if (identity.isWord("none")) {
            return;
        }
        if (!identity.isMap()) {
            identity.problem(IDENTITY_ALLOWED);
            return;
        }
        final ConfigMap map = identity.map();
        final List<String> words = Mechanisms.names(Section.IDENTITY.key());
        map.required("pseudonym", String.join(", ", words)).ifPresent((final ConfigNode word) -> {
            final String name = word.text();
            if (!words.contains(name)) {
                word.problem(ConfigNode.oneOf(name, words));
            }
            readAsIfNamed(Section.IDENTITY.key(), name, words, map);
        });
    }

    private void readLocationStep(final ConfigNode step) {
        final String key = Section.PLACE.key();
        final List<String> names = Mechanisms.names(key);
        final Set<String> keys = step.isMap() ? step.map().names() : Set.of();
        if (step.isMap() && keys.size() != 1) {
            step.problem("a mapping of " + keys.size() + " keys", "one step: " + String.join(", ", names));
            return;
        }
        final String name = step.isMap() ? keys.iterator().next() : step.isScalar() ? step.text() : "";
        final Mechanisms.Kind kind = Mechanisms.find(key, name);
        if (kind == null) {
            step.problem(name.isEmpty() ? "no step" : name, "one of " + ConfigNode.oneOf(name, names));
            if (step.isMap()
                    && step.map().optional(name).filter(ConfigNode::isMap).isPresent()) {
                readAsIfNamed(key, name, names, step.map().map(name));
            }
        } else if (step.isScalar() && !kind.isWord()) {
            step.problem(name + " alone", name + " with its parameters");
        } else {
            judgeOrder(step, kind.section());
            add(kind, step.isMap() ? step.map().map(name) : step.emptyMap());
        }
    }

    private void judgeOrder(final ConfigNode step, final Section section) {
        for (final Step before : steps) {
            if (before.section().publishesPlace()) {
                if (NoiseContradictions.afterNoise(before, section) != null) {
                    step.problem(NoiseContradictions.afterNoise(before, section), "crowds of true places alone");
                } else if (section.publishesPlace()) {
                    step.problem("a second step that publishes the place", "one: the finer would undo the coarser");
                } else {
                    step.problem("a step that judges the raw place after one that publishes it", "the other order");
                }
            } else if (section == Section.TRIP && before.section() == Section.TRIP) {
                step.problem(
                        "a second step that keeps stops back: neither sees what the other has kept back",
                        "one: trip-ends, or dwell");
            } else if (section == Section.SAMPLE && before.section() == Section.SEGMENT) {
                step.problem(
                        "a sample after gaps, which were measured in the vehicles that it leaves out",
                        "the other order: what is left is sparser, and easier to follow");
            } else if (before.section().key().equals(section.key())
                    && before.section().compareTo(section) > 0) {
                step.problem(
                        "a step out of its order",
                        "sample, then reorder, then zones, then trip-ends or dwell, then split-and-gap, then crowd");
            }
        }
    }

    /** Reads a key under which a mechanism stands, or several: its word, or a mapping with their names among the keys. */
    private void readOne(final Section section, final ConfigNode value, final String allowed) {
        final ConfigMap map = value.isMap() ? value.map() : value.emptyMap();
        boolean found = false;
        for (final String name : Mechanisms.names(section.key())) {
            final Mechanisms.Kind kind = Mechanisms.find(section.key(), name);
            if (kind.isWord() ? value.isWord(name) : map.has(name)) {
                add(kind, map);
                found = true;
            }
        }
        if (!found) {
            value.problem(allowed);
        }
    }

    /**
     * Reads the parameters of a mechanism; where its name is wrong, those of the one that was probably meant, so that what
     * is wrong with them is told at once, too. Where nobody can know which was meant, they are left alone.
     */
    private void readAsIfNamed(
            final String key, final String name, final List<String> names, final ConfigMap parameters) {
        final String meant = names.size() == 1 ? names.get(0) : Spelling.nearest(name, names);
        final Mechanisms.Kind kind = meant == null ? null : Mechanisms.find(key, meant);
        if (kind == null) {
            parameters.allowOthers();
        } else {
            add(kind, parameters);
        }
    }

    private void add(final Mechanisms.Kind kind, final ConfigMap parameters) {
        steps.add(new Step(kind.section(), kind.reader().apply(parameters)));
    }
}
