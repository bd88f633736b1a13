// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigProblem;
import org.roadhaze.config.ConfigReader;

class NoiseContradictionsTest {
    private static final String LAPLACE = "laplace: { epsilon: 0.01/m, budget: { day: 0.05/m } }";
    private static final String OTHER = "laplace: { epsilon: 0.01/m, budget: { day: 0.06/m } }";

    private static Policy parse(final String yaml) {
        final ConfigReader reader = new ConfigReader();
        final Policy policy = PolicyReader.read(reader.parse(
                Path.of("policy.yaml"), yaml.replace("LAPLACE", LAPLACE).replace("OTHER", OTHER)));
        reader.finish();
        return policy;
    }

    private static List<String> problems(final String yaml) {
        final ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(yaml));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(ConfigProblem::message).toList();
    }

    private static String stream(final String body) {
        return "policy: { version: 1 }\nstreams:\n  s:\n    retention: 1d\n" + body.indent(4);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'identity: { pseudonym: keyed, rotate: 2h }\nlocation: [LAPLACE]' | 5: streams.s.identity: noise hides where one report was made",
                "'identity: none\nlocation: [LAPLACE]\nattributes: { keep: [tripEnd, geofenceEnter] }' | 7: streams.s.attributes: geofenceEnter, tripEnd: taken from the raw track, and so tells without noise",
                "'identity: none\nlocation: [LAPLACE]\nattributes: { keep: [{ odometer: { bucket: 1000 } }] }' | 7: streams.s.attributes: odometer: counts up",
                "'identity: none\nlocation: [LAPLACE]\nattributes: { keep: [altitude] }' | 7: streams.s.attributes: altitude tells",
                "'identity: none\nlocation: [LAPLACE, crowd: {}]' | 6: streams.s.location[1]: found a crowd counted in noisy places",
                "'identity: none\nlocation: [LAPLACE, exact]' | 6: streams.s.location[1]: found a second step that publishes the place",
                "'identity: none\nlocation: [LAPLACE, trip-ends: {}]' | 6: streams.s.location[1]: found a step that judges the raw place after one that publishes it",
            })
    void shouldRefuse(final String body, final String problem) {
        assertThat(problems(stream(body))).anySatisfy(one -> assertThat(one).startsWith("policy.yaml:" + problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity: { pseudonym: keyed, rotate: 1h }\nlocation: [LAPLACE]\ntime: { round: 1min }",
                "identity: none\nlocation: [trip-ends: {}, LAPLACE]\nattributes: { keep: [speed] }",
                "identity: none\nlocation: [LAPLACE]",
            })
    void shouldAccept(final String body) {
        assertThat(parse(stream(body)).streams()).hasSize(1);
    }

    private static String streams(final String first, final String second) {
        return "policy: { version: 1 }\nstreams:\n"
                + "  a: { retention: 1d, identity: none, location: [" + first + "] }\n"
                + "  b: { retention: 1d, identity: none, location: [" + second + "] }\n"
                + "  c: { retention: 1d, journal: true }\n";
    }

    @ParameterizedTest(name = "{0} beside {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "LAPLACE | exact | 4: streams.b: lets out the places of the same vehicles exactly that the stream a hides",
                "exact | LAPLACE | 3: streams.a: lets out the places of the same vehicles exactly that the stream b hides",
                "LAPLACE | cell: { h3: 12 } | 4: streams.b: lets out the places of the same vehicles exactly",
                "LAPLACE | OTHER | 4: streams.b: a device has one budget over all streams",
            })
    void shouldRefuseStreamsOfWhichOneUndoesTheOther(final String first, final String second, final String problem) {
        assertThat(problems(streams(first, second))).singleElement().asString().startsWith("policy.yaml:" + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"LAPLACE | LAPLACE", "LAPLACE | cell: { h3: 7 }", "exact | cell: { h3: 12 }"})
    void shouldAcceptStreamsBesideEachOther(final String first, final String second) {
        assertThat(parse(streams(first, second)).streams()).hasSize(3);
    }
}
