// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.roadhaze.deadletter.DeadLetters;
import org.roadhaze.listener.ConnectionLimits;
import org.roadhaze.listener.Listeners;
import org.roadhaze.listener.Sockets;
import org.roadhaze.ring.AckLevel;
import org.roadhaze.ring.FrameWatch;
import org.roadhaze.ring.IngestRing;
import org.roadhaze.ring.RingOptions;
import org.roadhaze.stream.Checkpoint;
import org.roadhaze.stream.SteadyClock;
import org.roadhaze.stream.StreamFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running engine: listeners, ring, streams. Made by {@link #start}, ended by {@link #close}, which drains first.
 *
 * <p>When an append fails the engine has {@link #failure() failed}: it acknowledges nothing any more, and its owner
 * should close it and exit.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final long DRAIN_TIMEOUT_MS = 15_000;
    private static final long HOUSEKEEPING_PERIOD_MS = 1_000;
    /** How often what is held back learns the time, while no frame tells it. */
    private static final long TICK_PERIOD_MS = 100;

    private static final long PREPARE_PERIOD_MS = 50;
    private static final long ACCOUNT_PERIOD_MS = 10_000;
    private static final long DISK_PERIOD_MS = 100;
    private static final long RETENTION_PERIOD_MS = 60_000;
    private static final int MAX_HOUSEKEEPING_FAILURES = 60;
    private static final long DRAIN_POLL_NS = 1_000_000;

    private final EpochClock clock = new SteadyClock(SystemEpochClock.INSTANCE, SystemNanoClock.INSTANCE);
    private final EngineOptions options;
    private final ProtocolTable protocols;
    private final DataDirectory directory;
    private final FileStore disk;
    private final StreamRuntime streams;
    private final DeadLetters deadLetters;
    private final Listeners listeners;
    private final IngestRing ring;
    private final ClockWatch clockWatch =
            new ClockWatch(SystemEpochClock.INSTANCE, SystemNanoClock.INSTANCE, LOG::warn);
    private final LongAdder stageFailures = new LongAdder();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Housekeeping housekeeping = new Housekeeping();

    private int housekeepingFailures;
    private long retentionFailures;
    private final ConnectionLimits limits;
    private boolean saidThatFilesAreUsedUp;
    private boolean closed;

    private Engine(final EngineOptions options, final DataDirectory directory, final Checkpoint checkpoint)
            throws IOException {
        this.options = options;
        this.directory = directory;
        disk = Files.getFileStore(options.data());
        protocols = new ProtocolTable(options.listeners());
        streams = new StreamRuntime(options, protocols, clock, checkpoint);
        deadLetters = new DeadLetters(
                StreamFiles.deadLetters(options.data()),
                protocols.origins(),
                options.journal().keyEpoch(),
                streams::openJournalKeys);
        limits = OpenFiles.within(options.limits(), OpenFiles.forConnections());
        Listeners made = null;
        try {
            made = new Listeners(
                    Sockets.usual(),
                    options.eventLoops(),
                    mailboxCapacity(options.ring()),
                    limits,
                    options.quarantine(),
                    loop -> protocols.decoders());
            listeners = made;
            ring = new IngestRing(
                    options.ring(),
                    protocols.size(),
                    streams.workerParts(),
                    streams.appenders(),
                    streams.seenLog(),
                    made.mailboxes(),
                    options.eventLoops() == 1,
                    watch(),
                    this::fatal);
        } catch (final RuntimeException | Error e) {
            CloseHelper.quietCloseAll(housekeeping, made, streams);
            throw e;
        }
    }

    private FrameWatch watch() {
        return new FrameWatch() {
            @Override
            public void failed(final Throwable thrown) {
                stageFailed(thrown);
            }

            @Override
            public void lost(
                    final String why,
                    final int protocol,
                    final long deviceId,
                    final long receivedTimeMs,
                    final DirectBuffer bytes,
                    final int offset,
                    final int length) {
                deadLetters.offer(why, protocol, deviceId, receivedTimeMs, bytes, offset, length);
            }
        };
    }

    /** Acknowledgements of one group wait for the disk while those of the next gather. */
    private static int mailboxCapacity(final RingOptions ring) {
        return ring.commit().level() == AckLevel.SYNCED ? 4 * ring.slots() : ring.slots();
    }

    /**
     * Starts an engine; when this returns, all listeners are bound and every device is served.
     *
     * @param options what it runs by.
     * @return the engine.
     * @throws IOException when the data directory is in use or cannot be written, a fence file cannot be read, or an
     *                     address cannot be bound.
     */
    public static Engine start(final EngineOptions options) throws IOException {
        return start(options, () -> false);
    }

    /**
     * The same, where somebody may no longer want it before it is ready: what was held may take long to rebuild.
     *
     * @param options      what it runs by.
     * @param isToldToStop asked again and again until it is ready.
     * @return the engine.
     * @throws StartStoppedException when it was told to: as if it had not been started.
     * @throws IOException           as above.
     */
    public static Engine start(final EngineOptions options, final BooleanSupplier isToldToStop) throws IOException {
        final Checkpoint checkpoint = StartStoppedException.where(isToldToStop);
        final DataDirectory directory = new DataDirectory(options.data());
        Engine engine = null;
        try {
            engine = new Engine(options, directory, checkpoint);
            engine.run(checkpoint);
            return engine;
        } catch (final IOException | RuntimeException | Error e) {
            if (engine == null) {
                directory.close();
            } else {
                engine.close();
            }
            throw e;
        }
    }

    private void run(final Checkpoint checkpoint) throws IOException {
        watchDisk();
        appendRebuilt(checkpoint);
        ring.start();
        housekeeping.every(DISK_PERIOD_MS, this::watchDisk);
        housekeeping.every(HOUSEKEEPING_PERIOD_MS, this::keepHouse);
        housekeeping.every(PREPARE_PERIOD_MS, this::prepare);
        housekeeping.every(ACCOUNT_PERIOD_MS, streams::saveAccounts);
        housekeeping.every(HOUSEKEEPING_PERIOD_MS, this::watchClocks);
        housekeeping.every(HOUSEKEEPING_PERIOD_MS, () -> deadLetters.saveQuietly(clock.time()));
        housekeeping.every(RETENTION_PERIOD_MS, this::endOld);
        if (options.policy().streams().stream()
                .anyMatch(stream -> !stream.holdsBack().isZero())) {
            listeners.every(TICK_PERIOD_MS, () -> ring.tick(clock.time()));
        }
        for (int i = 0; i < options.listeners().size(); i++) {
            listeners.bind(options.listeners().get(i), i, ring, clock);
        }
    }

    /** What is due of what the engine before this one held leaves first, and not before there is space for it. */
    private void appendRebuilt(final Checkpoint checkpoint) throws IOException {
        long endedOldMs = clock.time() - RETENTION_PERIOD_MS;
        while (streams.isAnyRebuilt() && ring.isHeld()) {
            if (clock.time() - endedOldMs >= RETENTION_PERIOD_MS) {
                endedOldMs = clock.time();
                endOld(); // It may be what makes room.
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DISK_PERIOD_MS));
            checkpoint.pass();
            streams.advanceTo(clock.time());
            watchDisk();
        }
        streams.appendRebuilt();
    }

    /** A disk may fail for a moment; but keys that cannot be destroyed for long are a promise broken: the engine stops. */
    private void keepHouse() {
        watchOpenFiles();
        saveLags();
        try {
            streams.advanceTo(clock.time());
            housekeepingFailures = 0;
        } catch (final RuntimeException | Error e) { // whatever leaves this method ends the schedule without a word
            housekeepingFailures++;
            LOG.error("Keys cannot be kept, for the {}. second: {}", housekeepingFailures, FrameWatch.placeOf(e));
            if (housekeepingFailures == MAX_HOUSEKEEPING_FAILURES) {
                ring.halt();
                fatal(e);
            }
        }
    }

    /** Without them a start rebuilds less exactly, and begins anew where that shows. */
    private void saveLags() {
        try {
            streams.saveLags();
        } catch (final IOException | RuntimeException | Error e) { // see keepHouse
            LOG.debug("How far event time is behind is not saved: {}", FrameWatch.placeOf(e));
        }
    }

    /** What cannot be made ahead is made when it is needed; whether it can be then is told there. */
    private void prepare() {
        try {
            streams.prepare();
        } catch (final IOException | RuntimeException | Error e) { // see keepHouse
            LOG.debug("Nothing is made ahead: {}", FrameWatch.placeOf(e));
        }
    }

    /** By the machine's clock, unless that is ahead of ours: a leap forwards must not end what is young. */
    private void endOld() {
        try {
            streams.endOld(Math.min(SystemEpochClock.INSTANCE.time(), clock.time()));
            retentionFailures = 0;
        } catch (final IOException | RuntimeException | Error e) { // see keepHouse
            retentionFailures++;
            if (Long.bitCount(retentionFailures) == 1) {
                LOG.error(
                        "What is older than it is to be kept cannot be ended, for the {}. minute: {}",
                        retentionFailures,
                        FrameWatch.placeOf(e));
            }
        }
    }

    /** What cannot be seen is taken for full: better to take nothing in than to acknowledge what cannot be kept. */
    private void watchDisk() {
        final boolean wasHolding = ring.isHeld();
        boolean holding = true;
        String free = "an unknown number of";
        try {
            final long freeBytes = disk.getUsableSpace();
            free = Long.toString(freeBytes >> 20);
            holding = !streams.reserve(freeBytes) || options.disk().isHolding(freeBytes, wasHolding);
        } catch (final IOException | RuntimeException | Error e) { // see keepHouse
            if (!wasHolding) {
                LOG.error("The free space of {} cannot be seen: {}", options.data(), FrameWatch.placeOf(e));
            }
        }
        if (holding != wasHolding) {
            ring.hold(holding);
            LOG.warn(
                    holding
                            ? "{} MiB are free on the disk of {}: nothing is taken in until there are more than {}, and"
                                    + " space for what is on its way is reserved"
                            : "{} MiB are free on the disk of {}, more than {}: everything is taken in again",
                    free,
                    options.data(),
                    options.disk().resumeAboveBytes() >> 20);
        }
    }

    /** Said once, and only when it is felt: fewer connections are let in than the configuration allows. */
    private void watchOpenFiles() {
        if (saidThatFilesAreUsedUp || limits.connections() == options.limits().connections()) {
            return;
        }
        saidThatFilesAreUsedUp =
                listening().stream().anyMatch(each -> each.counters().tooManyConnections() > 0);
        if (saidThatFilesAreUsedUp) {
            LOG.warn(
                    "Connections are refused; {} are let in at a time, since this process may not open more files:"
                            + " raise its limit (ulimit -n, LimitNOFILE)",
                    limits.connections());
        }
    }

    private void watchClocks() {
        clockWatch.lookAtOurs();
        clockWatch.look(EngineSnapshot.fixesAhead(ring.counters(), protocols));
    }

    /** Said at the first, second, fourth, eighth …: a poisoned fleet must not fill the log too. */
    private void stageFailed(final Throwable e) {
        stageFailures.increment();
        final long count = stageFailures.sum();
        if (Long.bitCount(count) == 1) {
            LOG.error(
                    "A stage failed at a frame, {} so far; such a frame is not acknowledged: {}",
                    count,
                    FrameWatch.placeOf(e));
        }
    }

    /** Completed on another thread: whoever closes the engine for it would wait for this one. */
    private void fatal(final Throwable e) {
        LOG.error("The engine stopped acknowledging: {}", FrameWatch.placeOf(e));
        failure.completeAsync(() -> e, task -> new Thread(task, "engine-failure").start());
    }

    public EngineOptions options() {
        return options;
    }

    /**
     * Where it listens, with the real ports.
     *
     * @return one entry per configured listener, in their order.
     */
    public List<Listeners.Listening> listening() {
        return listeners.listening();
    }

    /**
     * Completed with what made the engine stop acknowledging; not completed in a healthy life.
     *
     * @return the future.
     */
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    /**
     * A look at all counters.
     *
     * @return the sums at about this moment.
     */
    public EngineSnapshot snapshot() {
        return EngineSnapshot.of(ring, protocols, streams, listening(), stageFailures.sum(), deadLetters.kept());
    }

    public Path data() {
        return options.data();
    }

    /**
     * Stops cleanly: takes no more bytes, lets everything that was published go through, sends the acknowledgements,
     * closes queues and sockets. Safe to call twice.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        endHousekeeping();
        listeners.stopReading();
        if (!failure.isDone() && !ring.drain(DRAIN_TIMEOUT_MS)) {
            LOG.error("The ring did not drain within {} ms; what was left is not acknowledged", DRAIN_TIMEOUT_MS);
        }
        ring.close();
        deadLetters.saveQuietly(clock.time());
        final long deadlineNs = System.nanoTime() + DRAIN_TIMEOUT_MS * 1_000_000;
        while (!listeners.isDrained() && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(DRAIN_POLL_NS);
        }
        CloseHelper.closeAll(listeners, streams, directory);
    }

    private void endHousekeeping() {
        housekeeping.close();
        try {
            if (!housekeeping.awaitEnd(DRAIN_TIMEOUT_MS)) {
                LOG.error("The keys were still being written after {} ms", DRAIN_TIMEOUT_MS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
