// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.ring.AcknowledgementMailbox;
import org.roadhaze.ring.FrameWatch;
import org.roadhaze.ring.Origin;
import org.roadhaze.ring.SteppedRing;
import org.roadhaze.stream.StreamFiles;

/**
 * The real engine but for its sockets and threads, by a clock of the test's own, one frame after the other. {@link #close} leaves
 * everything as a kill does between two frames.
 */
final class RebuiltEngine implements AutoCloseable {
    private static final long IMEI = 350_000_000_000_000L;
    private static final int MOST_ROUNDS = 1_000;

    private final EngineOptions options;
    private final StreamRuntime runtime;
    private final SteppedRing ring;
    private final AcknowledgementMailbox mailbox = new AcknowledgementMailbox(1024, () -> {});
    private final Origin origin = () -> mailbox;
    private final byte[] bytes = new byte[Gt06Encoder.MAX_LENGTH];
    private long nowMs;

    RebuiltEngine(final EngineOptions options, final long nowMs) throws IOException {
        this.options = options;
        this.nowMs = nowMs;
        runtime = new StreamRuntime(options, new ProtocolTable(options.listeners()), () -> this.nowMs, () -> {});
        ring = new SteppedRing(
                options.ring(),
                1,
                runtime.workerParts(),
                runtime.appenders(),
                runtime.seenLog(),
                mailbox,
                new FrameWatch() {
                    @Override
                    public void failed(final Throwable thrown) {
                        throw new IllegalStateException(thrown);
                    }

                    @Override
                    public void lost(
                            final String why,
                            final int protocol,
                            final long deviceId,
                            final long receivedTimeMs,
                            final DirectBuffer frame,
                            final int offset,
                            final int length) {
                        throw new IllegalStateException(why);
                    }
                },
                e -> {
                    throw new IllegalStateException(e);
                });
        runtime.appendRebuilt();
    }

    /** Goes on to a time; whatever is due by then leaves. */
    void advanceTo(final long timeMs) throws IOException {
        nowMs = timeMs;
        runtime.advanceTo(nowMs);
        ring.ring().tick(nowMs);
        work();
        runtime.saveLags();
    }

    /** A fix of now that a vehicle sends; it is acknowledged before this returns. */
    void send(final int vehicle, final int latitudeE7, final int longitudeE7) {
        final int length = Gt06Encoder.location(
                new UnsafeBuffer(bytes), 0, nowMs / 1_000 * 1_000, latitudeE7, longitudeE7, 36, 90, 9, 1);
        if (!ring.ring().tryPublish(origin, this, 0, IMEI + vehicle, nowMs, new UnsafeBuffer(bytes), 0, length)) {
            throw new IllegalStateException("the ring is full");
        }
        final AtomicInteger acknowledged = new AtomicInteger();
        work();
        mailbox.drain((from, device, buffer, answerLength) -> acknowledged.incrementAndGet());
        if (acknowledged.get() != 1) {
            throw new IllegalStateException("acknowledged: found " + acknowledged + ", allowed 1");
        }
    }

    /** What follows the journal goes with the next tick after its force. */
    private void work() {
        settle();
        ring.ring().tick(nowMs);
        settle();
    }

    private void settle() {
        for (int i = 0; i < MOST_ROUNDS; i++) {
            for (int handler = 0; handler < ring.handlers(); handler++) {
                ring.step(handler, 64);
            }
            ring.commit();
            if (ring.isDrained()) {
                return;
            }
        }
        throw new IllegalStateException("the ring does not drain");
    }

    /** The times of all records of a stream, in their order. */
    List<Long> times(final String stream) {
        final List<Long> times = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(options.data(), stream)) {
            while (reader.next()) {
                times.add(reader.timeMs());
            }
        }
        return times;
    }

    Path lag(final String stream) {
        return StreamFiles.lag(options.data(), stream, 0);
    }

    @Override
    public void close() {
        ring.ring().close();
        runtime.close();
    }
}
