// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.simulator.FleetSimulator;

/** What happens to the engine's process, and what its process runs out of. */
@Timeout(180)
class ProcessFaultsTest {
    /** {@code -Droadhaze.pause=30} stops it for as many seconds. */
    private static final Duration PAUSE = Duration.ofSeconds(Long.getLong("roadhaze.pause", 4));

    /** {@code -Droadhaze.resets=10000} resets so many connections. */
    private static final int RESETS = Integer.getInteger("roadhaze.resets", 1_000);

    private static final int EXIT_OUT_OF_MEMORY = 3;

    @TempDir
    private Path directory;

    @Test
    @DisplayName("R2: SIGTERM under load, and again while it drains")
    void shouldDrainThoughItIsToldToStopMoreThanOnce() throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, "SIGTERM twice");
        try (EngineProcess engine = EngineProcess.start(run.config("synced", ""), run.data());
                FleetSimulator fleet = FleetSimulator.start(run.fleet(engine))) {
            run.awaitMore(fleet, 10_000);
            engine.terminate();
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
            assertThat(engine.lines()).last().isEqualTo("stopped");
        }
        run.assertBalanced(Books.Allow.UNACKNOWLEDGED, Books.Allow.NEW_PSEUDONYMS);
    }

    @Test
    @DisplayName("R37: SIGSTOP for longer than any deadline of a connection")
    void shouldCloseNobodyForAPauseOfItsOwn() throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, "stopped for " + PAUSE);
        final Path config = run.config("synced", "limits: { login-within: 2s, frame-within: 2s, silence: 2s }\n");
        try (EngineProcess engine = EngineProcess.start(config, run.data());
                FleetSimulator fleet = FleetSimulator.start(run.fleet(engine))) {
            run.awaitMore(fleet, 5_000);
            engine.stopWhereItIs();
            final long end = System.nanoTime() + PAUSE.toNanos();
            Awaitility.await().atMost(PAUSE.plusSeconds(10)).until(() -> System.nanoTime() > end);
            engine.goOn();
            run.awaitMore(fleet, 5_000);
            run.end(fleet, engine);
            assertThat(fleet.await().reconnects())
                    .as("connections that were closed")
                    .isZero();
            assertThat(engine.lines())
                    .anyMatch(line ->
                            line.startsWith("listener teltonika tcp") && line.endsWith("dropped or closed: none"));
        }
        run.assertBalanced();
    }

    @Test
    @DisplayName("R8: connections that are half closed, and then reset")
    @EnabledOnOs(OS.LINUX)
    void shouldForgetConnectionsThatAreResetAfterAHalfClose() throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, RESETS + " resets");
        try (EngineProcess engine = EngineProcess.start(run.config("synced", ""), run.data())) {
            final InetSocketAddress address = engine.address("teltonika tcp");
            resetAfterHalfClose(address, 10);
            run.await(() -> engine.openFiles() > 0);
            final int filesBefore = engine.openFiles();
            resetAfterHalfClose(address, RESETS);
            run.await(() -> engine.openFiles() <= filesBefore);
            awaitIdleness(run, engine);
            try (FleetSimulator fleet = FleetSimulator.start(run.fleet(engine))) {
                run.awaitMore(fleet, 1_000);
                run.end(fleet, engine);
            }
        }
        run.assertBalanced();
    }

    /** It computes for less than a fifth of some second: what it had to compile is compiled, and nothing goes round. */
    private static void awaitIdleness(final FaultRun run, final EngineProcess engine) {
        final long[] since = {System.nanoTime(), engine.cpuTime().toNanos()};
        run.await(() -> {
            final long elapsedNs = System.nanoTime() - since[0];
            if (elapsedNs < Duration.ofSeconds(1).toNanos()) {
                return false;
            }
            final long cpuNs = engine.cpuTime().toNanos();
            final boolean idle = cpuNs - since[1] < elapsedNs / 5;
            since[0] = System.nanoTime();
            since[1] = cpuNs;
            return idle;
        });
    }

    private static void resetAfterHalfClose(final InetSocketAddress address, final int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.getOutputStream().write(0);
                socket.shutdownOutput();
                socket.setSoLinger(true, 0);
            } catch (final SocketException alreadyClosed) {
                // The engine was faster: it closes what is half closed.
            }
        }
    }

    @Test
    @DisplayName("R42: more connections than the process may open files")
    @EnabledOnOs(OS.LINUX)
    void shouldKeepFilesForItsQueueWhenConnectionsTakeTheRest() throws IOException, InterruptedException {
        final int mostFiles = 200;
        final int reserve = 32;
        final FaultRun run = new FaultRun(directory, "at most " + mostFiles + " files");
        final List<Socket> storm = new ArrayList<>();
        try (EngineProcess engine = EngineProcess.start(
                        new EngineProcess.Launch(List.of(), mostFiles), run.config("synced", ""), run.data());
                FleetSimulator fleet = FleetSimulator.start(run.fleet(engine))) {
            run.awaitMore(fleet, 1_000);
            final InetSocketAddress address = engine.address("teltonika tcp");
            final int filesBefore = engine.openFiles();
            for (int i = 0; i < 2 * mostFiles; i++) {
                storm.add(new Socket(address.getAddress(), address.getPort()));
            }
            run.await(() -> engine.err().contains("Connections are refused"));
            assertThat(engine.openFiles()).isLessThanOrEqualTo(mostFiles - reserve);
            run.awaitMore(fleet, 1_000);
            for (final Socket each : storm) {
                each.close();
            }
            run.await(() -> engine.openFiles() <= filesBefore);
            run.end(fleet);
            run.stop(engine);
            assertThat(engine.lines()).anyMatch(line -> line.contains(" too many connections"));
        } finally {
            for (final Socket each : storm) {
                each.close();
            }
        }
        run.assertBalanced();
    }

    /** A device of its own in every datagram: the engine is told that it may remember more of them than it has memory for. */
    @Test
    @DisplayName("R34: the heap is full")
    void shouldEndAtOnceWhenTheHeapIsFullAndHaveAllThatItAcknowledged() throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, "out of memory");
        final Path config = run.config("synced", "engine: { slots: 64, max-devices: 12000 }\n");
        final EngineProcess.Launch little = new EngineProcess.Launch(
                List.of(
                        "-Xmx18m",
                        "-XX:MaxDirectMemorySize=256m",
                        "-XX:+UseParallelGC",
                        "-XX:GCTimeLimit=10", // or it crawls for a while before it gives up
                        "-XX:GCHeapFreeLimit=40"),
                0);
        EngineProcess engine = EngineProcess.start(little, config, run.data());
        try (FleetSimulator fleet =
                FleetSimulator.start(run.fleet(engine).acknowledgementTimeout(Duration.ofSeconds(1)))) {
            run.awaitMore(fleet, 2_000);
            sendUntilItEnds(engine);
            assertThat(engine.awaitExit()).isEqualTo(EXIT_OUT_OF_MEMORY);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files.map(each -> each.getFileName().toString()))
                        .noneMatch(name ->
                                name.endsWith(".hprof") || name.startsWith("hs_err") || name.startsWith("core"));
            }
            engine = EngineProcess.start(config, run.data());
            run.awaitMore(fleet, 2_000);
            run.end(fleet);
            run.stop(engine);
        } finally {
            engine.close();
        }
        // The datagrams' records are nobody's in the ledger.
        run.assertBalanced(Books.Allow.UNACKNOWLEDGED, Books.Allow.NEW_PSEUDONYMS);
    }

    private static void sendUntilItEnds(final EngineProcess engine) throws IOException {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        final TeltonikaEncoder encoder = new TeltonikaEncoder();
        final InetSocketAddress address = engine.address("teltonika udp");
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; engine.isAlive(); i++) {
                final int length = encoder.beginDatagram(
                                buffer, 0, TeltonikaEncoder.CODEC_8, 350_000_000_000_000L + i, i & 0xFFFF, 1)
                        .record(System.currentTimeMillis(), 520_000_000, 130_000_000, 30, 90, 9, 50)
                        .end();
                socket.send(new DatagramPacket(buffer.byteArray(), length, address));
            }
        }
    }

    /** Frames that are begun and never end, more of them than there is memory for. */
    @Test
    @DisplayName("R35: the memory for bytes of sockets is full")
    void shouldShedConnectionsWhenThereIsNoMemoryForTheirBytes() throws IOException, InterruptedException {
        final int connections = 800;
        final byte[] begun = new byte[TeltonikaEncoder.LOGIN_LENGTH + 40_000];
        final FaultRun run = new FaultRun(directory, "out of direct memory");
        final List<Socket> flood = new ArrayList<>();
        try (EngineProcess engine = EngineProcess.start(
                new EngineProcess.Launch(List.of("-XX:MaxDirectMemorySize=24m"), 0),
                run.config("synced", "engine: { slots: 64 }\n"),
                run.data())) {
            final InetSocketAddress address = engine.address("teltonika tcp");
            for (int i = 0; i < connections; i++) {
                final UnsafeBuffer bytes = new UnsafeBuffer(begun);
                final int login = new TeltonikaEncoder().encodeLogin(bytes, 0, 350_000_000_000_000L + i);
                bytes.putInt(login + 4, 50_000, ByteOrder.BIG_ENDIAN);
                final Socket socket = new Socket(address.getAddress(), address.getPort());
                flood.add(socket);
                try {
                    socket.getOutputStream().write(begun);
                } catch (final SocketException shed) {
                    // That is what is wanted.
                }
            }
            run.await(() -> engine.log().contains("OutOfMemory") || engine.log().contains("OutOfDirectMemory"));
            for (final Socket each : flood) {
                each.close();
            }
            assertThat(engine.isAlive()).isTrue();
            try (FleetSimulator fleet = FleetSimulator.start(run.fleet(engine))) {
                run.awaitMore(fleet, 5_000);
                run.end(fleet);
            }
            run.stop(engine);
        }
        run.assertBalanced();
    }
}
