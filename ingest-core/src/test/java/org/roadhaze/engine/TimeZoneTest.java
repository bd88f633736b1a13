// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.protocol.Gt06Encoder;

/** Devices that are set to different time zones, each kind at a listener of its own. */
@Timeout(60)
class TimeZoneTest {
    private static final int PATIENCE_MS = 10_000;
    private static final int ACKNOWLEDGEMENT_LENGTH = 10;
    private static final long IMEI = 356_307_042_441_013L;
    private static final long FIX_TIME_MS = 1_700_000_000_000L;
    private static final long HOUR_MS = 3_600_000;

    private final byte[] bytes = new byte[64];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheTimesOfEachListenerInItsZone() throws IOException {
        try (EngineHarness harness = EngineHarness.start(
                directory,
                "protocol: gt06, transport: tcp",
                "protocol: gt06, transport: tcp, time-zone: +08:00",
                "protocol: gt06, transport: tcp, time-zone: -03:00")) {
            sendFix(harness.address(0), IMEI, FIX_TIME_MS);
            sendFix(harness.address(1), IMEI + 1, FIX_TIME_MS + 1000 + 8 * HOUR_MS);
            sendFix(harness.address(2), IMEI + 2, FIX_TIME_MS + 2000 - 3 * HOUR_MS);
            assertThat(harness.publishedTimesMs()).containsExactly(FIX_TIME_MS, FIX_TIME_MS + 1000, FIX_TIME_MS + 2000);
        }
    }

    @Test
    void shouldCountTheFixesThatAreAheadOfOurClockByProtocol() throws IOException {
        final long nowMs = SystemEpochClock.INSTANCE.time();
        try (EngineHarness harness = EngineHarness.start(
                directory,
                "protocol: gt06, transport: tcp",
                "protocol: gt06, transport: tcp, time-zone: +08:00",
                "protocol: gt06, transport: tcp, time-zone: +01:00")) {
            sendFix(harness.address(1), IMEI, nowMs + 8 * HOUR_MS);
            assertThat(harness.engine.snapshot().fixesAhead()).isEmpty();
            sendFix(harness.address(0), IMEI + 1, nowMs + 8 * HOUR_MS);
            sendFix(harness.address(0), IMEI + 2, nowMs + 8 * HOUR_MS);
            sendFix(harness.address(2), IMEI + 3, nowMs + 8 * HOUR_MS);
            assertThat(harness.engine.snapshot().fixesAhead())
                    .isEqualTo(Map.of("gt06/tcp", 2L, "gt06/tcp UTC+01:00", 1L));
        }
    }

    /** As a device whose clock shows that time; waits for the acknowledgement. */
    private void sendFix(final InetSocketAddress address, final long imei, final long clockMs) throws IOException {
        try (Socket device = new Socket()) {
            device.setSoTimeout(PATIENCE_MS);
            device.connect(address);
            exchange(device, Gt06Encoder.login(buffer, 0, imei, 1));
            exchange(device, Gt06Encoder.location(buffer, 0, clockMs, 520_000_000, 130_000_000, 50, 90, 9, 2));
        }
    }

    private void exchange(final Socket device, final int length) throws IOException {
        device.getOutputStream().write(bytes, 0, length);
        new DataInputStream(device.getInputStream()).readFully(new byte[ACKNOWLEDGEMENT_LENGTH]);
    }
}
