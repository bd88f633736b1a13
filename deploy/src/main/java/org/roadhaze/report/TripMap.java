// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.roadhaze.evaluation.ExampleTrip;
import org.roadhaze.evaluation.ExampleTrip.Place;
import org.roadhaze.evaluation.ExampleTrip.Sighting;

/**
 * Draws a trip as it was driven and as it left: grey what was driven, in colours what left, each piece in another and with its
 * number. No tiles, and no place on earth: metres from where it began.
 */
final class TripMap {
    private static final int WIDTH = 720;
    private static final int LEAST_HEIGHT = 260;
    private static final int MOST_HEIGHT = 720;
    private static final int MARGIN = 28;
    private static final int COLOURS = 6;
    private static final double[] SCALES = {50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000};

    private final ExampleTrip trip;
    private final double west;
    private final double north;
    private final double perMetre;
    private final double offsetX;
    private final double offsetY;
    private final int height;

    private TripMap(final ExampleTrip trip) {
        this.trip = trip;
        final List<double[]> corners = new ArrayList<>();
        trip.driven().forEach(place -> corners.add(new double[] {place.east(), place.north()}));
        for (final Sighting sighting : trip.sightings()) {
            final double half = sighting.cellMetres() / 2;
            corners.add(new double[] {sighting.east() - half, sighting.north() - half});
            corners.add(new double[] {sighting.east() + half, sighting.north() + half});
        }
        west = corners.stream().mapToDouble(corner -> corner[0]).min().orElse(0);
        north = corners.stream().mapToDouble(corner -> corner[1]).max().orElse(0);
        final double eastward = Math.max(
                1, corners.stream().mapToDouble(corner -> corner[0]).max().orElse(0) - west);
        final double southward = Math.max(
                1,
                north - corners.stream().mapToDouble(corner -> corner[1]).min().orElse(0));
        final double wanted = (WIDTH - 2 * MARGIN) * southward / eastward + 2 * MARGIN;
        height = (int) Math.max(LEAST_HEIGHT, Math.min(MOST_HEIGHT, wanted));
        perMetre = Math.min((WIDTH - 2 * MARGIN) / eastward, (height - 2 * MARGIN) / southward);
        offsetX = (WIDTH - eastward * perMetre) / 2;
        offsetY = (height - southward * perMetre) / 2;
    }

    /** Writes the drawing and its table. */
    static void write(final Markup page, final ExampleTrip trip) {
        final TripMap map = new TripMap(trip);
        page.raw("<figure>").raw(map.svg()).element("figcaption", map.caption()).raw("</figure>\n");
        page.foldedTable(
                "what was driven and what left, minutes and metres from the first fix",
                List.of("", "minute", "east", "north", "piece"),
                map.rows());
    }

    private String caption() {
        final long pieces = trip.sightings().stream()
                .mapToInt(Sighting::piece)
                .filter(piece -> piece > 0)
                .distinct()
                .count();
        return String.format(
                Locale.ROOT,
                "Grey: the %d fixes as they were driven in %.0f minutes. Coloured: the %d records that left%s%s.",
                trip.driven().size(),
                trip.driven().get(trip.driven().size() - 1).minute(),
                trip.sightings().size(),
                pieces == 0 ? "" : ", a colour and a number for each of the " + pieces + " ids that a reader sees",
                trip.sightings().stream().anyMatch(each -> each.cellMetres() > 0)
                        ? "; cells are drawn as squares of the same area"
                        : "");
    }

    private List<List<String>> rows() {
        final List<List<String>> rows = new ArrayList<>();
        trip.driven().forEach(place -> rows.add(row("driven", place.minute(), place.east(), place.north(), "")));
        trip.sightings()
                .forEach(each -> rows.add(row(
                        "left",
                        each.minute(),
                        each.east(),
                        each.north(),
                        each.piece() == 0 ? "none" : Integer.toString(each.piece()))));
        return rows;
    }

