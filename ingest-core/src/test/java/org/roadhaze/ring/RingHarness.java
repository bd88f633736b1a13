// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Position;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Gt06Decoder;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.protocol.TeltonikaDecoder;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.resend.SeenLog;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stage.Stage;
import org.roadhaze.stream.StreamAppender;
import org.roadhaze.stream.StreamWriter;

/** A ring with real decoder, chains and queues, and a mailbox that the test drains in place of an event loop. */
final class RingHarness implements AutoCloseable {
    static final int TELTONIKA = 0;
    static final int GT06 = 1;
    private static final int MAX_DEVICES = 1000;
    static final long NOW_MS = 1_790_000_000_000L;

    /** Lets time, place and the device's number out, so that a test can find every record again. */
    static final Mechanism EVERYTHING = (candidate, outlet) -> {
        final Position position = candidate.position();
        candidate.release().pseudonym(position.deviceId());
        candidate.release().timeMs(position.fixTimeMs());
        candidate.release().coordinates(position.latitudeE7(), position.longitudeE7());
        outlet.pass(candidate);
    };

    final AtomicLong acknowledged = new AtomicLong();

    /** How often the mailbox woke the event loop that the test stands for. */
    final AtomicLong wakes = new AtomicLong();

    final List<Throwable> stageFailures = new CopyOnWriteArrayList<>();

    /** Why, protocol, device and bytes of frames that came to nothing. */
    final List<String> lost = new CopyOnWriteArrayList<>();

