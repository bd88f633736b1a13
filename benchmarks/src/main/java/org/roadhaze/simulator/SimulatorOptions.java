// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.roadhaze.evaluation.TraceReader;
import org.roadhaze.listener.Sockets;

/**
 * What a simulated fleet does. Setters return this; {@link #conclude} checks everything at once. Not thread safe.
 */
public final class SimulatorOptions {
    /** {@link #recordsPerSecond}: every device sends again as soon as it was acknowledged. */
    public static final long MAX_RATE = 0;

    /** {@link #duration}: until the trace is exhausted. */
    public static final Duration UNTIL_EXHAUSTED = Duration.ofDays(3650);

    private static final long MAX_RECORDS_PER_SECOND = 100_000_000;
    private static final int MAX_DEVICES = 1_000_000;
    private static final int MAX_INTERVAL_MS = 86_400_000;

    private String protocol = "teltonika";
    private InetSocketAddress target;
    private boolean udp;
    private int devices = 100;
    private long recordsPerSecond = MAX_RATE;
    private int recordsPerFrame = 1;
    private Duration duration;
    private Path trace;
    private Path ledger;
    private boolean overwrite;
    private int ioElements;
    private int intervalMs = 1000;
    private long seed = 1;
    private Duration acknowledgementTimeout = Duration.ofSeconds(5);
    private Duration unreachableAfter = Duration.ofSeconds(30);
    private Duration longestBackOff = Duration.ofSeconds(2);
    private boolean devicesChosen;
    private Duration warmUp = Duration.ZERO;
    private Sockets sockets = Sockets.usual();

    /**
     * Checks the options against each other, and settles what was left open.
     *
     * @return this.
     * @throws IllegalArgumentException names the option as the command line spells it, what was found and what is
     *                                  allowed.
     */
    SimulatorOptions conclude() {
        final DeviceProtocols.Entry entry = DeviceProtocols.byName(protocol);
        if (target == null) {
            throw new IllegalArgumentException("target: found none, allowed HOST:PORT");
        }
        if (udp && !entry.udp()) {
            throw new IllegalArgumentException("udp: found with protocol " + protocol + ", allowed with teltonika");
        }
        inRange("devices", devices, 1, MAX_DEVICES);
        inRange("rate", recordsPerSecond, MAX_RATE, MAX_RECORDS_PER_SECOND);
        inRange("records-per-frame", recordsPerFrame, 1, entry.maxRecordsPerFrame());
        inRange("io", ioElements, 0, entry.maxIoElements());
        inRange("interval", intervalMs, 1, MAX_INTERVAL_MS);
        if (intervalMs % entry.timeStepMs() != 0) {
            throw new IllegalArgumentException("interval: found " + intervalMs + " ms, allowed a multiple of "
                    + entry.timeStepMs() + " ms for protocol " + protocol);
        }
        if (duration == null) {
            duration = trace == null ? Duration.ofSeconds(60) : UNTIL_EXHAUSTED;
        }
        if (duration.isZero() || duration.isNegative() || duration.compareTo(UNTIL_EXHAUSTED) > 0) {
            throw new IllegalArgumentException(
                    "duration: found " + duration.toSeconds() + " s, allowed more than 0, up to 3650 days");
        }
        if (warmUp.isNegative() || warmUp.compareTo(duration) >= 0) {
            throw new IllegalArgumentException("warm-up: found " + warmUp.toMillis()
                    + " ms, allowed 0 and more, less than the duration, " + duration.toMillis() + " ms");
        }
        if (!sockets.whyNot().isEmpty()) {
            throw new IllegalArgumentException(
                    "sockets: found " + sockets.name().toLowerCase(Locale.ROOT).replace('_', '-')
                            + ", which this system does not have: " + sockets.whyNot() + "; allowed another one");
        }
        return this;
    }

    private void inRange(final String option, final long found, final long min, final long max) {
        if (found < min || found > max) {
            throw new IllegalArgumentException(
                    option + ": found " + found + ", allowed " + min + " to " + max + " for protocol " + protocol);
        }
    }

    public String protocol() {
        return protocol;
    }

    /**
     * How the devices talk.
     *
     * @param value {@code teltonika} (Codec 8) or {@code gt06}.
     * @return this.
     */
    public SimulatorOptions protocol(final String value) {
        protocol = value;
        return this;
    }

    public InetSocketAddress target() {
        return target;
    }

    public SimulatorOptions target(final InetSocketAddress value) {
        target = value;
        return this;
    }

    public boolean udp() {
        return udp;
    }

    public SimulatorOptions udp(final boolean value) {
        udp = value;
        return this;
    }

    public int devices() {
        return devices;
    }

    /**
     * How many devices: with a trace the first so many of it, all unless this is called.
     *
     * @param value in [1, 1000000]; 100 unless set.
     * @return this.
     */
    public SimulatorOptions devices(final int value) {
        devices = value;
        devicesChosen = true;
        return this;
    }

