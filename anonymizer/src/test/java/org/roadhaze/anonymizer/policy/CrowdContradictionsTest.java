// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigProblem;
import org.roadhaze.config.ConfigReader;

class CrowdContradictionsTest {
    private static final String COUNTS = "counts: { cell: 1km, epsilon: 1, delta: 1e-6, unit: device-window }";

    private static Policy parse(final String body) {
        final ConfigReader reader = new ConfigReader();
        final String yaml = "policy: { version: 1 }\nstreams:\n  s:\n    retention: 1d\n" + body.indent(4);
        final Policy policy = PolicyReader.read(reader.parse(Path.of("policy.yaml"), yaml.replace("COUNTS", COUNTS)));
        reader.finish();
        return policy;
    }

    private static List<String> problems(final String body) {
        final ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(body));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(ConfigProblem::message).toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'identity: { pseudonym: keyed, rotate: 5min }\nlocation: [crowd: {}]' | 5: streams.s.identity: a crowd hides a record",
                "'identity: none\nlocation: [crowd: { window: 300s }]\ntime: { round: 7s }' | 7: streams.s.time: a step of the rounded time lies in two windows",
                "'identity: none\nlocation: [crowd: { window: 300s }]\ntime: { round: 7min }' | 7: streams.s.time: a step of the rounded time lies in two windows",
                "'identity: none\nlocation: [crowd: {}]\nattributes: { keep: [geofenceEnter] }' | 7: streams.s.attributes: geofenceEnter: taken from the raw track",
                "'identity: none\nlocation: [crowd: {}]\nattributes: { keep: [{ odometer: { bucket: 1000 } }] }' | 7: streams.s.attributes: odometer: counts up",
                "'identity: none\nlocation: [crowd: {}]\nattributes: { keep: [altitude] }' | 7: streams.s.attributes: altitude tells",
                "'identity: none\nlocation: [crowd: {}, exact]' | 6: streams.s.location[1]: found a second step that publishes the place",
                "'identity: none\nlocation: [COUNTS, crowd: {}]' | 6: streams.s.location[1]: found a second step that publishes the place",
                "'identity: { pseudonym: keyed, rotate: 24h }\nlocation: [COUNTS]' | 5: streams.s.identity: a count is of many devices",
                "'identity: none\nlocation: [COUNTS]\ntime: exact' | 7: streams.s.time: a count has the time",
                "'identity: none\nlocation: [COUNTS]\nattributes: { keep: [speed] }' | 7: streams.s.attributes: a count has attributes",
                "'identity: none\ntime: exact\nattributes: { keep: [deviceCount] }' | 7: streams.s.attributes.keep[0]: deviceCount is of many devices together",
            })
    void shouldRefuse(final String body, final String problem) {
        assertThat(problems(body)).anySatisfy(one -> assertThat(one).startsWith("policy.yaml:" + problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity: none\nlocation: [crowd: {}]\ntime: { round: 300s }\nattributes: { keep: [speed] }",
                "identity: none\nlocation: [crowd: {}]\ntime: { round: 10min }",
                "identity: none\nlocation: [crowd: {}]",
                "identity: none\nlocation: [COUNTS]",
            })
    void shouldAcceptWithoutAWarning(final String body) {
        assertThat(parse(body).warnings()).isEmpty();
    }

    @Test
    void shouldWarnOfATimeFinerThanTheWindow() {
        assertThat(parse("identity: none\nlocation: [crowd: {}]\ntime: { round: 60s }")
                        .warnings())
                .extracting(ConfigProblem::message)
                .singleElement()
                .asString()
                .startsWith("policy.yaml:7: streams.s.time: a time finer than the window of the crowd, 5min");
    }

    @Test
    void shouldSayHowLateAndInWhichOrderRecordsLeave() {
        final StreamPolicy policy = parse("identity: none\nlocation: [crowd: {}]").stream("s");
        assertThat(policy.needsWholeFleet()).isTrue();
        assertThat(policy.effective())
                .contains(
                        new StreamPolicy.EffectiveRule(
                                "order", "mixed within a window: it shows nothing of who sent what"),
                        new StreamPolicy.EffectiveRule(
                                "delay",
                                "records are held back for up to 6min; what is held when the engine stops or dies does"
                                        + " not leave, unless it is rebuilt"));
    }
}
