// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.roadhaze.evaluation.Evaluation;
import org.roadhaze.evaluation.HeatMapAttack;
import org.roadhaze.evaluation.Relinking;
import org.roadhaze.evaluation.Track;
import org.roadhaze.evaluation.WholeTrips;
import org.roadhaze.report.Figure;

/**
 * The figures of an evaluation. {@code chance} is what guessing would find, where something is guessed.
 * A figure that the traces or the policy leave nothing to measure of has no value, and a {@code reason}.
 */
final class EvaluationReport {
    /** What the attacker did, for whoever reads that he succeeded. */
    private static final Map<String, String> ATTACKS = Map.ofEntries(
            Map.entry("uniqueness4", "four points of 500 m and an hour single out one device"),
            Map.entry("reidentificationAp", "heat maps of the second half matched with raw ones of the first"),
            Map.entry(
                    "reidentificationApAdaptive",
                    "heat maps of the second half matched with those of the first half through the same policy"),
            Map.entry("reidentificationPoi", "stops of the second half matched with raw ones of the first"),
            Map.entry(
                    "reidentificationPoiAdaptive",
                    "stops of the second half matched with those of the first half through the same policy"),
            Map.entry(
                    "reidentificationMarkov",
                    "Markov chains of stops of the second half matched with raw ones of the first"),
            Map.entry(
                    "reidentificationMarkovAdaptive",
                    "Markov chains of stops of the second half matched with those of the first half through the same policy"),
            Map.entry("relinkFull", "segments joined again over their gaps, all vehicles together"),
            Map.entry("relinkFifth", "segments joined again over their gaps, each fifth of the vehicles alone"),
            Map.entry("stopF", "stops found again, as they are or after a moving average"),
            Map.entry(
                    "homeWithin250m",
                    "homes found from where published runs begin and end, or from where records are at night"),
            Map.entry("aggregateRecovery", "trajectories put together from numbers per cell and time"));

    private static final String NO_STOP = "no id of the second half shows a stop of 15 minutes";
    private static final String NO_SPEED = "no record tells a speed where enough fixes do";
    private static final String LONGER = "overLongerSilences";
    private static final String NO_SEQUEL = "no id is followed by another of its vehicle";
    private static final String NOTHING_LEFT = "nothing left";
    private static final String NOBODY_LEFT = "no record is one vehicle's";

    /** What is looked for in the records of each vehicle: there are none where numbers leave. */
    private static final List<String> OF_VEHICLES = List.of("stopF", "homeWithin250m");

    /** What compares records with the fixes that they are made from, which numbers are not. */
    private static final List<String> OF_RECORDS = List.of(
            "published",
            "areaCoverage",
            "rangeQueryError",
            "trafficSpeedCovered",
            "publishedOfLeastDevice",
            "publishedOfSparsestTenth");

    /** Of so little, a share of the fixes, that no attack finds anything in it says little of the policy. */
    private static final double LITTLE = 0.01;

    /** And so it does where something left of so few, a share of the vehicles. */
    private static final double FEW = 0.1;

    private final Map<String, Map<String, Object>> privacy = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> utility = new LinkedHashMap<>();
    /** From the device with the least to that with the most; from the sparsest tenth of the fixes to the densest. */
    private final Map<String, List<Double>> shares = new LinkedHashMap<>();

    private final Map<String, Object> about = new LinkedHashMap<>();
    private final Map<String, Object> more = new LinkedHashMap<>();
    private final Optional<String> caution;
    private final boolean nothingLeft;
    private final boolean tellsNumbers;

