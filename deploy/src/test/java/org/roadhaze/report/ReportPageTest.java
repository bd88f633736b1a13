// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roadhaze.evaluation.ExampleTrip;
import org.roadhaze.report.ReportContent.DataFile;
import org.roadhaze.report.ReportContent.MechanismText;
import org.roadhaze.report.ReportContent.SweepPoint;

class ReportPageTest {
    private static final List<Figure> PRIVACY = List.of(
            new Figure("uniqueness4", 0.125, 0.12, 0.13, null, 24_800L, Map.of(), null),
            new Figure("relinkFull", 0.03, 0.028, 0.032, 0.001, 29_000L, Map.of("overLongerSilences", 0.194), null),
            new Figure("reidentificationByTheMoon", 0.002, 0.0, 0.004, 0.002, 496L, Map.of(), null),
            new Figure("homeWithin250m", null, null, null, null, 0L, Map.of(), null));

    private static final List<Figure> UTILITY = List.of(
            new Figure("published", 0.56, 0.55, 0.57, null, 240_280L, Map.of(), null),
            new Figure("delaySeconds", 61.0, null, null, null, null, Map.of("p99", 700.0), null));

    private String html;
    private PageReader page;

    @BeforeEach
    void write() throws Exception {
        write(
                Optional.of("Hardly anything left."),
                List.of(new Limit(PRIVACY.get(1), 0.02, false), new Limit(UTILITY.get(0), 0.4, true)));
    }

    private void write(final Optional<String> caution, final List<Limit> limits) throws Exception {
        html = ReportPage.html(new ReportContent(
                "traffic",
                "speeds & <b>roads</b>",
                caution,
                PRIVACY,
                UTILITY,
                limits,
                List.of(0.25),
                List.of(0.5, 0.0, Double.NaN),
                List.of(new SweepPoint("trip-ends.trim", "500m", true, PRIVACY)),
                Optional.of(new ExampleTrip(
                        List.of(new ExampleTrip.Place(0, 0, 0), new ExampleTrip.Place(5, 300, 400)),
                        List.of(
                                new ExampleTrip.Sighting(1, 10, 10, 1, 100),
                                new ExampleTrip.Sighting(2, 20, 10, 1, 100),
                                new ExampleTrip.Sighting(3, 300, 400, 2, 0)))),
                true,
                Map.of("place", "cells"),
                List.of(new MechanismText(
                        "location", "It lets out nothing within 500m of <stops>.", "trips trim=500m")),
                List.of(new DataFile("traces.csv", 10, "abc", 2, 3)),
                Map.of("Seed", "7"),
                "{\"stream\":\"</script><b>\"}"));
        page = new PageReader(html);
    }

    @Test
    void shouldForbidItselfToLoadAnythingAndRunNothingButItsOwnScripts() throws Exception {
        final String allowed = page.values("//meta[@http-equiv='Content-Security-Policy']/@content")
                .get(0);
        final List<String> scripts = page.values("//script[not(@type)]");
        assertThat(allowed)
                .isEqualTo("default-src 'none'; base-uri 'none'; form-action 'none'; style-src "
                        + PageParts.hash(page.values("//style").get(0)) + "; script-src "
                        + PageParts.hash(scripts.get(0)) + " " + PageParts.hash(scripts.get(1)));
        assertThat(page.values("//@src | //@href | //@srcset | //@action | //@style | //@*[starts-with(name(), 'on')]"))
                .isEmpty();
        assertThat(page.values("//link | //iframe | //img | //object | //embed | //base | //audio | //video"))
                .isEmpty();
        assertThat(page.values("//style").get(0)).doesNotContain("url(", "@import");
        assertThat(scripts.get(1)).doesNotContain("http", "fetch", "XMLHttpRequest", "import");
        assertThat(scripts.get(0)).startsWith("/*!\n * Chart.js v").doesNotContain("sourceMappingURL");
        assertThat(html).contains("MIT License");
    }

