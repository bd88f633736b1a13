// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.PolicySweep;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.Evaluation;
import org.roadhaze.evaluation.RoadGraph;
import org.roadhaze.geometry.GeoJsonLines;
import org.roadhaze.geometry.InvalidGeoJsonException;
import org.roadhaze.report.ReportContent;
import org.roadhaze.report.ReportContent.SweepPoint;
import org.roadhaze.report.ReportPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roadhaze evaluate}: replays traces through a policy, attacks what comes out, and says what it is still good for. */
@Command(
        name = "evaluate",
        description = {
            "Replays traces through the chain of a policy's stream, as an engine would run it, attacks what comes out, and"
                    + " measures what it is still good for.",
            "Traces: CSV (.gz) whose first line names the columns device, time (seconds since 1970 or ISO-8601), latitude and"
                    + " longitude, others are passed over; or differences (.delta.gz), as"
                    + " org.roadhaze.evaluation.TraceFiles describes them."
        },
        footer = {
            "",
            "Exit code: 0 done, 2 an option or file is wrong, 3 an attack finds more than the stream's limits allow."
        },
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        sortOptions = false)
public final class EvaluateCommand implements Callable<Integer> {
    /** Who was never so near to a road was driven in another city. */
    private static final int ROADS_WITHIN_METRES = 1_000;

    /** Every parameter of the policy, none of which is called so. */
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec;

    @Option(names = "--policy", paramLabel = "FILE", required = true, description = "The policy: policy and streams.")
    private Path policyFile;

    @Option(names = "--stream", paramLabel = "S", description = "Which of its streams; the only one when it has one.")
    private String stream;