    EvaluationReport(
            final String version,
            final String stream,
            final long seed,
            final List<Track> tracks,
            final Evaluation evaluation) {
        nothingLeft = Double.isNaN(evaluation.delaySeconds().p50());
        tellsNumbers = evaluation.published() == 0 && !nothingLeft;
        about.put("policy", version);
        about.put("stream", stream);
        about.put("seed", seed);
        about.put("devices", tracks.size());
        about.put("fixes", tracks.stream().mapToLong(Track::size).sum());
        final double chance = evaluation.reidentifiedByChance();
        privacy.put(
                "uniqueness4",
                FigureValues.because(
                        FigureValues.share(
                                evaluation.uniqueness4().rate(),
                                evaluation.uniqueness4().draws(),
                                null),
                        "of no vehicle four such places left"));
        privacy.put("reidentificationAp", FigureValues.because(share(evaluation.reidentified(), chance), NOBODY_LEFT));
        privacy.put(
                "reidentificationApAdaptive",
                FigureValues.because(share(evaluation.reidentifiedAdaptive(), chance), NOBODY_LEFT));
        privacy.put(
                "reidentificationPoi", FigureValues.because(share(evaluation.reidentifiedByStops(), chance), NO_STOP));
        privacy.put(
                "reidentificationPoiAdaptive",
                FigureValues.because(share(evaluation.reidentifiedByStopsAdaptive(), chance), NO_STOP));
        privacy.put(
                "reidentificationMarkov",
                FigureValues.because(share(evaluation.reidentifiedByMarkov(), chance), NO_STOP));
        privacy.put(
                "reidentificationMarkovAdaptive",
                FigureValues.because(share(evaluation.reidentifiedByMarkovAdaptive(), chance), NO_STOP));
        privacy.put("relinkFull", joined(evaluation.relinkFull(), NO_SEQUEL));
        privacy.put(
                "relinkFifth",
                joined(
                        evaluation.relinkFifth(),
                        tracks.size() < 5 ? "five vehicles at least make a fleet of a fifth" : NO_SEQUEL));
        privacy.put(
                "stopF",
                FigureValues.stops(
                        evaluation.stops(),
                        tracks.size() > 1 ? evaluation.stopsByChance().f() : null));
        privacy.put(
                "homeWithin250m",
                FigureValues.because(
                        FigureValues.share(
                                evaluation.home().within(250),
                                evaluation.home().metres().size(),
                                evaluation.homeByChance()),
                        "no vehicle of the traces stays anywhere at night"));
        privacy.put(
                "aggregateRecovery",
                FigureValues.because(
                        FigureValues.share(
                                evaluation.aggregates().recovered(),
                                evaluation.aggregates().devices(),
                                evaluation.aggregates().byChance()),
                        "no numbers of two windows left, and no records without an id"));
        utility.put("published", FigureValues.share(evaluation.published(), (long) about.get("fixes"), null));
        utility.put(
                "spatialDistortionMetres",
                FigureValues.because(FigureValues.spread(evaluation.spatialDistortionMetres()), NOBODY_LEFT));
        utility.put(
                "spatioTemporalDistortionMetres",
                FigureValues.because(FigureValues.spread(evaluation.spatioTemporalDistortionMetres()), NOBODY_LEFT));
        utility.put("areaCoverage", FigureValues.figure(evaluation.areaCoverage()));
        utility.put("rangeQueryError", FigureValues.spread(evaluation.rangeQueryError()));
        utility.put("heatmapDivergence", FigureValues.figure(evaluation.heatMapDivergence()));
        utility.put("odError", FigureValues.because(FigureValues.figure(evaluation.odError()), noTrips(evaluation)));
        utility.put(
                "tripLengthShiftMetres",
                FigureValues.because(FigureValues.figure(evaluation.tripLengthShiftMetres()), noTrips(evaluation)));
        utility.put(
                "trafficSpeedError",
                FigureValues.because(
                        FigureValues.spread(evaluation.trafficSpeed().error()), NO_SPEED));
        utility.put(
                "trafficSpeedErrorOfSample",
                FigureValues.because(
                        FigureValues.spread(evaluation.trafficSpeed().sampled()), NO_SPEED));
        utility.put(
                "trafficSpeedBias",
                FigureValues.because(
                        FigureValues.figure(evaluation.trafficSpeed().bias()), NO_SPEED));
        utility.put(
                "trafficSpeedCovered",
                FigureValues.share(
                        evaluation.trafficSpeed().covered(),
                        evaluation.trafficSpeed().cells(),
                        null));
        utility.put(
                "speedShiftKmh",
                FigureValues.because(
                        FigureValues.figure(evaluation.trafficSpeed().shiftKmh()), NO_SPEED));
        utility.put("delaySeconds", FigureValues.because(FigureValues.spread(evaluation.delaySeconds()), NOTHING_LEFT));
        shares.put(
                "publishedByDevice",
                tellsNumbers
                        ? List.of()
                        : evaluation.publishedByDevice().stream()
                                .filter(each -> !each.isNaN())
                                .sorted()
                                .toList());
        shares.put("publishedByDensity", tellsNumbers ? List.of() : evaluation.publishedByDensity());
        utility.put("publishedOfLeastDevice", FigureValues.figure(first(shares.get("publishedByDevice"))));
        utility.put("publishedOfSparsestTenth", FigureValues.figure(first(shares.get("publishedByDensity"))));
        caution = caution(evaluation);
        if (nothingLeft) {
            withdraw(privacy, List.copyOf(privacy.keySet()), NOTHING_LEFT);
        } else if (tellsNumbers) {
            withdraw(privacy, OF_VEHICLES, NOBODY_LEFT);
            withdraw(utility, OF_RECORDS, NOBODY_LEFT);
        }
        caution.ifPresent(sentence -> about.put("caution", sentence));
    }