    @Test
    void shouldAnswerTheThreeQuestionsWithTheStrongestAttack() throws Exception {
        assertThat(page.values("//article/p[@class='verdict']")).containsExactly("Sometimes", "Rarely", "Not measured");
        assertThat(page.values("//article[2]/p[2]"))
                .containsExactly(
                        "Pieces of one drive joined again: in 3.0\u00a0% of 29,000 tries (95\u00a0% interval"
                                + " 2.8\u00a0% to 3.2\u00a0%); chance alone would find 0.10\u00a0%. It is the strongest of 2 attacks.");
        assertThat(page.values("//article[1]/p[2]").get(0))
                .contains("12.5\u00a0% of 24,800 tries", "12.0\u00a0% to 13.0\u00a0%", "it is no guess");
        assertThat(page.values("//article[2]/p[@class='broken']"))
                .containsExactly("\u2717 1 of 1 limits of the policy broken.");
    }

    @Test
    void shouldSayNotMoreOftenThanByChanceOnlyWhereTheIntervalHoldsIt() {
        assertThat(Question.LINKED.verdict(List.of(PRIVACY.get(2)))).isEqualTo("Not more often than by chance");
        assertThat(Question.LINKED.verdict(List.of(PRIVACY.get(1)))).isEqualTo("Rarely");
        assertThat(Question.INFERRED.verdict(
                        List.of(new Figure("stopF", 0.0011, null, null, 0.0014, null, Map.of(), null))))
                .as("without an interval, what it found")
                .isEqualTo("Not more often than by chance");
        final Figure whatChanceFindsToo = new Figure("relinkFifth", 0.475, 0.41, 0.54, 0.479, 200L, Map.of(), null);
        assertThat(Question.LINKED.verdict(List.of(whatChanceFindsToo, PRIVACY.get(1))))
                .as("an attack that finds something is not hidden by one that chance would find as well")
                .isEqualTo("Rarely");
    }

    /** An attack that could not be tried makes the one that finds most no stronger. */
    @Test
    void shouldCountAmongTheAttacksThoseThatHadSomethingToTry() {
        final Figure nothing = new Figure("reidentificationPoi", null, null, null, null, 0L, Map.of(), "no stop");
        final Figure little = PRIVACY.get(2);
        final Figure most = PRIVACY.get(1);
        assertThat(Question.LINKED.answer(List.of(nothing, little, most)))
                .endsWith(" It is the strongest of 2 attacks; 1 more had nothing to try.");
        assertThat(Question.LINKED.answer(List.of(nothing, most)))
                .endsWith(" It is the only one of 2 attacks that had something to try.");
        assertThat(Question.LINKED.answer(List.of(most))).doesNotContain("attack");
    }

    /** Seen on a phone: heads of rows were broken letter by letter, and check sums and parameters ran out of the screen. */
    @Test
    void shouldBreakOnAPhoneWhatHasNoSpacesAndNoWords() throws Exception {
        final String style = page.values("//style").get(0);
        assertThat(style.substring(style.indexOf("@media (max-width: 40rem)"), style.indexOf("@media print")))
                .contains("tbody th { overflow-wrap: break-word; }", "td:last-child { overflow-wrap: anywhere; }");
    }

    @Test
    void shouldPutTheCautionBeforeTheAnswers() throws Exception {
        assertThat(page.values("//section[h2/@id='answers']/p[1]")).containsExactly("Hardly anything left.");
    }

    @Test
    void shouldHoldEveryLimitToItsFigure() throws Exception {
        assertThat(page.values("//section[h2/@id='limits']//td"))
                .containsExactly(
                        "at most 2.0\u00a0%",
                        "3.0\u00a0%", "\u2717 broken", "at least 40.0\u00a0%", "56.0\u00a0%", "\u2713 kept");
    }

    @Test
    void shouldCallNoLimitKeptWhereTooLittleLeft() throws Exception {
        final List<Limit> notBroken = List.of(new Limit(PRIVACY.get(1), 0.05, false));
        write(Optional.of("Hardly anything left."), notBroken);
        assertThat(page.values("//article[2]/p[3]"))
                .containsExactly("The policy's limit is not broken, but too little left to call it kept.");
        assertThat(page.values("//section[h2/@id='limits']//td[3]"))
                .containsExactly("not broken, but too little left to call it kept");
        assertThat(html).doesNotContain("\u2713");
        write(Optional.empty(), notBroken);
        assertThat(page.values("//article[2]/p[3]")).containsExactly("\u2713 Within the policy's limit.");
        assertThat(page.values("//section[h2/@id='limits']//td[3]")).containsExactly("\u2713 kept");
    }