    /** The devices to take from a trace at most. */
    int traceDevices() {
        return devicesChosen ? devices : MAX_DEVICES;
    }

    public long recordsPerSecond() {
        return recordsPerSecond;
    }

    /**
     * How many records the whole fleet plans to send in a second, evenly spread, whatever the target does: open loop. A
     * device still has one frame in flight; one that waits sends its planned frames late, and the lateness counts as
     * latency.
     *
     * @param value in [1, 100000000], or {@link #MAX_RATE}, which is the default.
     * @return this.
     */
    public SimulatorOptions recordsPerSecond(final long value) {
        recordsPerSecond = value;
        return this;
    }

    boolean isOpenLoop() {
        return recordsPerSecond != MAX_RATE;
    }

    public int recordsPerFrame() {
        return recordsPerFrame;
    }

    /**
     * How many records a device gathers before it sends them.
     *
     * @param value in [1, 255] for teltonika, 1 for gt06; 1 unless set.
     * @return this.
     */
    public SimulatorOptions recordsPerFrame(final int value) {
        recordsPerFrame = value;
        return this;
    }

    public Duration duration() {
        return duration;
    }

    /**
     * How long new frames are sent.
     *
     * @param value more than 0; a minute unless set, with a trace {@link #UNTIL_EXHAUSTED}.
     * @return this.
     */
    public SimulatorOptions duration(final Duration value) {
        duration = value;
        return this;
    }

    public Duration warmUp() {
        return warmUp;
    }

    /**
     * How long the fleet sends before it measures: rate and latencies are of frames planned (sent, where no rate is given)
     * after that. A program that has just started measures itself, while its code is being compiled.
     *
     * @param value 0 unless set; part of the duration.
     * @return this.
     */
    public SimulatorOptions warmUp(final Duration value) {
        warmUp = value;
        return this;
    }

    public Sockets sockets() {
        return sockets;
    }

    /**
     * How the event loop waits for sockets.
     *
     * @param value {@link Sockets#usual()} unless set.
     * @return this.
     */
    public SimulatorOptions sockets(final Sockets value) {
        sockets = value;
        return this;
    }

    public Path trace() {
        return trace;
    }

    /**
     * Real positions to send.
     *
     * @param value a file for {@link TraceReader}, or null for the built-in city.
     * @return this.
     */
    public SimulatorOptions trace(final Path value) {
        trace = value;
        return this;
    }

    public Path ledger() {
        return ledger;
    }

    /**
     * Where to write what was acknowledged.
     *
     * @param value a file for {@link Ledger}, or null for none.
     * @return this.
     */
    public SimulatorOptions ledger(final Path value) {
        ledger = value;
        return this;
    }

    public boolean overwrite() {
        return overwrite;
    }

    /**
     * Whether a ledger that is there already is replaced.
     *
     * @param value false unless set: the run does not start.
     * @return this.
     */
    public SimulatorOptions overwrite(final boolean value) {
        overwrite = value;
        return this;
    }

    public int ioElements() {
        return ioElements;
    }

    /**
     * How many I/O elements each record carries: ignition, movement, signal, voltages, odometer and the like.
     *
     * @param value in [0, 13] for teltonika, 0 for gt06; 0 unless set.
     * @return this.
     */
    public SimulatorOptions ioElements(final int value) {
        ioElements = value;
        return this;
    }

    public int intervalMs() {
        return intervalMs;
    }

    /**
     * How far apart the fixes of a device in the built-in city are.
     *
     * @param value milliseconds, in [1, 86400000]; 1000 unless set.
     * @return this.
     */
    public SimulatorOptions intervalMs(final int value) {
        intervalMs = value;
        return this;
    }

    public long seed() {
        return seed;
    }

    /**
     * Picks the city and its drives.
     *
     * @param value any; 1 unless set.
     * @return this.
     */
    public SimulatorOptions seed(final long value) {
        seed = value;
        return this;
    }

    public Duration acknowledgementTimeout() {
        return acknowledgementTimeout;
    }

    /**
     * How long a device waits for an answer before it sends again.
     *
     * @param value more than 0; 5 seconds unless set.
     * @return this.
     */
    public SimulatorOptions acknowledgementTimeout(final Duration value) {
        acknowledgementTimeout = value;
        return this;
    }

    public Duration unreachableAfter() {
        return unreachableAfter;
    }

    /**
     * How long the target may answer no one before the run is given up.
     *
     * @param value more than 0; 30 seconds unless set.
     * @return this.
     */
    public SimulatorOptions unreachableAfter(final Duration value) {
        unreachableAfter = value;
        return this;
    }

    public Duration longestBackOff() {
        return longestBackOff;
    }

    /**
     * How long a device waits at most before it tries again to connect. It waits longer after each failure, from 50 ms on.
     *
     * @param value at least 50 ms; 2 seconds unless set.
     * @return this.
     */
    public SimulatorOptions longestBackOff(final Duration value) {
        longestBackOff = value;
        return this;
    }
}
