// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.Locale;
import java.util.Map;

/**
 * What a figure is called and what it means, for people. A figure that is not known here is called by its own name, taken apart,
 * and is shown all the same.
 *
 * @param title   without a full stop.
 * @param meaning one sentence.
 * @param unit    how its value is written.
 */
record FigureText(String title, String meaning, Unit unit) {
    /** How a value is written. */
    enum Unit {
        /** Of 1, as a percentage. */
        SHARE,
        METRES,
        SECONDS,
        NUMBER
    }

    private static final Map<String, FigureText> TEXTS = Map.ofEntries(
            share(
                    "uniqueness4",
                    "Four known places and hours fit one vehicle only",
                    "Somebody knows four places (to 500 m) and times (to the hour) of a vehicle and looks for them in all that left."
                            + " All records of a vehicle are taken together, as if the ids under which they left had been joined"
                            + " already: the worst case."),
            share(
                    "reidentificationAp",
                    "Recognised by where it usually is, from raw earlier tracks",
                    "Somebody knows where every vehicle was in the first half of the time, and looks for the owner of each id of"
                            + " the second half by its heat map."),
            share(
                    "reidentificationApAdaptive",
                    "Recognised by where it usually is, by an attacker who runs the policy himself",
                    "He puts the earlier tracks through the same policy before he compares."),
            share(
                    "reidentificationPoi",
                    "Recognised by where it stops",
                    "The stops of the first half are compared with those of each id of the second."),
            share(
                    "reidentificationMarkov",
                    "Recognised by the ways between its stops",
                    "The stops of the first half, and how often it went from one to another, are compared with those of the second."),
            share(
                    "reidentificationPoiAdaptive",
                    "Recognised by where it stops, by an attacker who runs the policy himself",
                    "He puts the earlier tracks through the same policy before he compares."),
            share(
                    "reidentificationMarkovAdaptive",
                    "Recognised by the ways between its stops, by an attacker who runs the policy himself",
                    "He puts the earlier tracks through the same policy before he compares."),
            share(
                    "aggregateRecovery",
                    "Drives put together from counts",
                    "From numbers per cell and time alone, somebody puts drives together, and they fit what a vehicle drove."),
            share(
                    "publishedOfSparsestTenth",
                    "Records that leave, where fewest vehicles are around",
                    "Of the tenth of all fixes that has the fewest others near it."),
            share(
                    "trafficSpeedCovered",
                    "Cells whose speed of traffic can be told",
                    "Of the cells and quarters of an hour that have enough fixes."),
            number("speedShiftKmh", "Speeds shifted by, in km/h", "How far speeds told lie from speeds driven."),
            Map.entry(
                    "tripLengthShiftMetres",
                    new FigureText(
                            "Lengths of trips shifted by",
                            "How far lengths of trips lie from those driven.",
                            Unit.METRES)),
            share(
                    "relinkFull",
                    "Pieces of one drive joined again",
                    "Somebody follows the ends of pieces on to the beginnings of others, and finds the one that is really next, over"
                            + " gaps of up to a quarter of an hour more than the shortest that the policy allows; what follows later"
                            + " does not count, and its share of all sequels stands beside it. Without a road map (--roads) he goes as the crow flies, and may"
                            + " find more with one."),
            share(
                    "relinkFifth",
                    "Pieces joined again, in fleets of a fifth",
                    "The same when only a fifth of the vehicles is there to be mistaken for each other: five such fleets, each alone."),
            share(
                    "stopF",
                    "Stops found again",
                    "Where vehicles really stopped, beside where their records say so, as they are or averaged: the F score, 100 %"
                            + " for all stops and no others. Tries are the mean of how many there are and how many the records"
                            + " show."),
            share(
                    "homeWithin250m",
                    "Homes found to 250 m",
                    "Where published drives of a vehicle begin and end, or where its records are at night, beside where it really"
                            + " spent its nights. All records of a vehicle are taken together, whatever ids they have: the worst"
                            + " case. Chance is the same answers, each given for another vehicle: it is high where many spend"
                            + " their nights at few places."),
            share("published", "Records that leave", "Of all fixes that went in."),
            share(
                    "publishedOfLeastDevice",
                    "Records that leave, of the vehicle with fewest",
                    "Near zero, somebody is missing from all that is made of the stream."),
            share(
                    "areaCoverage",
                    "Area covered",
                    "How far the squares of 280 m that records name are those in which the vehicle was: 100 % for all and no others."),
            share(
                    "rangeQueryError",
                    "Counts in boxes, wrong by",
                    "A thousand boxes of 500 to 2000 m and 2 to 4 hours: records counted against fixes; the median, and with it"
                            + " how the boxes differ."),
            number(
                    "heatmapDivergence",
                    "Heat maps apart by",
                    "Jensen-Shannon divergence of records and fixes in squares of 800 m: 0 for the same map, 0.69 for maps that share"
                            + " nothing."),
            share(
                    "odError",
                    "Trips from here to there, wrong by",
                    "Trips counted between squares of 2 km, those of records against those of fixes; above 100 % where there are more"
                            + " wrong ones than true ones."),
            share(
                    "trafficSpeedError",
                    "Speeds of traffic, wrong by",
                    "Mean speeds of squares of 500 m and quarters of an hour with at least ten fixes: the median, and with it how"
                            + " they differ."),
            share(
                    "trafficSpeedErrorOfSample",
                    "The same of a random sample of as many fixes",
                    "The error of another choice of as many fixes, drawn at random and told exactly, over the squares that both"
                            + " answer: to compare with, and no bound."),
            share(
                    "trafficSpeedBias",
                    "Speeds of traffic, too fast by",
                    "The mean over the same squares, below zero where they are too slow. Whoever keeps stops back keeps slow"
                            + " traffic back."),
            Map.entry(
                    "spatialDistortionMetres",
                    new FigureText(
                            "Beside the way really driven",
                            "From each published place to the line that its vehicle drove: the median, and with it how records"
                                    + " differ.",
                            Unit.METRES)),
            Map.entry(
                    "spatioTemporalDistortionMetres",
                    new FigureText(
                            "From where it really was then",
                            "From each published place to where its vehicle was at the time that the record tells: the median,"
                                    + " and with it how records differ. Coarse times count here, too.",
                            Unit.METRES)),
            Map.entry(
                    "delaySeconds",
                    new FigureText(
                            "Later than the fix",
                            "From a fix to its release, in the time of the fixes: the median, and with it how records differ.",
                            Unit.SECONDS)));