    @Test
    void shouldSayWhatWasNotTriedBesideWhatWas() throws Exception {
        assertThat(page.values("//tr[@data-figure='relinkFull']/td[@data-head='Tries']"))
                .containsExactly("29,000, without 19.4\u00a0% over longer silences");
        assertThat(page.values("//tr[@data-figure='uniqueness4']/td[@data-head='Tries']"))
                .containsExactly("24,800");
    }

    @Test
    void shouldShowAFigureThatItDoesNotKnowByItsOwnName() throws Exception {
        assertThat(page.values("//tr[@data-figure='reidentificationByTheMoon']/th/strong"))
                .containsExactly("Reidentification by the moon");
        assertThat(page.values("//tr[@data-figure='reidentificationByTheMoon']/td[1]"))
                .containsExactly("0.20\u00a0%");
        assertThat(page.values("//tr[@data-figure='delaySeconds']/td")).contains("61\u00a0s", "p99\u00a011.7\u00a0min");
    }

    @Test
    void shouldHaveATableBesideEachChartAndATitleForEachDrawing() throws Exception {
        final List<String> charts = page.values("//canvas/@id");
        assertThat(charts).containsExactly("curve", "density", "devices");
        for (final String chart : charts) {
            assertThat(page.values("//figure[.//canvas[@id='" + chart + "']]/following-sibling::details[1]//tbody/tr"))
                    .as("table beside %s", chart)
                    .isNotEmpty();
            assertThat(page.values("//figcaption[@id=//canvas[@id='" + chart + "']/@aria-labelledby]"))
                    .as("title of %s", chart)
                    .hasSize(1);
        }
        assertThat(page.values("//*[name()='svg'][not(@aria-hidden)]/*[name()='title']"))
                .hasSize(1);
        assertThat(page.values("//figure[*[name()='svg']]/following-sibling::details[1]//tbody/tr"))
                .as("table beside the map")
                .hasSize(5);
        final List<String> ids = page.values("//@id");
        assertThat(new HashSet<>(ids)).as("ids that are there once").hasSameSizeAs(ids);
        assertThat(page.values("//html/@lang")).containsExactly("en");
        assertThat(page.values("//h1")).hasSize(1);
    }

    @Test
    void shouldSayInWordsWhatAMechanismDoesAndItsParametersBesideThem() throws Exception {
        assertThat(page.values("//div[starts-with(@aria-label, 'Mechanisms')]//tbody/tr/*"))
                .containsExactly("location", "It lets out nothing within 500m of <stops>.", "trips trim=500m");
    }

    @Test
    void shouldSayOfWhomNothingLeaves() throws Exception {
        assertThat(page.values("//section[h2/@id='fairness']/p"))
                .containsExactly(
                        "Of 1 of 2 vehicles nothing leaves: it is missing from all that is made of the stream.");
        assertThat(page.values("//th[.='vehicle 3']/following-sibling::td")).containsExactly("no fixes");
    }

    @Test
    void shouldTakeTextsForTexts() throws Exception {
        assertThat(page.values("//b")).isEmpty();
        assertThat(page.values("//header/p").get(0)).contains("speeds & <b>roads</b>");
        assertThat(page.values("//script[@id='data']")).containsExactly("{\"stream\":\"\\u003c/script>\\u003cb>\"}");
    }

    @Test
    void shouldDrawPiecesApartAndEachCellOnce() throws Exception {
        assertThat(page.values("//*[name()='polyline'][contains(@class, 'driven')]"))
                .hasSize(1);
        assertThat(page.values("//*[name()='polyline'][contains(@class, 'piece')]"))
                .as("piece 2 is a point")
                .hasSize(1);
        assertThat(page.values("//*[name()='text'][@class='number']")).containsExactly("1", "2");
        assertThat(page.values("//*[name()='rect']")).hasSize(2);
        assertThat(page.values("//section[h2/@id='trip']//figcaption"))
                .containsExactly(
                        "Grey: the 2 fixes as they were driven in 5 minutes. Coloured: the 3 records that left, a"
                                + " colour and a number for each of the 2 ids that a reader sees; cells are drawn as squares of the"
                                + " same area.");
    }
}
