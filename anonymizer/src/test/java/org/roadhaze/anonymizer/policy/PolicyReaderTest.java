// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.mechanism.Mechanisms;
import org.roadhaze.anonymizer.policy.StreamPolicy.EffectiveRule;
import org.roadhaze.config.ConfigException;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigProblem;
import org.roadhaze.config.ConfigReader;

class PolicyReaderTest {
    private static final String GOOD = """
            policy:
              version: 2025-07-13
            streams:
              traffic:
                description: Speeds for the city
                retention: 730d
                identity: { pseudonym: keyed, rotate: 24h }
                location:
                  - cell: { h3: 8 }
                time: { round: 30s }
                attributes: { keep: [speed, { course: { bucket: 22.5 } }] }
              counts:
                retention: 30d
                identity: none
                time: exact
            """;

    private static final String ZONES = "src/test/resources/org/roadhaze/anonymizer/mechanism/zones.geojson";

    /** Computed apart from this code, over the canonical text with six lines. */
    private static final long GOOD_HASH = -8680822660296933497L;

    @Test
    void shouldTellWhatIsWrongBehindANameThatIsWrong() {
        assertThat(problems(GOOD.replace("pseudonym: keyed, rotate: 24h", "pseudonym: keyd, rotate: 24, colour: red")
                        .replace("cell: { h3: 8 }", "cel: { h3: 16 }")))
                .satisfiesExactly(
                        first -> assertThat(first).contains("identity.pseudonym: found keyd"),
                        second -> assertThat(second).contains("identity.rotate: found 24"),
                        third -> assertThat(third).contains("identity.colour: found a key that is not known here"),
                        fourth -> assertThat(fourth).contains("location[0]: found cel"),
                        fifth -> assertThat(fifth).contains("location[0].cel.h3: found 16, allowed 0 to 15"));
    }

    @Test
    void shouldTellAContradictionBesideARetentionThatIsWrong() {
        assertThat(problems(GOOD.replace("retention: 730d", "retention: 730").replace("keep: [", "keep: [altitude, ")))
                .satisfiesExactly(
                        first -> assertThat(first).contains("traffic.retention: found 730"),
                        second -> assertThat(second).contains("traffic.attributes: altitude tells"));
    }

    private static final String JOURNAL = """
              evidence:
                description: identified records, sealed
                retention: 30d
                journal: true
            """;

    @Test
    void shouldReadAJournal() {
        final Policy policy = parse(GOOD + JOURNAL);
        final StreamPolicy journal = policy.stream("evidence");
        assertThat(journal.journal()).isTrue();
        assertThat(journal.steps()).isEmpty();
        assertThat(policy.stream("traffic").journal()).isFalse();
        assertThat(journal.effective())
                .extracting(EffectiveRule::aspect)
                .containsExactly("leaves", "sealed", "readers", "shows", "kept");
        assertThatThrownBy(() -> journal.newChain(null, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(journal.hash())
                .isNotEqualTo(new StreamPolicy("evidence", "", journal.retention(), false, List.of()).hash());
    }

    @Test
    void shouldRefuseTheKeysOfAChainInAJournal() {
        assertThat(problems(GOOD + JOURNAL + """
                    identity: none
                    location: [exact]
                    time: exact
                    attributes: { keep: [speed] }
                """))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("evidence.identity: found identity in a journal")
                                .contains("allowed a journal without it"),
                        second -> assertThat(second).contains("evidence.location: found location in a journal"),
                        third -> assertThat(third).contains("evidence.time: found time in a journal"),
                        fourth -> assertThat(fourth).contains("evidence.attributes: found attributes in a journal"));
    }

    @Test
    void shouldRefuseAJournalWithoutRetention() {
        assertThat(problems(GOOD + JOURNAL.replace("    retention: 30d\n", "")))
                .satisfiesExactly(only -> assertThat(only).contains("evidence.retention: found nothing"));
    }

    private static Policy parse(final String yaml) {
        final ConfigReader reader = new ConfigReader();
        final Policy policy = PolicyReader.read(reader.parse(Path.of("policy.yaml"), yaml));
        reader.finish();
        return policy;
    }

    private static List<String> problems(final String yaml) {
        final ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(yaml));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(ConfigProblem::message).toList();
    }

