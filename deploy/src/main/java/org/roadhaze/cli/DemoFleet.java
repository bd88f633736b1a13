// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.roadhaze.engine.Engine;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.listener.Listeners;
import org.roadhaze.simulator.FleetCounters;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/** The fleets of the demonstration, one per protocol, seen as one. */
final class DemoFleet implements AutoCloseable {
    private static final long LONGEST_LATENCY_MICROS = 3_600_000_000L;

    private final List<FleetSimulator> fleets = new ArrayList<>();
    private final Histogram total = new Histogram(LONGEST_LATENCY_MICROS, 3);
    private long startedNs;

    /**
     * Starts a fleet for every listener, or for as many as there are devices or records a second to share out: what was
     * asked for is shared out exactly.
     *
     * @param engine           where to.
     * @param devices          how many, over all.
     * @param recordsPerSecond how many, over all, or {@link SimulatorOptions#MAX_RATE}.
     * @param duration         how long.
     * @throws IOException when a fleet cannot start.
     */
    void start(final Engine engine, final int devices, final long recordsPerSecond, final Duration duration)
            throws IOException {
        startedNs = System.nanoTime();
        final boolean isLimited = recordsPerSecond != SimulatorOptions.MAX_RATE;
        final List<Listeners.Listening> listening = engine.listening();
        final int most = Math.min(listening.size(), devices);
        final int count = isLimited ? (int) Math.min(most, recordsPerSecond) : most;
        for (int i = 0; i < count; i++) {
            final Listeners.Listening one = listening.get(i);
            final String protocol = one.options().protocol().name();
            fleets.add(FleetSimulator.start(new SimulatorOptions()
                    .protocol(protocol)
                    .udp(one.options().transport() == ListenerOptions.Transport.UDP)
                    .target(new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), one.address().getPort()))
                    .devices((int) share(devices, i, count))
                    .recordsPerSecond(isLimited ? share(recordsPerSecond, i, count) : SimulatorOptions.MAX_RATE)
                    .recordsPerFrame("teltonika".equals(protocol) ? 5 : 1)
                    .seed(1 + i)
                    .duration(duration)));
        }
    }

    /** The shares of all are whole and sum up to the total. */
    private static long share(final long total, final int index, final int count) {
        return total / count + (index < total % count ? 1 : 0);
    }

    int devices() {
        return fleets.stream().mapToInt(FleetSimulator::devices).sum();
    }

    long sum(final ToLongFunction<FleetCounters> counter) {
        return fleets.stream()
                .mapToLong(fleet -> counter.applyAsLong(fleet.counters()))
                .sum();
    }

    /**
     * The latencies since the last call, also added to the total.
     *
     * @return microseconds.
     */
    Histogram latencySinceLast() {
        final Histogram interval = new Histogram(LONGEST_LATENCY_MICROS, 3);
        for (final FleetSimulator fleet : fleets) {
            interval.add(fleet.ackLatencySinceLast());
        }
        total.add(interval);
        return interval;
    }

    /**
     * Waits for all fleets to end.
     *
     * @param atMost how long.
     * @return true when they have.
     * @throws InterruptedException when interrupted.
     */
    boolean await(final Duration atMost) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + atMost.toNanos();
        for (final FleetSimulator fleet : fleets) {
            if (!fleet.await(Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    void stop() {
        fleets.forEach(FleetSimulator::stop);
    }

    /**
     * Why a fleet ended early.
     *
     * @return the first failure, or an empty text.
     * @throws InterruptedException when interrupted.
     */
    String failure() throws InterruptedException {
        for (final FleetSimulator fleet : fleets) {
            final String failure = fleet.await().failure();
            if (!failure.isEmpty()) {
                return failure;
            }
        }
        return "";
    }

    /**
     * The fields of {@code simulate --json}, over all fleets.
     *
     * @return without braces.
     */
    String jsonFields() {
        latencySinceLast();
        final double seconds = (System.nanoTime() - startedNs) / 1e9;
        return String.format(
                Locale.ROOT,
                "\"devices\":%d,\"framesSent\":%d,\"recordsSent\":%d,\"recordsAcknowledged\":%d,"
                        + "\"recordsPerSecond\":%d,"
                        + "\"ackLatencyMicros\":{\"p50\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d},"
                        + "\"reconnects\":%d,\"resends\":%d,\"refusedLogins\":%d,\"refusedFrames\":%d,"
                        + "\"skippedRows\":0,\"recordsNotSent\":%d",
                devices(),
                sum(FleetCounters::framesSent),
                sum(FleetCounters::recordsSent),
                sum(FleetCounters::recordsAcknowledged),
                Math.round(sum(FleetCounters::recordsAcknowledged) / seconds),
                total.getValueAtPercentile(50),
                total.getValueAtPercentile(99),
                total.getValueAtPercentile(99.9),
                total.getMaxValue(),
                sum(FleetCounters::reconnects),
                sum(FleetCounters::resends),
                sum(FleetCounters::refusedLogins),
                sum(FleetCounters::refusedFrames),
                sum(FleetCounters::recordsNotSent));
    }

    Histogram total() {
        return total;
    }

    @Override
    public void close() {
        fleets.forEach(FleetSimulator::close);
    }
}
