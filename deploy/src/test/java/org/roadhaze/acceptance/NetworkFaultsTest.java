// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.acceptance.FaultProxy.Faults;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;

/** Fleets behind a bad network. {@code -Droadhaze.seed=N} draws other faults. */
@Timeout(120)
class NetworkFaultsTest {
    private static final long SEED = Long.getLong("roadhaze.seed", 1);
    private static final String UNDER_SEED = "seed " + SEED;

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}, reset {3}")
    @DisplayName("R10, R11, R28: split, joined, late, and cut in the middle of frames")
    @CsvSource({"teltonika, 20, 20000, false", "teltonika, 20, 20000, true", "gt06, 1, 1000, true"})
    void shouldLoseNothingOfWhatIsSplitAndCut(
            final String protocol, final int recordsPerFrame, final int cutAfterBytes, final boolean reset)
            throws IOException, InterruptedException {
        final Faults faults = new Faults(SEED).split(0.3).join(0.1).delay(2).cutAfter(cutAfterBytes, reset);
        try (EngineProcess engine = EngineProcess.start(config(""), data());
                FaultProxy proxy = FaultProxy.tcp(engine.address(protocol + " tcp"), faults);
                FleetSimulator fleet =
                        FleetSimulator.start(fleet(proxy).protocol(protocol).recordsPerFrame(recordsPerFrame))) {
            await(() -> fleet.counters().reconnects() > 100 && fleet.counters().recordsAcknowledged() > 500);
            end(fleet, engine);
        }
        assertBalanced();
    }

    @Test
    @DisplayName("R15: every third answer is lost")
    void shouldAcknowledgeAgainWhatIsSentAgain() throws IOException, InterruptedException {
        try (EngineProcess engine = EngineProcess.start(config(""), data());
                FaultProxy proxy =
                        FaultProxy.tcp(engine.address("teltonika tcp"), new Faults(SEED).losesEveryAnswer(3));
                FleetSimulator fleet = FleetSimulator.start(fleet(proxy))) {
            await(() -> fleet.counters().resends() > 20);
            end(fleet, engine);
        }
        assertBalanced();
    }

    @Test
    @DisplayName("R22: 5 % of the datagrams are lost, 5 % doubled, and they overtake one another")
    void shouldLoseNothingWhenDatagramsAreLostDoubledAndReordered() throws IOException, InterruptedException {
        final Faults faults = new Faults(SEED).loss(0.05).doubled(0.05).delay(20);
        try (EngineProcess engine = EngineProcess.start(config(""), data());
                FaultProxy proxy = FaultProxy.udp(engine.address("teltonika udp"), faults);
                FleetSimulator fleet = FleetSimulator.start(fleet(proxy).udp(true))) {
            await(() -> proxy.happened() > 200 && fleet.counters().resends() > 20);
            end(fleet, engine);
        }
        assertBalanced();
    }

    @Test
    @DisplayName("R25: the address translator gives every device another port, again and again")
    void shouldKnowADeviceWhoseAddressChanges() throws IOException, InterruptedException {
        try (EngineProcess engine = EngineProcess.start(config(""), data());
                FaultProxy proxy = FaultProxy.udp(engine.address("teltonika udp"), new Faults(SEED).delay(5));
                FleetSimulator fleet = FleetSimulator.start(fleet(proxy).udp(true))) {
            for (int i = 1; i <= 10; i++) {
                proxy.rebind();
                final long enough = fleet.counters().recordsAcknowledged() + 1_000;
                await(() -> fleet.counters().recordsAcknowledged() > enough);
            }
            end(fleet, engine);
        }
        assertBalanced(); // One pseudonym each, whatever the port.
    }

    @Test
    @DisplayName("R7: half-open connections end after the silence that is allowed, and are counted")
    void shouldCloseConnectionsWhosePeersHaveGoneWithoutAWord() throws IOException, InterruptedException {
        final int halfOpen;
        try (EngineProcess engine =
                        EngineProcess.start(config("limits: { silence: 2s }\n"), data(), "--stats", "100ms");
                FaultProxy proxy = FaultProxy.tcp(engine.address("teltonika tcp"), new Faults(SEED));
                FleetSimulator fleet = FleetSimulator.start(fleet(proxy))) {
            await(() -> fleet.counters().recordsAcknowledged() > 1_000);
            halfOpen = proxy.halfOpen();
            assertThat(halfOpen).isEqualTo(fleet.devices());
            final long enough = fleet.counters().recordsAcknowledged() + 10_000;
            await(() -> fleet.counters().recordsAcknowledged() > enough);
            await(() -> engine.lines().stream()
                    .anyMatch(line -> line.startsWith("listener teltonika tcp")
                            && line.contains(" " + fleet.devices() + " open, ")
                            && line.contains(" " + halfOpen + " silent")));
            end(fleet, engine);
        }
        assertBalanced();
    }

    private Path config(final String head) throws IOException {
        final Path config = EngineFiles.acceptance(directory);
        return Files.writeString(config, head + Files.readString(config));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private SimulatorOptions fleet(final FaultProxy proxy) {
        return new SimulatorOptions()
                .target(proxy.address())
                .devices(20)
                .recordsPerFrame(10)
                .duration(Duration.ofMinutes(5))
                .acknowledgementTimeout(Duration.ofMillis(300))
                .ledger(directory.resolve("ledger"));
    }

    private static void await(final Callable<Boolean> condition) {
        Awaitility.await(UNDER_SEED)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /** All that was sent is acknowledged, and the engine ends as it should and without a word of complaint. */
    private static void end(final FleetSimulator fleet, final EngineProcess engine) throws InterruptedException {
        fleet.stop();
        assertThat(fleet.await().failure()).as(UNDER_SEED).isEmpty();
        assertThat(fleet.await().recordsAcknowledged())
                .as(UNDER_SEED)
                .isEqualTo(fleet.await().recordsSent());
        engine.terminate();
        assertThat(engine.awaitExit()).as(UNDER_SEED).isZero();
        assertThat(engine.err()).as(UNDER_SEED).isEmpty();
    }

    private Books.Balance assertBalanced() throws IOException {
        return new Books()
                .promised(directory.resolve("ledger"))
                .kept(data(), "all")
                .assertBalanced(UNDER_SEED);
    }
}