    private static List<String> row(
            final String what, final double minute, final double east, final double north, final String piece) {
        return List.of(
                what,
                String.format(Locale.ROOT, "%.1f", minute),
                String.format(Locale.ROOT, "%.0f\u00a0m", east),
                String.format(Locale.ROOT, "%.0f\u00a0m", north),
                piece);
    }

    private String svg() {
        final StringBuilder svg = new StringBuilder(1 << 14);
        svg.append(String.format(
                Locale.ROOT,
                "<svg class=\"map\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"map-title\"><title"
                        + " id=\"map-title\">A drive as it was, and what left of it</title>%n",
                WIDTH,
                height));
        cells(svg);
        polyline(svg, "driven", trip.driven().stream().map(this::at).toList());
        for (final Place place : trip.driven()) {
            circle(svg, "driven", x(place.east()), y(place.north()), 2.2);
        }
        pieces(svg);
        scale(svg);
        return svg.append("</svg>\n").toString();
    }

    /** Each cell once: many records of one lie on each other. */
    private void cells(final StringBuilder svg) {
        trip.sightings().stream()
                .filter(each -> each.cellMetres() > 0)
                .map(each -> {
                    final double side = each.cellMetres() * perMetre;
                    return String.format(
                            Locale.ROOT,
                            "<rect class=\"cell %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
                            colour(each.piece()),
                            x(each.east()) - side / 2,
                            y(each.north()) - side / 2,
                            side,
                            side);
                })
                .distinct()
                .forEach(svg::append);
    }

    private void pieces(final StringBuilder svg) {
        final int last =
                trip.sightings().stream().mapToInt(Sighting::piece).max().orElse(0);
        IntStream.rangeClosed(0, last).forEach(piece -> {
            final List<Sighting> ofPiece = trip.sightings().stream()
                    .filter(each -> each.piece() == piece)
                    .toList();
            if (piece > 0) {
                polyline(
                        svg,
                        "piece " + colour(piece),
                        ofPiece.stream()
                                .map(each -> point(each.east(), each.north()))
                                .toList());
            }
            ofPiece.forEach(each -> circle(svg, "record " + colour(piece), x(each.east()), y(each.north()), 3.6));
            if (piece > 0 && !ofPiece.isEmpty()) {
                final Sighting first = ofPiece.get(0);
                svg.append(String.format(
                        Locale.ROOT,
                        "<text class=\"number\" x=\"%.1f\" y=\"%.1f\">%d</text>%n",
                        x(first.east()) + 6,
                        y(first.north()) - 6,
                        piece));
            }
        });
    }

    private static String colour(final int piece) {
        return "c" + (piece + COLOURS - 1) % COLOURS;
    }

    private void scale(final StringBuilder svg) {
        double metres = SCALES[0];
        for (final double each : SCALES) {
            metres = each * perMetre <= WIDTH / 4.0 ? each : metres;
        }
        final double end = WIDTH - 12;
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"scale\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/><text class=\"scale\" x=\"%.1f\""
                        + " y=\"%d\">%s</text>%n",
                end - metres * perMetre,
                end,
                height - 10,
                height - 10,
                end,
                height - 16,
                metres < 1000 ? (int) metres + " m" : (int) (metres / 1000) + " km"));
    }

    private static void polyline(final StringBuilder svg, final String kind, final List<String> points) {
        if (points.size() > 1) {
            svg.append("<polyline class=\"")
                    .append(kind)
                    .append("\" points=\"")
                    .append(String.join(" ", points))
                    .append("\"/>\n");
        }
    }

    private static void circle(
            final StringBuilder svg, final String kind, final double x, final double y, final double radius) {
        svg.append(String.format(
                Locale.ROOT, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>%n", kind, x, y, radius));
    }

    private String at(final Place place) {
        return point(place.east(), place.north());
    }

    private String point(final double east, final double northward) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x(east), y(northward));
    }

    private double x(final double east) {
        return offsetX + (east - west) * perMetre;
    }

    private double y(final double northward) {
        return offsetY + (north - northward) * perMetre;
    }
}
