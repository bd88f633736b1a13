// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.simulator.SimulatedDevice.State;

/**
 * Decides when which device connects, sends, sends again and gives up. One event loop runs it; its turns are
 * <ol>
 *   <li>answers come in: latencies are recorded, lines gathered for the ledger, devices noted as ready;
 *   <li>the ledger is written, then every ready device sends its next frame;
 *   <li>fifty times a second whatever waits too long is seen to.
 * </ol>
 * Sending and acknowledging allocate nothing of their own. Times are nanoseconds since the loop was made.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty tells through exceptionCaught and channelInactive what went wrong.
final class FleetLoop {
    private static final long HOUSEKEEPING_MS = 20;
    private static final long MAX_RAMP_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long MIN_DRAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long MIN_TICK_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final int FAILURES_ON_ONE_CONNECTION = 3;
    private static final int SERIAL_MASK = 0xFFFF;
    private static final long NEVER = Long.MAX_VALUE;

    private final SimulatorOptions options;
    private final DeviceProtocol protocol;
    private final FrameWriter writer;
    private final Connections connections;
    private final EventLoop eventLoop;
    private final FleetCounters counters = new FleetCounters();
    private final LatencyRecord latency = new LatencyRecord();
    private final CompletableFuture<SimulatorSummary> summary = new CompletableFuture<>();
    private final long originNs = System.nanoTime();
    private final long acknowledgementTimeoutNs;
    private final DeviceAnswer answer = new DeviceAnswer();

    private final SimulatedDevice[] devices;
    private final SimulatedDevice[] ready;
    private int readyCount;
    private boolean sendScheduled;
    private final Runnable sendReady = guarded(this::sendReady);
    private final Runnable tick = guarded(this::tick);

    private FrameSchedule schedule;
    private Future<?> housekeeping;
    private int unacknowledgedFrames;
    private int exhaustedDevices;
    private long firstWelcomeNs = NEVER;
    private long sendingFromNs = NEVER;
    /** What was planned before this is not measured. */
    private long measuredFromNs = NEVER;

    private long recordsMeasured;
    private long lastAcknowledgedNs;
    /** Since when nothing that the fleet waits for has come. */
    private long waitingSinceNs;

    private long giveUpNs = NEVER;
    private boolean stopping;
    /** The end of the plan: what was to be sent before this and was not is counted. */
    private long planUntilNs = NEVER;

    private boolean finished;

    private FleetLoop(final SimulatorOptions options, final DeviceProtocol protocol, final FrameWriter writer) {
        this.options = options;
        this.protocol = protocol;
        this.writer = writer;
        acknowledgementTimeoutNs = options.acknowledgementTimeout().toNanos();
        final Transport transport = new Transport(options);
        eventLoop = transport.eventLoop();
        connections = new Connections(transport, protocol, counters, options);
        devices = new SimulatedDevice[writer.source().devices()];
        ready = new SimulatedDevice[devices.length];
        for (int i = 0; i < devices.length; i++) {
            final ByteBuffer memory = ByteBuffer.allocateDirect(writer.frameCapacity());
            final ByteBuf frame = Unpooled.wrappedBuffer(memory);
            devices[i] = new SimulatedDevice(this, i, writer.source().imei(i), frame, memory, writer.remembered());
        }
    }

    static FleetLoop create(final SimulatorOptions options) throws IOException {
        final DeviceProtocols.Entry entry = DeviceProtocols.byName(options.protocol());
        final DeviceProtocol protocol = entry.factory().create(options.udp(), options.ioElements());
        final FixSource source = options.trace() == null
                ? CityFleet.plan(options, System.currentTimeMillis())
                : TraceFleet.load(options.trace(), options.traceDevices(), entry.timeStepMs());
        final Ledger ledger = options.ledger() == null ? null : Ledger.create(options.ledger(), options.overwrite());
        return new FleetLoop(options, protocol, new FrameWriter(source, protocol, ledger, options.recordsPerFrame()));
    }

    void start() {
        housekeeping =
                eventLoop.scheduleAtFixedRate(guarded(this::housekeep), 0, HOUSEKEEPING_MS, TimeUnit.MILLISECONDS);
    }

    int devices() {
        return devices.length;
    }

    FleetCounters counters() {
        return counters;
    }

    Histogram intervalHistogram() {
        return latency.sinceLast();
    }

    String trouble() {
        return connections.trouble();
    }

    CompletableFuture<SimulatorSummary> summary() {
        return summary;
    }

    void stop() {
        ask(() -> stopSending(nowNs(), nowNs()));
    }

    void close() {
        ask(() -> finish(""));
    }

    /** Nothing can be asked of a loop that has ended, which it may do at any moment. */
    private void ask(final Runnable task) {
        try {
            eventLoop.execute(guarded(task));
        } catch (final RejectedExecutionException e) {
            summary.completeExceptionally(e); // Nothing happens: the summary was complete before the loop ended.
        }
    }

    private long nowNs() {
        return System.nanoTime() - originNs;
    }

    /** What breaks in the loop ends the run: nothing may be lost in an event loop's log. */
    private Runnable guarded(final Runnable task) {
        return () -> {
            if (finished) {
                return;
            }
            try {
                task.run();
            } catch (final RuntimeException e) {
                onBroken(e);
            }
        };
    }

    /** Ends the run for a reason of our own: a ledger that cannot be written, or a fault in the simulator. */
    void onBroken(final Throwable cause) {
        if (finished) {
            return;
        }
        if (cause instanceof UncheckedIOException) {
            finish("ledger " + options.ledger() + ": " + cause.getCause().getMessage());
        } else {
            shutDown();
            summary.completeExceptionally(cause);
        }
    }

    // ---- connections

    void onConnected(final SimulatedDevice device) {
        if (finished) {
            device.channel.close();
        } else if (connections.greet(device, nowNs() + acknowledgementTimeoutNs)) {
            onWelcome(device);
        }
    }

    private void onWelcome(final SimulatedDevice device) {
        final long nowNs = nowNs();
        connections.welcomed(device);
        if (unacknowledgedFrames == 0) {
            waitingSinceNs = nowNs;
        }
        firstWelcomeNs = Math.min(firstWelcomeNs, nowNs);
        beginSending(nowNs);
        queue(device);
    }

    /** Without a rate each device sends as soon as it is welcome; with one, the fleet begins together. */
    private void beginSending(final long nowNs) {
        if (sendingFromNs != NEVER || firstWelcomeNs == NEVER) {
            return;
        }
        if (!options.isOpenLoop()) {
            sendingFromNs = nowNs;
            measuredFromNs = firstWelcomeNs + options.warmUp().toNanos();
        } else if (connections.welcome() == devices.length || nowNs - firstWelcomeNs > MAX_RAMP_NS) {
            sendingFromNs = nowNs;
            measuredFromNs = nowNs + options.warmUp().toNanos();
            schedule = new FrameSchedule(devices.length, options.recordsPerFrame(), options.recordsPerSecond(), nowNs);
            eventLoop.execute(tick);
        }
    }

    void onDisconnected(final SimulatedDevice device) {
        if (!finished) {
            final boolean wasWelcome = device.welcome;
            final long nowNs = nowNs();
            connections.disconnect(device, nowNs);
            if (wasWelcome && connections.welcome() == 0 && unacknowledgedFrames == 0) {
                waitingSinceNs = nowNs;
            }
        }
    }

    /** A datagram that found no one there says nothing about the next one; a connection is left. */
    void onTrouble(final SimulatedDevice device, final String words) {
        connections.trouble(words);
        if (protocol.hasLogin()) {
            onDisconnected(device);
        }
    }

    // ---- answers

    /**
     * Reads answers.
     *
     * @param device who got them.
     * @param buffer bytes, from 0 on.
     * @param length how many.
     * @return how many were read, or {@link DeviceProtocol#MALFORMED}.
     */
    int onBytes(final SimulatedDevice device, final UnsafeBuffer buffer, final int length) {
        int at = 0;
        while (at < length && device.channel != null && !finished) {
            final int used = protocol.answer(buffer, at, length - at, device.welcome, answer);
            if (used == DeviceProtocol.MALFORMED) {
                return DeviceProtocol.MALFORMED;
            }
            if (used == DeviceProtocol.NEED_MORE) {
                return at;
            }
            at += used;
            onAnswer(device);
        }
        return device.channel == null || finished ? length : at;
    }

    private void onAnswer(final SimulatedDevice device) {
        switch (answer.kind) {
            case WELCOME -> {
                if (device.state == State.LOGGING_IN) {
                    onWelcome(device);
                }
            }
            case REFUSED_LOGIN -> {
                counters.refusedLogin();
                onTrouble(device, "the login was refused");
            }
            case ACKNOWLEDGEMENT -> onAcknowledgement(device);
            case OTHER -> {}
        }
    }

    private void onAcknowledgement(final SimulatedDevice device) {
        final boolean named = answer.serial != DeviceAnswer.NOT_SAID;
        if (device.state != State.IN_FLIGHT || (named && answer.serial != ((device.frames - 1) & SERIAL_MASK))) {
            return;
        }
        if (answer.records != DeviceAnswer.NOT_SAID && answer.records != device.records) {
            counters.refusedFrame();
            connections.trouble(answer.records + " records of " + device.records + " were acknowledged");
            device.refused = true;
            return;
        }
        final long nowNs = nowNs();
        if (device.plannedNs >= measuredFromNs) {
            latency.record(nowNs - device.plannedNs);
            recordsMeasured += device.records;
        }
        counters.acknowledged(device.records);
        if (device.acknowledged == 0) {
            counters.served();
        }
        writer.acknowledged(device);
        device.failures = 0;
        device.refused = false;
        device.state = State.IDLE;
        unacknowledgedFrames--;
        lastAcknowledgedNs = nowNs;
        waitingSinceNs = nowNs;
        queue(device);
    }

    // ---- sending

    private void queue(final SimulatedDevice device) {
        if (!device.queued) {
            device.queued = true;
            ready[readyCount++] = device;
        }
        if (!sendScheduled) {
            sendScheduled = true;
            eventLoop.execute(sendReady);
        }
    }

    /** Runs after the loop has read all sockets that had something, so that one ledger write serves them all. */
    private void sendReady() {
        sendScheduled = false;
        writer.flush();
        final long nowNs = nowNs();
        final long wallMs = System.currentTimeMillis();
        final int count = readyCount;
        readyCount = 0;
        for (int i = 0; i < count; i++) {
            ready[i].queued = false;
            send(ready[i], nowNs, wallMs);
        }
        finishWhenDone(nowNs);
    }

    private void send(final SimulatedDevice device, final long nowNs, final long wallMs) {
        if (device.state != State.IDLE || device.frame.refCnt() > 1) {
            return;
        }
        if (device.records > 0) {
            counters.resent();
            transmit(device, nowNs);
        } else if (!stopping && !device.exhausted && sendingFromNs != NEVER) {
            sendNew(device, nowNs, wallMs);
        }
    }

    private void sendNew(final SimulatedDevice device, final long nowNs, final long wallMs) {
        if (!writer.hasNext(device)) {
            device.exhausted = true;
            exhaustedDevices++;
            return;
        }
        device.plannedNs = schedule == null ? nowNs : schedule.plannedNs(device.index, device.frames);
        if (device.plannedNs > nowNs || !writer.isReady(device, wallMs)) {
            return;
        }
        writer.write(device);
        counters.sent(device.records);
        if (unacknowledgedFrames++ == 0) {
            waitingSinceNs = nowNs;
        }
        transmit(device, nowNs);
    }

    private void transmit(final SimulatedDevice device, final long nowNs) {
        device.state = State.IN_FLIGHT;
        device.refused = false;
        device.deadlineNs = nowNs + acknowledgementTimeoutNs;
        device.frame.setIndex(0, device.frameLength);
        device.channel.writeAndFlush(device.frame.retain(), device.channel.voidPromise());
    }

    private void tick() {
        writer.flush();
        final long nowNs = nowNs();
        final long wallMs = System.currentTimeMillis();
        for (int due = schedule.nextDue(nowNs); due >= 0; due = schedule.nextDue(nowNs)) {
            send(devices[due], nowNs, wallMs);
        }
        if (!stopping) {
            eventLoop.schedule(tick, Math.max(MIN_TICK_NS, schedule.nextNs() - nowNs()), TimeUnit.NANOSECONDS);
        }
    }

    // ---- what waits too long

    private void housekeep() {
        writer.flush();
        final long nowNs = nowNs();
        final long wallMs = System.currentTimeMillis();
        beginSending(nowNs);
        for (final SimulatedDevice device : devices) {
            lookAfter(device, nowNs, wallMs);
        }
        if (sendingFromNs != NEVER
                && nowNs - sendingFromNs >= options.duration().toNanos()) {
            stopSending(nowNs, sendingFromNs + options.duration().toNanos());
        }
        finishWhenDone(nowNs);
        final boolean waiting = unacknowledgedFrames > 0 || connections.welcome() == 0;
        if (!finished
                && waiting
                && nowNs - waitingSinceNs > options.unreachableAfter().toNanos()) {
            finish(options.target() + " has answered no device for "
                    + options.unreachableAfter().toSeconds() + " s: " + connections.lastTrouble());
        }
    }

    private void lookAfter(final SimulatedDevice device, final long nowNs, final long wallMs) {
        final boolean overdue = nowNs >= device.deadlineNs;
        switch (device.state) {
            case DISCONNECTED -> {
                if (overdue && connections.mayConnect()) {
                    connections.connect(device, () -> onDisconnected(device));
                }
            }
            case LOGGING_IN -> {
                if (overdue) {
                    onTrouble(device, "no answer to a login");
                }
            }
            case IN_FLIGHT -> {
                if (overdue) {
                    onOverdue(device, nowNs);
                }
            }
            case IDLE -> send(device, nowNs, wallMs);
            case CONNECTING -> {}
        }
    }

    /** Sends again: on the same connection where a late acknowledgement could not be mistaken, else on a new one. */
    private void onOverdue(final SimulatedDevice device, final long nowNs) {
        device.failures++;
        final boolean sure = device.refused || protocol.acknowledgementNamesFrame();
        final boolean tired = protocol.hasLogin() && device.failures % FAILURES_ON_ONE_CONNECTION == 0;
        if (!sure || tired) {
            onDisconnected(device);
        } else if (device.frame.refCnt() == 1) {
            counters.resent();
            transmit(device, nowNs);
        } else {
            device.deadlineNs = nowNs + acknowledgementTimeoutNs;
        }
    }

    // ---- the end

    private void stopSending(final long nowNs, final long plannedUntilNs) {
        if (!stopping) {
            stopping = true;
            planUntilNs = plannedUntilNs;
            giveUpNs = nowNs + Math.max(MIN_DRAIN_NS, 2 * acknowledgementTimeoutNs);
            finishWhenDone(nowNs);
        }
    }

    private void finishWhenDone(final long nowNs) {
        final boolean allSent = stopping || exhaustedDevices == devices.length;
        if (!finished && ((allSent && unacknowledgedFrames == 0) || nowNs > giveUpNs)) {
            finish("");
        }
    }

    private void countNotSent(final long nowNs) {
        if (schedule == null) {
            return;
        }
        final long untilNs = Math.min(nowNs, planUntilNs);
        for (final SimulatedDevice device : devices) {
            if (!device.exhausted) {
                final long frames = schedule.framesBefore(device.index, untilNs) - device.frames;
                counters.notSent(Math.max(0, frames) * options.recordsPerFrame());
            }
        }
    }

    private void finish(final String failure) {
        countNotSent(nowNs());
        final String ledgerFailure = shutDown();
        final long elapsedNs = Math.max(1, lastAcknowledgedNs - measuredFromNs);
        summary.complete(new SimulatorSummary(
                devices.length,
                counters.framesSent(),
                counters.recordsSent(),
                counters.recordsAcknowledged(),
                recordsMeasured == 0 ? 0 : Math.round(recordsMeasured * 1e9 / elapsedNs),
                latency.total(),
                counters.reconnects(),
                counters.resends(),
                counters.refusedLogins(),
                counters.refusedFrames(),
                writer.source() instanceof TraceFleet trace ? trace.repeatedRows() : 0,
                counters.recordsNotSent(),
                failure.isEmpty() ? ledgerFailure : failure));
    }

    /** Ends everything; says what was wrong with the ledger, or nothing. */
    private String shutDown() {
        finished = true;
        housekeeping.cancel(false);
        connections.close(devices);
        try {
            writer.close();
            return "";
        } catch (final IOException e) {
            return "ledger " + options.ledger() + ": " + e.getMessage();
        }
    }
}
