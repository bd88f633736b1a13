// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.evaluation.Evaluation;
import org.roadhaze.evaluation.TraceFiles;
import org.roadhaze.evaluation.Track;
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
            "Traces: CSV (.gz) with device,time,latitude,longitude, time in epoch seconds; or differences (.delta.gz), as"
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

    @Override
    public Integer call() throws IOException {
        final Policy policy = Policy.read(policyFile);
        final StreamPolicy chosen = chosen(policy);
        final List<Track> tracks = new ArrayList<>();
        for (final Path file : traces) {
            tracks.addAll(TraceFiles.read(file));
        }
        if (tracks.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--traces: found no fix in " + traces + ", allowed files with fixes");
        }
        final Evaluation evaluation = Evaluation.evaluate(
                tracks,
                new PolicyReplay(chosen, seed),
                new Evaluation.Settings(
                        seed,
                        1000L * utcOffset.getTotalSeconds(),
                        Evaluation.Settings.DEFAULT.leastSilenceMs(),
                        Evaluation.Settings.DEFAULT.mostSilenceMs()));
        final EvaluationReport report = new EvaluationReport(policy.version(), chosen.name(), seed, tracks, evaluation);
        report.print(spec.commandLine().getOut());
        if (json != null) {
            Files.writeString(json, report.toJson() + "\n");
        }
        final List<String> broken = report.broken(chosen.limits());
        broken.forEach(spec.commandLine().getErr()::println);
        return broken.isEmpty() ? Exit.OK : Exit.LIMIT_BROKEN;
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