    final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    final AcknowledgementMailbox mailbox;
    final IngestRing ring;
    final List<String> streams;
    final Path data;
    private final StreamWriter[] writers;
    private final SeenLog seenLog;
    private final Origin origin;
    private final TeltonikaEncoder encoder = new TeltonikaEncoder();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[64 * 1024]);

    RingHarness(
            final Path data,
            final RingOptions options,
            final List<String> streams,
            final Function<String, List<Mechanism>> chain,
            final Function<DeviceTable, List<Stage>> extraStages) {
        this(data, options, ResendOptions.NONE, streams, chain, extraStages);
    }

    RingHarness(
            final Path data,
            final RingOptions options,
            final ResendOptions resends,
            final List<String> streams,
            final Function<String, List<Mechanism>> chain,
            final Function<DeviceTable, List<Stage>> extraStages) {
        this(data, options, resends, streams, chain, extraStages, writer -> writer);
    }

    RingHarness(
            final Path data,
            final RingOptions options,
            final ResendOptions resends,
            final List<String> streams,
            final Function<String, List<Mechanism>> chain,
            final Function<DeviceTable, List<Stage>> extraStages,
            final Function<StreamWriter, StreamAppender> appender) {
        this.data = data;
        this.streams = streams;
        mailbox = new AcknowledgementMailbox(options.slots(), wakes::incrementAndGet);
        origin = () -> mailbox;
        writers = streams.stream()
                .map(name -> new StreamWriter(data, name, "test", 1, SystemEpochClock.INSTANCE))
                .toArray(StreamWriter[]::new);
        seenLog = resends.isOn() ? openSeenLog(resends) : null;
        final List<WorkerParts> parts = new ArrayList<>();
        for (int i = 0; i < options.workers(); i++) {
            final DeviceTable known = new DeviceTable(MAX_DEVICES);
            final List<Stage> stages = new ArrayList<>();
            stages.add(new PlausibilityStage(known));
            stages.addAll(extraStages.apply(known));
            parts.add(new WorkerParts(
                    List.of(TeltonikaDecoder.tcp(DecoderOptions.ENGINE), Gt06Decoder.tcp(DecoderOptions.ENGINE)),
                    seenLog == null ? ResendFilter.none() : new ResendFilter(resends, known, seenLog),
                    stages,
                    new ReleaseStage(streams.stream()
                            .map(name -> new StreamChain(name, chain.apply(name)))
                            .toArray(StreamChain[]::new))));
        }
        final StreamAppender[] appenders = Stream.of(writers).map(appender).toArray(StreamAppender[]::new);
        ring = new IngestRing(
                options,
                2,
                parts,
                appenders,
                seenLog,
                new AcknowledgementMailbox[] {mailbox},
                true,
                watch(),
                fatal::add);
        ring.start();
    }

    private FrameWatch watch() {
        return new FrameWatch() {
            @Override
            public void failed(final Throwable thrown) {
                stageFailures.add(thrown);
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
                final byte[] copy = new byte[length];
                bytes.getBytes(offset, copy);
                lost.add(why + " " + protocol + " " + deviceId + " "
                        + HexFormat.of().formatHex(copy));
            }
        };
    }

    private SeenLog openSeenLog(final ResendOptions resends) {
        try {
            return new SeenLog(
                    data.resolve("seen"),
                    resends,
                    streams,
                    Stream.of(writers).mapToLong(StreamWriter::lastDocument).toArray(),
                    false);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything, but once. */
    static RingHarness once(final Path data, final int slots, final int workers, final Stage... extraStages) {
        return new RingHarness(
                data,
                new RingOptions(slots, workers, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                ResendOptions.DEFAULT,
                List.of("all", "also"),
                name -> List.of(EVERYTHING),
                known -> List.of(extraStages));
    }

    static RingHarness everything(final Path data, final int slots, final int workers, final Stage... extraStages) {
        return everything(data, slots, workers, AckLevel.PERSISTED, extraStages);
    }

    static RingHarness everything(
            final Path data, final int slots, final int workers, final AckLevel level, final Stage... extraStages) {
        return new RingHarness(
                data,
                new RingOptions(slots, workers, RingOptions.Waiting.PARKING, CommitOptions.of(level)),
                List.of("all"),
                name -> List.of(EVERYTHING),
                known -> List.of(extraStages));
    }

    /** Encodes a frame of records of one device, one second apart from a time on. */
    int encode(final long firstFixTimeMs, final int records, final int ioElements) {
        encoder.begin(frame, 0, TeltonikaEncoder.CODEC_8);
        for (int i = 0; i < records; i++) {
            encoder.record(firstFixTimeMs + i * 1000L, 520_000_000 + i, 130_000_000 + i, 30, 90, 9, 50);
            for (int io = 0; io < ioElements; io++) {
                encoder.io(1 + io, 1, io & 0x7F);
            }
        }
        return encoder.end();
    }

    int encodeWithWrongCheckSum(final long firstFixTimeMs, final int records) {
        final int length = encode(firstFixTimeMs, records, 0);
        frame.putByte(length - 1, (byte) ~frame.getByte(length - 1));
        return length;
    }

    /** A frame that is longer than the bytes it is said to lie in. */
    void publishBeyondTheBytes(final long device) {
        ring.tryPublish(origin, null, TELTONIKA, device, NOW_MS, new UnsafeBuffer(new byte[10]), 0, 60);
    }

    /** Encodes a frame of records of a car on its way, one second apart from a time on, with what its engine says. */
    int encodeDrive(
            final long firstFixTimeMs,
            final int records,
            final int latitudeE7,
            final int longitudeE7,
            final boolean moving,
            final int odometerM) {
        encoder.begin(frame, 0, TeltonikaEncoder.CODEC_8);
        for (int i = 0; i < records; i++) {
            encoder.record(firstFixTimeMs + i * 1000L, latitudeE7 + 10 * i, longitudeE7, 30, 90, 9, moving ? 40 : 0);
            encoder.io(239, 1, moving ? 1 : 0);
            encoder.io(240, 1, moving ? 1 : 0);
            encoder.io(66, 2, 13_900 + i);
            encoder.io(16, 4, odometerM);
            encoder.io(78, 8, 0);
        }
        return encoder.end();
    }

    /** The same as a GT06 sends it: one record. */
    int encodeGt06(final long fixTimeMs, final int latitudeE7, final int longitudeE7, final boolean moving) {
        return Gt06Encoder.locationWithIgnition(
                frame, 0, fixTimeMs, latitudeE7, longitudeE7, moving ? 40 : 0, 90, 9, moving, false, 1);
    }

    boolean tryPublish(final long device, final int frameLength) {
        return tryPublish(TELTONIKA, device, frameLength);
    }

    boolean tryPublish(final int protocol, final long device, final int frameLength) {
        return ring.tryPublish(origin, null, protocol, device, NOW_MS, frame, 0, frameLength);
    }

    boolean tryPublish(final Origin from, final long device, final int frameLength) {
        return ring.tryPublish(from, null, TELTONIKA, device, NOW_MS, frame, 0, frameLength);
    }

    AcknowledgementMailbox mailbox() {
        return mailbox;
    }

    void publish(final long device, final long firstFixTimeMs, final int records) {
        final int length = encode(firstFixTimeMs, records, 0);
        while (!tryPublish(device, length)) {
            drain();
            Thread.onSpinWait();
        }
    }

    void drain() {
        mailbox.drain((from, address, buffer, length) -> acknowledged.lazySet(acknowledged.getPlain() + 1));
    }

    boolean isAcknowledged(final long frames) {
        drain();
        return acknowledged.get() >= frames;
    }

    List<Long> timesOf(final String stream) {
        final List<Long> times = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data, stream)) {
            while (reader.next()) {
                times.add(reader.timeMs());
            }
        }
        return times;
    }

    /** What is appended from now on fails. */
    void closeWriters() {
        for (final StreamWriter writer : writers) {
            writer.close();
        }
    }

    static long device(final int index) {
        return 350_000_000_000_000L + index;
    }

    @Override
    public void close() {
        ring.close();
        closeWriters();
        CloseHelper.quietClose(seenLog);
    }
}
