// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.roadhaze.stream.Durable;

/**
 * Forces what was appended to the disk, on a thread of its own, and then lets the acknowledgements of all of it go: one
 * force for everything that came while the one before was under way. Appends go on meanwhile.
 * <pre>
 *   persist handler: append, append, seal mailboxes, request --+
 *   commit thread:   force ........ publish | seals as of now, force .......... publish |
 * </pre>
 * A force that fails is never tried again: the system may have dropped the pages that it could not write and would call
 * the second try a success. Nothing is acknowledged after that.
 */
final class GroupCommit implements AutoCloseable {
    static final String THREAD_NAME = "commit";

    private static final int BUSY = 0;
    private static final int IDLE = 1;
    private static final int GATHERING = 2;

    private static final long IDLE_PARK_NS = 100_000_000;

    private final Durable[] streams;
    private final AcknowledgementMailbox[] mailboxes;
    private final long[] seals;
    private final long everyNs;
    private final long groupBytes;
    private final Consumer<Throwable> fatal;
    private final CommitCounters counters;
    private final Thread thread = new Thread(this::run, THREAD_NAME);

    /** Written by the persist handler. */
    private final AtomicLong requests = new AtomicLong();

    private final AtomicLong appendedBytes = new AtomicLong();

    /** Written by the commit thread. */
    private final AtomicLong done = new AtomicLong();

    private final AtomicLong takenBytes = new AtomicLong();

    /** What was taken and forced. */
    private final AtomicLong forcedBytes = new AtomicLong();

    /** When the force began that is under way, by the system's nanosecond clock. */
    private volatile long begunNs;

    private volatile boolean forcing;
    private final AtomicInteger state = new AtomicInteger(BUSY);

    private volatile boolean closing;

    /**
     * Makes it; nothing runs until {@link #start}.
     *
     * @param streams   what is forced.
     * @param mailboxes whose sealed acknowledgements go after that.
     * @param options   when.
     * @param fatal     told, on the commit thread, what made a force fail: nothing is acknowledged any more.
     * @param counters  what it did.
     */
    GroupCommit(
            final Durable[] streams,
            final AcknowledgementMailbox[] mailboxes,
            final CommitOptions options,
            final Consumer<Throwable> fatal,
            final CommitCounters counters) {
        this.streams = streams;
        this.mailboxes = mailboxes;
        this.seals = new long[mailboxes.length];
        this.everyNs = options.every().toNanos();
        this.groupBytes = options.bytes();
        this.fatal = fatal;
        this.counters = counters;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Asks for what is appended and sealed to be forced and acknowledged. The persist handler's; never waits.
     *
     * @param bytes how much was appended since the last request.
     * @return the request's number.
     */
    long request(final long bytes) {
        appendedBytes.lazySet(appendedBytes.getPlain() + bytes);
        requests.set(requests.getPlain() + 1);
        final int waiting = state.get();
        if (waiting == IDLE || (waiting == GATHERING && isGroupFull())) {
            LockSupport.unpark(thread);
        }
        return requests.getPlain();
    }

    /** The number of the last request that is done: all that was appended before it is on the disk. Any thread's. */
    long lastDone() {
        return done.get();
    }

    private boolean isGroupFull() {
        return appendedBytes.get() - takenBytes.get() >= groupBytes;
    }

    /**
     * Whether everything that was requested is forced and acknowledged.
     *
     * @return false while a request waits.
     */
    boolean isDone() {
        return done.get() == requests.get();
    }

    /** Bytes that were appended and whose acknowledgements are kept back until they are forced. Any thread's. */
    long unforcedBytes() {
        final long forced = forcedBytes.get(); // First: what is appended meanwhile must not make it negative.
        return appendedBytes.get() - forced;
    }

    /** For how long the force that is under way has taken; 0 while there is none. Any thread's. */
    long forcingNs() {
        return forcing ? Math.max(0, System.nanoTime() - begunNs) : 0;
    }

    private void run() {
        try {
            long lastNs = System.nanoTime() - everyNs;
            while (awaitRequest()) {
                awaitTurn(lastNs);
                lastNs = System.nanoTime();
                begunNs = lastNs;
                forcing = true;
                commitOnce();
                forcing = false;
                counters.committed(System.nanoTime() - lastNs);
            }
        } catch (final IOException | RuntimeException | Error e) {
            fatal.accept(e);
        }
    }

    /**
     * Forces what was requested, and lets its acknowledgements go. The commit thread's; of a test that never starts it.
     *
     * @throws IOException when the disk failed: not to be called again.
     */
    void commitOnce() throws IOException {
        final long upTo = requests.get();
        takenBytes.set(appendedBytes.get());
        for (int i = 0; i < mailboxes.length; i++) {
            seals[i] = mailboxes[i].sealed();
        }
        for (final Durable stream : streams) {
            stream.force();
        }
        for (int i = 0; i < mailboxes.length; i++) {
            mailboxes[i].publish(seals[i]);
        }
        forcedBytes.set(takenBytes.get());
        done.set(upTo);
    }

    /** False when there is none, and there will be none. */
    private boolean awaitRequest() {
        state.set(IDLE);
        while (isDone()) {
            if (closing) {
                return false;
            }
            LockSupport.parkNanos(this, IDLE_PARK_NS);
        }
        state.set(BUSY);
        return true;
    }

    private void awaitTurn(final long lastNs) {
        state.set(GATHERING);
        long waitNs = lastNs + everyNs - System.nanoTime();
        while (waitNs > 0 && !closing && !isGroupFull()) {
            LockSupport.parkNanos(this, waitNs);
            waitNs = lastNs + everyNs - System.nanoTime();
        }
        state.set(BUSY);
    }

    /** Commits what was requested, and ends the thread. The persist handler must have ended. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        Threads.join(thread);
    }
}
