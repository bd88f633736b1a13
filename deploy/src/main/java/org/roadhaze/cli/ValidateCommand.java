// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.ConfigProblem;
import org.roadhaze.config.UtcOffset;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineOptions;
import org.roadhaze.engine.RebuildPlan;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.listener.Listeners;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a configuration as {@code serve} would, and says what then holds. Starts nothing. */
@Command(
        name = "validate",
        description = "Checks a configuration and its policy: all errors at once, or what leaves by each stream.",
        mixinStandardHelpOptions = true)
public final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file.")
    private Path config;

    @Override
    public Integer call() throws java.io.IOException {
        final EngineOptions options = EngineConfig.read(config);
        final Policy policy = options.policy();
        final PrintWriter out = spec.commandLine().getOut();
        for (final ListenerOptions listener : options.listeners()) {
            out.printf(
                    "listens for %s over %s on %s%s%n",
                    listener.protocol().name(),
                    ConfigNode.word(listener.transport()),
                    Listeners.text(listener.address()),
                    listener.protocol().localTime()
                            ? ", with devices set to " + UtcOffset.render(listener.timeZone())
                            : "");
        }
        out.printf("acknowledges %s%n", options.ring().commit().level().sentence());
        out.printf("writes to %s%n", options.data());
        out.printf("watches %d geofences%n", options.geofences().size());
        out.printf("policy %s%n", policy.version());
        final RebuildPlan plan = RebuildPlan.of(options);
        for (final StreamPolicy stream : policy.streams()) {
            out.printf(
                    "%nstream %s%s%n",
                    stream.name(), stream.description().isEmpty() ? "" : ": " + stream.description());
            for (final StreamPolicy.EffectiveRule rule : stream.effective()) {
                out.printf("  %-10s  %s%n", rule.aspect(), rule.rule());
            }
            out.printf(
                    "  %-10s  %s%n", "crash", plan.loss(options.ring().commit().level(), stream));
        }
        for (final ConfigProblem warning : policy.warnings()) {
            out.printf("%nwarning: %s%n", warning);
        }
        out.flush();
        return Exit.OK;
    }
}
