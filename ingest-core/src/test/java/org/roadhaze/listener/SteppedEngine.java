// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Position;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.protocol.Protocols;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.ring.AckLevel;
import org.roadhaze.ring.CommitOptions;
import org.roadhaze.ring.RingOptions;
import org.roadhaze.ring.SteppedRing;
import org.roadhaze.ring.WorkerParts;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stream.StreamAppender;

/** Connections and datagrams of one protocol, the ring behind them and a queue in memory, in the caller's thread. */
final class SteppedEngine implements AutoCloseable {
    static final long NOW_MS = 1_790_000_000_000L;
    static final long DEVICE = 350_000_000_000_007L;

    private static final int SLOTS = 256;
    private static final int MAILBOX = 4096;
    private static final Pattern FRAME = Pattern.compile("\"frame\"\\s*:\\s*\"([0-9a-fA-F]+)\"");

    private static final Mechanism EVERYTHING = (candidate, outlet) -> {
        final Position position = candidate.position();
        candidate.release().pseudonym(position.deviceId());
        candidate.release().timeMs(position.fixTimeMs());
        candidate.release().coordinates(position.latitudeE7(), position.longitudeE7());
        outlet.pass(candidate);
    };

    /** What came of some bytes. */
    record Outcome(
            List<SimulatedStream.Stored> stored, String answers, List<Long> frames, long closed, long waitingBytes) {}

    final ListenerCounters counters = new ListenerCounters();
    final List<Throwable> failures = new ArrayList<>();
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final Protocol protocol;
    private final SteppedRing stepped;
    private final LoopState loop;
    private final EmbeddedChannel home = new EmbeddedChannel();
    private final DeviceConnections devices = new DeviceConnections();
    private final Quarantine quarantine = new Quarantine(QuarantineOptions.DEFAULT);
    private final List<SimulatedStream.Stored> seen = new ArrayList<>();
    private SimulatedStream stream = new SimulatedStream(() -> {});

    /**
     * An engine.
     *
     * @param protocol that it speaks.
     * @param options  of its decoders.
     */
    SteppedEngine(final Protocol protocol, final DecoderOptions options) {
        this.protocol = protocol;
        home.freezeTime();
        loop = new LoopState(home.eventLoop(), decoders(protocol, options), MAILBOX);
        final StreamAppender current = new StreamAppender() {
            @Override
            public boolean hasRoom(final int sourceLength, final int count) {
                return stream.hasRoom(sourceLength, count);
            }

            @Override
            public boolean isPending() {
                return stream.isPending();
            }

            @Override
            public long lastDocument() {
                return stream.lastDocument();
            }

            @Override
            public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
                stream.append(source, offset, sourceLength, count);
            }

            @Override
            public void flush() {
                stream.flush();
            }

            @Override
            public void force() throws IOException {
                stream.force();
            }
        };
        stepped = new SteppedRing(
                new RingOptions(SLOTS, 1, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                2,
                List.of(new WorkerParts(
                        Arrays.asList(decoders(protocol, options)),
                        ResendFilter.none(),
                        List.of(new PlausibilityStage(new DeviceTable(1000))),
                        new ReleaseStage(new StreamChain[] {new StreamChain("all", List.of(EVERYTHING))}))),
                new StreamAppender[] {current},
                null,
                loop.mailbox(),
                failures::add,
                failures::add);
    }

    private static ProtocolDecoder[] decoders(final Protocol protocol, final DecoderOptions options) {
        return new ProtocolDecoder[] {
            protocol.tcp().apply(options),
            protocol.udp() == null ? null : protocol.udp().apply(options)
        };
    }

    /** A new connection, welcome or not. */
    EmbeddedChannel connect() {
        final EmbeddedChannel channel = channel();
        channel.pipeline()
                .addLast(new TcpConnection(
                        loop,
                        stepped.ring(),
                        () -> NOW_MS,
                        counters,
                        protocol,
                        0,
                        ConnectionLimits.DEFAULT,
                        devices,
                        quarantine,
                        0));
        return channel;
    }

