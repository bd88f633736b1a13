// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineOptions;
import org.roadhaze.listener.Listeners;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the engine until it is told to stop. */
@Command(
        name = "serve",
        description = "Runs the engine: takes trackers in, anonymizes, persists. SIGTERM drains and exits 0.",
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file.")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "The data directory, instead of the file's.")
    private Path data;

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
        final CompletableFuture<Throwable> failure;
        try (Engine engine = Engine.start(options)) {
            failure = engine.failure();
            failure.thenRun(stop::ask);
            announce(engine);
            stop.await();
        } catch (final IOException e) {
            spec.commandLine().getErr().println("roadhaze: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return Exit.CANNOT_START;
        }
        spec.commandLine().getOut().println("stopped");
        spec.commandLine().getOut().flush();
        return failure.isDone() ? Exit.FAILED : Exit.OK;
    }

    private void announce(final Engine engine) {
        final var out = spec.commandLine().getOut();
        for (final Listeners.Listening one : engine.listening()) {
            out.printf(
                    "listening %s %s %s:%d%n",
                    one.options().protocol().name(),
                    ConfigNode.word(one.options().transport()),
                    one.address().getAddress().getHostAddress(),
                    one.address().getPort());
        }
        out.printf(
                "ready, writing %d streams to %s%n",
                engine.options().policy().streams().size(), engine.data());
        out.flush();
    }
}
