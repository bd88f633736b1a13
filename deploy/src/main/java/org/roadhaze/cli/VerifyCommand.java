// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineOptions;
import org.roadhaze.evaluation.Finding;
import org.roadhaze.evaluation.Observed;
import org.roadhaze.evaluation.Published;
import org.roadhaze.evaluation.StreamAudit;
import org.roadhaze.evaluation.Track;
import org.roadhaze.position.Attribute;
import org.roadhaze.reader.JournalStreamException;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.stream.StreamFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roadhaze verify}: holds what a stream has let out to what its policy promises, against what really happened. */
@Command(
        name = "verify",
        description = {
            "Reads a stream and the truth, and checks every promise of the stream's policy: a line each, kept or"
                    + " broken, with the figure that came nearest to its bound.",
            "No key is needed: a record is matched with the fixes of the truth in its place and time, an id with the"
                    + " devices that have one for each of its records. Where several are left, the best decides; the"
                    + " others are counted as undecided.",
            "The truth is a ledger that simulate wrote (device,time,latitude,longitude,sequence; time in milliseconds),"
                    + " or a trace as simulate reads it (device,time,latitude,longitude; time in seconds or ISO-8601)."
        },
        footer = {"", "Exit code: 0 all promises kept, 1 one is broken, 2 an option or file is wrong."},
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        sortOptions = false)
public final class VerifyCommand implements Callable<Integer> {
    private static final Path DEFAULT_DATA = Path.of("data");

    @Spec
    private CommandSpec spec;

    @Option(names = "--stream", paramLabel = "S", required = true, description = "The stream.")
    private String stream;

    @Option(
            names = "--ledger",
            paramLabel = "TRUTH",
            required = true,
            description = "What really happened; may be given several times, for files of one kind.")
    private List<Path> ledgers;

    @Option(names = "--policy", paramLabel = "FILE", description = "The policy to hold it to: policy and streams.")
    private Path policyFile;

    @Option(names = "--config", paramLabel = "FILE", description = "Or the engine's configuration that has it.")
    private Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory (default: that of --config, or else data).")
    private Path data;

    @Option(
            names = "--show",
            paramLabel = "N",
            description = "Violations of each promise to show (default: ${DEFAULT-VALUE}).")
    private int show = 5;

    @Option(names = "--json", description = "One JSON object instead of lines.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if ((policyFile == null) == (config == null)) {
            throw wrong(
                    "--policy and --config: found " + (config == null ? "neither" : "both") + ", allowed one of them");
        }
        if (show < 0) {
            throw wrong("--show: found " + show + ", allowed 0 and more");
        }
        final EngineOptions options = config == null ? null : EngineConfig.read(config);
        final Policy policy = options == null ? Policy.read(policyFile) : options.policy();
        final Path directory = data != null ? data : options == null ? DEFAULT_DATA : options.data();
        final PolicyPromises promised = new PolicyPromises(streamOf(policy));
        final List<String> there = StreamFiles.names(directory);
        if (!there.contains(stream)) {
            throw wrong(
                    there.isEmpty()
                            ? "--data: found " + directory + ", which has no streams, allowed a data directory"
                            : "--stream: found '" + stream + "', allowed " + String.join(", ", there));
        }
        final List<Track> truth = truth();
        final StreamAudit audit = new StreamAudit(truth, promised.promises(), promised.form(), show);
        final VerifyReport report = new VerifyReport(stream, policy.version(), truth, promised.notChecked());
        read(directory, policy.version(), audit, report);
        final List<Finding> findings = audit.findings();
        report.print(findings, json, spec.commandLine().getOut());
        return report.isKept(findings) ? Exit.OK : Exit.FAILED;
    }

    private ParameterException wrong(final String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private StreamPolicy streamOf(final Policy policy) {
        for (final StreamPolicy each : policy.streams()) {
            if (each.name().equals(stream)) {
                if (each.journal()) {
                    throw wrong("--stream: found '" + stream + "', a journal, allowed a stream that lets records out");
                }
                return each;
            }
        }
        throw wrong("--stream: found '" + stream + "', allowed a stream of policy " + policy.version() + ": "
                + String.join(
                        ", ", policy.streams().stream().map(StreamPolicy::name).toList()));
    }

    private List<Track> truth() throws IOException {
        try {
            return TruthFiles.read(ledgers);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--ledger: " + e.getMessage(), e);
        }
    }

    /** A queue holds what several versions of a policy let out: each is held to its own. */
    private void read(final Path directory, final String version, final StreamAudit audit, final VerifyReport report) {
        final Map<String, Long> otherVersions = new TreeMap<>();
        try (StreamReader reader = StreamReader.open(directory, stream)) {
            for (long ordinal = 1; reader.next(); ordinal++) {
                if (reader.policyVersion().equals(version)) {
                    report.judged();
                    audit.accept(observed(reader, ordinal));
                } else {
                    otherVersions.merge(reader.policyVersion(), 1L, Long::sum);
                }
            }
            report.notJudged(otherVersions, reader.unreadableDocuments());
        } catch (final JournalStreamException e) {
            throw new ParameterException(spec.commandLine(), "--stream: " + e.getMessage(), e);
        }
        if (report.records() == 0) {
            throw wrong(
                    "--stream: found no record of policy version " + version + " in stream '" + stream + "', allowed "
                            + (otherVersions.isEmpty()
                                    ? "a stream with records"
                                    : "a policy of version " + String.join(" or ", otherVersions.keySet())));
        }
    }

    private static Observed observed(final StreamReader reader, final long ordinal) {
        final Map<String, Double> attributes = new HashMap<>();
        for (int i = 0; i < reader.attributeCount(); i++) {
            attributes.put(
                    Attribute.labelOf(reader.attributeKey(i)),
                    PolicyPromises.inUnit(reader.attributeKey(i), reader.attributeValue(i)));
        }
        return new Observed(
                reader.documentIndex(),
                ordinal,
                reader.hasPseudonym() ? Long.parseUnsignedLong(reader.pseudonym(), 16) : Published.NO_ID,
                reader.hasTime() ? reader.timeMs() : Observed.NO_TIME,
                reader.hasCoordinates() ? reader.latitude() : Double.NaN,
                reader.hasCoordinates() ? reader.longitude() : Double.NaN,
                reader.hasCell() ? Long.parseUnsignedLong(reader.cell(), 16) : Observed.NO_CELL,
                attributes);
    }
}
