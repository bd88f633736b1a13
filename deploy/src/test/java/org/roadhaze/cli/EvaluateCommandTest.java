// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people who live and work far from each other, through a policy that hides nothing and one that hides their trips' ends. */
class EvaluateCommandTest {
    private static final String HEAD = """
            policy: { version: v1 }
            streams:
              city:
                retention: 1d
                time: exact
            """;

    private static final String BROKEN = HEAD + """
                identity: { pseudonym: keyed, rotate: 366d }
                location: [{ exact: {} }]
            """;

    private static final String TRIMMED = HEAD + """
                identity: { pseudonym: keyed, rotate: 1h }
                location: [{ trip-ends: { trim: 500m } }, { exact: {} }]
            """;

    /** Noise on every place, and ids that last an hour: what leaves is nothing but a matter of keys. */
    private static final String NOISY = HEAD + """
                identity: { pseudonym: keyed, rotate: 1h }
                location: [{ laplace: { epsilon: 0.01/m, report: 10m, budget: { day: 1000/m } } }]
            """;

    @TempDir
    private Path files;

    private final CommandLineHarness roadhaze = new CommandLineHarness();

    /** Two days from 2025-07-13, a fix every two minutes: at home until six, away until eighteen, at home again. */
    private Path traces() throws IOException {
        final StringBuilder rows = new StringBuilder("device,time,latitude,longitude\n");
        for (int minute = 0; minute < 2880; minute += 2) {
            final int ofDay = minute % 1440;
            final double way = ofDay < 360 || ofDay >= 1140
                    ? 0
                    : ofDay < 420 ? (ofDay - 360) / 60.0 : ofDay < 1080 ? 1 : (1140 - ofDay) / 60.0;
            for (int person = 0; person < 2; person++) {
                rows.append(String.format(
                        Locale.ROOT,
                        "p%d,%d,%.6f,%.6f%n",
                        person,
                        1_752_364_800L + 60L * minute,
                        45 + 0.3 * person + 0.1 * way,
                        7 + 0.1 * way));
            }
        }
        return Files.writeString(files.resolve("traces.csv"), rows);
    }

    private String evaluate(final String policy, final String... options) throws IOException {
        final Path json = files.resolve("report.json");
        final Path file = Files.writeString(files.resolve("policy.yaml"), policy);
        final List<String> arguments = new ArrayList<>(List.of(
                "evaluate", "--policy", file.toString(), "--traces", traces().toString(), "--json", json.toString()));
        arguments.addAll(List.of(options));
        assertThat(roadhaze.run(arguments.toArray(new String[0])))
                .as("%s", roadhaze.err())
                .isEqualTo(Exit.OK);
        return Files.readString(json);
    }

    @Test
    void shouldFindEverybodyWhereNothingIsHidden() throws IOException {
        final String json = evaluate(BROKEN);
        assertThat(json)
                .startsWith(
                        "{\"policy\":\"v1\",\"stream\":\"city\",\"seed\":1,\"devices\":2,\"fixes\":2880,\"privacy\":{")
                .contains("\"uniqueness4\":{\"value\":1.0,")
                .contains("\"reidentificationAp\":{\"value\":1.0,")
                .contains("\"reidentificationApAdaptive\":{\"value\":1.0,")
                .contains("\"homeWithin250m\":{\"value\":1.0,")
                .contains("\"published\":{\"value\":1.0,")
                .contains("\"chance\":0.5,");
        assertThat(evaluate(BROKEN)).as("a second run of the same seed").isEqualTo(json);
        assertThat(roadhaze.out().lines())
                .first()
                .asString()
                .isEqualTo("stream city, policy v1, seed 1: 2880 fixes of 2 devices");
    }

    @Test
    void shouldRepeatItselfWithTheKeysOfASeed() throws IOException {
        final String json = evaluate(NOISY);
        assertThat(evaluate(NOISY)).as("the same noise").isEqualTo(json);
        assertThat(distortion(evaluate(NOISY, "--seed", "2"))).as("other noise").isNotEqualTo(distortion(json));
    }

    private static String distortion(final String json) {
        return json.substring(json.indexOf("\"spatialDistortionMetres\""), json.indexOf("\"rangeQueryError\""));
    }

    @Test
    void shouldTakeOffsetsEastAndWestOfGreenwich() throws IOException {
        assertThat(evaluate(BROKEN, "--utc-offset=-07:00")).contains("\"homeWithin250m\":{\"value\":");
        assertThat(roadhaze.run("evaluate", "--policy", "p.yaml", "--traces", "t.csv", "--utc-offset=west"))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("found 'west', allowed an offset from UTC of -18:00 to +18:00");
    }

