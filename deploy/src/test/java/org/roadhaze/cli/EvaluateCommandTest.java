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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    }

    @Test
    void shouldRefuseRoadsThatAreNone() throws IOException {
        assertThat(refusalOfRoads("{\"type\": \"Point\", \"coordinates\": [8, 46]}"))
                .endsWith(": feature 0: geometry is a Point, allowed: LineString or MultiLineString with positions");
    }

    @Test
    void shouldRefuseTheRoadsOfAnotherCity() throws IOException {
        assertThat(refusalOfRoads("{\"type\": \"LineString\", \"coordinates\": [[16, 44], [18, 46]]}"))
                .startsWith("--roads: found no road within 1000 m of any fix of the traces in ")
                .endsWith(", allowed the roads that they were driven on");
    }

    /** The first line of what is said to roads that cannot be used. */
    private String refusalOfRoads(final String geoJson) throws IOException {
        final Path roads = Files.writeString(files.resolve("roads.geojson"), geoJson);
        return refusal("--traces", traces().toString(), "--roads", roads.toString());
    }

    /** The first line of what is said to what cannot be evaluated. */
    private String refusal(final String... options) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(
                "evaluate",
                "--policy",
                Files.writeString(files.resolve("policy.yaml"), NOISY).toString()));
        arguments.addAll(List.of(options));
        assertThat(roadhaze.run(arguments.toArray(new String[0]))).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.out()).as("figures").isEmpty();
        return roadhaze.err().lines().findFirst().orElse("");
    }

    /** Each of them was taken for a drive, or refused without a word of what is wrong with which file. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "t.csv      | id,ts,lat,lon;a,1,45,7                                | :1: device: found 'id,ts,lat,lon', allowed a first line",
                "t.csv      | device,time,latitude,longitude;a,1,91,7               | :2: latitude: found '91', allowed -90 to 90",
                "t.csv      | device,time,latitude,longitude;a,1,NaN,7              | :2: latitude: found 'NaN', allowed -90 to 90",
                "t.csv      | device,time,latitude,longitude;a,1752364800000,45,7   | :2: time: found '1752364800000', allowed seconds",
                "t.delta    | # a;1752364800000,4500000,700000                      | :2: found '1752364800000,4500000,700000', allowed dt",
                "t.csv.gz   | device,time,latitude,longitude;a,1,45,7               | : ends too soon, or is damaged or not compressed",
                "t.delta.gz | ''                                                    | : ends too soon, or is damaged or not compressed"
            })
    void shouldNameTheFileAndWhatIsWrongInIt(final String name, final String text, final String message)
            throws IOException {
        final Path wrong = Files.writeString(files.resolve(name), text.replace(';', '\n'));
        assertThat(refusal("--traces", wrong.toString()))
                .containsSubsequence(wrong + message)
                .matches("(--traces|roadhaze): .*");
    }

    @Test
    void shouldNameADirectoryThatIsTakenForTraces() throws IOException {
        assertThat(refusal("--traces", files.toString())).startsWith("roadhaze: " + files + ": ");
    }

    @Test
    void shouldReadTheColumnsOfTracesByTheirNames() throws IOException {
        final String json = evaluate(NOISY);
        final StringBuilder turned = new StringBuilder();
        for (final String row : Files.readAllLines(files.resolve("traces.csv"))) {
            final String[] fields = row.split(",", -1);
            turned.append(String.join(",", fields[3], "x", fields[2], fields[0], fields[1]))
                    .append('\n');
        }
        final Path policy = files.resolve("policy.yaml");
        final Path other = Files.writeString(files.resolve("other.csv"), turned);
        final Path out = files.resolve("other.json");
        assertThat(roadhaze.run(
                        "evaluate",
                        "--policy",
                        policy.toString(),
                        "--traces",
                        other.toString(),
                        "--json",
                        out.toString()))
                .isEqualTo(Exit.OK);
        assertThat(Files.readString(out).split(",\"data\":", 2)[0]).isEqualTo(json.split(",\"data\":", 2)[0]);
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
