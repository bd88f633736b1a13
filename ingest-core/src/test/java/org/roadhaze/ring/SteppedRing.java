// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.EventProcessor;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.stream.StreamAppender;

/** The real ring, its workers, persist handler and group commit, without a thread: they do what the test tells them to. */
public final class SteppedRing {
    /** A handler's place in the ring. */
    private static final class Stepped implements EventProcessor {
        private final RingBuffer<Slot> buffer;
        private final SequenceBarrier barrier;
        private final EventHandler<Slot> handler;
        private final ExceptionHandler<Slot> fatal;
        private final Sequence sequence = new Sequence();

        Stepped(
                final RingBuffer<Slot> buffer,
                final SequenceBarrier barrier,
                final EventHandler<Slot> handler,
                final ExceptionHandler<Slot> fatal) {
            this.buffer = buffer;
            this.barrier = barrier;
            this.handler = handler;
            this.fatal = fatal;
            handler.setSequenceCallback(sequence);
        }

        int step(final int most) {
            final long from = sequence.get() + 1;
            final long to = Math.min(barrier.getCursor(), from + most - 1);
            for (long at = from; at <= to; at++) {
                final Slot slot = buffer.get(at);
                try {
                    handler.onEvent(slot, at, at == to);
                } catch (final Exception | Error e) {
                    fatal.handleEventException(e, at, slot);
                    return 0;
                }
            }
            if (to >= from) {
                sequence.set(to);
            }
            return (int) (to - from + 1);
        }

        @Override
        public Sequence getSequence() {
            return sequence;
        }

        @Override
        public void halt() {
            // It never runs.
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public void run() {
            throw new UnsupportedOperationException("it is stepped");
        }
    }

    private final List<Stepped> handlers = new ArrayList<>();
    private final IngestRing ring;
    private final Consumer<Throwable> fatal;

    public SteppedRing(
            final RingOptions options,
            final int protocols,
            final List<WorkerParts> parts,
            final StreamAppender[] streams,
            final SeenLog seenLog,
            final AcknowledgementMailbox mailbox,
            final FrameWatch frameFailed,
            final Consumer<Throwable> fatal) {
        this.fatal = fatal;
        ring = new IngestRing(
                options,
                protocols,
                parts,
                streams,
                seenLog,
                new AcknowledgementMailbox[] {mailbox},
                true,
                frameFailed,
                fatal,
                (handler, onFailure) -> (buffer, barriers) -> {
                    final Stepped stepped = new Stepped(buffer, buffer.newBarrier(barriers), handler, onFailure);
                    handlers.add(stepped);
                    return stepped;
                });
    }

    public IngestRing ring() {
        return ring;
    }

    /** Workers, then the persist handler; one alone where both share a thread. */
    public int handlers() {
        return handlers.size();
    }

    /**
     * Lets a handler take a batch.
     *
     * @param handler which.
     * @param most    slots at most, at least 1.
     * @return how many it took.
     */
    public int step(final int handler, final int most) {
        return handlers.get(handler).step(most);
    }

    /** What the commit thread does when it is asked for something; a force that fails is told as it tells it. */
    public void commit() {
        final GroupCommit commit = ring.groupCommit();
        if (commit == null || commit.isDone()) {
            return;
        }
        try {
            commit.commitOnce();
        } catch (final IOException | RuntimeException e) {
            ring.halt();
            fatal.accept(e);
        }
    }

    /** Nothing is on its way, and nothing waits for the disk. */
    public boolean isDrained() {
        return ring.isDrained();
    }
}
