// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.roadhaze.anonymizer.policy.PolicySweep;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.Evaluation;
import org.roadhaze.evaluation.Published;
import org.roadhaze.evaluation.Track;
import org.roadhaze.report.Figure;
import org.roadhaze.report.ReportContent.SweepPoint;

/** Evaluates streams on the same traces with the same settings, and says how far it is. Not thread safe. */
final class StreamEvaluator {
    private final String version;
    private final List<Track> tracks;
    private final Evaluation.Settings settings;
    private final Progress progress;

    /**
     * An evaluator.
     *
     * @param version  of the policy.
     * @param tracks   what the fleet drove, at least one fix.
     * @param settings of all evaluations, but for the least silence, which each stream's policy tells.
     * @param progress is told.
     */
    StreamEvaluator(
            final String version,
            final List<Track> tracks,
            final Evaluation.Settings settings,
            final Progress progress) {
        this.version = version;
        this.tracks = tracks;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What an evaluation found, and what left when all tracks went in.
     *
     * @param evaluation as it was found.
     * @param report     its figures.
     * @param records    what left.
     */
    record Evaluated(Evaluation evaluation, EvaluationReport report, List<Published> records) {}

    /**
     * Evaluates a stream.
     *
     * @param stream lets places of vehicles out.
     * @param what   it is, for the progress.
     * @return what was found.
     */
    Evaluated evaluate(final StreamPolicy stream, final String what) {
        progress.begin(what);
        final PolicyReplay replay = new PolicyReplay(stream, settings.seed());
        final List<Published> records = new ArrayList<>();
        final Evaluation evaluation = Evaluation.evaluate(
                tracks,
                given -> {
                    final List<Published> left = replay.apply(given);
                    if (fixes(given) == fixes(tracks)) { // All of them, not a part of the time or of the fleet.
                        records.clear();
                        records.addAll(left);
                    }
                    progress.replayed();
                    return left;
                },
                settings.leastSilence(new PolicyPromises(stream).leastSilenceMs()));
        progress.end();
        return new Evaluated(
                evaluation, new EvaluationReport(version, stream.name(), settings.seed(), tracks, evaluation), records);
    }

    private static long fixes(final List<Track> tracks) {
        return tracks.stream().mapToLong(Track::size).sum();
    }

    /**
     * Evaluates a stream with each of its parameters varied.
     *
     * @param variants of the stream.
     * @param own      what the stream itself was found to be.
     * @return a point for each variant, in their order.
     */
    List<SweepPoint> sweep(final List<PolicySweep.Variant> variants, final EvaluationReport own) {
        final List<SweepPoint> points = new ArrayList<>();
        for (final PolicySweep.Variant variant : variants) {
            final EvaluationReport report = variant.isOwn()
                    ? own
                    : evaluate(variant.policy(), variant.parameter() + ": " + variant.value())
                            .report();
            final List<Figure> figures = new ArrayList<>(report.privacy());
            figures.addAll(report.utility());
            points.add(new SweepPoint(variant.parameter(), variant.value(), variant.isOwn(), figures));
        }
        return points;
    }

    /** Points as JSON tells them. */
    static List<Map<String, Object>> json(final List<SweepPoint> points, final EvaluationReport own) {
        final List<Map<String, Object>> json = new ArrayList<>();
        for (final SweepPoint point : points) {
            final Map<String, Object> each = new LinkedHashMap<>();
            each.put("parameter", point.parameter());
            each.put("value", point.value());
            each.put("own", point.isOwn());
            each.put("privacy", values(point, own.privacy()));
            each.put("utility", values(point, own.utility()));
            json.add(each);
        }
        return json;
    }

    private static Map<String, Object> values(final SweepPoint point, final List<Figure> figures) {
        final Map<String, Object> values = new LinkedHashMap<>();
        figures.forEach(figure -> values.put(figure.name(), point.value(figure.name())));
        return values;
    }
}
