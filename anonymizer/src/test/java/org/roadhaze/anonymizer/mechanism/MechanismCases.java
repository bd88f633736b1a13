// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigReader;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * The cases file of one mechanism, {@code <key>-<name>.yaml} beside this class: groups of parameters with fixes and the
 * exact release each must give, or the reason for which it is suppressed; and parameters that must be refused, with the
 * message.
 */
final class MechanismCases {
    /** A fix, and what must leave of it: {@code suppressed} alone, or every field of the release that is not empty. */
    record Case(String note, MechanismParameters parameters, Position position, Map<String, String> expected) {
        @Override
        public String toString() {
            return note;
        }
    }

    /** Parameters that must be refused: what was said about them, and what must be. */
    record Refusal(String expected, String said) {}

    private static final Path DIRECTORY = Path.of("src/test/resources/org/roadhaze/anonymizer/mechanism");

    private final Mechanisms.Kind kind;
    private final List<Case> cases = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();

    private MechanismCases(final Mechanisms.Kind kind) {
        this.kind = kind;
    }

    static MechanismCases of(final Mechanisms.Kind kind) {
        final MechanismCases read = new MechanismCases(kind);
        final ConfigReader reader = new ConfigReader();
        final ConfigMap root = read.parse(reader);
        for (final ConfigMap group : root.maps("groups")) {
            final MechanismParameters parameters = read.readParameters(group);
            for (final ConfigMap one : group.maps("cases")) {
                final String note = one.text("note");
                read.cases.add(new Case(note, parameters, position(one), expected(one)));
            }
        }
        final int refused = root.list("refused").size();
        root.maps("refused").forEach(ConfigMap::allowOthers);
        reader.finish();
        for (int i = 0; i < refused; i++) {
            read.refusals.add(read.refusal(i));
        }
        return read;
    }

    List<Case> cases() {
        return cases;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    private ConfigMap parse(final ConfigReader reader) {
        final String name = kind.section().key() + "-" + kind.name() + ".yaml";
        try (InputStream stream = MechanismCases.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new AssertionError("a mechanism needs a file of cases: " + name);
            }
            return reader.parse(
                    Path.of("src/test/resources/org/roadhaze/anonymizer/mechanism", name)
                            .toAbsolutePath(),
                    new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one refused group alone, so that its problems are told from those of the others. */
    private Refusal refusal(final int index) {
        final ConfigReader reader = new ConfigReader();
        final ConfigMap root = parse(reader);
        root.allowOthers();
        final ConfigMap refused = root.maps("refused").get(index);
        for (final ConfigMap other : root.maps("refused")) {
            other.allowOthers();
        }
        readParameters(refused);
        try {
            reader.finish();
        } catch (final ConfigException e) {
            return new Refusal("refused[" + index + "].parameters." + refused.text("message"), withoutPlace(e));
        }
        return new Refusal(refused.text("message"), "accepted");
    }

    private MechanismParameters readParameters(final ConfigMap group) {
        final ConfigMap parameters = group.map("parameters");
        if (kind.section() == Section.IDENTITY) {
            assertThat(parameters.text("pseudonym")).isEqualTo(kind.name());
        }
        return kind.reader().apply(parameters);
    }

    private static String withoutPlace(final ConfigException refused) {
        return refused.getMessage()
                .replaceAll("(?m)^\\S+:\\d+: ", "")
                .replace(DIRECTORY.toAbsolutePath().toString(), "DIRECTORY");
    }

    private static Position position(final ConfigMap one) {
        final Position position =
                new Position().fixTimeMs(0).latitudeE7(1).longitudeE7(1).deviceId(1);
        final ConfigMap fix = one.map("fix");
        for (final String field : fix.names()) {
            final long value = Long.parseLong(fix.text(field));
            switch (field) {
                case "deviceId" -> position.deviceId(value);
                case "fixTime" -> position.fixTimeMs(value);
                case "latitudeE7" -> position.latitudeE7((int) value);
                case "longitudeE7" -> position.longitudeE7((int) value);
                case "altitudeCm" -> position.altitudeCm((int) value);
                case "speedCmPerSec" -> position.speedCmPerSec((int) value);
                case "courseCdeg" -> position.courseCdeg((int) value);
                case "satellites" -> position.satellites((int) value);
                case "hdopCenti" -> position.hdopCenti((int) value);
                default -> fix.keyProblem(field, field, "a field of a position");
            }
        }
        final ConfigMap attributes = one.mapOrEmpty("attributes");
        for (final String name : attributes.names()) {
            final String label = name.replace(" again", "");
            position.attribute(Attribute.keyOf(label), Long.parseLong(attributes.text(name)));
        }
        return position;
    }

    private static Map<String, String> expected(final ConfigMap one) {
        final Map<String, String> expected = new TreeMap<>();
        if (one.has("suppressed")) {
            expected.put("suppressed", one.text("suppressed"));
        }
        for (final String key : List.of("release", "kept")) {
            final ConfigMap map = one.mapOrEmpty(key);
            for (final String name : map.names()) {
                expected.put(name, map.text(name));
            }
        }
        return expected;
    }
}
