// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.roadhaze.listener.Sockets;

/** The whole simulator through real sockets, against a sink that knows what it got and what it promised. */
@Timeout(60)
class FleetSimulatorTest {
    @TempDir
    Path directory;

    private static WireFormat format(final String protocol, final boolean udp) {
        if (protocol.equals("gt06")) {
            return new WireFormat.Gt06();
        }
        return udp ? new WireFormat.TeltonikaUdp() : new WireFormat.TeltonikaTcp();
    }

    private SimulatorOptions options(final Sink sink) {
        return new SimulatorOptions()
                .target(sink.address())
                .devices(5)
                .recordsPerFrame(7)
                .duration(Duration.ofMillis(400))
                .acknowledgementTimeout(Duration.ofMillis(100))
                .ledger(directory.resolve("ledger.csv"));
    }

    private static SimulatorSummary run(final SimulatorOptions options) throws IOException, InterruptedException {
        try (FleetSimulator fleet = FleetSimulator.start(options)) {
            return fleet.await();
        }
    }

    private Map<String, Integer> ledgerLines() throws IOException {
        final Map<String, Integer> lines = new HashMap<>();
        final Map<Long, Long> nextSequence = new HashMap<>();
        LedgerReader.read(directory.resolve("ledger.csv"), (imei, timeMs, latitudeE7, longitudeE7, sequence) -> {
            assertThat(sequence).isEqualTo(nextSequence.getOrDefault(imei, 0L));
            nextSequence.put(imei, sequence + 1);
            lines.merge(imei + "," + timeMs + "," + latitudeE7 + "," + longitudeE7, 1, Integer::sum);
        });
        return lines;
    }

    /** Everything acknowledged was counted once by us, was kept by the sink, and stands in the ledger once. */
    private void assertAccounts(final SimulatorSummary summary, final Sink sink) throws IOException {
        final Map<String, Integer> lines = ledgerLines();
        assertThat(summary.failure()).isEmpty();
        assertThat(summary.recordsAcknowledged()).isPositive().isEqualTo(summary.recordsSent());
        assertThat(lines).hasSize((int) summary.recordsAcknowledged());
        assertThat(lines.values()).allMatch(times -> times == 1);
        assertThat(sink.kept().keySet()).isEqualTo(lines.keySet());
    }