    private static List<String> warnings(final String yaml) {
        return parse(yaml).warnings().stream().map(ConfigProblem::message).toList();
    }

    /** A stream on lines 4 and following. */
    private static String stream(final String body) {
        return "policy: { version: 1 }\nstreams:\n  s:\n    retention: 1d\n" + body.indent(4);
    }

    @Test
    void shouldReadAPolicy() {
        final Policy policy = parse(GOOD);

        assertThat(policy.version()).isEqualTo("2025-07-13");
        assertThat(policy.streams()).extracting(StreamPolicy::name).containsExactly("traffic", "counts");
        assertThat(policy.stream("traffic").retention()).isEqualTo(Duration.ofDays(730));
        assertThat(policy.stream("traffic").description()).isEqualTo("Speeds for the city");
        assertThatThrownBy(() -> policy.stream("fleet"))
                .hasMessage("no stream fleet in policy 2025-07-13, which has traffic, counts");
    }

    @Test
    void shouldWarnThatTwoStreamsCanBeJoined() {
        final String one = GOOD.substring(0, GOOD.indexOf("  counts:"));

        assertThat(warnings(one)).noneMatch(warning -> warning.contains("join"));
        assertThat(warnings(GOOD))
                .filteredOn(warning -> warning.contains("join"))
                .singleElement()
                .asString()
                .startsWith("policy.yaml:4: streams: whoever may read two streams can join them")
                .endsWith("give them to different readers");
    }

    @Test
    void shouldWarnOfEveryStreamThatTheOrderOfRecordsLinksThem() {
        assertThat(warnings(GOOD))
                .contains(
                        "policy.yaml:7: streams.traffic.identity: whoever may read the stream can link the pseudonym"
                                + " before a change to the one after it, though nothing computes one from the other: the"
                                + " records of a frame that spans the change leave side by side and in their order",
                        "policy.yaml:14: streams.counts.identity: whoever may read the stream can link what one device"
                                + " sent in one frame, up to 255 records, to a track, and a track can show whose it is,"
                                + " though there is no identity: the records of a frame leave side by side and in their"
                                + " order");
    }

    @Test
    void shouldSayWhatLeaves() {
        final Policy policy = parse(GOOD);

        assertThat(policy.stream("traffic").effective())
                .containsExactly(
                        new EffectiveRule("place", "H3 cell, resolution 8 (0.737 km2 on average)"),
                        new EffectiveRule(
                                "identity",
                                "keyed pseudonym, another one every 24h; its key is destroyed at most 24h later"),
                        new EffectiveRule("time", "rounded down to 30s"),
                        new EffectiveRule("attributes", "speed, course in steps of 22.5 deg; no other"),
                        new EffectiveRule(
                                "order",
                                "as it came, not mixed in this version: what one device sent in one frame, up to 255"
                                        + " records, leaves side by side and shows as one vehicle's"),
                        new EffectiveRule("delay", "none: no record is held back to wait for others"),
                        new EffectiveRule("kept", "730 days, then deleted, an hour at a time"));
        assertThat(policy.stream("counts").effective())
                .startsWith(
                        new EffectiveRule("place", "does not leave"),
                        new EffectiveRule("identity", "does not leave"),
                        new EffectiveRule("time", "exact, to the millisecond"),
                        new EffectiveRule("attributes", "none"));
    }

