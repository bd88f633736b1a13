// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Tables of figures, a row each with its meaning, and of shares a drawing of value, interval, chance and limit. */
final class FigureTable {
    private static final int WIDTH = 200;
    private static final int EDGE = 5;

    private FigureTable() {}

    static void write(
            final Markup page,
            final String caption,
            final List<Figure> figures,
            final boolean isPrivacy,
            final List<Limit> limits) {
        page.raw("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"" + Markup.escaped(caption)
                + "\"><table class=\"figures\">\n<caption>" + Markup.escaped(caption)
                + "</caption>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Found</th>");
        if (isPrivacy) {
            page.raw(
                    "<th scope=\"col\">95&#160;% interval</th><th scope=\"col\">By chance</th><th scope=\"col\">Tries</th>");
        } else {
            page.raw("<th scope=\"col\">How it differs</th>");
        }
        page.raw("<th scope=\"col\">0&#160;% to 100&#160;%</th></tr></thead>\n<tbody>\n");
        for (final Figure figure : figures) {
            final Limit limit = limits.stream()
                    .filter(each -> each.figure().name().equals(figure.name()))
                    .findFirst()
                    .orElse(null);
            row(page, figure, FigureText.of(figure.name(), isPrivacy), isPrivacy, limit);
        }
        page.raw("</tbody></table></div>\n");
    }

    private static void row(
            final Markup page, final Figure figure, final FigureText text, final boolean isPrivacy, final Limit limit) {
        page.raw("<tr data-figure=\"" + Markup.escaped(figure.name()) + "\" data-unit=\"" + text.unit()
                + "\"><th scope=\"row\"><strong>"
                + Markup.escaped(text.title()) + "</strong> <code>" + Markup.escaped(figure.name())
                + "</code><br/><small>"
                + Markup.escaped(text.meaning()) + "</small>"
                + (figure.reason() == null
                        ? ""
                        : "<br/><small class=\"reason\">Not applicable: " + Markup.escaped(figure.reason())
                                + ".</small>")
                + "</th>");
        cell(page, "Found", figure.reason() == null ? text.format(figure.value()) : "not applicable");
        if (figure.reason() != null) {
            page.raw(isPrivacy ? "<td></td><td></td><td></td><td></td></tr>\n" : "<td></td><td></td></tr>\n");
            return;
        }
        if (isPrivacy) {
            cell(
                    page,
                    "95 % interval",
                    figure.low() == null ? "none" : text.format(figure.low()) + " to " + text.format(figure.high()));
            cell(page, "By chance", figure.chance() == null ? "no guess" : text.format(figure.chance()));
            cell(page, "Tries", tries(figure, text));
        } else {
            cell(page, "", spread(figure, text));
        }
        page.raw("<td>" + (text.unit() == FigureText.Unit.SHARE ? drawing(figure, limit) : "") + "</td></tr>\n");
    }

    /** On a phone each figure is a block, and its cells say themselves what they are. */
    private static void cell(final Markup page, final String head, final String text) {
        page.raw((head.isEmpty() || text.isEmpty() ? "<td>" : "<td data-head=\"" + head + "\">") + Markup.escaped(text)
                + "</td>");
    }

    /** How many, and beside them what of the policy's records was not tried. */
    private static String tries(final Figure figure, final FigureText text) {
        final String of = figure.of() == null ? "" : String.format(Locale.ROOT, "%,d", figure.of());
        final Double longer = figure.spread().get(Figure.OVER_LONGER_SILENCES);
        return longer == null ? of : of + ", without " + text.format(longer) + " over longer silences";
    }

    private static String spread(final Figure figure, final FigureText text) {
        if (!figure.spread().isEmpty()) {
            final StringJoiner all = new StringJoiner(", ");
            for (final Map.Entry<String, Double> each : figure.spread().entrySet()) {
                all.add(each.getKey() + "\u00a0" + text.format(each.getValue()));
            }
            return all.toString();
        }
        return figure.low() == null
                ? ""
                : "95\u00a0% interval " + text.format(figure.low()) + " to " + text.format(figure.high());
    }

    /** The numbers stand beside it, so that a screen reader need not have it. */
    private static String drawing(final Figure figure, final Limit limit) {
        final StringBuilder svg = new StringBuilder("<svg class=\"dot\" viewBox=\"0 0 ")
                .append(WIDTH + 2 * EDGE)
                .append(" 24\" width=\"")
                .append(WIDTH + 2 * EDGE)
                .append("\" height=\"24\" aria-hidden=\"true\">");
        line(svg, "axis", 0, 1, 12, 12);
        if (figure.value() != null) {
            if (figure.low() != null) {
                line(svg, "interval", figure.low(), figure.high(), 12, 12);
            }
            if (figure.chance() != null) {
                line(svg, "chance", figure.chance(), figure.chance(), 5, 19);
            }
            if (limit != null) {
                line(svg, "limit", limit.bound(), limit.bound(), 1, 23);
            }
            svg.append(
                    figure.value() > 1
                            ? String.format(
                                    Locale.ROOT,
                                    "<path class=\"value\" d=\"M%d 5L%d 12L%d 19z\"/>",
                                    WIDTH - EDGE,
                                    WIDTH + 2 * EDGE,
                                    WIDTH - EDGE)
                            : String.format(
                                    Locale.ROOT,
                                    "<circle class=\"value\" cx=\"%.1f\" cy=\"12\" r=\"4.5\"/>",
                                    x(figure.value())));
        }
        return svg.append("</svg>").toString();
    }

    private static void line(
            final StringBuilder svg,
            final String kind,
            final double from,
            final double to,
            final int top,
            final int bottom) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                kind,
                x(from),
                x(to),
                top,
                bottom));
    }

    private static double x(final double share) {
        return EDGE + WIDTH * Math.max(0, Math.min(1, share));
    }
}