    @Test
    void shouldFindNobodysHomeWhereTripsHaveNoEnds() throws IOException {
        final String json = evaluate(TRIMMED);
        assertThat(json)
                .contains("\"homeWithin250m\":{\"value\":0.0,")
                .contains("\"stopF\":{\"value\":0.0,")
                .doesNotContain("\"published\":{\"value\":1.0,");
        assertThat(evaluate(TRIMMED)).isEqualTo(json);
    }

    @Test
    void shouldRefuseAPolicyThatBreaksItsLimitsAndNameTheAttack() throws IOException {
        final Path policy = files.resolve("policy.yaml");
        final String[] arguments = {"evaluate", "--policy", policy.toString(), "--traces", traces().toString()};
        Files.writeString(policy, BROKEN + "    limits: { relink: 5%, homeWithin250m: 10%, uniqueness4: 100% }\n");
        assertThat(roadhaze.run(arguments)).isEqualTo(Exit.LIMIT_BROKEN);
        assertThat(roadhaze.err().lines())
                .containsExactly(
                        "limit broken: homeWithin250m: found 1.0000, allowed at most 0.1000 (homes found from where"
                                + " published runs begin and end, or from where records are at night)");

        Files.writeString(policy, TRIMMED + "    limits: { homeWithin250m: 10%, stopF: 11% }\n");
        assertThat(roadhaze.run(arguments)).isEqualTo(Exit.OK);
        assertThat(roadhaze.err()).isEmpty();

        Files.writeString(policy, BROKEN + "    limits: { homes: 10%, stopF: 11 }\n");
        assertThat(roadhaze.run(arguments)).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .contains("policy.yaml:8: streams.city.limits.homes: found homes, allowed one of")
                .contains("policy.yaml:8: streams.city.limits.stopF: found 11, allowed");
    }

    /** One straight road: what a map can give a tracker, RoadTrackerTest shows. */
    @Test
    void shouldJoinPiecesAlongRoads() throws IOException {
        final Path roads = Files.writeString(files.resolve("roads.geojson"), """
                {"type": "LineString", "coordinates": [[6, 44], [8, 46]]}""");
        final String without = evaluate(NOISY);
        final String with = evaluate(NOISY, "--roads", roads.toString());
        assertThat(relinked(with)).as("whatever finds more").isGreaterThanOrEqualTo(relinked(without));
        assertThat(with)
                .as("the rest does not look at roads")
                .endsWith(without.substring(without.indexOf("\"stopF\"")));

        Files.writeString(roads, "{\"type\": \"Point\", \"coordinates\": [8, 46]}");
        assertThat(roadhaze.run(
                        "evaluate",
                        "--policy",
                        files.resolve("policy.yaml").toString(),
                        "--traces",
                        traces().toString(),
                        "--roads",
                        roads.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .startsWith("--roads: " + roads
                        + ": feature 0: geometry is a Point, allowed: LineString or MultiLineString");
    }

    @Test
    void shouldRefuseTheRoadsOfAnotherCity() throws IOException {
        final Path policy = Files.writeString(files.resolve("policy.yaml"), NOISY);
        final Path roads = Files.writeString(files.resolve("roads.geojson"), """
                {"type": "LineString", "coordinates": [[16, 44], [18, 46]]}""");
        assertThat(roadhaze.run(
                        "evaluate",
                        "--policy",
                        policy.toString(),
                        "--traces",
                        traces().toString(),
                        "--roads",
                        roads.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .startsWith("--roads: found no road within 1000 m of any fix of the traces in " + roads
                        + ", allowed the roads that they were driven on");
    }

    private static double relinked(final String json) {
        final int from = json.indexOf("\"relinkFull\":{\"value\":") + "\"relinkFull\":{\"value\":".length();
        return Double.parseDouble(json.substring(from, json.indexOf(',', from)));
    }

    @Test
    void shouldRefuseWhatHasNoPlaceToAttack() throws IOException {
        final Path policy = Files.writeString(
                files.resolve("policy.yaml"), HEAD + "    identity: none\n    attributes: { keep: [speed] }\n");
        assertThat(roadhaze.run("evaluate", "--policy", policy.toString(), "--traces", traces().toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--stream: found 'city', which lets out no place, allowed");
        assertThat(roadhaze.run(
                        "evaluate", "--policy", policy.toString(), "--stream", "town", "--traces", traces().toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--stream: found 'town', allowed city");
    }
}
