// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a {@link SeenLog} is going to write next, made ahead on another thread: filling one with zeros takes tens of
 * milliseconds, which no record should wait for. What was made and is not needed any more is removed there, too.
 *
 * <p>{@link #take} and {@link #discard} are the writing thread's, {@link #prepare} another's.
 */
final class NextSegments implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NextSegments.class);
    private static final int CALLS_AFTER_FAILURE = 100;
    private static final int ZEROS = 1 << 16;

    private final LongFunction<Path> paths;
    private final int length;
    private final boolean isForced;
    private final AtomicReference<Segment> prepared = new AtomicReference<>();
    private final ArrayDeque<Path> discarded = new ArrayDeque<>();
    private volatile long next;

    /** The preparing thread's. */
    private int callsToWait;

    /** An empty file of a number. */
    record Segment(long number, FileChannel channel) {}

    /**
     * Makes none yet.
     *
     * @param paths    the file of a number.
     * @param length   its length in bytes.
     * @param isForced whether it has to be on the disk when it is taken.
     */
    NextSegments(final LongFunction<Path> paths, final int length, final boolean isForced) {
        this.paths = paths;
        this.length = length;
        this.isForced = isForced;
    }

    /**
     * Takes the file of a number: the one that was prepared, or one that is made now. Numbers only grow.
     *
     * @param number its number; the one after it is prepared next.
     * @return the file, full of zeros.
     * @throws IOException when it cannot be made.
     */
    Segment take(final long number) throws IOException {
        final Segment ready = prepared.getAndSet(null);
        if (ready != null && ready.number() >= number) {
            next = ready.number() + 1;
            return ready;
        }
        if (ready != null) {
            ready.channel().close();
            discard(paths.apply(ready.number()));
        }
        // One that is being prepared at this moment has a number from next on.
        final long own = Math.max(number, next + 1);
        next = own + 1;
        return make(own, false);
    }

    /**
     * Makes the next file, unless there is one, and removes what was discarded.
     *
     * @throws IOException when the disk does not let it.
     */
    void prepare() throws IOException {
        for (Path old = nextDiscarded(); old != null; old = nextDiscarded()) {
            Files.deleteIfExists(old);
        }
        if (prepared.get() != null) {
            return;
        }
        if (callsToWait > 0) {
            callsToWait--;
            return;
        }
        callsToWait = CALLS_AFTER_FAILURE; // A full disk is not filled again and again to its last byte.
        prepared.set(make(next, isForced));
        callsToWait = 0;
    }

    private Segment make(final long number, final boolean force) throws IOException {
        final Path file = paths.apply(number);
        final FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            fill(channel);
            if (force) {
                channel.force(true);
            }
        } catch (final IOException e) {
            // A full disk, say: what is there of the file would stand in the way of the next try.
            try (channel) {
                Files.deleteIfExists(file);
            } catch (final IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
        return new Segment(number, channel);
    }

    private void fill(final FileChannel channel) throws IOException {
        final ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(ZEROS, length));
        for (int at = 0; at < length; at += zeros.capacity()) {
            zeros.clear().limit(Math.min(zeros.capacity(), length - at));
            while (zeros.hasRemaining()) {
                channel.write(zeros, at + zeros.position());
            }
        }
    }

    /** Has a file removed, later. */
    void discard(final Path file) {
        synchronized (discarded) {
            discarded.add(file);
        }
    }

    private Path nextDiscarded() {
        synchronized (discarded) {
            return discarded.poll();
        }
    }

    /** Both threads must have ended. What cannot be removed now is at the next start. */
    @Override
    public void close() throws IOException {
        final Segment unused = prepared.getAndSet(null);
        if (unused != null) {
            unused.channel().close();
            discard(paths.apply(unused.number()));
        }
        for (Path file = nextDiscarded(); file != null; file = nextDiscarded()) {
            try {
                Files.deleteIfExists(file);
            } catch (final IOException e) {
                LOG.debug("{} stays until the next start: {}", file, e.getMessage());
            }
        }
    }
}
