// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.report.PageReader;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The report of an evaluation of three vehicles that drive around for a day. */
class EvaluateReportTest {
    private static final String POLICY = """
            policy: { version: v1 }
            streams:
              city:
                description: counting <cars>
                retention: 1d
                time: exact
                identity: { pseudonym: keyed, rotate: 6h }
                location: [{ trip-ends: { trim: 500m } }, { exact: {} }]
                limits: { homeWithin250m: 10% }
            """;

    @TempDir
    private Path files;

    private final CommandLineHarness roadhaze = new CommandLineHarness();
    private Path policy;
    private Path traces;
    private Path out;
    private Path json;

    /** Names as identifying as they get. */
    private static String name(final int vehicle) {
        return "35209308145225" + vehicle;
    }

    @BeforeEach
    void write() throws IOException {
        policy = Files.writeString(files.resolve("policy.yaml"), POLICY);
        out = files.resolve("report.html");
        json = files.resolve("report.json");
        final StringBuilder rows = new StringBuilder("device,time,latitude,longitude\n");
        for (int minute = 0; minute < 1440; minute++) {
            for (int vehicle = 0; vehicle < 3; vehicle++) {
                final double angle = (minute % 480 < 300 ? 0 : minute % 480 - 300) * Math.PI / 90;
                rows.append(String.format(
                        Locale.ROOT,
                        "%s,%d,%.6f,%.6f%n",
                        name(vehicle),
                        1_752_364_800L + 60L * minute,
                        45.1234 + 0.2 * vehicle + 0.05 * Math.sin(angle),
                        7.4321 + 0.05 * Math.cos(angle)));
            }
        }
        traces = Files.writeString(files.resolve("traces.csv"), rows);
    }

    private int evaluate(final String... more) {
        final Stream<String> always =
                Stream.of("evaluate", "--policy", policy.toString(), "--traces", traces.toString());
        return roadhaze.run(Stream.concat(always, Stream.of(more)).toArray(String[]::new));
    }

