// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigProblem;
import org.roadhaze.config.ConfigReader;

class SegmentContradictionsTest {
    private static final String SEGMENTS = """
            identity: { pseudonym: per-segment }
            location:
              - reorder: {}
              - split-and-gap: {}
              - cell: { h3: 9 }
            time: { round: 15s }
            """;

    private static Policy parse(final String... bodies) {
        final StringBuilder yaml = new StringBuilder("policy: { version: 1 }\nstreams:\n");
        for (int i = 0; i < bodies.length; i++) {
            yaml.append("  s").append(i).append(":\n    retention: 1d\n").append(bodies[i].indent(4));
        }
        final ConfigReader reader = new ConfigReader();
        final Policy policy = PolicyReader.read(reader.parse(Path.of("policy.yaml"), yaml.toString()));
        reader.finish();
        return policy;
    }

    private static List<String> problems(final String... bodies) {
        final ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(bodies));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(ConfigProblem::message).toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'identity: { pseudonym: per-segment }\nlocation: [cell: { h3: 9 }]' | 5: streams.s0.identity: a pseudonym for each segment, and no step that makes segments",
                "'identity: { pseudonym: per-segment }\nlocation: [trip-ends: {}, cell: { h3: 9 }]' | 5: streams.s0.identity: a pseudonym for each segment, and no step that makes segments",
                "'identity: { pseudonym: keyed, rotate: 1h }\nlocation: [split-and-gap: {}, cell: { h3: 9 }]' | 5: streams.s0.identity: a pseudonym that outlives a segment joins the segments again",
                "'identity: { pseudonym: per-segment }\nlocation: [split-and-gap: {}, exact]' | 6: streams.s0.location: exact coordinates beside segments",
                "'identity: { pseudonym: per-segment }\nlocation: [split-and-gap: {}, cell: { h3: 9 }]\nattributes: { keep: [{ odometer: { bucket: 1000 } }] }' | 7: streams.s0.attributes: odometer: counts up, and so joins a segment to the next one",
                "'identity: none\nlocation: [split-and-gap: {}, cell: { h3: 9 }]\nattributes: { keep: [geofenceEnter] }' | 7: streams.s0.attributes: geofenceEnter: taken from the raw track, and so tells what happened in a gap",
                "'identity: { pseudonym: per-segment }\nlocation: [split-and-gap: {}, sample: { share: 50% }, cell: { h3: 9 }]' | 6: streams.s0.location[1]: found a sample after gaps, which were measured in the vehicles that it leaves out, allowed the other order",
                "'identity: { pseudonym: per-segment }\nlocation: [split-and-gap: {}, trip-ends: {}, cell: { h3: 9 }]' | 6: streams.s0.location[1]: found a step out of its order",
                "'identity: none\nlocation: [dwell: {}, trip-ends: {}, cell: { h3: 9 }]' | 6: streams.s0.location[1]: found a second step that keeps stops back",
                "'identity: none\nlocation: [trip-ends: {}, dwell: {}, cell: { h3: 9 }]' | 6: streams.s0.location[1]: found a second step that keeps stops back",
                "'identity: none\nlocation: [split-and-gap: {}, counts: { cell: 1km, epsilon: 1, delta: 1e-6, unit: device-window }]' | 6: streams.s0.location: counts keep no track that could be cut",
            })
    void shouldRefuse(final String body, final String problem) {
        assertThat(problems(body)).anySatisfy(one -> assertThat(one).startsWith("policy.yaml:" + problem));
    }

    @Test
    void shouldRefuseTheSegmentsOfOneTrackInTwoStreams() {
        assertThat(problems(SEGMENTS, SEGMENTS))
                .singleElement()
                .asString()
                .startsWith("policy.yaml:15: streams.s1.location: segments here and in stream s0: the one goes on where"
                        + " the other has its gap");
        assertThat(parse(SEGMENTS, "identity: none\nlocation: [crowd: {}]").streams())
                .hasSize(2);
    }

    @Test
    void shouldAcceptSegmentsAndSayWhatTheyLeave() {
        final StreamPolicy policy =
                parse(SEGMENTS.replace("  - reorder", "  - sample: { share: 50% }\n  - reorder")).stream("s0");

        assertThat(policy.needsWholeFleet()).isTrue();
        assertThat(policy.effective())
                .anySatisfy(rule -> assertThat(rule.rule())
                        .contains("only of 50.0 % of the devices, others every 24h")
                        .contains("pieces of 270s to 5min of the track, and nothing between them for 60s at least, for"
                                + " 300 m, and until other pieces that ended nearby within 45min could go on there"))
                .anySatisfy(rule -> assertThat(rule.rule()).startsWith("a random number for each piece of a track"));
    }

    @Test
    void shouldNotNeedTheWholeFleetForGapsOfALength() {
        final String body = SEGMENTS.replace("split-and-gap: {}", "split-and-gap: { segment: 3min, gap: 5min }");
        assertThat(parse(body).stream("s0").needsWholeFleet()).isFalse();
        assertThat(parse(body).stream("s0").hash())
                .isNotEqualTo(parse(SEGMENTS).stream("s0").hash());
    }

    @Test
    void shouldWarnOfATimeThatShowsTheSecondOfAReport() {
        assertThat(parse(SEGMENTS.replace("15s", "10s")).warnings())
                .extracting(ConfigProblem::message)
                .anySatisfy(one -> assertThat(one)
                        .startsWith("policy.yaml:10: streams.s0.time: a time finer than 15s beside segments"));
        assertThat(parse(SEGMENTS).warnings())
                .extracting(ConfigProblem::message)
                .singleElement()
                .asString()
                .contains("can link the pseudonym before a change to the one after it");
    }
}