    @Test
    void shouldTellPoliciesApartByTheirHash() {
        final long hash = parse(GOOD).stream("traffic").hash();

        assertThat(hash).as("a number that no release may change").isEqualTo(GOOD_HASH);
        assertThat(parse(GOOD.replace("Speeds", "Places")).stream("traffic").hash())
                .isEqualTo(hash);
        assertThat(parse(GOOD.replace("2025-07-13", "2026")).stream("traffic").hash())
                .isEqualTo(hash);
        for (final String change :
                List.of("730d/731d", "24h/23h", "h3: 8/h3: 7", "30s/32s", "22.5/22", "speed,/speed, hdop,")) {
            final String[] parts = change.split("/", 2);
            assertThat(parse(GOOD.replace(parts[0], parts[1])).stream("traffic").hash())
                    .as(change)
                    .isNotEqualTo(hash);
        }
        assertThat(parse(GOOD).stream("counts").hash()).isNotEqualTo(hash);
    }

    @Test
    void shouldReadThePolicyInAnEngineConfiguration() {
        final ConfigReader reader = new ConfigReader();
        final ConfigMap root = reader.parse(Path.of("roadhaze.yaml"), "data: /var/lib\n" + GOOD);
        final Policy policy = PolicyReader.read(root);
        assertThat(root.text("data")).isEqualTo("/var/lib");
        reader.finish();

        assertThat(policy.streams()).hasSize(2);
        assertThat(problems("data: /var/lib\n" + GOOD))
                .containsExactly("policy.yaml:1: data: found a key that is not known here, allowed policy, streams");
    }