    private static Map.Entry<String, FigureText> share(final String name, final String title, final String meaning) {
        return Map.entry(name, new FigureText(title, meaning, Unit.SHARE));
    }

    private static Map.Entry<String, FigureText> number(final String name, final String title, final String meaning) {
        return Map.entry(name, new FigureText(title, meaning, Unit.NUMBER));
    }

    /**
     * The text of a figure.
     *
     * @param name      its name.
     * @param isPrivacy whether it tells what an attacker finds: a share, unless its name says otherwise.
     * @return the text.
     */
    static FigureText of(final String name, final boolean isPrivacy) {
        final FigureText text = TEXTS.get(name);
        if (text != null) {
            return text;
        }
        final Unit unit = name.endsWith("Metres")
                ? Unit.METRES
                : name.endsWith("Seconds")
                        ? Unit.SECONDS
                        : isPrivacy || name.endsWith("Error") || name.startsWith("published")
                                ? Unit.SHARE
                                : Unit.NUMBER;
        final String words = name.replaceAll("(?<=[a-z])(?=[A-Z0-9])", " ").toLowerCase(Locale.ROOT);
        return new FigureText(words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1), "", unit);
    }

    /**
     * A value of such a figure.
     *
     * @param value null for none.
     * @return its text with its unit.
     */
    String format(final Double value) {
        if (value == null) {
            return "not measured";
        }
        return switch (unit) {
            case SHARE -> percent(value);
            case METRES ->
                value >= 10_000
                        ? String.format(Locale.ROOT, "%.1f\u00a0km", value / 1000)
                        : String.format(Locale.ROOT, value < 10 ? "%.1f\u00a0m" : "%.0f\u00a0m", value);
            case SECONDS ->
                value >= 600
                        ? String.format(Locale.ROOT, "%.1f\u00a0min", value / 60)
                        : String.format(Locale.ROOT, value < 10 ? "%.1f\u00a0s" : "%.0f\u00a0s", value);
            case NUMBER -> String.format(Locale.ROOT, "%.3f", value);
        };
    }

    /**
     * A share as a percentage, with as many digits as tell something.
     *
     * @param share of 1.
     * @return such as 3.1 %.
     */
    static String percent(final double share) {
        final double percent = 100 * share;
        final String digits = percent == 0 || percent >= 99.95 ? "%.0f" : Math.abs(percent) < 1 ? "%.2f" : "%.1f";
        return String.format(Locale.ROOT, digits, percent) + "\u00a0%";
    }
}
