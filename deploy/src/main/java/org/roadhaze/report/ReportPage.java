// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the page. */
public final class ReportPage {
    private static final String OWN = " (the policy)";

    private final ReportContent content;
    private final Markup page = new Markup();

    private ReportPage(final ReportContent content) {
        this.content = content;
    }

    /**
     * The whole page: UTF-8, and nothing to be loaded with it.
     *
     * @param content what it shows.
     * @return its HTML, which is well-formed XML but for what stands in its scripts.
     */
    public static String html(final ReportContent content) {
        return new ReportPage(content).write();
    }

    private String write() {
        final String style = PageParts.style();
        final String library = PageParts.chartLibrary();
        final String script = PageParts.script();
        final String title = "What an attacker learns from " + content.stream();
        page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none';"
                + " form-action 'none'; style-src " + PageParts.hash(style) + "; script-src " + PageParts.hash(library)
                + " " + PageParts.hash(script) + "\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                + "<meta name=\"referrer\" content=\"no-referrer\"/>\n");
        page.element("title", title);
        page.raw("<style>" + style + "</style></head>\n<body><header>");
        page.element("h1", title);
        page.element(
                "p class=\"lead\"",
                (content.description().isEmpty() ? "" : "The stream is for: " + content.description() + ". ")
                        + "Recorded drives were put through the policy as an engine would, what left was attacked, and what it"
                        + " is still good for was measured.");
        page.raw("</header>\n<main>\n");
        answers();
        limits();
        tables();
        curves();
        fairness();
        trip();
        policy();
        origin();
        page.raw("</main>\n<script type=\"application/json\" id=\"data\">" + inScript(content.json()) + "</script>\n");
        page.raw("<script>" + library + "</script>\n<script>" + script + "</script>\n</body></html>\n");
        return page.toString();
    }

    /** JSON that holds no tag, whatever its texts say. */
    private static String inScript(final String json) {
        return json.replace("<", "\\u003c");
    }

    private void heading(final String id, final String text) {
        page.raw("<section aria-labelledby=\"" + id + "\">\n").element("h2 id=\"" + id + "\"", text);
    }

    private void answers() {
        heading("answers", "In three sentences");
        content.caution().ifPresent(sentence -> page.element("p class=\"broken caution\"", sentence));
        page.raw("<div class=\"answers\">\n");
        for (final Question question : Question.values()) {
            page.raw("<article>").element("h3", question.sentence());
            page.element("p class=\"verdict\"", question.verdict(content.privacy()));
            page.element("p", question.answer(content.privacy()));
            final List<Limit> limits = question.among(content.privacy(), content.limits());
            final long broken = limits.stream().filter(limit -> !limit.isKept()).count();
            page.element(
                    "p class=\"" + (broken > 0 ? "broken" : "quiet") + "\"",
                    limits.isEmpty()
                            ? "The policy sets no limit to it."
                            : broken > 0
                                    ? "\u2717 " + broken + " of " + limits.size() + " limits of the policy broken."
                                    : limits.stream().noneMatch(Limit::isMeasured)
                                            ? "The policy's " + (limits.size() == 1 ? "limit was" : "limits were")
                                                    + " not tried: there is nothing to hold "
                                                    + (limits.size() == 1 ? "it" : "them") + " to."
                                            : within(limits));
            page.raw("</article>\n");
        }
        page.raw("</div>\n");
        page.element(
                "p class=\"quiet\"",
                "Hardly ever: below 1\u00a0% of the tries; rarely: below 5\u00a0%; sometimes: below 20\u00a0%; often: below"
                        + " 60\u00a0%; mostly: more."
                        + " Attacks that were not tried may find more, and so may one with a road map. Whatever these numbers"
                        + " say, treat the stream as personal data until somebody who answers for it has judged them.");
        page.raw("</section>\n");
    }

    /** Of limits none of which is broken; who reads that little left is not told that they are kept. */
    private String within(final List<Limit> limits) {
        final boolean one = limits.size() == 1;
        final String asFar = limits.stream().allMatch(Limit::isMeasured) ? "." : ", as far as they were measured.";
        return content.caution().isPresent()
                ? "The policy's " + (one ? "limit is" : "limits are") + " not broken, but too little left to call "
                        + (one ? "it" : "them") + " kept."
                : "\u2713 Within the policy's " + (one ? "limit" : "limits") + asFar;
    }

    /** What became of a limit; of usefulness, little that left is no excuse, and no merit either. */
    private String verdict(final Limit limit) {
        if (!limit.isMeasured()) {
            return "not measured";
        }
        return !limit.isKept()
                ? "\u2717 broken"
                : content.caution().isPresent() && !limit.isLeast()
                        ? "not broken, but too little left to call it kept"
                        : "\u2713 kept";
    }

    private void limits() {
        heading("limits", "Limits that the policy sets");
        if (content.limits().isEmpty()) {
            page.element("p", "None. A policy may set them, and is then refused by whatever attack finds more.");
        } else {
            page.table(
                    "Limits, and what was found",
                    List.of("Limit", "Allowed", "Found", "Kept?"),
                    content.limits().stream()
                            .map(limit -> {
                                final FigureText text =
                                        FigureText.of(limit.figure().name(), !limit.isLeast());
                                return List.of(
                                        text.title() + " (" + limit.figure().name() + ")",
                                        (limit.isLeast() ? "at least " : "at most ") + text.format(limit.bound()),
                                        text.format(limit.figure().value()),
                                        verdict(limit));
                            })
                            .toList());
        }
        page.raw("</section>\n");
    }

    private void tables() {
        heading("privacy", "What attackers find");
        page.element(
                "p class=\"key\"",
                "In the drawings, from 0\u00a0% to 100\u00a0%: dot, what was found; thick line, its 95\u00a0% interval; short line, chance; dashed line, the limit."
                        + " Intervals take the tries on one vehicle for independent, which they are not: they are too narrow.");
        for (final Question question : Question.values()) {
            final List<Figure> figures = question.among(content.privacy());
            if (!figures.isEmpty()) {
                FigureTable.write(page, question.sentence(), figures, true, content.limits());
            }
        }
        page.raw("</section>\n");
        heading("utility", "What the records are still good for");
        FigureTable.write(page, "Usefulness, and the delay that it costs", content.utility(), false, content.limits());
        page.raw("</section>\n");
    }

    private void curves() {
        heading("curves", "What each parameter trades");
        if (content.sweep().isEmpty()) {
            page.element("p", "Not asked for: --sweep varies each parameter of the policy and draws the curve.");
            page.raw("</section>\n");
            return;
        }
        page.element(
                "p",
                "One parameter of the policy at a time is varied, the others stay; same traces, same seed. The ringed point is the"
                        + " policy as it is. To the left and below is more private for most figures; choose which to compare.");
        page.raw("<p class=\"choose\"><label>Across <select id=\"curve-x\"></select></label> <label>Up <select"
                + " id=\"curve-y\"></select></label></p>\n");
        page.chart(
                "curve", "chart tall", "An attack's figure against a figure of usefulness, a line for each parameter");
        final List<Figure> figures = new ArrayList<>(content.privacy());
        figures.addAll(content.utility());
        final Map<String, List<ReportContent.SweepPoint>> byParameter = content.sweep().stream()
                .collect(Collectors.groupingBy(
                        ReportContent.SweepPoint::parameter, LinkedHashMap::new, Collectors.toList()));
        byParameter.forEach((parameter, points) -> sweepTable(parameter, points, figures));
        page.raw("</section>\n");
    }

    /** A row for each figure: a page is as wide as five values, and not as all figures. */
    private void sweepTable(
            final String parameter, final List<ReportContent.SweepPoint> points, final List<Figure> figures) {
        final List<String> heads = new ArrayList<>(List.of("Figure"));
        points.forEach(point -> heads.add(point.value() + (point.isOwn() ? OWN : "")));
        final List<List<String>> rows = new ArrayList<>();
        for (final Figure figure : figures) {
            final FigureText text =
                    FigureText.of(figure.name(), content.privacy().contains(figure));
            final List<String> row = new ArrayList<>(List.of(text.title()));
            points.forEach(point -> row.add(text.format(point.value(figure.name()))));
            rows.add(row);
        }
        page.foldedTable("every figure for each value of " + parameter, heads, rows);
    }

    private void fairness() {
        heading("fairness", "Nobody may vanish unnoticed");
        if (content.byDevice().isEmpty()) {
            page.element(
                    "p", "Numbers leave, and no record is one vehicle's: who is missing from them cannot be told.");
        }
        if (!content.byDensity().isEmpty()) {
            page.chart("density", "chart", "Share published of each tenth of the fixes, by how many were around");
            page.foldedTable(
                    "share published by density",
                    List.of("Tenth of the fixes, the sparsest first", "Published"),
                    tenths());
        }
        final double[] shares = content.byDevice().stream()
                .mapToDouble(Double::doubleValue)
                .filter(share -> !Double.isNaN(share))
                .sorted()
                .toArray();
        if (shares.length > 0) {
            page.chart("devices", "chart", "Share published of each vehicle, the fewest first");
            final long without =
                    java.util.Arrays.stream(shares).filter(share -> share == 0).count();
            page.element(
                    "p",
                    without == 0
                            ? "Something of every vehicle leaves; of the one with fewest "
                                    + FigureText.percent(shares[0]) + " of its fixes."
                            : "Of " + without + " of " + shares.length
                                    + " vehicles nothing leaves: " + (without == 1 ? "it is" : "they are")
                                    + " missing from all that is made of the stream.");
            page.foldedTable(
                    "share published by vehicle",
                    List.of("Vehicle, by its place in the traces", "Published"),
                    devices());
        }
        page.raw("</section>\n");
    }

    private List<List<String>> tenths() {
        final List<List<String>> rows = new ArrayList<>();
        content.byDensity()
                .forEach(share -> rows.add(List.of(Integer.toString(rows.size() + 1), FigureText.percent(share))));
        return rows;
    }

    private List<List<String>> devices() {
        final List<List<String>> rows = new ArrayList<>();
        for (int device = 0; device < content.byDevice().size(); device++) {
            final double share = content.byDevice().get(device);
            rows.add(List.of("vehicle " + (device + 1), Double.isNaN(share) ? "no fixes" : FigureText.percent(share)));
        }
        return rows;
    }

    private void trip() {
        heading("trip", "One drive, as it was and as it left");
        if (content.trip().isPresent()) {
            page.element(
                    "p class=\"broken\"",
                    "For the traces' owner alone: who knows the roads may find the place by the drive's shape.");
            page.element(
                    "p",
                    "A drive of an unnamed vehicle, drawn by the seed among those of which about as much left as of all, in metres"
                            + " and minutes from its first fix. Make the report without --map to leave it out before it is given"
                            + " to others.");
            TripMap.write(page, content.trip().get());
        } else {
            page.element(
                    "p",
                    content.tripWanted()
                            ? "None: no record is one vehicle's, or the traces have no drive of two kilometres and ten fixes."
                            : "Not drawn: --map draws one, by whose shape whoever knows the roads may find the place.");
        }
        page.raw("</section>\n");
    }

    private void policy() {
        heading("policy", "The policy");
        page.table(
                "What leaves",
                List.of("Aspect", "Rule"),
                content.rules().entrySet().stream()
                        .map(rule -> List.of(rule.getKey(), rule.getValue()))
                        .toList());
        page.table(
                "Mechanisms, in the order in which a record meets them",
                List.of("About", "What it does", "As the policy's hash has it, with every default"),
                content.mechanisms().stream()
                        .map(each -> List.of(each.about(), each.effect(), each.canonical()))
                        .toList());
        page.raw("</section>\n");
    }

    private void origin() {
        heading("origin", "Where the figures come from");
        page.table(
                "Traces",
                List.of("File", "Vehicles", "Fixes", "Bytes", "SHA-256"),
                content.data().stream()
                        .map(file -> List.of(
                                file.name(),
                                String.format(Locale.ROOT, "%,d", file.devices()),
                                String.format(Locale.ROOT, "%,d", file.fixes()),
                                String.format(Locale.ROOT, "%,d", file.bytes()),
                                file.sha256()))
                        .toList());
        final List<List<String>> facts = new ArrayList<>();
        for (final Map.Entry<String, String> fact : content.facts().entrySet()) {
            facts.add(List.of(fact.getKey(), fact.getValue()));
        }
        facts.add(List.of("Charts", "Chart.js " + PageParts.chartVersion() + ", MIT licence, below"));
        page.table("How they were made", List.of("What", "Which"), facts);
        page.raw("<details><summary>Licence of Chart.js</summary>").element("pre", PageParts.chartLicence());
        page.raw("</details>\n</section>\n");
    }
}