    /** A sentence to read all figures with; empty where enough left. */
    Optional<String> caution() {
        return caution;
    }

    /** Whether numbers left: no record is one vehicle's, and nobody's share can be told. */
    boolean tellsNumbers() {
        return tellsNumbers;
    }

    /** What left of how much, where it is so little that the attacks are to be read with it: a sentence. */
    private Optional<String> caution(final Evaluation evaluation) {
        final List<Double> ofDevices = shares.get("publishedByDevice");
        final long seen = ofDevices.stream().filter(share -> share > 0).count();
        if (tellsNumbers || (evaluation.published() >= LITTLE && seen >= FEW * ofDevices.size())) {
            return Optional.empty();
        }
        return Optional.of(
                nothingLeft
                        ? String.format(
                                Locale.ROOT,
                                "Of %,d fixes of %,d vehicles nothing left: there was nothing to attack, so that no figure"
                                        + " of privacy has a value and no limit was tried.",
                                (long) about.get("fixes"),
                                ofDevices.size())
                        : String.format(
                                Locale.ROOT,
                                "Of %,d fixes of %,d vehicles %s%.2f %% left, of %s%,d of the vehicles: that attacks find"
                                        + " little in so little does not show what they would find in more.",
                                (long) about.get("fixes"),
                                ofDevices.size(),
                                evaluation.published() < LITTLE ? "only " : "",
                                100 * evaluation.published(),
                                evaluation.published() < LITTLE ? "" : "only ",
                                seen));
    }

    /** Where nothing is left to attack an attack finds nothing, which is no merit: its figure has no value. */
    private static void withdraw(
            final Map<String, Map<String, Object>> figures, final Collection<String> names, final String reason) {
        for (final String name : names) {
            final Map<String, Object> none = FigureValues.figure(Double.NaN);
            none.put("of", 0L);
            FigureValues.because(none, reason);
            if (figures.get(name).containsKey(LONGER)) {
                none.put(LONGER, null);
            }
            figures.put(name, none);
        }
    }

    private static double first(final List<Double> shares) {
        return shares.isEmpty() ? Double.NaN : shares.get(0);
    }

    private static Map<String, Object> share(final HeatMapAttack.Result result, final double chance) {
        return FigureValues.share(result.rate(), result.targets(), chance);
    }

    /** Of the links over silences that are looked over; what share of all sequels follow after a longer one stands beside it. */
    private static Map<String, Object> joined(final Relinking relinking, final String none) {
        final Map<String, Object> figure = FigureValues.because(
                FigureValues.share(relinking.rate(), relinking.links(), relinking.chance()),
                relinking.longer() == 0
                        ? none
                        : "no id is followed by another of its vehicle within the silence that is looked over");
        figure.put(LONGER, relinking.longerShare());
        return figure;
    }