    @Test
    void shouldReadAPolicyFileOfItsOwn(@TempDir final Path directory) throws IOException {
        Files.createDirectory(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/privacy.yaml"), GOOD);
        final Path including =
                Files.writeString(directory.resolve("roadhaze.yaml"), "policy: { file: conf/privacy.yaml }\n");

        assertThat(Policy.read(including).version()).isEqualTo("2025-07-13");

        Files.writeString(directory.resolve("conf/privacy.yaml"), GOOD.replace("h3: 8", "h3: 17"));
        assertThatThrownBy(() -> Policy.read(including))
                .hasMessage(directory.resolve("conf/privacy.yaml")
                        + ":9: streams.traffic.location[0].cell.h3: found 17, allowed 0 to 15");

        Files.writeString(including, "policy: { file: roadhaze.yaml }\n");
        assertThatThrownBy(() -> Policy.read(including)).hasMessageContaining("cannot point to another one");

        Files.writeString(including, "policy: { file: absent.yaml }\n");
        assertThatThrownBy(() -> Policy.read(including)).hasMessageContaining("absent.yaml: found no such file");
    }

    @Test
    void shouldRefuseWhatIsMissing() {
        assertThat(problems("streams: {}"))
                .containsExactly(
                        "policy.yaml:1: policy: found nothing, allowed a mapping of keys to values",
                        "policy.yaml:1: streams: no stream: nothing would ever leave");
        assertThat(problems("policy: { version: 1 }\nstreams:\n  s:\n    time: exact\n"))
                .containsExactly(
                        "policy.yaml:4: streams.s.retention: found nothing, allowed a duration with its unit,"
                                + " such as 10ms, 1s, 5min, 24h, 730d",
                        "policy.yaml:4: streams.s.identity: found nothing, allowed none,"
                                + " { pseudonym: keyed, rotate: 24h }, or { pseudonym: per-segment }");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"Traffic", "9lives", "a_b", "a.b", "../x"})
    void shouldRefuseNamesThatAreNoDirectoriesAndLabels(final String name) {
        assertThat(problems("policy: { version: 1 }\nstreams:\n  " + name
                        + ": { retention: 1d, identity: none, time: exact }\n"))
                .containsExactly("policy.yaml:3: streams." + name + ": found " + name
                        + ", allowed a name of a to z, 0 to 9 and -, a letter first, at most 63 long");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "identity: device | 5: streams.s.identity: found device, allowed none, { pseudonym: keyed, rotate: 24h }, or { pseudonym: per-segment }",
                "identity: { pseudonym: kyed, rotate: 24h } | 5: streams.s.identity.pseudonym: found kyed, allowed keyed, per-segment (did you mean keyed?)",
                "'identity: none\nlocation: [cell: { h3: 8 }, exact: {}]' | 6: streams.s.location[1]: found a second step that publishes the place, allowed one: the finer would undo the coarser",
                "'identity: none\nlocation: [cell: { h3: 8 }, zones: { suppress: x }]' | 6: streams.s.location[1]: found a step that judges the raw place after one that publishes it, allowed the other order",
                "'identity: none\nlocation: [zones: { suppress: x.geojson }]\ntime: exact' | 6: streams.s.location[0].zones.suppress: x.geojson: no such file, expected: a GeoJSON file",
                "'identity: none\nlocation: [cell]' | 6: streams.s.location[0]: found cell alone, allowed cell with its parameters",
                "'identity: none\nattributes: [speed]' | 6: streams.s.attributes: found a list, allowed { keep: [NAME, ...] }",
                "'identity: none\nlocation: [celt: { h3: 8 }]' | 6: streams.s.location[0]: found celt, allowed one of NAMES (did you mean cell?)",
                "'identity: none\nlocation: [{ cell: { h3: 8 }, exact: {} }]' | 6: streams.s.location[0]: found a mapping of 2 keys, allowed one step: NAMES",
                "'identity: none\ntime: { rund: 1s }' | 6: streams.s.time: found a mapping, allowed exact, or { round: 1s }",
                "'identity: none\ntime: 1s' | 6: streams.s.time: found 1s, allowed exact, or { round: 1s }",
                "'identity: none' | 4: streams.s: nothing leaves: neither a place nor a time nor an attribute is named",
                "'identity: none\nlocation: [cell: { h3: 8 }]\nattributes: { keep: [altitude] }' | 7: streams.s.attributes: altitude tells where a vehicle is, beside a place that is coarsened or kept back: leave altitude out, or publish the exact place",
                "'identity: none\nattributes: { keep: [altitude] }' | 6: streams.s.attributes: altitude tells where a vehicle is, beside a place that is coarsened or kept back: leave altitude out, or publish the exact place",
                "'identity: { pseudonym: keyed, rotate: 1h }\ntime: { round: 2h }' | 5: streams.s.identity: the pseudonym changes within one step of the rounded time, so that the last record of the old one and the first of the new one carry the same time, and the two are linked: rotate must be a multiple of round",
                "'identity: { pseudonym: keyed, rotate: 24h }\ntime: { round: 7h }' | 5: streams.s.identity: the pseudonym changes within one step of the rounded time, so that the last record of the old one and the first of the new one carry the same time, and the two are linked: rotate must be a multiple of round",
            })
    void shouldRefuseContradictions(final String body, final String problem) {
        final String names = String.join(", ", Mechanisms.names("location"));

        assertThat(problems(stream(body))).contains("policy.yaml:" + problem.replace("NAMES", names));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "geofenceEnter, geofenceEnter",
        "geofenceExit, geofenceExit",
        "tripStart, tripStart",
        "tripEnd, tripEnd",
        "onTrip, onTrip",
        "{ tripDistance: { bucket: 5000 } }, tripDistance",
        "{ tripOdometer: { bucket: 5000 } }, tripOdometer",
        "'tripEnd, speed, geofenceEnter', 'geofenceEnter, tripEnd'",
    })
    void shouldRefuseWhatIsTakenFromTheRawTrackBesideZones(final String keep, final String named) {
        final String attributes = "attributes: { keep: [" + keep + "] }\n";
        final String zones = "location: [zones: { suppress: " + ZONES + " }, cell: { h3: 7 }]\n";

        assertThat(parse(stream("identity: none\n" + attributes)).streams()).hasSize(1);
        assertThat(problems(stream("identity: none\n" + attributes + zones)))
                .containsExactly("policy.yaml:6: streams.s.attributes: " + named + ": taken from the raw track, before"
                        + " zones keep anything back, and so names the place that they hide, by its fence, by the trip that"
                        + " began or ended there, or by the way driven since: leave it out of a stream with zones");
    }

    @Test
    void shouldTreatLearnedZonesAsZones() {
        final String zones = "identity: none\nlocation: [learned-zones: { shift: 1km }, trip-ends: {}, exact]\n";

        assertThat(warnings(stream(zones))).noneMatch(one -> one.contains("zones"));
        assertThat(problems(stream(zones + "attributes: { keep: [geofenceExit] }")))
                .anySatisfy(one -> assertThat(one).contains("names the place that they hide"));
        assertThat(parse(stream(zones)).stream("s").effective())
                .contains(new EffectiveRule(
                        "place",
                        "exact coordinates; nothing within 500 m of the 3 places where a vehicle stays longest, in a"
                                + " circle whose centre is up to 1000 m away, once it has stayed there for 6h since"
                                + " the engine started; until then its surroundings leave; nothing within 500 m, as"
                                + " it drove, of where the vehicle stopped (3min within 100 m, engine off, or silent"
                                + " for 20min); so a place leaves only when it has driven as far again"));
    }

    @Test
    void shouldAcceptBesideZonesWhatSaysNothingOfTheTrackBefore() {
        assertThat(parse(stream("identity: none\nlocation: [zones: { suppress: " + ZONES
                                + " }, cell: { h3: 7 }]\nattributes: { keep: [speed, course, ignition] }"))
                        .streams())
                .hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "identity: { pseudonym: keyed, rotate: 24h }\nlocation: [cell: { h3: 10 }]",
                "identity: { pseudonym: keyed, rotate: 366d }\nattributes: { keep: [ignition] }",
            })
    void shouldNotCallExactOrEverlastingWhatIsNot(final String body) {
        assertThat(warnings(stream(body))).noneMatch(one -> one.contains("exact places") || one.contains("24h"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"24h,8h", "24h,24h", "7d,1d", "1min,1ms", "90min,45s"})
    void shouldAcceptARotationThatIsAMultipleOfTheTimeStep(final String rotate, final String round) {
        assertThat(parse(stream("identity: { pseudonym: keyed, rotate: " + rotate + " }\ntime: { round: " + round
                                + " }"))
                        .streams())
                .hasSize(1);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'identity: { pseudonym: keyed, rotate: 30d }\nlocation: [exact]' | 5: streams.s.identity: one pseudonym for longer than 24h",
                "'identity: { pseudonym: keyed, rotate: 25h }\nlocation: [cell: { h3: 5 }]' | 5: streams.s.identity: one pseudonym for longer than 24h",
                "'identity: { pseudonym: keyed, rotate: 366d }\nattributes: { keep: [geofenceEnter] }' | 5: streams.s.identity: one pseudonym for longer than 24h",
                "'identity: none\nlocation: [exact: {}]' | 6: streams.s.location: exact places and no zones",
                "'identity: none\nlocation: [cell: { h3: 15, publish: both }]\ntime: exact' | 6: streams.s.location: exact places and no zones",
                "'identity: none\nlocation: [cell: { h3: 11 }]' | 6: streams.s.location: cells of 2500 m2 and less are as good as exact places",
                "'identity: none\nlocation: [cell: { h3: 8 }]\ntime: { round: 1s }\nattributes: { keep: [speed] }' | 7: streams.s.time: a time finer than 15s beside cells",
                "'identity: none\nlocation: [learned-zones: {}, exact]' | 6: streams.s.location: learned zones and no trip-ends",
                "'identity: none\nattributes: { keep: [io21] }' | 6: streams.s.attributes.keep[0]: io21 is whatever",
                "'identity: none\nattributes: { keep: [speed, { odometer: { bucket: 1000 } }] }' | 6: streams.s.attributes.keep[1]: odometer links records even in steps",
            })
    void shouldWarnOfWhatIsDoubtful(final String body, final String warning) {
        assertThat(warnings(stream(body))).anySatisfy(one -> assertThat(one).startsWith("policy.yaml:" + warning));
    }
}
