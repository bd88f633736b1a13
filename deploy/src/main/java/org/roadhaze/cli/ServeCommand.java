// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.roadhaze.anonymizer.policy.StreamPolicy;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineOptions;
import org.roadhaze.engine.RebuildPlan;
import org.roadhaze.engine.StartStoppedException;
import org.roadhaze.listener.Listeners;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the engine until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Runs the engine: takes trackers in, anonymizes, persists. SIGTERM drains and exits 0; before it is"
                    + " ready, it ends what it does at its start, and exits 0.",
            "At its end it prints a line for each listener and each stream: what came, what was dropped, published,"
                    + " suppressed, and why; and one that says how far ring and disk are behind. SIGTERM, not kill -9."
        },
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file.")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "The data directory, instead of the file's.")
    private Path data;

    @Option(
            names = "--stats",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "Prints these lines every so often, as 60s, while it runs, too. Default: at the end only.")
    private Duration stats;

    @Override
    public Integer call() throws InterruptedException {
        EngineOptions options = EngineConfig.read(config);
        if (data != null) {
            options = options.withData(data);
        }
        final StopSignal stop = new StopSignal();
        int exit = Exit.FAILED;
        try {
            exit = serve(options, stop);
            return exit;
        } finally {
            stop.done(exit);
        }
    }

    private int serve(final EngineOptions options, final StopSignal stop) throws InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        final Engine engine;
        try {
            engine = Engine.start(options, stop::isAsked);
        } catch (final StartStoppedException e) {
            out.println("stopped: " + e.getMessage());
            out.flush();
            return Exit.OK;
        } catch (final IOException e) {
            spec.commandLine().getErr().println("roadhaze: " + Failures.sentence(e));
            spec.commandLine().getErr().flush();
            return Exit.CANNOT_START;
        }
        try (engine) {
            engine.failure().thenRun(stop::ask);
            announce(engine, out);
            while (!stop.await(stats)) {
                EngineReport.print(engine.snapshot(), out);
            }
        } catch (final InterruptedException e) {
            throw e;
        } catch (final Exception e) { // of closing what a disk does not let it close: it ran, so no option was wrong
            final String what = e instanceof IOException io ? Failures.sentence(io) : e.toString();
            spec.commandLine().getErr().println("roadhaze: at the end: " + what);
            spec.commandLine().getErr().flush();
            return Exit.FAILED;
        }
        EngineReport.print(engine.snapshot(), out);
        out.println("stopped");
        out.flush();
        return engine.failure().isDone() ? Exit.FAILED : Exit.OK;
    }

    private static void announce(final Engine engine, final PrintWriter out) {
        for (final Listeners.Listening one : engine.listening()) {
            out.printf(
                    "listening %s %s %s%n",
                    one.options().protocol().name(),
                    ConfigNode.word(one.options().transport()),
                    Listeners.text(one.address()));
        }
        final Path data = engine.data().toAbsolutePath().normalize();
        final List<StreamPolicy> streams = engine.options().policy().streams();
        final StreamPolicy first = streams.get(0);
        for (final StreamPolicy stream : streams) {
            out.printf(
                    "in a crash: %s%s%n",
                    streams.size() == 1 ? "" : "stream " + stream.name() + ": ",
                    RebuildPlan.of(engine.options())
                            .loss(engine.options().ring().commit().level(), stream));
        }
        out.printf(
                "ready, writing %s to %s; to read: %s %s --stream %s --data %s%s%n",
                streams.size() == 1 ? "1 stream" : streams.size() + " streams",
                data,
                Installation.command(),
                first.journal() ? "journal read" : "tail",
                first.name(),
                Installation.quoted(data),
                first.journal() ? "" : " --follow");
        out.flush();
    }
}