    @SuppressWarnings("unchecked") // keys of JSON are strings
    private Map<String, Object> json() throws IOException {
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(json));
    }

    @Test
    void shouldHoldEveryFigureOfTheJsonAndNobodysName() throws Exception {
        assertThat(evaluate("--out", out.toString(), "--json", json.toString()))
                .as("%s", roadhaze.err())
                .isEqualTo(Exit.OK);
        assertThat(roadhaze.err()).isEmpty();
        final String html = Files.readString(out);
        final PageReader page = new PageReader(html);
        for (final String kind : List.of("privacy", "utility")) {
            for (final Object name : ((Map<?, ?>) json().get(kind)).keySet()) {
                assertThat(page.values("//tr[@data-figure='" + name + "']/td[1]"))
                        .as("%s", name)
                        .hasSize(1)
                        .noneMatch(String::isBlank);
            }
        }
        assertThat(page.values("//script[@id='data']"))
                .as("what the charts are drawn from")
                .containsExactly(Files.readString(json).strip().replace("<", "\\u003c"));
        assertThat(page.values("//main/section[1]//article/h3")).hasSize(3);
        assertThat(page.values("//th[.='file 1']/following-sibling::td").get(1)).isEqualTo("4,320");
        assertThat(html).as("a file may be called like its driver").doesNotContain("traces.csv");
        for (int vehicle = 0; vehicle < 3; vehicle++) {
            assertThat(html).doesNotContain(name(vehicle));
        }
        assertThat(html)
                .as("neither places nor directories")
                .doesNotContain("45.1", "7.4", files.toString())
                .contains("counting &lt;cars&gt;", "vehicle 3");
        assertThat(page.values("//*[name()='svg'][@class='map']"))
                .as("nobody asked for a drive by whose shape the place can be found")
                .isEmpty();
        assertThat(page.values("//section[h2/@id='trip']/p"))
                .containsExactly(
                        "Not drawn: --map draws one, by whose shape whoever knows the roads may find the place.");
    }

    @Test
    void shouldDrawADriveWhenAsked() throws Exception {
        assertThat(evaluate("--out", out.toString(), "--map", "--utc-offset=-07:00"))
                .isEqualTo(Exit.OK);
        final String html = Files.readString(out);
        final PageReader page = new PageReader(html);
        assertThat(page.values("//th[.='Local time']/following-sibling::td")).containsExactly("UTC-07:00");
        assertThat(page.values("//tr[@data-figure='relinkFifth']//small[@class='reason']"))
                .containsExactly("Not applicable: five vehicles at least make a fleet of a fifth.");
        assertThat(page.values("//*[name()='svg'][@class='map']/*[name()='title']"))
                .hasSize(1);
        assertThat(page.values("//section[h2/@id='trip']/p[1]"))
                .containsExactly(
                        "For the traces' owner alone: who knows the roads may find the place by the drive's shape.");
        assertThat(html).as("no place on earth").doesNotContain("45.1", "7.4");
    }

    /** Ids of a minute over drives of hours: all break apart, so that no id tells of a trip, nor of a stop. */
    @Test
    void shouldSayWhyAFigureDoesNotApply() throws Exception {
        Files.writeString(policy, POLICY.replace("rotate: 6h", "rotate: 1min"));
        assertThat(evaluate("--out", out.toString(), "--json", json.toString())).isEqualTo(Exit.OK);
        final PageReader page = new PageReader(Files.readString(out));
        assertThat(page.values("//tr[@data-figure='odError']/td[1]")).containsExactly("not applicable");
        assertThat(page.values("//tr[@data-figure='odError']/th/small[@class='reason']"))
                .singleElement()
                .asString()
                .startsWith("Not applicable: records tell pieces, not trips: of ")
                .endsWith(" left under one id.");
        assertThat(page.values("//tr[@data-figure='reidentificationPoi']/td"))
                .as("neither an interval nor tries")
                .containsExactly("not applicable", "", "", "", "");
        assertThat(page.values("//tr[@data-figure='reidentificationPoi']/th/small[@class='reason']"))
                .containsExactly("Not applicable: no id of the second half shows a stop of 15 minutes.");
        assertThat(roadhaze.out()).contains("  not applicable: records tell pieces");
        final Map<?, ?> stops = (Map<?, ?>) ((Map<?, ?>) json().get("privacy")).get("reidentificationPoi");
        assertThat(stops.get("value")).isNull();
        assertThat(stops.get("of")).isEqualTo(0);
        assertThat(stops.get("reason")).isEqualTo("no id of the second half shows a stop of 15 minutes");
    }

    /** Three vehicles that never meet are no crowd of five. */
    @Test
    void shouldSayThatNothingLeftAndPraiseNothingForIt() throws Exception {
        Files.writeString(policy, """
                policy: { version: v1 }
                streams:
                  crowd:
                    retention: 1d
                    identity: none
                    location: [{ crowd: { k: 5 } }]
                    time: { round: 5min }
                    limits: { homeWithin250m: 10%, stopF: 5% }
                """);
        assertThat(evaluate("--out", out.toString(), "--json", json.toString()))
                .as("a limit that was not tried breaks nothing")
                .isEqualTo(Exit.OK);
        final String sentence =
                "Of 4,320 fixes of 3 vehicles nothing left: there was nothing to attack, so that no figure of"
                        + " privacy has a value and no limit was tried.";
        assertThat(roadhaze.out()).contains(sentence);
        assertThat(json()).containsEntry("caution", sentence);
        for (final Object figure : ((Map<?, ?>) json().get("privacy")).values()) {
            assertThat(((Map<?, ?>) figure).get("value")).isNull();
            assertThat(((Map<?, ?>) figure).get("reason")).isEqualTo("nothing left");
        }
        for (final String joined : List.of("relinkFull", "relinkFifth")) {
            assertThat(((Map<?, ?>) ((Map<?, ?>) json().get("privacy")).get(joined)).containsKey("overLongerSilences"))
                    .as("a figure has the same fields, whatever left")
                    .isTrue();
        }
        final PageReader page = new PageReader(Files.readString(out));
        assertThat(page.values("//section[h2/@id='answers']/p[1]")).containsExactly(sentence);
        assertThat(page.values("//article/p[@class='verdict']"))
                .containsExactly("Not measured", "Not measured", "Not measured");
        assertThat(page.values("//article[3]/p[3]"))
                .containsExactly("The policy's limits were not tried: there is nothing to hold them to.");
        assertThat(page.values("//section[h2/@id='limits']//td[3]")).containsExactly("not measured", "not measured");
    }

    /** Counts are nobody's: a share of nothing for each vehicle would say that all of them vanish. */
    @Test
    void shouldTellNoSharesOfVehiclesWhereNumbersLeave() throws Exception {
        thirtyStandForAnHour(0);
        Files.writeString(policy, """
                policy: { version: v1 }
                streams:
                  counts:
                    retention: 1d
                    identity: none
                    location:
                      - counts: { cell: 8km, window: 1h, epsilon: 50.0, delta: 1e-6, unit: device-window, cells-per-unit: 3 }
                """);
        assertThat(evaluate("--out", out.toString(), "--json", json.toString(), "--map"))
                .as("%s", roadhaze.err())
                .isEqualTo(Exit.OK);
        assertThat(json().get("shares"))
                .isEqualTo(Map.of(
                        "publishedByDevice",
                        List.of(),
                        "publishedByDensity",
                        List.of(),
                        "reason",
                        "no record is one vehicle's"));
        assertThat(json()).doesNotContainKey("caution");
        assertThat(roadhaze.out()).contains("publishedByDevice: none, no record is one vehicle's");
        final PageReader page = new PageReader(Files.readString(out));
        assertThat(page.values("//section[h2/@id='fairness']/p"))
                .containsExactly(
                        "Numbers leave, and no record is one vehicle's: who is missing from them cannot be told.");
        assertThat(page.values("//section[h2/@id='fairness']//canvas")).isEmpty();
        assertThat(page.values("//section[h2/@id='trip']/p"))
                .as("a drive beside which there is nothing to show")
                .containsExactly(
                        "None: no record is one vehicle's, or the traces have no drive of two kilometres and ten"
                                + " fixes.");
        assertThat(page.values("//div[starts-with(@aria-label, 'Mechanisms')]//tbody/tr/td"))
                .first()
                .asString()
                .startsWith("There leaves no record: per cell 8000 m wide and 1h a noisy count of devices; epsilon 50 ")
                .endsWith(".");
    }

    /** A fix of a day of each vehicle: attacks find nothing in so little. */
    @Test
    void shouldSayHowLittleLeft() throws Exception {
        Files.writeString(policy, """
                policy: { version: v1 }
                streams:
                  little:
                    retention: 1d
                    identity: { pseudonym: per-segment }
                    location: [{ split-and-gap: { segment: 10s, gap: 24h } }, { cell: { grid: 100m } }]
                    time: { round: 15s }
                    limits: { homeWithin250m: 100% }
                """);
        assertThat(evaluate("--out", out.toString(), "--json", json.toString())).isEqualTo(Exit.OK);
        assertThat(json().get("caution"))
                .isEqualTo(
                        "Of 4,320 fixes of 3 vehicles only 0.07 % left, of 3 of the vehicles: that attacks find little in so"
                                + " little does not show what they would find in more.");
        shouldCallTheLimitOnHomesNotKept();
    }

    /** Thirty vehicles that stand leave nothing, and their homes are not found: no merit of what leaves of three that drive. */
    @Test
    void shouldSayOfHowFewVehiclesAnythingLeft() throws Exception {
        thirtyStandForAnHour(0.1);
        assertThat(evaluate("--out", out.toString(), "--json", json.toString())).isEqualTo(Exit.OK);
        assertThat(json().get("caution"))
                .asString()
                .startsWith("Of 6,120 fixes of 33 vehicles ")
                .contains(" % left, of only 3 of the vehicles: ");
        shouldCallTheLimitOnHomesNotKept();
    }

    /** Vehicles that stand in a row from 46 degrees north, 8 degrees east. */
    private void thirtyStandForAnHour(final double degreesApart) throws IOException {
        final StringBuilder standing = new StringBuilder();
        for (int minute = 0; minute < 60; minute++) {
            for (int vehicle = 0; vehicle < 30; vehicle++) {
                standing.append(String.format(
                        Locale.ROOT,
                        "standing%d,%d,46.0,%.6f%n",
                        vehicle,
                        1_752_364_800L + 60L * minute,
                        8 + degreesApart * vehicle));
            }
        }
        Files.writeString(traces, standing, StandardOpenOption.APPEND);
    }

    private void shouldCallTheLimitOnHomesNotKept() throws Exception {
        final PageReader page = new PageReader(Files.readString(out));
        assertThat(page.values("//section[h2/@id='limits']//tr[contains(th, 'homeWithin250m')]/td[3]"))
                .containsExactly("not broken, but too little left to call it kept");
        assertThat(page.values("//article[3]/p[3]"))
                .containsExactly("The policy's limit is not broken, but too little left to call it kept.");
    }

    @Test
    void shouldSweepNoOtherParameterThanTheOneThatIsNamed() throws Exception {
        assertThat(evaluate("--json", json.toString(), "--sweep=trip-ends.trim"))
                .isEqualTo(Exit.OK);
        assertThat((List<?>) json().get("sweep"))
                .extracting("parameter")
                .containsOnly("trip-ends.trim")
                .hasSize(5);
        assertThat(evaluate("--sweep=trip-ends.trim,crowd.k")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--sweep: found 'crowd.k', allowed identity.rotate, trip-ends.trim");
        assertThat(evaluate("--sweep=all,crowd.k")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--sweep: found 'crowd.k', allowed identity.rotate, trip-ends.trim");
    }

    @Test
    void shouldDrawACurveForEachParameterThroughThePolicyAsItIs() throws Exception {
        assertThat(evaluate("--out", out.toString(), "--json", json.toString(), "--sweep"))
                .isEqualTo(Exit.OK);
        final List<?> points = (List<?>) json().get("sweep");
        assertThat(points).extracting("parameter").containsOnly("identity.rotate", "trip-ends.trim");
        assertThat(points)
                .filteredOn("parameter", "trip-ends.trim")
                .extracting("value")
                .containsExactly("125m", "250m", "500m", "1000m", "2000m");
        final List<Double> published = points.stream()
                .map(point -> (Map<?, ?>) point)
                .filter(point -> point.get("parameter").equals("trip-ends.trim"))
                .map(point -> (Double) ((Map<?, ?>) point.get("utility")).get("published"))
                .toList();
        assertThat(published).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(published.get(0)).isGreaterThan(published.get(4));
        final double own = (Double) ((Map<?, ?>) ((Map<?, ?>) json().get("utility")).get("published")).get("value");
        assertThat(published.get(2)).isEqualTo(own);
        final PageReader page = new PageReader(Files.readString(out));
        assertThat(page.values("//section[h2/@id='curves']//summary"))
                .as("a table for each parameter, which paper is wide enough for")
                .containsExactly(
                        "Table: every figure for each value of identity.rotate",
                        "Table: every figure for each value of trip-ends.trim");
        assertThat(page.values("//section[h2/@id='curves']/details[2]//thead//th"))
                .containsExactly("Figure", "125m", "250m", "500m (the policy)", "1000m", "2000m");
        final String ownPublished =
                page.values("//tr[@data-figure='published']/td[1]").get(0);
        assertThat(page.values("//section[h2/@id='curves']/details[2]//tr[th='Records that leave']/td[3]"))
                .containsExactly(ownPublished);
        assertThat(page.values("//canvas[@id='curve']")).hasSize(1);
    }

    @Test
    void shouldShowTheLimitThatIsBroken() throws Exception {
        Files.writeString(policy, POLICY.replace("trim: 500m", "trim: 50m").replace("10%", "0%, uniqueness4: 1%"));
        assertThat(evaluate("--out", out.toString())).isEqualTo(Exit.LIMIT_BROKEN);
        final PageReader page = new PageReader(Files.readString(out));
        assertThat(page.values("//section[h2/@id='limits']//tr[contains(th, 'uniqueness4')]/td[3]"))
                .containsExactly("\u2717 broken");
        assertThat(page.values("//p[@class='broken']")).contains("\u2717 1 of 1 limits of the policy broken.");
    }

    @Test
    void shouldRefuseAPlaceThatCannotBeBeforeItComputes() throws IOException {
        assertThat(evaluate("--out", files.resolve("none/report.html").toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err())
                .contains(
                        "--out: found ",
                        "none/report.html, whose directory is not there, allowed a file in a directory");
        assertThat(evaluate("--out", files.toString())).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("which is a directory");
        assertThat(evaluate("--json", policy.toString())).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--json: found " + policy + ", which is also read or written");
        assertThat(Files.readString(policy)).isEqualTo(POLICY);
        assertThat(evaluate("--out", out.toString(), "--json", out.toString())).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("for two files, allowed one for each");
        assertThat(roadhaze.out()).as("figures").isEmpty();
        try (Stream<Path> left = Files.list(files)) {
            assertThat(left).containsExactlyInAnyOrder(policy, traces);
        }
    }

    @Test
    void shouldReplaceAFileWholeAndLeaveNothingBesideIt() throws IOException {
        Files.writeString(out, "x".repeat(10_000_000), StandardCharsets.US_ASCII);
        assertThat(evaluate("--out", out.toString())).isEqualTo(Exit.OK);
        assertThat(Files.readString(out)).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        try (Stream<Path> left = Files.list(files)) {
            assertThat(left).containsExactlyInAnyOrder(policy, traces, out);
        }
    }
}
