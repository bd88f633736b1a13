// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/** What holds for every mechanism, run for every one that is registered. */
class MechanismContractTest {
    private static final int KEY_BYTE = 0x0B;
    private static final long CANARY_DEVICE = 356307042441013L;
    private static final long CANARY_VALUE = 987_654_321_012_345L;

    static Stream<Mechanisms.Kind> kinds() {
        return Mechanisms.ALL.stream();
    }

    /** Those that judge each record by itself; what a step makes of a record that remembers the last one, its own test tells. */
    static Stream<Mechanisms.Kind> kindsWithoutMemory() {
        final Set<Section> remembering =
                EnumSet.of(Section.REORDER, Section.TRIP, Section.SEGMENT, Section.SHUFFLE, Section.CROWD);
        return kinds().filter(kind -> !remembering.contains(kind.section()) && !"learned-zones".equals(kind.name()));
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerEveryCase() {
        return kinds().flatMap(kind -> MechanismCases.of(kind).cases().stream()
                .map(one -> DynamicTest.dynamicTest(kind.name() + ": " + one.note(), () -> assertThat(
                                released(build(one.parameters()), one.position()))
                        .isEqualTo(one.expected()))));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseParameters() {
        return kinds().flatMap(kind -> MechanismCases.of(kind).refusals().stream()
                .map(refusal -> DynamicTest.dynamicTest(
                        kind.name() + ": " + refusal.expected(),
                        () -> assertThat(refusal.said()).isEqualTo(refusal.expected()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kindsWithoutMemory")
    void shouldReleaseTheSameForTheSameKeyAndRecord(final Mechanisms.Kind kind) {
        for (final MechanismCases.Case one : MechanismCases.of(kind).cases()) {
            final Mechanism mechanism = build(one.parameters());
            final Map<String, String> first = released(mechanism, one.position());

            assertThat(released(mechanism, one.position())).as("again").isEqualTo(first);
            assertThat(released(build(one.parameters()), one.position()))
                    .as("after a restart")
                    .isEqualTo(first);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void shouldLetNothingIdentifyingOut(final Mechanisms.Kind kind) {
        for (final MechanismCases.Case one : MechanismCases.of(kind).cases()) {
            final Position position = new Position().copyFrom(one.position()).deviceId(CANARY_DEVICE);
            for (final Attribute attribute : Attribute.values()) {
                if (attribute.kind() == Attribute.Kind.IDENTIFYING) {
                    position.attribute(attribute.key(), CANARY_VALUE);
                    position.attribute(attribute.key() | Attribute.BYTES, CANARY_VALUE);
                }
            }
            final Map<String, String> released = released(build(one.parameters()), position);

            assertThat(released.values())
                    .doesNotContain(
                            Long.toString(CANARY_DEVICE),
                            Long.toHexString(CANARY_DEVICE),
                            Long.toString(CANARY_VALUE),
                            Long.toHexString(CANARY_VALUE));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kindsWithoutMemory")
    void shouldDependOnItsDeclaredInputsAndOnNothingElse(final Mechanisms.Kind kind) {
        final Set<String> declared = new HashSet<>();
        final Set<String> mattered = new HashSet<>();
        for (final MechanismCases.Case one : MechanismCases.of(kind).cases()) {
            declared.addAll(one.parameters().inputs());
            final Map<String, String> before = released(build(one.parameters()), one.position());
            for (final Map.Entry<String, Consumer<Position>> change : changes().entrySet()) {
                final Position changed = new Position().copyFrom(one.position());
                change.getValue().accept(changed);
                final Map<String, String> after = released(build(one.parameters()), changed);
                if (one.parameters().inputs().contains(change.getKey())) {
                    if (!after.equals(before)) {
                        mattered.add(change.getKey());
                    }
                } else {
                    assertThat(after)
                            .as(one.note() + ", other " + change.getKey())
                            .isEqualTo(before);
                }
            }
        }
        assertThat(mattered).as("declared, and of influence").isEqualTo(declared);
    }

    /** A change to every input that a mechanism may have. */
    private static Map<String, Consumer<Position>> changes() {
        final Map<String, Consumer<Position>> changes = new LinkedHashMap<>();
        changes.put("deviceId", p -> p.deviceId(p.deviceId() ^ 0x55));
        changes.put("fixTime", p -> p.fixTimeMs(p.fixTimeMs() + 40 * 86_400_000L));
        changes.put("receivedTime", p -> p.receivedTimeMs(1_752_393_600_000L));
        changes.put("place", p -> p.latitudeE7(p.latitudeE7() / 2 + 1).longitudeE7(p.longitudeE7() / 2 + 1));
        changes.put("altitude", p -> p.altitudeCm(77_700));
        changes.put("speed", p -> p.speedCmPerSec(7_777));
        changes.put("course", p -> p.courseCdeg(7_777));
        changes.put("hdop", p -> p.hdopCenti(77));
        changes.put("satellites", p -> p.satellites(7));
        changes.put("history", p -> p.history(true));
        final List<String> labels = new ArrayList<>(List.of("io21", "io4711"));
        for (final Attribute attribute : Attribute.values()) {
            labels.add(attribute.label());
        }
        for (final String label : labels) {
            changes.putIfAbsent(label, p -> setAttribute(p, Attribute.keyOf(label), 77_777));
        }
        return changes;
    }

    private static void setAttribute(final Position position, final int key, final long value) {
        final Position others = new Position().copyFrom(position);
        final Position changed = new Position().attribute(key, value);
        for (int i = 0; i < others.attributeCount(); i++) {
            changed.attribute(others.attributeKey(i), others.attributeValue(i));
        }
        position.copyFrom(copyFields(others, changed));
    }

    private static Position copyFields(final Position from, final Position to) {
        return to.deviceId(from.deviceId())
                .fixTimeMs(from.fixTimeMs())
                .latitudeE7(from.latitudeE7())
                .longitudeE7(from.longitudeE7())
                .altitudeCm(from.altitudeCm())
                .speedCmPerSec(from.speedCmPerSec())
                .courseCdeg(from.courseCdeg())
                .hdopCenti(from.hdopCenti())
                .satellites(from.satellites());
    }

    private static Mechanism build(final MechanismParameters parameters) {
        return parameters.build(MechanismContext.of("traffic", FixedEpochKeys.ring(KEY_BYTE, 1_752_393_600_000L)));
    }

    private static Map<String, String> released(final Mechanism mechanism, final Position position) {
        final Map<String, String> result = new TreeMap<>();
        mechanism.accept(new Candidate().reset(position), new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate candidate) {
                render(candidate.release(), result);
            }

            @Override
            public void suppress(final Candidate candidate, final SuppressionReason reason) {
                result.put("suppressed", reason.label());
            }
        });
        return result;
    }

    private static void render(final Release release, final Map<String, String> result) {
        if (release.pseudonym() != Release.NO_PSEUDONYM) {
            result.put("pseudonym", String.format("%016x", release.pseudonym()));
        }
        if (release.timeMs() != Release.NO_TIME) {
            result.put("timeMs", Long.toString(release.timeMs()));
        }
        if (release.latitudeE7() != Release.NO_COORDINATE) {
            result.put("latitudeE7", Integer.toString(release.latitudeE7()));
        }
        if (release.longitudeE7() != Release.NO_COORDINATE) {
            result.put("longitudeE7", Integer.toString(release.longitudeE7()));
        }
        if (release.cell() != Release.NO_CELL) {
            result.put("cell", Long.toHexString(release.cell()));
        }
        for (int i = 0; i < release.attributeCount(); i++) {
            final String label = Attribute.labelOf(release.attributeKey(i));
            final String before = result.put(label, Long.toString(release.attributeValue(i)));
            if (Attribute.ofKey(release.attributeKey(i)) == null
                    || Attribute.ofKey(release.attributeKey(i)).kind() != Attribute.Kind.DERIVED) {
                assertThat(before).as(label + " twice").isNull();
            }
        }
    }
}
