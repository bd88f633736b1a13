// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.List;

/** Writes HTML that is well-formed XML, too. Not thread safe. */
final class Markup {
    private final StringBuilder html = new StringBuilder(1 << 16);

    /** Takes markup as it is. */
    Markup raw(final String markup) {
        html.append(markup);
        return this;
    }

    /** A text between a tag and its end. */
    Markup element(final String tag, final String text) {
        html.append('<').append(tag).append('>').append(escaped(text));
        html.append("</").append(tag.split(" ", 2)[0]).append(">\n");
        return this;
    }

    /**
     * A table that may be wider than the screen.
     *
     * @param caption what it shows.
     * @param heads   of its columns; those of figures stand right.
     * @param rows    texts; the first of each is its head.
     */
    Markup table(final String caption, final List<String> heads, final List<List<String>> rows) {
        html.append("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"")
                .append(escaped(caption))
                .append("\"><table>\n<caption>")
                .append(escaped(caption))
                .append("</caption>\n<thead><tr>");
        heads.forEach(
                head -> html.append("<th scope=\"col\">").append(escaped(head)).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (final List<String> row : rows) {
            html.append("<tr><th scope=\"row\">").append(escaped(row.get(0))).append("</th>");
            row.subList(1, row.size())
                    .forEach(cell -> html.append("<td>").append(escaped(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
        return this;
    }

    /** A table that is folded away until it is wanted, or printed. */
    Markup foldedTable(final String caption, final List<String> heads, final List<List<String>> rows) {
        html.append("<details><summary>Table: ").append(escaped(caption)).append("</summary>\n");
        return table(caption, heads, rows).raw("</details>\n");
    }

    /**
     * A place where the page draws a chart.
     *
     * @param id    of the chart, by which the script finds it.
     * @param size  {@code chart}, or {@code chart tall} for one with a long legend.
     * @param title what it shows.
     */
    Markup chart(final String id, final String size, final String title) {
        html.append("<figure><figcaption id=\"")
                .append(id)
                .append("-title\">")
                .append(escaped(title))
                .append("</figcaption><div class=\"")
                .append(size)
                .append("\"><canvas id=\"")
                .append(id)
                .append("\" role=\"img\" aria-labelledby=\"")
                .append(id)
                .append("-title\"></canvas></div></figure>\n");
        return this;
    }

    /** A text as it stands in markup, in an attribute too. */
    static String escaped(final String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
