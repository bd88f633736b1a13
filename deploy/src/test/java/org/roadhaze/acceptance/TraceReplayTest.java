// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.engine.EngineSnapshot;
import org.roadhaze.listener.ListenerOptions.Transport;
import org.roadhaze.listener.Listeners.Listening;
import org.roadhaze.simulator.FleetSimulator;
import org.roadhaze.simulator.SimulatorOptions;
import org.roadhaze.simulator.SimulatorSummary;

/** Recorded drives through real sockets: what was acknowledged is in the stream, or counted with the reason why not. */
@Timeout(180)
class TraceReplayTest {
    private static final int SHARED_ROWS = 40_000;

    private static final String STREAMS = """
            policy: { version: replay-1 }
            streams:
              all:
                retention: 1d
                identity: { pseudonym: keyed, rotate: 24h }
                location:
                  - exact: {}
                time: exact
              city:
                retention: 1d
                identity: { pseudonym: keyed, rotate: 24h }
                location:
                  - zones: { suppress: zones.geojson, buffer: 100m }
                  - cell: { h3: 8 }
                time: { round: 30s }
                attributes: { keep: [speed, course] }
            """;

    /** Some blocks around the Civic Center of San Francisco. */
    private static final String ZONES = """
            { "type": "Polygon", "coordinates": [[[-122.425, 37.772], [-122.410, 37.772], [-122.410, 37.785],
              [-122.425, 37.785], [-122.425, 37.772]]] }
            """;

    @TempDir
    private Path engineFiles;

    @TempDir
    private Path deviceFiles;

    @ParameterizedTest
    @CsvSource({"teltonika, false, 20", "teltonika, true, 7", "gt06, false, 1"})
    void shouldAccountForEveryRecord(final String protocol, final boolean udp, final int recordsPerFrame)
            throws IOException, InterruptedException {
        final StringBuilder rows = new StringBuilder("device,time,latitude,longitude\n");
        final Random random = new Random(13);
        for (int i = 0; i < 4_000; i++) {
            final boolean lostItsFix = i % 100 == 99;
            rows.append(String.format(
                    "cab%d,%d,%s%n",
                    i % 20,
                    1_212_883_201L + i,
                    lostItsFix
                            ? "0,0"
                            : String.format(
                                    "37.%05d,-122.%05d",
                                    75_000 + random.nextInt(6_000), 38_000 + random.nextInt(6_000))));
        }
        final Path trace = Files.writeString(deviceFiles.resolve("cabs.csv"), rows);
        replay(trace, protocol, udp, recordsPerFrame, 40);
    }

    @Test
    @EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
    void shouldAccountForEveryRecordOfRealCabs() throws IOException, InterruptedException {
        final Path shared = Path.of(System.getProperty("roadhaze.shared"), "traces", "cabs-one-day.csv.gz");
        final Path trace = deviceFiles.resolve("cabs.csv");
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(shared)), StandardCharsets.US_ASCII))) {
            Files.write(trace, reader.lines().limit(1 + SHARED_ROWS).toList());
        }
        replay(trace, "teltonika", false, 20, 0);
    }

    private void replay(
            final Path trace,
            final String protocol,
            final boolean udp,
            final int recordsPerFrame,
            final long recordsWithoutFix)
            throws IOException, InterruptedException {
        Files.writeString(engineFiles.resolve("zones.geojson"), ZONES);
        final Path config = EngineFiles.withStreams(engineFiles, STREAMS);
        final Path data = engineFiles.resolve("data");
        final Path ledger = deviceFiles.resolve("ledger");
        final SimulatorSummary summary;
        final EngineSnapshot snapshot;
        try (Engine engine = Engine.start(EngineConfig.read(config).withData(data))) {
            try (FleetSimulator fleet = FleetSimulator.start(new SimulatorOptions()
                    .protocol(protocol)
                    .udp(udp)
                    .target(listening(engine, protocol, udp ? Transport.UDP : Transport.TCP)
                            .address())
                    .trace(trace)
                    .recordsPerFrame(recordsPerFrame)
                    .ledger(ledger))) {
                summary = fleet.await();
            }
            snapshot = engine.snapshot();
        }
        assertThat(summary.failure()).isEmpty();
        assertThat(summary.recordsAcknowledged())
                .isEqualTo(summary.recordsSent())
                .isPositive();
        assertThat(summary.resends()).isZero();
        assertThat(snapshot.positions()).isEqualTo(summary.recordsAcknowledged());
        assertThat(snapshot.failedFrames()).isZero();

        final Map<SuppressionReason, Long> fromAll =
                snapshot.streams().get("all").suppressed();
        final Map<SuppressionReason, Long> fromCity =
                snapshot.streams().get("city").suppressed();
        assertAccountsFor(snapshot, "all");
        assertAccountsFor(snapshot, "city");
        assertThat(fromAll.values().stream().mapToLong(each -> each).sum()).isEqualTo(recordsWithoutFix);
        assertThat(fromCity.get(SuppressionReason.SENSITIVE_ZONE)).isPositive();

        final Books.Balance balance =
                new Books().promised(ledger).kept(data, "all").balance();
        assertThat(balance.missing()).isEqualTo(recordsWithoutFix);
        assertThat(balance.twice() + balance.foreign() + balance.outOfOrder() + balance.renamed())
                .as("%s", balance)
                .isZero();
        assertThat(new Canaries().imeis(ledger).in(engineFiles)).isEmpty();
        assertThat(new Canaries().places(ledger).in(data.resolve("streams").resolve("city")))
                .isEmpty();
        assertThat(new Canaries().places(ledger).in(data.resolve("streams").resolve("all")))
                .isNotEmpty();
    }

    private static Listening listening(final Engine engine, final String protocol, final Transport transport) {
        return engine.listening().stream()
                .filter(each -> each.options().protocol().name().equals(protocol)
                        && each.options().transport() == transport)
                .findFirst()
                .orElseThrow();
    }

    /** What was offered was published, or kept back for a reason that is counted. */
    private static void assertAccountsFor(final EngineSnapshot snapshot, final String stream) {
        final EngineSnapshot.StreamSnapshot counts = snapshot.streams().get(stream);
        final long suppressed =
                counts.suppressed().values().stream().mapToLong(each -> each).sum();
        assertThat(counts.published() + suppressed).isEqualTo(snapshot.positions());
    }
}
