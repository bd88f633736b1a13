// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.agrona.IoUtil;
import org.agrona.concurrent.SystemEpochClock;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineOptions;
import org.roadhaze.engine.EngineSnapshot;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.simulator.FleetCounters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main job on one screen: an engine and a simulated fleet, real frames through real sockets, the queue read back. */
@Command(
        name = "demo",
        description = {
            "Runs an engine and a simulated fleet in a new temporary directory, shows what happens, and then one record as"
                    + " it came in and as it left.",
            "Everything is real but the vehicles: binary frames over TCP and UDP, acknowledgements, queues on disk."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final Duration SETTLE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--duration",
            paramLabel = "D",
            defaultValue = "20s",
            converter = DurationConverter.class,
            description = "How long the fleet drives. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(names = "--devices", paramLabel = "N", defaultValue = "90", description = "Default: ${DEFAULT-VALUE}.")
    private int devices;

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            defaultValue = "3000/s",
            converter = RateConverter.class,
            description = "Records a second of the whole fleet. Default: ${DEFAULT-VALUE}.")
    private long recordsPerSecond;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Geofences and policy to run with; its addresses, time zones and data directory are not used. Default:"
                            + " the distribution's roadhaze.yaml.")
    private Path config;

    @Option(names = "--json", description = "The last line is one JSON object; no other output.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (devices < 1 || devices > 10_000) {
            throw new ParameterException(spec.commandLine(), "--devices: found " + devices + ", allowed 1 to 10000");
        }
        final PrintWriter out = spec.commandLine().getOut();
        final EngineOptions options = EngineConfig.read(config == null ? Installation.defaultConfig() : config);
        final Path data = Files.createTempDirectory("roadhaze-demo-");
        final List<ListenerOptions> freePorts = options.listeners().stream()
                .map(one -> new ListenerOptions(
                        one.protocol(), one.transport(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .toList();
        try (Engine engine = Engine.start(options.withData(data).withListeners(freePorts));
                DemoFleet fleet = new DemoFleet()) {
            if (!json) {
                announce(engine, out);
            }
            final List<ProbeRecord> probes =
                    json ? List.of() : ProbeRecord.sendAll(engine, new ProbeDevice(SystemEpochClock.INSTANCE.time()));
            fleet.start(engine, devices, recordsPerSecond, duration);
            watch(engine, fleet, out);
            return finish(engine, fleet, probes, out);
        } catch (final IOException e) {
            spec.commandLine().getErr().println("roadhaze: " + Failures.sentence(e));
            spec.commandLine().getErr().flush();
            return Exit.CANNOT_START;
        } finally {
            if (json) {
                // A person may want to read the queue; a program was not even told where it lies.
                IoUtil.delete(data.toFile(), true);
            }
        }
    }

    private void announce(final Engine engine, final PrintWriter out) {
        out.printf(
                "An engine with policy %s writes to %s%n",
                engine.options().policy().version(), engine.data());
        out.printf(
                "and %d simulated trackers drive for %d s; watch a stream in another terminal:%n",
                devices, duration.toSeconds());
        out.printf(
                "  %s tail --stream %s --data %s --follow%n%n",
                Installation.command(),
                engine.options().policy().streams().get(0).name(),
                Installation.quoted(engine.data()));
        out.flush();
    }

    private void watch(final Engine engine, final DemoFleet fleet, final PrintWriter out) throws InterruptedException {
        final long startedNs = System.nanoTime();
        final long giveUpNs = startedNs + duration.plus(SETTLE).toNanos();
        long acknowledgedBefore = 0;
        long beforeNs = startedNs;
        boolean done = false;
        while (!done && System.nanoTime() < giveUpNs) {
            done = fleet.await(Duration.ofSeconds(1));
            if (json) {
                continue;
            }
            final long nowNs = System.nanoTime();
            final long acknowledged = fleet.sum(FleetCounters::recordsAcknowledged);
            final EngineSnapshot snapshot = engine.snapshot();
            final Histogram latency = fleet.latencySinceLast();
            out.printf(
                    Locale.ROOT,
                    "%3d s  %,d devices  %,8d records/s  %,9d acknowledged  %,9d published  %,8d suppressed"
                            + "  ack p50 %.1f ms p99 %.1f ms%n",
                    Math.round((nowNs - startedNs) / 1e9),
                    fleet.sum(FleetCounters::connected),
                    Math.round((acknowledged - acknowledgedBefore) * 1e9 / Math.max(1, nowNs - beforeNs)),
                    acknowledged,
                    published(snapshot),
                    suppressed(snapshot),
                    latency.getValueAtPercentile(50) / 1000.0,
                    latency.getValueAtPercentile(99) / 1000.0);
            out.flush();
            acknowledgedBefore = acknowledged;
            beforeNs = nowNs;
        }
    }

    private int finish(
            final Engine engine, final DemoFleet fleet, final List<ProbeRecord> probes, final PrintWriter out)
            throws InterruptedException {
        final String failure = fleet.failure();
        final EngineSnapshot snapshot = engine.snapshot();
        if (json) {
            out.println("{" + fleet.jsonFields() + ",\"streams\":" + DemoSummary.streamsJson(snapshot) + "}");
        } else {
            probes.forEach(probe -> DemoSummary.sideBySide(probe, out));
            DemoSummary.streams(snapshot, out);
            out.printf(
                    "%nNext:%n"
                            + "  read a stream:            %1$s tail --stream %2$s --data %3$s --count 5%n"
                            + "  see what a policy allows: %1$s validate --config %4$s%n"
                            + "  take real trackers in:    %1$s serve --config %4$s%n"
                            + "  forget it all:            rm -r %3$s%n",
                    Installation.command(),
                    engine.options().policy().streams().get(0).name(),
                    Installation.quoted(engine.data()),
                    Installation.quoted(config == null ? Installation.defaultConfig() : config));
        }
        out.flush();
        if (!failure.isEmpty()) {
            spec.commandLine().getErr().println("roadhaze: " + failure);
            spec.commandLine().getErr().flush();
            return Exit.FAILED;
        }
        return Exit.OK;
    }

    private static long published(final EngineSnapshot snapshot) {
        return snapshot.streams().values().stream()
                .mapToLong(EngineSnapshot.StreamSnapshot::published)
                .sum();
    }

    private static long suppressed(final EngineSnapshot snapshot) {
        return snapshot.streams().values().stream()
                .flatMap(stream -> stream.suppressed().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }
}
