// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.SystemEpochClock;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Position;
import org.roadhaze.protocol.DecoderOptions;
import org.roadhaze.protocol.Protocol;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.resend.ResendFilter;
import org.roadhaze.ring.AckLevel;
import org.roadhaze.ring.CommitOptions;
import org.roadhaze.ring.FrameWatch;
import org.roadhaze.ring.IngestRing;
import org.roadhaze.ring.RingOptions;
import org.roadhaze.ring.WorkerParts;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stage.ReleaseStage;
import org.roadhaze.stage.Stage;
import org.roadhaze.stream.StreamWriter;

/** Real listeners on free ports before a small ring, whose worker can be held up. */
final class ListenerHarness implements AutoCloseable {
    /** Another kind by -Droadhaze.sockets=io-uring. */
    static final Sockets SOCKETS = Sockets.valueOf(
            System.getProperty("roadhaze.sockets", Sockets.usual().name())
                    .replace('-', '_')
                    .toUpperCase(Locale.ROOT));

    static final int SLOTS = 64;
    static final long NOW_MS = 1_790_000_000_000L;

    private static final Mechanism EVERYTHING = (candidate, outlet) -> {
        final Position position = candidate.position();
        candidate.release().pseudonym(position.deviceId());
        candidate.release().timeMs(position.fixTimeMs());
        outlet.pass(candidate);
    };

    final Listeners listeners;
    final IngestRing ring;
    final ListenerCounters counters;
    private final Listeners.Listening listening;
    private final Path data;
    private final StreamWriter writer;
    private final CountDownLatch gate;
    private final AtomicLong nowMs = new AtomicLong(NOW_MS);

    private ListenerHarness(
            final Path data,
            final Protocol protocol,
            final ListenerOptions.Transport transport,
            final InetAddress host,
            final ConnectionLimits limits,
            final CountDownLatch gate)
            throws IOException {
        this(
                data,
                protocol,
                transport,
                host,
                limits,
                QuarantineOptions.DEFAULT,
                gate,
                batch -> await(gate),
                ListenerHarness::mustNotHappen);
    }

    private ListenerHarness(
            final Path data,
            final Protocol protocol,
            final ListenerOptions.Transport transport,
            final InetAddress host,
            final ConnectionLimits limits,
            final QuarantineOptions quarantine,
            final CountDownLatch gate,
            final Stage stage,
            final FrameWatch frameFailed)
            throws IOException {
        this.data = data;
        this.gate = gate;
        final boolean udp = transport == ListenerOptions.Transport.UDP;
        writer = new StreamWriter(data, "all", "test", 1, SystemEpochClock.INSTANCE);
        listeners = new Listeners(SOCKETS, 1, SLOTS, limits, quarantine, loop -> decoders(protocol, udp));
        ring = new IngestRing(
                new RingOptions(SLOTS, 1, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                1,
                List.of(new WorkerParts(
                        List.of(decoders(protocol, udp)),
                        ResendFilter.none(),
                        List.of(stage, new PlausibilityStage(new DeviceTable(1000))),
                        new ReleaseStage(new StreamChain[] {new StreamChain("all", List.of(EVERYTHING))}))),
                new StreamWriter[] {writer},
                null,
                listeners.mailboxes(),
                true,
                frameFailed,
                ListenerHarness::mustNotHappen);
        ring.start();
        listening = listeners.bind(
                new ListenerOptions(protocol, transport, new InetSocketAddress(host, 0)), 0, ring, nowMs::get);
        counters = listening.counters();
    }

    static ListenerHarness tcp(final Path data, final Protocol protocol) throws IOException {
        return new ListenerHarness(
                data,
                protocol,
                ListenerOptions.Transport.TCP,
                InetAddress.getLoopbackAddress(),
                ConnectionLimits.DEFAULT,
                new CountDownLatch(0));
    }

    static ListenerHarness limited(final Path data, final Protocol protocol, final ConnectionLimits limits)
            throws IOException {
        return new ListenerHarness(
                data,
                protocol,
                ListenerOptions.Transport.TCP,
                InetAddress.getLoopbackAddress(),
                limits,
                new CountDownLatch(0));
    }

    static ListenerHarness udp(final Path data, final Protocol protocol) throws IOException {
        return new ListenerHarness(
                data,
                protocol,
                ListenerOptions.Transport.UDP,
                InetAddress.getLoopbackAddress(),
                ConnectionLimits.DEFAULT,
                new CountDownLatch(0));
    }

    static ListenerHarness at(
            final Path data, final Protocol protocol, final ListenerOptions.Transport transport, final InetAddress host)
            throws IOException {
        return new ListenerHarness(data, protocol, transport, host, ConnectionLimits.DEFAULT, new CountDownLatch(0));
    }

    /** The worker stands still at the first positions, until {@link #release}. */
    static ListenerHarness held(final Path data, final Protocol protocol, final ListenerOptions.Transport transport)
            throws IOException {
        return new ListenerHarness(
                data,
                protocol,
                transport,
                InetAddress.getLoopbackAddress(),
                ConnectionLimits.DEFAULT,
                new CountDownLatch(1));
    }

    /** Its worker does to every batch what the stage does, and survives it. */
    static ListenerHarness poisoned(
            final Path data,
            final Protocol protocol,
            final ListenerOptions.Transport transport,
            final QuarantineOptions quarantine,
            final Stage stage)
            throws IOException {
        return new ListenerHarness(
                data,
                protocol,
                transport,
                InetAddress.getLoopbackAddress(),
                ConnectionLimits.DEFAULT,
                quarantine,
                new CountDownLatch(0),
                stage,
                failure -> {});
    }

    /** Lets time go on for the listeners. */
    void advance(final Duration time) {
        nowMs.addAndGet(time.toMillis());
    }

    void release() {
        gate.countDown();
    }

    InetSocketAddress address() {
        return listening.address();
    }

    Client connect() throws IOException {
        return new Client(address());
    }

    /** What is in the stream, in its order: device and time of every record. */
    List<String> published() {
        final List<String> records = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data, "all")) {
            while (reader.next()) {
                records.add(Long.parseUnsignedLong(reader.pseudonym(), 16) + " " + reader.timeMs());
            }
        }
        return records;
    }

    private static ProtocolDecoder[] decoders(final Protocol protocol, final boolean udp) {
        return new ProtocolDecoder[] {(udp ? protocol.udp() : protocol.tcp()).apply(DecoderOptions.ENGINE)};
    }

    private static void await(final CountDownLatch gate) {
        try {
            gate.await();
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void mustNotHappen(final Throwable e) {
        throw new AssertionError(e);
    }

    @Override
    public void close() {
        release();
        listeners.close();
        ring.close();
        writer.close();
    }
}