    EmbeddedChannel datagrams() {
        final EmbeddedChannel channel = channel();
        channel.pipeline()
                .addLast(new UdpSocket(loop, stepped.ring(), () -> NOW_MS, counters, protocol, 1, quarantine));
        return channel;
    }

    private EmbeddedChannel channel() {
        final EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        return channel;
    }

    /** Bytes arrive, and go all the way. */
    void deliver(final EmbeddedChannel channel, final byte[] bytes, final int from, final int to) {
        if (channel.isOpen() && to > from) {
            channel.writeInbound(memory.buffer(to - from).writeBytes(bytes, from, to - from));
        }
        settle();
    }

    void deliver(final EmbeddedChannel channel, final byte[] datagram, final InetSocketAddress sender) {
        channel.writeInbound(
                new DatagramPacket(memory.buffer(datagram.length + 1).writeBytes(datagram), sender, sender));
        settle();
    }

    /** A connection that found no room for a frame looks for it a little later. */
    private void settle() {
        do {
            home.runPendingTasks();
            home.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            home.runScheduledPendingTasks();
        } while (stepped.step(0, SLOTS) > 0);
        home.runPendingTasks();
        stream.stored().forEach(seen::add);
        stream = new SimulatedStream(() -> {});
    }

    /** What came since this was called last, and closes the connection. */
    Outcome outcome(final EmbeddedChannel channel) {
        final ByteArrayOutputStream answers = new ByteArrayOutputStream();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            final byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            out.release();
            answers.writeBytes(bytes);
        }
        final long closed = channel.isOpen() ? 0 : 1;
        channel.close();
        channel.finishAndReleaseAll();
        final List<SimulatedStream.Stored> stored = List.copyOf(seen);
        seen.clear();
        return new Outcome(
                stored, HexFormat.of().formatHex(answers.toByteArray()), takeFrames(), closed, memoryInUse());
    }

    private final long[] framesBefore = new long[FrameResult.values().length];

    private List<Long> takeFrames() {
        final List<Long> frames = new ArrayList<>();
        for (final FrameResult result : FrameResult.values()) {
            final long now = stepped.ring().counters()[0].frames(0, result);
            frames.add(now - framesBefore[result.ordinal()]);
            framesBefore[result.ordinal()] = now;
        }
        return frames;
    }

    long memoryInUse() {
        return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    }

    long failedFrames() {
        return stepped.ring().counters()[0].failed(0)
                + stepped.ring().counters()[0].failed(1);
    }

    /** What a device of a protocol says first. */
    static byte[] login(final Protocol protocol) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final int length =
                switch (protocol.name()) {
                    case "teltonika" -> new TeltonikaEncoder().encodeLogin(buffer, 0, DEVICE);
                    case "gt06" -> Gt06Encoder.login(buffer, 0, DEVICE, 1);
                    default -> throw new IllegalArgumentException("no login of " + protocol.name() + " is known here");
                };
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    static InetSocketAddress sender(final int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static Protocol protocol(final String name) {
        return Protocols.byName(name).orElseThrow();
    }

    /** The frames of our own vectors, and of the shared ones where they are. */
    static List<byte[]> frames(final Protocol protocol) {
        final List<byte[]> frames = new ArrayList<>();
        final String file = protocol.name() + ".jsonl";
        try {
            final URI ours = SteppedEngine.class.getResource("/vectors/" + file).toURI();
            addFrames(Path.of(ours), frames);
            final String shared = System.getProperty("roadhaze.shared", "");
            if (!shared.isEmpty()) {
                addFrames(Path.of(shared, "vectors", file), frames);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return frames;
    }

    private static void addFrames(final Path file, final List<byte[]> frames) throws IOException {
        for (final String line : Files.readAllLines(file)) {
            final Matcher matcher = FRAME.matcher(line);
            if (matcher.find()) {
                frames.add(HexFormat.of().parseHex(matcher.group(1)));
            }
        }
    }

    @Override
    public void close() {
        loop.stopReading();
        home.finishAndReleaseAll();
        stepped.ring().close();
    }
}
