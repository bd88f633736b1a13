// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.protocol.Gt06Encoder;

/** A tracker as it leaves the factory, eight hours ahead of UTC, at an engine that does not know that. */
@Timeout(120)
class LocalTimeTest {
    private static final int ACKNOWLEDGEMENT_LENGTH = 10;
    private static final long IMEI = 356_307_042_441_013L;
    private static final long EIGHT_HOURS_MS = 8 * 3_600_000L;

    private final byte[] bytes = new byte[64];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    @TempDir
    private Path directory;

    @Test
    void shouldWarnThatFixesAreAheadAndNameTheProtocolAndNobody() throws IOException, InterruptedException {
        try (EngineProcess engine = EngineProcess.start(EngineFiles.acceptance(directory), directory.resolve("data"));
                Socket device = new Socket()) {
            device.setSoTimeout(10_000);
            device.connect(engine.address("gt06 tcp"));
            exchange(device, Gt06Encoder.login(buffer, 0, IMEI, 1));
            final long clockMs = SystemEpochClock.INSTANCE.time() + EIGHT_HOURS_MS;
            exchange(device, Gt06Encoder.location(buffer, 0, clockMs, 520_000_000, 130_000_000, 50, 90, 9, 2));
            await().atMost(Duration.ofSeconds(30)).until(() -> !engine.err().isEmpty());
            engine.terminate();
            assertThat(engine.awaitExit()).isZero();
            assertThat(engine.err().lines())
                    .singleElement()
                    .asString()
                    .contains("WARN", "Fixes of gt06/tcp", "1 so far")
                    .doesNotContain(Long.toString(IMEI));
        }
    }

    private void exchange(final Socket device, final int length) throws IOException {
        device.getOutputStream().write(bytes, 0, length);
        new DataInputStream(device.getInputStream()).readFully(new byte[ACKNOWLEDGEMENT_LENGTH]);
    }
}
