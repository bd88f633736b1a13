// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.policy.StreamPolicy.EffectiveRule;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigProblem;
import org.roadhaze.config.ConfigReader;

class ShuffleContradictionsTest {
    private static final String GOOD =
            "identity: none\nlocation: [cell: { h3: 7 }]\ntime: { round: 15min, shuffle: {} }\nattributes: { keep: [speed] }";

    private static Policy parse(final String body) {
        final ConfigReader reader = new ConfigReader();
        final String yaml = "policy: { version: 1 }\nstreams:\n  s:\n    retention: 1d\n" + body.indent(4);
        final Policy policy = PolicyReader.read(reader.parse(Path.of("policy.yaml"), yaml));
        reader.finish();
        return policy;
    }

    @Test
    void shouldSayThatTheOrderShowsNothingAndHowLateRecordsLeave() {
        final StreamPolicy policy = parse(GOOD).stream("s");

        assertThat(parse(GOOD).warnings()).isEmpty();
        assertThat(policy.needsWholeFleet()).isTrue();
        assertThat(policy.mixesRecords()).isTrue();
        assertThat(policy.holdsBack()).isEqualTo(Duration.ofMinutes(16));
        assertThat(policy.effective())
                .contains(
                        new EffectiveRule("time", "rounded down to 15min"),
                        new EffectiveRule(
                                "order",
                                "mixed: what all devices sent of the same 15min leaves together, in a random order that"
                                        + " shows nothing of who sent what"),
                        new EffectiveRule(
                                "delay",
                                "records are held back for up to 16min; what is held when the engine stops or dies does"
                                        + " not leave, unless it is rebuilt"));
        assertThat(policy.hash())
                .isNotEqualTo(
                        parse(GOOD.replace(", shuffle: {}", "")).stream("s").hash());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'location: [crowd: { window: 15min }]\ntime: { round: 15min, shuffle: {} }' | 7: streams.s.time: a crowd mixes the records of its window already",
                "'time: { round: 15min, shuffle: {} }\nattributes: { keep: [speed, { odometer: { bucket: 1000 } }] }' | 7: streams.s.attributes: odometer: counts up, and so puts the records",
                "'time: { shuffle: {} }' | 6: streams.s.time.round: found nothing",
                "'time: { round: 1ms, shuffle: {} }' | 6: streams.s.time.round: found 1ms, allowed 1s to 1d",
                "'time: { round: 15min, shuffle: {}, colour: red }' | 6: streams.s.time.colour: found a key that is not known here, allowed round, shuffle",
            })
    void shouldRefuse(final String body, final String problem) {
        final ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> parse("identity: none\n" + body));
        assertThat(refused).as("refused").isNotNull();
        final List<String> problems =
                refused.problems().stream().map(ConfigProblem::message).toList();
        assertThat(problems).anySatisfy(one -> assertThat(one).startsWith("policy.yaml:" + problem));
    }

    @Test
    void shouldWarnOfWhatEarlierStepsHoldForTooLong() {
        final String trips = GOOD.replace("[cell", "[reorder: {}, trip-ends: { longest-wait: 5min }, cell");
        assertThat(parse(trips).warnings())
                .extracting(ConfigProblem::message)
                .singleElement()
                .asString()
                .startsWith("policy.yaml:7: streams.s.time: steps before it hold records back for up to 5min");
        assertThat(parse(trips.replace("shuffle: {}", "shuffle: { late: 5min }"))
                        .warnings())
                .isEmpty();
    }
}
