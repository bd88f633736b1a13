// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.stream.Durable;
import org.roadhaze.stream.StreamAppender;

/**
 * The ring: event loops publish frames, workers decode and anonymize them, the persist handler appends what may leave.
 * <pre>
 *   event loops --tryPublish--> [slots] --> worker per shard --> persist handler --> mailbox per event loop
 * </pre>
 */
public final class IngestRing implements AutoCloseable {
    static final String THREAD_NAME = "ring";

    static final int OVERFLOW_BLOCK_LENGTH = 32 * 1024;
    private static final int MIN_OVERFLOW_BLOCKS = 64;
    private static final long DRAIN_POLL_NS = 1_000_000;

    private final Disruptor<Slot> disruptor;
    private final RingBuffer<Slot> ring;
    private final OverflowPool frameOverflow;
    private final LateLane lateLane;
    private final FrameCounters[] counters;
    private final int workers;
    private final FrameWatch watch;
    private final StreamAppender[] streams;
    private final CommitCounters commitCounters = new CommitCounters();
    private final GroupCommit groupCommit;
    private volatile boolean halted;
    private volatile boolean held;
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Wires the ring; nothing runs until {@link #start}.
     *
     * @param options     size and threads.
     * @param protocols   how many protocol indices there are.
     * @param parts       what each worker runs, one entry per worker.
     * @param streams     the writers, in the order of the workers' chains.
     * @param seenLog     keeps the tags that the workers' filters give records, or null when those filter nothing.
     * @param mailboxes   one per event loop.
     * @param singleLoop  true when only one thread publishes.
     * @param watch       told of frames that come to nothing.
     * @param fatal       told what ended the persist handler or the group commit, on its thread: the engine must stop.
     */
    public IngestRing(
            final RingOptions options,
            final int protocols,
            final List<WorkerParts> parts,
            final StreamAppender[] streams,
            final SeenLog seenLog,
            final AcknowledgementMailbox[] mailboxes,
            final boolean singleLoop,
            final FrameWatch watch,
            final Consumer<Throwable> fatal) {
        this(options, protocols, parts, streams, seenLog, mailboxes, singleLoop, watch, fatal, RingWiring::processor);
    }

    /** The same, but for who calls the handlers: a test may do that itself, and never {@link #start} the ring. */
    IngestRing(
            final RingOptions options,
            final int protocols,
            final List<WorkerParts> parts,
            final StreamAppender[] streams,
            final SeenLog seenLog,
            final AcknowledgementMailbox[] mailboxes,
            final boolean singleLoop,
            final FrameWatch watch,
            final Consumer<Throwable> fatal,
            final RingWiring.ProcessorMaker processors) {
        final SlotArena arena = new SlotArena(options.slots(), streams.length);
        disruptor = new Disruptor<>(
                arena::next,
                options.slots(),
                this::thread,
                singleLoop ? ProducerType.SINGLE : ProducerType.MULTI,
                options.waiting().strategy());
        ring = disruptor.getRingBuffer();
        lateLane = new LateLane(options.slots());
        workers = options.workers();
        final int overflowBlocks = overflowBlocks(options.slots());
        frameOverflow = new OverflowPool(overflowBlocks, OVERFLOW_BLOCK_LENGTH);
        counters = new FrameCounters[workers];
        final Worker[] workerHandlers = new Worker[workers];
        for (int shard = 0; shard < workers; shard++) {
            counters[shard] = new FrameCounters(protocols);
            workerHandlers[shard] = new Worker(
                    shard,
                    parts.get(shard),
                    new OverflowPool(overflowBlocks, OVERFLOW_BLOCK_LENGTH),
                    () -> halted,
                    counters[shard],
                    watch);
        }
        this.watch = watch;
        this.streams = streams.clone();
        final RingWiring.Fatal onFailure = new RingWiring.Fatal(fatal, this::halt);
        final AckLevel level = options.commit().level();
        groupCommit = level == AckLevel.SYNCED
                ? new GroupCommit(
                        durables(seenLog, streams), mailboxes, options.commit(), onFailure::failed, commitCounters)
                : null;
        RingWiring.wire(
                disruptor,
                workerHandlers,
                new PersistHandler(
                        streams, seenLog, mailboxes, frameOverflow, lateLane, () -> halted, level, groupCommit),
                handler -> processors.of(handler, onFailure));
    }

    private static Durable[] durables(final SeenLog seenLog, final StreamAppender[] streams) {
        final List<Durable> durables = new ArrayList<>(List.of(streams));
        if (seenLog != null) {
            durables.add(0, seenLog);
        }
        return durables.toArray(new Durable[0]);
    }

    private static int overflowBlocks(final int slots) {
        return Math.max(MIN_OVERFLOW_BLOCKS, slots / 8);
    }

    /**
     * How much memory outside the heap a ring takes: its slots, and the blocks for what does not fit into them.
     *
     * @param options size and threads.
     * @param streams how many streams there are.
     * @return bytes, once every block has been needed.
     */
    public static long memoryBytes(final RingOptions options, final int streams) {
        return (long) options.slots() * SlotArena.slotBytes(streams)
                + (long) (1 + options.workers()) * overflowBlocks(options.slots()) * OVERFLOW_BLOCK_LENGTH;
    }

    /** Starts the threads. */
    public void start() {
        disruptor.start();
        if (groupCommit != null) {
            groupCommit.start();
        }
    }

    /**
     * Publishes a frame, or says that there is no room: then the caller leaves the bytes where they are. Never waits.
     *
     * @param origin         where the frame came from.
     * @param address        the datagram's sender, or null.
     * @param protocol       the protocol's index.
     * @param deviceId       whose it is, or {@link ProtocolDecoder#NO_DEVICE}.
     * @param receivedTimeMs when it was received.
     * @param source         its bytes; copied.
     * @param offset         where it begins.
     * @param length         how long it is.
     * @return false when the ring, or the memory for large frames, is full, or the ring is held; of a {@linkplain Origin#isLate
     *     late} origin, when there is no room for another one of those.
     */
    public boolean tryPublish(
            final Origin origin,
            final Object address,
            final int protocol,
            final long deviceId,
            final long receivedTimeMs,
            final DirectBuffer source,
            final int offset,
            final int length) {
        if (held) {
            return false;
        }
        if (!origin.isLate()) {
            return tryPublish(false, origin, address, protocol, deviceId, receivedTimeMs, source, offset, length);
        }
        if (!lateLane.tryEnter(origin.mailbox())) {
            return false;
        }
        boolean published = false;
        try {
            published = tryPublish(true, origin, address, protocol, deviceId, receivedTimeMs, source, offset, length);
        } finally {
            if (!published) {
                lateLane.leave(1);
            }
        }
        return published;
    }

    private boolean tryPublish(
            final boolean late,
            final Origin origin,
            final Object address,
            final int protocol,
            final long deviceId,
            final long receivedTimeMs,
            final DirectBuffer source,
            final int offset,
            final int length) {
        OverflowBlock overflow = null;
        if (length > SlotArena.INLINE_FRAME_LENGTH) {
            overflow = frameOverflow.tryTake(length);
            if (overflow == null) {
                return false;
            }
        }
        final long sequence;
        try {
            sequence = ring.tryNext();
        } catch (final InsufficientCapacityException full) {
            if (overflow != null) {
                frameOverflow.giveBack(overflow);
            }
            return false;
        }
        try {
            final Slot slot = ring.get(sequence);
            slot.begin(origin, address, protocol, shardOf(deviceId), deviceId, receivedTimeMs);
            if (late) {
                slot.late();
            }
            slot.frame(source, offset, length, overflow);
        } finally {
            ring.publish(sequence);
        }
        return true;
    }

    /**
     * Lets the chains of all workers know what time it is, for what they hold back. Called by the one that publishes frames,
     * or by any loop where several do. A ring that is full, or held, needs no telling: the next frame tells it.
     *
     * @param nowMs the engine's clock.
     */
    public void tick(final long nowMs) {
        for (int shard = 0; shard < workers && !held; shard++) {
            final long sequence;
            try {
                sequence = ring.tryNext();
            } catch (final InsufficientCapacityException full) {
                return;
            }
            try {
                ring.get(sequence).begin(null, null, Slot.TICK, shard, ProtocolDecoder.NO_DEVICE, nowMs);
            } finally {
                ring.publish(sequence);
            }
        }
    }

    /**
     * Takes no more frames, or takes them again. What is on its way goes through; publishers see a ring without room, and do
     * what they do then: bytes stay in their sockets, datagrams are counted and not acknowledged.
     *
     * @param hold whether to take none.
     */
    public void hold(final boolean hold) {
        held = hold;
    }

    public boolean isHeld() {
        return held;
    }

    /** A device stays with its shard for life: the mixing is fixed (Fibonacci hashing by 2^64 / golden ratio). */
    private int shardOf(final long deviceId) {
        return shardOf(deviceId, workers);
    }

    /**
     * Which worker meets the frames of a device.
     *
     * @param deviceId the device.
     * @param workers  how many there are.
     * @return in [0, workers).
     */
    public static int shardOf(final long deviceId, final int workers) {
        return workers == 1 ? 0 : (int) (((deviceId * 0x9E3779B97F4A7C15L) >>> 32) % workers);
    }

    /**
     * What the workers made of their frames, one entry per worker.
     *
     * @return live counters.
     */
    public FrameCounters[] counters() {
        return counters.clone();
    }

    /**
     * What the forces of the disk took.
     *
     * @return live counters.
     */
    public CommitCounters commitCounters() {
        return commitCounters;
    }

    /**
     * Who is told of frames that come to nothing: of those, too, that do not get as far as the ring.
     *
     * @return the same as was given.
     */
    public FrameWatch watch() {
        return watch;
    }

    /** Null unless acknowledgements wait for the disk. */
    GroupCommit groupCommit() {
        return groupCommit;
    }

    public int slots() {
        return ring.getBufferSize();
    }

    /**
     * Slots that no frame is in.
     *
     * @return how many, at about this moment.
     */
    public long freeSlots() {
        return ring.remainingCapacity();
    }

    /**
     * How far the workers, the persist handler and the disk are behind the publishers.
     *
     * @return at about this moment.
     */
    public RingLag lag() {
        return new RingLag(
                slots() - freeSlots(),
                slots(),
                groupCommit == null ? 0 : groupCommit.unforcedBytes(),
                groupCommit == null ? 0 : groupCommit.forcingNs());
    }

    /**
     * Waits until every published frame has gone through and is as safe as its acknowledgement says, and ends the threads
     * that took them there. What waited for its journal is appended then, unless the disk is full; the next start makes it again.
     * Publishers must have stopped.
     *
     * @param timeoutMs how long to wait at most.
     * @return false when the time ran out; the threads were then halted where they were.
     */
    public boolean drain(final long timeoutMs) {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean drained = isDrained();
        while (!drained && !halted && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(DRAIN_POLL_NS);
            drained = isDrained();
        }
        halt();
        if (drained && !held && groupCommit != null) {
            threads.forEach(Threads::join);
            letGoBehind(groupCommit.lastDone());
        }
        return drained;
    }

    private void letGoBehind(final long done) {
        for (final StreamAppender stream : streams) {
            if (!stream.isEmpty()) {
                stream.handOver();
                stream.letGo(done);
            }
        }
    }

    boolean isDrained() {
        return ring.getMinimumGatingSequence() == ring.getCursor() && (groupCommit == null || groupCommit.isDone());
    }

    /** Takes no further slot through: nothing more is persisted or acknowledged. Does not wait for the threads. */
    public void halt() {
        halted = true;
        disruptor.halt();
    }

    /** Ends the threads and waits until they have: what they write to may be closed after this. */
    @Override
    public void close() {
        halt();
        threads.forEach(Threads::join);
        if (groupCommit != null) {
            groupCommit.close();
        }
    }

    private Thread thread(final Runnable runnable) {
        final Thread thread = new Thread(runnable, THREAD_NAME);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }
}