    @ParameterizedTest
    @CsvSource({"teltonika, false, 0", "teltonika, false, 13", "teltonika, true, 4", "gt06, false, 0"})
    void shouldBeAcknowledgedWhatTheTargetKept(final String protocol, final boolean udp, final int ioElements)
            throws IOException, InterruptedException {
        try (Sink sink = new Sink(format(protocol, udp), udp, 0, true, frame -> Sink.Fate.ACKNOWLEDGE)) {
            final SimulatorSummary summary = run(options(sink)
                    .protocol(protocol)
                    .udp(udp)
                    .ioElements(ioElements)
                    .acknowledgementTimeout(Duration.ofSeconds(5))
                    .recordsPerFrame(protocol.equals("gt06") ? 1 : 7));
            assertAccounts(summary, sink);
            assertThat(summary.recordsAcknowledged()).isEqualTo(sink.records());
            assertThat(summary.resends()).isZero();
            assertThat(summary.reconnects()).isZero();
            assertThat(summary.ackLatencyMicros().p50()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "teltonika, false, LOSE_ACKNOWLEDGEMENT",
        "teltonika, false, LOSE",
        "teltonika, false, CLOSE",
        "teltonika, false, REFUSE",
        "teltonika, true, LOSE_ACKNOWLEDGEMENT",
        "teltonika, true, LOSE",
        "gt06, false, LOSE_ACKNOWLEDGEMENT",
        "gt06, false, LOSE",
        "gt06, false, CLOSE"
    })
    void shouldLoseNothingAndCountNothingTwice(final String protocol, final boolean udp, final Sink.Fate fate)
            throws IOException, InterruptedException {
        final LongFunction<Sink.Fate> everyThird = frame -> frame % 3 == 0 ? fate : Sink.Fate.ACKNOWLEDGE;
        try (Sink sink = new Sink(format(protocol, udp), udp, 0, true, everyThird)) {
            final SimulatorSummary summary =
                    run(options(sink).protocol(protocol).udp(udp).recordsPerFrame(protocol.equals("gt06") ? 1 : 7));
            assertAccounts(summary, sink);
            assertThat(summary.resends()).isPositive();
            if (fate == Sink.Fate.CLOSE) {
                assertThat(summary.reconnects()).isPositive();
            }
            if (fate == Sink.Fate.REFUSE) {
                assertThat(summary.refusedFrames()).isPositive();
            }
        }
    }

    /** The first frame of each device is lost: it is acknowledged after the time-out of 400 ms, in the warm-up. */
    @ParameterizedTest
    @CsvSource({"0", "700"})
    void shouldMeasureNothingOfTheWarmUp(final long recordsPerSecond) throws IOException, InterruptedException {
        final LongFunction<Sink.Fate> firstFive = frame -> frame < 5 ? Sink.Fate.LOSE : Sink.Fate.ACKNOWLEDGE;
        for (final long warmUpMs : new long[] {0, 900}) {
            try (Sink sink = new Sink(new WireFormat.TeltonikaTcp(), false, 0, true, firstFive)) {
                final SimulatorSummary summary = run(options(sink)
                        .overwrite(true)
                        .recordsPerSecond(recordsPerSecond)
                        .acknowledgementTimeout(Duration.ofMillis(400))
                        .duration(Duration.ofMillis(1200))
                        .warmUp(Duration.ofMillis(warmUpMs)));
                assertAccounts(summary, sink);
                assertThat(summary.ackLatencyMicros().max() >= 400_000)
                        .as("a time-out is measured, warm-up %d ms", warmUpMs)
                        .isEqualTo(warmUpMs == 0);
                assertThat(summary.recordsPerSecond()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSpeakByWhateverKindOfSocketsThereIs(final Sockets sockets) throws IOException, InterruptedException {
        assumeThat(sockets.whyNot()).isEmpty();
        try (Sink sink = Sink.acknowledging(new WireFormat.TeltonikaTcp())) {
            assertAccounts(run(options(sink).sockets(sockets)), sink);
        }
    }

    @Test
    void shouldRefuseAWarmUpThatLeavesNothingToMeasure() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FleetSimulator.start(new SimulatorOptions()
                        .target(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))
                        .duration(Duration.ofSeconds(2))
                        .warmUp(Duration.ofSeconds(2))))
                .withMessage("warm-up: found 2000 ms, allowed 0 and more, less than the duration, 2000 ms");
    }

    @Test
    void shouldGoOnWhenTheTargetComesBack() throws IOException, InterruptedException {
        final Sink first = Sink.acknowledging(new WireFormat.TeltonikaTcp());
        final SimulatorOptions options = options(first).duration(Duration.ofSeconds(30));
        try (FleetSimulator fleet = FleetSimulator.start(options)) {
            await().until(() -> fleet.counters().recordsAcknowledged() > 1000);
            first.close();
            final int port = options.target().getPort();
            try (Sink second =
                    new Sink(new WireFormat.TeltonikaTcp(), false, port, true, frame -> Sink.Fate.ACKNOWLEDGE)) {
                await().until(() -> second.records() > 1000 && fleet.counters().connected() == 5);
                fleet.stop();
                final SimulatorSummary summary = fleet.await();
                final Map<String, Integer> lines = ledgerLines();
                assertThat(summary.reconnects()).isGreaterThanOrEqualTo(5);
                assertThat(lines).hasSize((int) summary.recordsAcknowledged());
                assertThat(first.records() + second.records()).isGreaterThanOrEqualTo(lines.size());
                assertThat(lines.keySet())
                        .allMatch(line ->
                                first.kept().containsKey(line) || second.kept().containsKey(line));
            }
        }
    }

    @Test
    void shouldKeepToThePlannedRate() throws IOException, InterruptedException {
        try (Sink sink = Sink.acknowledging(new WireFormat.TeltonikaTcp())) {
            final SimulatorSummary summary =
                    run(options(sink).recordsPerSecond(7_000).duration(Duration.ofSeconds(1)));
            assertAccounts(summary, sink);
            assertThat(summary.recordsSent()).isBetween(6_500L, 7_100L);
        }
    }

    /** The sink is silent for a while; what was planned meanwhile must show the wait, not only what was sent. */
    @Test
    void shouldMeasureFromThePlannedSending() throws IOException, InterruptedException {
        final LongFunction<Sink.Fate> onePause =
                frame -> frame == 200 ? Sink.Fate.LOSE_ACKNOWLEDGEMENT : Sink.Fate.ACKNOWLEDGE;
        try (Sink sink = new Sink(new WireFormat.TeltonikaTcp(), false, 0, true, onePause)) {
            final SimulatorSummary summary = run(options(sink)
                    .devices(1)
                    .recordsPerFrame(1)
                    .recordsPerSecond(1_000)
                    .acknowledgementTimeout(Duration.ofMillis(300))
                    .duration(Duration.ofSeconds(1)));
            assertAccounts(summary, sink);
            assertThat(summary.resends()).isEqualTo(1);
            assertThat(summary.ackLatencyMicros().max()).isGreaterThanOrEqualTo(300_000);
            assertThat(summary.ackLatencyMicros().p99()).isGreaterThanOrEqualTo(200_000);
        }
    }

    @Test
    void shouldSendEveryRowOfATraceOnce() throws IOException, InterruptedException {
        final StringBuilder trace = new StringBuilder("device,time,latitude,longitude\n");
        for (int row = 0; row < 300; row++) {
            trace.append(row % 4 == 0 ? "taxi" : "van" + row % 3)
                    .append(',')
                    .append(1_212_883_201 + row)
                    .append(",37.")
                    .append(10_000 + row)
                    .append(",-122.41499\n");
        }
        trace.append("taxi,1212883201,1,1\n");
        final Path file = Files.writeString(directory.resolve("trace.csv"), trace);
        try (Sink sink = Sink.acknowledging(new WireFormat.TeltonikaTcp())) {
            final SimulatorSummary summary = run(options(sink).trace(file).duration(null));
            assertAccounts(summary, sink);
            assertThat(summary.devices()).isEqualTo(4);
            assertThat(summary.recordsAcknowledged()).isEqualTo(300);
            assertThat(summary.skippedRows()).isEqualTo(1);
            assertThat(sink.kept().keySet()).anyMatch(line -> line.endsWith(",1212883201000,371000000,-1224149900"));
        }
    }

    @Test
    void shouldNeverSendAFixBeforeItsTime() throws IOException, InterruptedException {
        try (Sink sink = Sink.acknowledging(new WireFormat.TeltonikaTcp())) {
            final SimulatorSummary summary = run(options(sink).recordsPerSecond(35_000));
            assertAccounts(summary, sink);
            final long nowMs = System.currentTimeMillis();
            assertThat(sink.kept().keySet())
                    .allMatch(line -> Long.parseLong(line.split(",", -1)[1]) <= nowMs)
                    .anyMatch(line -> Long.parseLong(line.split(",", -1)[1]) > nowMs - 3_600_000);
        }
    }

    @Test
    void shouldGiveUpOnATargetThatIsNotThere() throws IOException, InterruptedException {
        final InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        for (final boolean udp : new boolean[] {false, true}) {
            final SimulatorSummary summary = run(new SimulatorOptions()
                    .target(nobody)
                    .udp(udp)
                    .devices(2)
                    .duration(Duration.ofSeconds(30))
                    .acknowledgementTimeout(Duration.ofMillis(50))
                    .unreachableAfter(Duration.ofMillis(500)));
            assertThat(summary.failed()).isTrue();
            assertThat(summary.failure())
                    .contains(String.valueOf(nobody.getPort()))
                    .contains("has answered no device");
        }
    }

    @Test
    void shouldSayWhichOptionIsWrong() {
        final SimulatorOptions options =
                new SimulatorOptions().target(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FleetSimulator.start(options.protocol("gt07")))
                .withMessage("protocol: found 'gt07', allowed teltonika, gt06");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FleetSimulator.start(options.protocol("gt06").recordsPerFrame(20)))
                .withMessage("records-per-frame: found 20, allowed 1 to 1 for protocol gt06");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> FleetSimulator.start(options.recordsPerFrame(1).intervalMs(500)))
                .withMessage("interval: found 500 ms, allowed a multiple of 1000 ms for protocol gt06");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FleetSimulator.start(options.intervalMs(1000).udp(true)))
                .withMessage("udp: found with protocol gt06, allowed with teltonika");
    }
}
