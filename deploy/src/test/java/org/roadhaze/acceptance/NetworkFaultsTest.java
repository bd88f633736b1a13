// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
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

    @TempDir
    private Path directory;

    private FaultRun run;

    @BeforeEach
    void begin() {
        run = new FaultRun(directory, "a bad network, seed " + SEED);
    }

    @ParameterizedTest(name = "{0}, reset {3}")
    @DisplayName("R10, R11, R28: split, joined, late, and cut in the middle of frames")
    @CsvSource({"teltonika, 20, 20000, false", "teltonika, 20, 20000, true", "gt06, 1, 1000, true"})
    void shouldLoseNothingOfWhatIsSplitAndCut(
            final String protocol, final int recordsPerFrame, final int cutAfterBytes, final boolean reset)
            throws IOException, InterruptedException {
        final Faults faults = new Faults(SEED).split(0.3).join(0.1).delay(2).cutAfter(cutAfterBytes, reset);
        try (EngineProcess engine = start("");
                FaultProxy proxy = FaultProxy.tcp(engine.address(protocol + " tcp"), faults);
                FleetSimulator fleet = FleetSimulator.start(
                        fleet(engine, proxy).protocol(protocol).recordsPerFrame(recordsPerFrame))) {
            run.await(
                    () -> fleet.counters().reconnects() > 60 && fleet.counters().recordsAcknowledged() > 300);
            run.end(fleet, engine);
        }
        run.assertBalanced(Books.Allow.TWICE);
    }

    @Test
    @DisplayName("R15: every third answer is lost")
    void shouldAcknowledgeAgainWhatIsSentAgain() throws IOException, InterruptedException {
        try (EngineProcess engine = start("");
                FaultProxy proxy =
                        FaultProxy.tcp(engine.address("teltonika tcp"), new Faults(SEED).losesEveryAnswer(3));
                FleetSimulator fleet = FleetSimulator.start(fleet(engine, proxy))) {
            run.await(() -> fleet.counters().resends() > 20);
            run.end(fleet, engine);
        }
        run.assertBalanced(Books.Allow.TWICE);
    }

    @Test
    @DisplayName("R22: 5 % of the datagrams are lost, 5 % doubled, and they overtake one another")
    void shouldLoseNothingWhenDatagramsAreLostDoubledAndReordered() throws IOException, InterruptedException {
        final Faults faults = new Faults(SEED).loss(0.05).doubled(0.05).delay(20);
        try (EngineProcess engine = start("");
                FaultProxy proxy = FaultProxy.udp(engine.address("teltonika udp"), faults);
                FleetSimulator fleet = FleetSimulator.start(fleet(engine, proxy).udp(true))) {
            run.await(() -> proxy.happened() > 100 && fleet.counters().resends() > 20);
            run.end(fleet, engine);
        }
        run.assertBalanced(Books.Allow.TWICE);
    }

    /** One pseudonym each, whatever the port. */
    @Test
    @DisplayName("R25: the address translator gives every device another port, again and again")
    void shouldKnowADeviceWhoseAddressChanges() throws IOException, InterruptedException {
        try (EngineProcess engine = start("");
                FaultProxy proxy = FaultProxy.udp(engine.address("teltonika udp"), new Faults(SEED).delay(5));
                FleetSimulator fleet = FleetSimulator.start(fleet(engine, proxy).udp(true))) {
            for (int i = 1; i <= 5; i++) {
                proxy.rebind();
                run.awaitMore(fleet, 500);
            }
            run.end(fleet, engine);
        }
        run.assertBalanced(Books.Allow.TWICE);
    }

    @Test
    @DisplayName("R7, R24: half-open connections end when their devices come again, or have been silent for too long")
    void shouldCloseConnectionsWhosePeersHaveGoneWithoutAWord() throws IOException, InterruptedException {
        try (EngineProcess engine = start("limits: { silence: 2s }\n", "--stats", "100ms");
                FaultProxy proxy = FaultProxy.tcp(engine.address("teltonika tcp"), new Faults(SEED));
                FleetSimulator fleet = FleetSimulator.start(fleet(engine, proxy))) {
            final int devices = fleet.devices();
            try (FleetSimulator gone =
                    FleetSimulator.start(fleet(engine, proxy).seed(2).ledger(directory.resolve("gone")))) {
                run.awaitMore(gone, 1_000);
                run.awaitMore(fleet, 1_000);
                assertThat(proxy.halfOpen()).isEqualTo(2 * devices);
            } // These never come again.
            run.awaitMore(fleet, 5_000);
            run.await(() -> engine.lines().stream()
                    .anyMatch(line -> line.startsWith("listener teltonika tcp")
                            && line.contains(" " + devices + " open, ")
                            && count(line, "silent") >= devices
                            && count(line, "silent") + count(line, "replaced by newer ones") >= 2 * devices));
            run.end(fleet, engine);
        }
        new Books()
                .promised(directory.resolve("ledger"))
                .promised(directory.resolve("gone"))
                .kept(run.data(), "all")
                .assertBalanced("half open, seed " + SEED, Books.Allow.TWICE, Books.Allow.UNACKNOWLEDGED);
    }

    private static int count(final String line, final String what) {
        final Matcher matcher = Pattern.compile("([0-9,]+) " + what).matcher(line);
        return matcher.find() ? Integer.parseInt(matcher.group(1).replace(",", "")) : 0;
    }

    private EngineProcess start(final String more, final String... options) throws IOException {
        return EngineProcess.start(run.config("persisted", more), run.data(), options);
    }

    private SimulatorOptions fleet(final EngineProcess engine, final FaultProxy proxy) {
        final InetSocketAddress bad = proxy.address();
        return run.fleet(engine).target(bad).acknowledgementTimeout(Duration.ofMillis(300));
    }
}
