// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.Evaluation;
import org.roadhaze.evaluation.ExampleTrip;
import org.roadhaze.report.Figure;
import org.roadhaze.report.Limit;
import org.roadhaze.report.ReportContent;
import org.roadhaze.report.ReportContent.DataFile;
import org.roadhaze.report.ReportContent.MechanismText;
import org.roadhaze.report.ReportContent.SweepPoint;

/** Puts together what a report shows: the figures, and what they were made of. Nothing in it names a device. */
final class EvaluationContent {
    private static final DateTimeFormatter UTC_OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

    private final String version;
    private final StreamPolicy stream;
    private final TracedFleet fleet;
    private final Evaluation.Settings settings;

    EvaluationContent(
            final String version,
            final StreamPolicy stream,
            final TracedFleet fleet,
            final Evaluation.Settings settings) {
        this.version = version;
        this.stream = stream;
        this.fleet = fleet;
        this.settings = settings;
    }

    /**
     * What the report shows; the evaluation's JSON tells the same from now on.
     *
     * @param evaluated the policy as it is.
     * @param sweep     its parameters varied; empty when that was not asked for.
     * @param map       whether a drive is to be shown.
     * @param made      by which version of this.
     * @return the content.
     */
    ReportContent of(
            final StreamEvaluator.Evaluated evaluated,
            final List<SweepPoint> sweep,
            final boolean map,
            final String made) {
        final EvaluationReport report = evaluated.report();
        final List<Figure> privacy = report.privacy();
        final List<Figure> utility = report.utility();
        report.add("limits", stream.limits());
        report.add("sweep", StreamEvaluator.json(sweep, report));
        report.add("data", fleet.files().stream().map(EvaluationContent::json).toList());
        final Map<String, String> rules = new LinkedHashMap<>();
        stream.effective().forEach(rule -> rules.put(rule.aspect(), rule.rule()));
        return new ReportContent(
                stream.name(),
                stream.description(),
                report.caution(),
                privacy,
                utility,
                limits(privacy, utility),
                report.tellsNumbers() ? List.of() : evaluated.evaluation().publishedByDensity(),
                report.tellsNumbers() ? List.of() : evaluated.evaluation().publishedByDevice(),
                sweep,
                map && !report.tellsNumbers()
                        ? ExampleTrip.draw(fleet.tracks(), evaluated.records(), settings.seed())
                        : Optional.empty(),
                map,
                rules,
                stream.steps().stream()
                        .map(step -> new MechanismText(
                                step.section().key(),
                                sentence(step),
                                step.parameters().canonical()))
                        .toList(),
                fleet.files(),
                facts(made),
                report.toJson());
    }

    /** What a mechanism does, which it tells in the words that follow its aspect. */
    private static String sentence(final StreamPolicy.Step step) {
        final String effect = step.parameters().effect();
        final String begins =
                switch (step.section()) {
                    case SAMPLE -> "Records leave ";
                    case REORDER -> "Records are put into order ";
                    case SUPPRESSION, TRIP, SEGMENT -> "It lets out ";
                    case SHUFFLE -> "Records are ";
                    case CROWD, PLACE -> effect.startsWith("no ") ? "There leaves " : "What leaves: ";
                    case IDENTITY -> "In place of the device there leaves ";
                    case TIME -> "The time is ";
                    case ATTRIBUTES -> "Attributes that leave: ";
                };
        return begins + effect + ".";
    }

    private List<Limit> limits(final List<Figure> privacy, final List<Figure> utility) {
        return Stream.concat(privacy.stream(), utility.stream())
                .filter(figure -> stream.limits().containsKey(figure.name()))
                .map(figure -> new Limit(figure, stream.limits().get(figure.name()), utility.contains(figure)))
                .toList();
    }

    private Map<String, String> facts(final String made) {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Policy", version);
        facts.put("Hash of the stream's policy", String.format("%016x", stream.hash()));
        facts.put("Seed", Long.toString(settings.seed()));
        facts.put("Time of the traces", fleet.period());
        facts.put(
                "Local time",
                "UTC" + UTC_OFFSET.format(ZoneOffset.ofTotalSeconds((int) (settings.utcOffsetMs() / 1000))));
        final long leastSilenceMs = new PolicyPromises(stream).leastSilenceMs();
        facts.put(
                "Pieces joined over silences",
                "of " + leastSilenceMs / 1000 + " s, which the policy tells, and up to "
                        + settings.mostSilenceMs() / 60_000 + " min more");
        facts.put(
                "Road map",
                settings.roads()
                        .map(map -> String.format(Locale.ROOT, "%,.0f km of roads", map.lengthMetres() / 1000))
                        .orElse("none: distances are as the crow flies"));
        facts.put("Made by", made + ", Java " + Runtime.version().feature());
        facts.put("Made at", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        return facts;
    }

    private static Map<String, Object> json(final DataFile file) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", file.name());
        json.put("devices", file.devices());
        json.put("fixes", file.fixes());
        json.put("bytes", file.bytes());
        json.put("sha256", file.sha256());
        return json;
    }
}
