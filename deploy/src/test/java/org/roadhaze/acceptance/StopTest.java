// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/** How an engine ends, and how it says that it cannot begin. */
@Timeout(120)
class StopTest {
    private static final int USAGE = 2;
    private static final int CANNOT_START = 3;

    @TempDir
    private Path directory;

    @Test
    void shouldDrainAndEndWithZeroWhenToldToStop() throws IOException, InterruptedException {
        final Path data = directory.resolve("data");
        final Path ledger = directory.resolve("ledger");
        try (EngineProcess engine = EngineProcess.start(EngineFiles.acceptance(directory), data)) {
            stopUnderLoad(engine, ledger).await();
            assertThat(engine.lines()).last().isEqualTo("stopped");
            assertThat(engine.err()).isEmpty();
            assertThat(engine.lines())
                    .anyMatch(line -> line.startsWith("ready, writing 1 stream to " + data + ";")
                            && line.endsWith("tail --stream all --data " + data + " --follow"));
            final String records = String.format(Locale.ROOT, "%,d", recordsIn(data));
            assertThat(engine.lines())
                    .anyMatch(line -> line.startsWith("listener teltonika tcp 127.0.0.1:")
                            && line.contains("50 so far")
                            && line.contains(" login; records: " + records + "; sent again: 0; dropped or closed: "))
                    .anyMatch(line -> line.startsWith("listener gt06 tcp") && line.contains("frames: none"))
                    .contains("stream all: published: " + records + "; suppressed: none")
                    .contains("behind: ring: 0 of 4,096 slots");
        }
        final Books.Balance balance = new Books()
                .promised(ledger)
                .kept(data, "all")
                .assertBalanced("stopped under load", Books.Allow.UNACKNOWLEDGED);
        assertThat(balance.promised()).isGreaterThan(20_000);
    }

    private static long recordsIn(final Path data) {
        long records = 0;
        try (StreamReader reader = StreamReader.open(data, "all")) {
            while (reader.next()) {
                records++;
            }
        }
        return records;
    }

    @Test
    void shouldSayWhatItDidWhileItRunsWhenAskedTo() throws IOException, InterruptedException {
        final Path data = directory.resolve("data");
        try (EngineProcess engine = EngineProcess.start(EngineFiles.acceptance(directory), data, "--stats", "50ms")) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> engine.lines().contains("stream all: published: 0; suppressed: none"));
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
        }
    }

    /** A fleet that goes on sending until the engine has ended; closed when this returns. */
    private static FleetSimulator stopUnderLoad(final EngineProcess engine, final Path ledger)
            throws IOException, InterruptedException {
        try (FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions()
                .target(engine.address("teltonika tcp"))
                .devices(50)
                .recordsPerFrame(20)
                .ledger(ledger))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> fleet.counters().recordsAcknowledged() > 20_000);
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
            return fleet;
        }
    }

    @Test
    void shouldGoOnWhereItStopped() throws IOException, InterruptedException {
        final Path data = directory.resolve("data");
        final Path config = EngineFiles.acceptance(directory);
        final Books books = new Books();
        for (int run = 0; run < 2; run++) {
            final Path ledger = directory.resolve("ledger" + run);
            try (EngineProcess engine = EngineProcess.start(config, data);
                    FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions()
                            .target(engine.address("teltonika udp"))
                            .udp(true)
                            .devices(5)
                            .seed(run)
                            .recordsPerFrame(10)
                            .duration(Duration.ofMillis(500))
                            .ledger(ledger))) {
                assertThat(fleet.await().failure()).isEmpty();
                engine.terminate();
                assertThat(engine.awaitExit()).isZero();
            }
            books.promised(ledger);
        }
        books.kept(data, "all").assertBalanced("stopped and started again");
    }

    @Test
    void shouldRefuseADataDirectoryThatAnotherEngineHolds() throws IOException, InterruptedException {
        final Path data = directory.resolve("data");
        final Path elsewhere = Files.createDirectory(directory.resolve("second"));
        try (EngineProcess first = EngineProcess.start(EngineFiles.acceptance(directory), data);
                EngineProcess second = EngineProcess.launch(EngineFiles.acceptance(elsewhere), data)) {
            assertThat(second.awaitExit()).isEqualTo(CANNOT_START);
            assertThat(second.err()).contains("data directory " + data).contains("in use by another engine");
            first.terminate();
            assertThat(first.awaitExit()).isZero();
        }
    }

    @Test
    void shouldRefuseAnAddressThatIsTaken() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final Path config = EngineFiles.acceptance(directory, List.of(0, 0, taken.getLocalPort()));
            try (EngineProcess engine = EngineProcess.launch(config, directory.resolve("data"))) {
                assertThat(engine.awaitExit()).isEqualTo(CANNOT_START);
                assertThat(engine.err())
                        .contains("127.0.0.1:" + taken.getLocalPort())
                        .contains("gt06")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void shouldTellEverythingThatIsWrongWithAConfigurationAtOnce() throws IOException, InterruptedException {
        final Path config = Files.writeString(directory.resolve("wrong.yaml"), """
                data: data
                ack: someday
                listeners:
                  - { protocol: teltonica, transport: tcp, address: 127.0.0.1:0 }
                  - { protocol: gt06, transport: udp, address: 127.0.0.1:0 }
                engine: { slots: 1000 }
                policy: { version: 1 }
                streams:
                  all:
                    retention: 1
                    identity: { pseudonym: keyed, rotate: 24h }
                    attributes: { keep: [imei] }
                    colour: red
                """);
        try (EngineProcess engine = EngineProcess.launch(config, directory.resolve("data"))) {
            assertThat(engine.awaitExit()).isEqualTo(USAGE);
            assertThat(engine.err())
                    .contains(config + ":2:", "ack", "someday", "persisted")
                    .contains(config + ":4:", "protocol", "teltonica", "teltonika")
                    .contains(config + ":5:", "transport", "udp", "tcp")
                    .contains(config + ":6:", "slots", "1000", "power of two")
                    .contains(config + ":10:", "retention")
                    .contains(config + ":12:", "imei")
                    .contains(config + ":13:", "colour")
                    .doesNotContain("\tat ");
            assertThat(directory.resolve("data")).doesNotExist();
        }
    }
}