    @Option(
            names = "--traces",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "What the fleet drove; a device of one name is another in each file.")
    private List<Path> traces;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws points, fleets and the keys of the policy's mechanisms: one seed, one result (default:"
                    + " ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--utc-offset",
            paramLabel = "+HH:MM",
            converter = UtcOffsetConverter.class,
            description = "Of the traces' local time, for who sleeps when (default: +00:00).")
    private ZoneOffset utcOffset = ZoneOffset.UTC;

    @Option(names = "--json", paramLabel = "FILE", description = "Where the figures go as JSON, too.")
    private Path json;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the report goes: one page of HTML that loads nothing, for a privacy officer first.")
    private Path out;

    @Option(
            names = "--roads",
            paramLabel = "FILE",
            description =
                    "A road map, GeoJSON of LineStrings: who joins pieces again may also measure along its roads how far"
                            + " a piece begins from where he expects it.")
    private Path roads;

    @Option(
            names = "--sweep",
            paramLabel = "PARAMETER",
            arity = "0..1",
            split = ",",
            fallbackValue = ALL,
            description =
                    "Also evaluates the policy with each of its parameters, or with these, such as trip-ends.trim, at a"
                            + " quarter, half, twice and four times of what it is (cell levels: two up and down), one at a"
                            + " time: as many evaluations more.")
    private List<String> sweep = List.of();

    @Option(
            names = "--map",
            description =
                    "Draws an example drive, as it was and as it left, into the report. Who knows the roads may find the"
                            + " place by its shape: such a page is for the traces' owner alone.")
    private boolean map;

    @Override
    public Integer call() throws IOException {
        final Policy policy = Policy.read(policyFile);
        final StreamPolicy chosen = chosen(policy);
        final List<PolicySweep.Variant> variants = sweep.isEmpty() ? List.of() : variants(chosen);
        final OutputFile jsonFile = output("--json", json, out);
        final OutputFile outFile = output("--out", out, json);
        final TracedFleet fleet = fleet();
        final Evaluation.Settings settings = new Evaluation.Settings(
                seed,
                1000L * utcOffset.getTotalSeconds(),
                Evaluation.Settings.DEFAULT.leastSilenceMs(),
                Evaluation.Settings.DEFAULT.mostSilenceMs(),
                roadMap(fleet));
        final Progress progress =
                new Progress(spec.commandLine().getErr(), Installation.isTerminal(), System::nanoTime);
        progress.expect(
                1 + (int) variants.stream().filter(variant -> !variant.isOwn()).count());
        final StreamEvaluator evaluator = new StreamEvaluator(policy.version(), fleet.tracks(), settings, progress);
        final StreamEvaluator.Evaluated evaluated;
        final List<SweepPoint> points;
        try {
            evaluated = evaluator.evaluate(chosen, "the policy as it is");
            points = evaluator.sweep(variants, evaluated.report());
        } finally {
            progress.close();
        }
        final EvaluationReport report = evaluated.report();
        report.print(spec.commandLine().getOut());
        if (jsonFile != null || outFile != null) {
            final ReportContent content = new EvaluationContent(policy.version(), chosen, fleet, settings)
                    .of(evaluated, points, map, spec.root().version()[0]);
            if (jsonFile != null) {
                jsonFile.write(report.toJson() + "\n");
            }
            if (outFile != null) {
                outFile.write(ReportPage.html(content));
            }
        }
        final List<String> broken = report.broken(chosen.limits());
        broken.forEach(spec.commandLine().getErr()::println);
        return broken.isEmpty() ? Exit.OK : Exit.LIMIT_BROKEN;
    }

    private TracedFleet fleet() throws IOException {
        final TracedFleet fleet;
        try {
            fleet = TracedFleet.read(traces);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--traces: " + e.getMessage(), e);
        }
        if (fleet.fixes() == 0) {
            throw new ParameterException(
                    spec.commandLine(), "--traces: found no fix in " + traces + ", allowed files with fixes");
        }
        return fleet;
    }

    private List<PolicySweep.Variant> variants(final StreamPolicy chosen) throws IOException {
        final List<PolicySweep.Variant> variants = PolicySweep.of(policyFile, chosen.name());
        if (variants.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--sweep: found no quantity to vary under streams." + chosen.name() + " in " + policyFile
                            + ", allowed a file that has the stream itself, with a quantity in identity, location or time");
        }
        final List<String> names =
                variants.stream().map(PolicySweep.Variant::parameter).distinct().toList();
        for (final String name : sweep) {
            if (!name.equals(ALL) && !names.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--sweep: found '" + name + "', allowed " + String.join(", ", names) + ", " + ALL);
            }
        }
        if (sweep.contains(ALL)) {
            return variants;
        }
        return variants.stream()
                .filter(variant -> sweep.contains(variant.parameter()))
                .toList();
    }

    private Optional<RoadGraph> roadMap(final TracedFleet fleet) {
        if (roads == null) {
            return Optional.empty();
        }
        try {
            final RoadGraph map = new RoadGraph(GeoJsonLines.read(roads));
            if (!map.isNearAny(fleet.tracks(), ROADS_WITHIN_METRES)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--roads: found no road within " + ROADS_WITHIN_METRES + " m of any fix of the traces in "
                                + roads + ", allowed the roads that they were driven on");
            }
            return Optional.of(map);
        } catch (final InvalidGeoJsonException e) {
            throw new ParameterException(spec.commandLine(), "--roads: " + String.join("\n", e.problems()), e);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--roads: found " + e.getMessage() + " in " + roads + ", allowed one at least",
                    e);
        }
    }

    private OutputFile output(final String option, final Path file, final Path other) throws IOException {
        if (file == null) {
            return null;
        }
        final List<Path> inputs = new ArrayList<>(traces);
        inputs.add(policyFile);
        if (roads != null) {
            inputs.add(roads);
        }
        if (other != null
                && file.toAbsolutePath()
                        .normalize()
                        .equals(other.toAbsolutePath().normalize())) {
            throw new ParameterException(
                    spec.commandLine(), option + ": found " + file + " for two files, allowed one for each");
        }
        try {
            return OutputFile.at(option, file, inputs);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private StreamPolicy chosen(final Policy policy) {
        final List<String> names = new ArrayList<>();
        for (final StreamPolicy each : policy.streams()) {
            names.add(each.name());
            if (each.name().equals(stream)
                    || (stream == null && policy.streams().size() == 1)) {
                return checked(each);
            }
        }
        throw new ParameterException(
                spec.commandLine(),
                "--stream: found " + (stream == null ? "none" : "'" + stream + "'") + ", allowed "
                        + String.join(", ", names));
    }

    /** What lets out no place cannot be attacked by places. */
    private StreamPolicy checked(final StreamPolicy each) {
        final boolean publishes =
                each.steps().stream().anyMatch(step -> step.section().publishesPlace());
        if (each.journal() || !publishes) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--stream: found '" + each.name() + "', which lets out no place, allowed a stream that does");
        }
        return each;
    }
}
