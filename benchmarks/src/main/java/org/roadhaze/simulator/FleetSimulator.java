// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * A running fleet of simulated trackers: connects to a target, sends real frames, waits for acknowledgements, sends again
 * what was not acknowledged, and counts.
 *
 * <pre>{@code
 *   try (FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions().target(address).devices(50)
 *           .recordsPerSecond(5_000).duration(Duration.ofSeconds(20)))) {
 *       final SimulatorSummary summary = fleet.await();
 *   }
 * }</pre>
 * One thread sends and receives for all devices. The methods here may be called by any thread; {@link
 * #ackLatencySinceLast} by one at a time.
 */
public final class FleetSimulator implements AutoCloseable {
    private final FleetLoop loop;

    private FleetSimulator(final FleetLoop loop) {
        this.loop = loop;
    }

    /**
     * Starts a fleet. Returns when its drives are planned or its trace is read, and connecting has begun.
     *
     * @param options what it does; not to be changed any more.
     * @return the fleet.
     * @throws IOException              when the trace cannot be read or the ledger cannot be written.
     * @throws IllegalArgumentException when an option or a line of the trace is wrong: the message names it, what was
     *                                  found and what is allowed.
     */
    public static FleetSimulator start(final SimulatorOptions options) throws IOException {
        options.conclude();
        final FleetLoop loop = FleetLoop.create(options);
        loop.start();
        return new FleetSimulator(loop);
    }

    public int devices() {
        return loop.devices();
    }

    public FleetCounters counters() {
        return loop.counters();
    }

    /**
     * The latencies, in microseconds, of the acknowledgements since this was called last.
     *
     * @return a histogram that is overwritten by the next call.
     */
    public Histogram ackLatencySinceLast() {
        return loop.intervalHistogram();
    }

    /**
     * What went wrong last between a device and the target.
     *
     * @return a few words; nothing as long as nothing went wrong.
     */
    public String trouble() {
        return loop.trouble();
    }

    /** Asks the fleet to send nothing new, and to end once everything sent is acknowledged. */
    public void stop() {
        loop.stop();
    }

    /**
     * Whether the fleet has ended.
     *
     * @return true when {@link #await()} returns at once.
     */
    public boolean isDone() {
        return loop.summary().isDone();
    }

    /**
     * Waits for the end.
     *
     * @return how it went.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    public SimulatorSummary await() throws InterruptedException {
        try {
            return loop.summary().get();
        } catch (final ExecutionException e) {
            throw new IllegalStateException("the fleet's loop broke", e.getCause());
        }
    }

    /**
     * Waits for the end, but not for ever.
     *
     * @param atMost how long.
     * @return true when the fleet has ended.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    public boolean await(final Duration atMost) throws InterruptedException {
        final CompletableFuture<SimulatorSummary> summary = loop.summary();
        try {
            summary.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (final TimeoutException e) {
            return false;
        } catch (final ExecutionException e) {
            throw new IllegalStateException("the fleet's loop broke", e.getCause());
        }
    }

    /** Ends the fleet at once: connections are closed, what is not acknowledged stays so. */
    @Override
    public void close() {
        loop.close();
    }
}
