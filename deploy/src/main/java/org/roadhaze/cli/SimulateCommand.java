// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.roadhaze.listener.Sockets;
import org.roadhaze.simulator.FleetCounters;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code roadhaze simulate}: a fleet of simulated trackers against any server that speaks their protocol.
 *
 * <p>Exits with 0 when all that was sent was acknowledged, 1 when it was not, when the target answered no one for
 * half a minute or when the ledger could not be written, 2 when an option or the trace is wrong.
 */
@Command(
        name = "simulate",
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        description = {
            "Sends real frames of simulated trackers to a server, waits for acknowledgements, sends again what was not"
                    + " acknowledged, and measures.",
            "Without --trace the devices drive in a built-in city; their fixes end about now.",
            "At the end what is on its way is waited for, ten seconds or more."
        },
        footer = {
            "",
            "Exit code: 0 everything sent was acknowledged, 1 nothing or not everything was, 2 an option or file is wrong."
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(5);

    @Option(names = "--protocol", paramLabel = "P", required = true, description = "teltonika (Codec 8) or gt06.")
    private String protocol;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            required = true,
            converter = AddressConverter.class,
            description = "Where to connect to.")
    private InetSocketAddress target;

    @Option(names = "--udp", description = "Datagrams instead of connections (teltonika only).")
    private boolean udp;

    @Option(names = "--devices", paramLabel = "N", description = "How many; 100, or with --trace all it has.")
    private Integer devices;

    @Option(
            names = "--rate",
            paramLabel = "N/s|max",
            defaultValue = "max",
            converter = RateConverter.class,
            description = "Records a second of the whole fleet, planned ahead whatever the server does; or max: each"
                    + " device sends again as soon as it was acknowledged. Default: ${DEFAULT-VALUE}.")
    private long recordsPerSecond;

    @Option(
            names = "--records-per-frame",
            paramLabel = "N",
            defaultValue = "1",
            description = "Records that a device gathers before it sends; up to 255, gt06 has 1. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int recordsPerFrame;

    @Option(
            names = "--duration",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "How long, as 500ms, 20s, 5m or 1h; a minute, or with --trace to its end.")
    private Duration duration;

    @Option(
            names = "--warm-up",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "How much of that passes before anything is measured: rate and latencies are of what was"
                    + " planned later. Default: none.")
    private Duration warmUp;

    @Option(
            names = "--sockets",
            paramLabel = "S",
            converter = SocketsConverter.class,
            description = "epoll, io-uring or nio. Default: epoll where there is that, else nio.")
    private Sockets sockets;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Real positions: CSV (.gz) with device,time,latitude,longitude[,altitude,speed,course]; time"
                    + " in epoch seconds or ISO-8601, speed in km/h.")
    private Path trace;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "One line per acknowledged record: device,time,latitude,longitude,sequence; time in"
                    + " milliseconds. A file that holds something already is refused.")
    private Path ledger;

    @Option(names = "--overwrite", description = "Replaces a ledger that is there already.")
    private boolean overwrite;

    @Option(
            names = "--io",
            paramLabel = "N",
            defaultValue = "0",
            description = "I/O elements per teltonika record, up to 13. Default: ${DEFAULT-VALUE}.")
    private int ioElements;

    @Option(
            names = "--interval",
            paramLabel = "D",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "Between the fixes of a device in the built-in city. Default: ${DEFAULT-VALUE}.")
    private Duration interval;

    @Option(
            names = "--ack-timeout",
            paramLabel = "D",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long a device waits before it sends again. Default: ${DEFAULT-VALUE}.")
    private Duration acknowledgementTimeout;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Picks the devices, the city and the drives. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--json", description = "The last line is one JSON object; no line per second.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        try (FleetSimulator fleet = FleetSimulator.start(options())) {
            final CountDownLatch printed = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(fleet, printed), "simulate-stop"));
            final SimulatorSummary summary = watch(fleet, out);
            out.println(json ? summary.toJson() : describe(summary));
            out.flush();
            printed.countDown();
            if (summary.failed()) {
                complain(summary.failure());
                return Exit.FAILED;
            }
            if (!summary.isComplete()) {
                complain(notAcknowledged(summary));
                return Exit.FAILED;
            }
            return Exit.OK;
        } catch (final IOException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "a file of --trace or --ledger cannot be used: " + Failures.sentence(e), e);
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), named(e.getMessage()), e);
        }
    }

    private SimulatorOptions options() {
        final SimulatorOptions options = new SimulatorOptions()
                .protocol(protocol)
                .target(target)
                .udp(udp)
                .recordsPerSecond(recordsPerSecond)
                .recordsPerFrame(recordsPerFrame)
                .trace(trace)
                .ledger(ledger)
                .overwrite(overwrite)
                .ioElements(ioElements)
                .intervalMs((int) Math.min(Integer.MAX_VALUE, interval.toMillis()))
                .acknowledgementTimeout(acknowledgementTimeout)
                .seed(seed);
        if (warmUp != null) {
            options.warmUp(warmUp);
        }
        if (sockets != null) {
            options.sockets(sockets);
        }
        if (devices != null) {
            options.devices(devices);
        }
        return duration == null ? options : options.duration(duration);
    }

    /** The library names an option without its dashes; a message about a file stays as it is. */
    private static String named(final String message) {
        return message.matches("[a-z-]+: .*") ? "--" + message : message;
    }

    private SimulatorSummary watch(final FleetSimulator fleet, final PrintWriter out) throws InterruptedException {
        final FleetCounters counters = fleet.counters();
        final long startedNs = System.nanoTime();
        long lastNs = startedNs;
        long lastAcknowledged = 0;
        String told = "";
        while (!fleet.await(Duration.ofSeconds(1))) {
            if (counters.connected() == 0 && !fleet.trouble().equals(told)) {
                told = fleet.trouble();
                complain("no device is connected, they go on trying: " + told);
            }
            if (!json) {
                final long nowNs = System.nanoTime();
                final long acknowledged = counters.recordsAcknowledged();
                final Histogram latency = fleet.ackLatencySinceLast();
                out.printf(
                        Locale.ROOT,
                        "%4d s  %,d/%,d devices  %,10d records/s  %,13d acknowledged  latency p50 %,d us p99 %,d us"
                                + "  %,d resends  %,d reconnects%n",
                        Math.round((nowNs - startedNs) / 1e9),
                        counters.connected(),
                        fleet.devices(),
                        Math.round((acknowledged - lastAcknowledged) * 1e9 / (nowNs - lastNs)),
                        acknowledged,
                        latency.getValueAtPercentile(50),
                        latency.getValueAtPercentile(99),
                        counters.resends(),
                        counters.reconnects());
                out.flush();
                lastNs = nowNs;
                lastAcknowledged = acknowledged;
            }
        }
        return fleet.await();
    }

    private static String describe(final SimulatorSummary summary) {
        final SimulatorSummary.LatencyMicros latency = summary.ackLatencyMicros();
        return String.format(
                Locale.ROOT,
                "%,d devices sent %,d frames with %,d records; %,d records were acknowledged, %,d a second.%n"
                        + "Acknowledgement after (us): p50 %,d, p99 %,d, p99.9 %,d, max %,d.%n"
                        + "%,d reconnects, %,d resends, %,d refused logins, %,d refused frames, %,d rows of the trace"
                        + " skipped.%s",
                summary.devices(),
                summary.framesSent(),
                summary.recordsSent(),
                summary.recordsAcknowledged(),
                summary.recordsPerSecond(),
                latency.p50(),
                latency.p99(),
                latency.p999(),
                latency.max(),
                summary.reconnects(),
                summary.resends(),
                summary.refusedLogins(),
                summary.refusedFrames(),
                summary.skippedRows(),
                summary.recordsNotSent() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "%n%,d records that the rate had planned were never sent: their devices still waited for"
                                        + " an acknowledgement.",
                                summary.recordsNotSent()));
    }

    private static String notAcknowledged(final SimulatorSummary summary) {
        return String.format(
                Locale.ROOT,
                "%,d of %,d records that were sent were not acknowledged",
                summary.recordsSent() - summary.recordsAcknowledged(),
                summary.recordsSent());
    }

    private void complain(final String message) {
        final PrintWriter err = spec.commandLine().getErr();
        err.println("simulate: " + message);
        err.flush();
    }

    /** Lets a run that is interrupted end in order, with its summary printed. */
    private static void stopAndWait(final FleetSimulator fleet, final CountDownLatch printed) {
        fleet.stop();
        try {
            if (!printed.await(SHUTDOWN_GRACE.toSeconds(), TimeUnit.SECONDS)) {
                fleet.close();
                printed.await(1, TimeUnit.SECONDS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
