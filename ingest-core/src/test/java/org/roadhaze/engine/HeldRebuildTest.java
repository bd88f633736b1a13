// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.policy.RebuildRules;

/** What a start makes of a journal, where the frames of a test say exactly what is to leave. */
class HeldRebuildTest {
    private static final long START_MS = 1_790_000_400_000L;
    private static final long STEP_MS = 10_000;
    private static final int LATITUDE_E7 = 520_000_000;
    private static final int LONGITUDE_E7 = 130_000_000;

    private static final String CONFIG = """
            data: data
            ack: synced
            engine: { workers: 1, slots: 64, max-devices: 1000 }
            listeners:
              - { protocol: gt06, transport: tcp, address: 127.0.0.1:0 }
            policy: { version: test }
            streams:
              evidence: { retention: 30d, journal: true }
            """;

    /** Keeps back where a vehicle stands for five minutes. */
    private static final String PARKED = """
              held:
                retention: 10d
                identity: none
                location:
                  - dwell: { radius: 200m, after: 5min, longest-wait: 10min }
                  - cell: { h3: 9 }
                time: { round: 5s }
            """;

    @TempDir
    private Path directory;

    private EngineOptions read(final String streams) throws IOException {
        return EngineConfig.read(Files.writeString(directory.resolve("engine.yaml"), CONFIG + streams));
    }

    /** Stands in one place until a time. */
    private static long park(final RebuiltEngine engine, final long fromMs, final long untilMs, final int latitudeE7)
            throws IOException {
        long nowMs = fromMs;
        while (nowMs < untilMs) {
            nowMs += STEP_MS;
            engine.advanceTo(nowMs);
            engine.send(1, latitudeE7, LONGITUDE_E7);
        }
        return nowMs;
    }

    /** The chain that is made again sees two minutes of a stop that lasted for hours, and takes it for a halt at a light. */
    @Test
    void shouldNotLetOutTheEndOfAStopThatBeganBeforeWhatIsGivenAgain() throws IOException {
        final EngineOptions options = read(PARKED);
        final long horizonMs =
                RebuildRules.horizon(options.policy().stream("held")).toMillis();
        final long beforeMs = Duration.ofHours(1).toMillis();
        final long lastMs;
        try (RebuiltEngine engine = new RebuiltEngine(options, START_MS)) {
            final long movesMs = park(engine, START_MS, START_MS + beforeMs + 120_000, LATITUDE_E7);
            lastMs = park(engine, movesMs, movesMs + horizonMs - 120_000, LATITUDE_E7 + 40_000);
            assertThat(engine.times("held")).isEmpty();
        }
        try (RebuiltEngine engine = new RebuiltEngine(options, lastMs + 1_000)) {
            assertThat(engine.times("held")).isEmpty();
            park(engine, lastMs, lastMs + horizonMs, LATITUDE_E7 + 40_000);
            assertThat(engine.times("held")).isEmpty();
        }
    }
}