    private static String noTrips(final Evaluation evaluation) {
        final WholeTrips trips = evaluation.wholeTrips();
        return trips.areMost()
                ? NOBODY_LEFT + ", or nobody drove"
                : String.format(
                        Locale.ROOT,
                        "records tell pieces, not trips: of %,d trips of which records left, %,d left under one id",
                        trips.told(),
                        trips.whole());
    }

    /**
     * What of the privacy is worse than it may be.
     *
     * @param limits the most of each figure, by name.
     * @return a sentence for each that is above its limit; a figure without a value is not.
     */
    List<String> broken(final Map<String, Double> limits) {
        final List<String> broken = new ArrayList<>();
        privacy.forEach((name, figure) -> {
            final Double most = limits.get(name);
            if (most != null && figure.get("value") instanceof Double value && value > most) {
                broken.add("limit broken: " + name + ": found " + number(value) + ", allowed at most " + number(most)
                        + " (" + ATTACKS.get(name) + ")");
            }
        });
        return broken;
    }

    /** What attackers find. */
    List<Figure> privacy() {
        return figures(privacy);
    }

    /** What the records are still good for. */
    List<Figure> utility() {
        return figures(utility);
    }

    private static List<Figure> figures(final Map<String, Map<String, Object>> named) {
        return named.entrySet().stream()
                .map(figure -> Figure.of(figure.getKey(), figure.getValue()))
                .toList();
    }

    /** Tells more in JSON, behind the figures. */
    void add(final String name, final Object value) {
        more.put(name, value);
    }

    String toJson() {
        final Map<String, Object> all = new LinkedHashMap<>(about);
        all.put("privacy", privacy);
        all.put("utility", utility);
        final Map<String, Object> tellsShares = new LinkedHashMap<>(shares);
        if (tellsNumbers) {
            tellsShares.put("reason", NOBODY_LEFT);
        }
        all.put("shares", tellsShares);
        all.putAll(more);
        return JsonText.of(all);
    }

    void print(final PrintWriter out) {
        out.println("stream " + about.get("stream") + ", policy " + about.get("policy") + ", seed " + about.get("seed")
                + ": " + about.get("fixes") + " fixes of " + about.get("devices") + " devices");
        caution.ifPresent(sentence -> out.println("  " + sentence));
        out.printf("  %-30s  %10s  %20s  %10s  %10s%n", "", "value", "95 % interval", "chance", "of");
        privacy.forEach((name, figure) -> print(name, figure, out));
        utility.forEach((name, figure) -> print(name, figure, out));
        shares.forEach((name, each) ->
                out.println("  " + name + (each.isEmpty() ? tellsNumbers ? ": none, " + NOBODY_LEFT : ": none" : ": ")
                        + tenths(each).stream().map(EvaluationReport::number).collect(Collectors.joining(" "))));
        out.flush();
    }

    private static void print(final String name, final Map<String, Object> figure, final PrintWriter out) {
        final Object mean = figure.get("mean");
        final Object longer = figure.get(LONGER);
        out.printf(
                "  %-30s  %10s  %20s  %10s  %10s%s%s%n",
                name,
                number(figure.get("value")),
                figure.get("low") == null ? "" : number(figure.get("low")) + " to " + number(figure.get("high")),
                figure.get("chance") == null ? "" : number(figure.get("chance")),
                figure.get("of") == null ? "" : figure.get("of").toString(),
                mean == null
                        ? figure.get("reason") == null ? "" : "  not applicable: " + figure.get("reason")
                        : "  median; mean " + number(mean) + ", p95 " + number(figure.get("p95")) + ", p99 "
                                + number(figure.get("p99")) + ", most " + number(figure.get("most")),
                longer == null ? "" : "  over longer silences, and not counted: " + number(longer) + " of all sequels");
    }

    /** At most ten of them, evenly. */
    private static List<Double> tenths(final List<Double> all) {
        return IntStream.range(0, Math.min(10, all.size()))
                .mapToObj(i -> all.get(i * all.size() / Math.min(10, all.size())))
                .toList();
    }

    private static String number(final Object value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", (Double) value);
    }
}
