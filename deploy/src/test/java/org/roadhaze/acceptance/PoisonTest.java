// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.simulator.FleetSimulator;

/** A device that sends the same broken frame again and again, to an engine that others need. */
@Timeout(180)
class PoisonTest {
    private static final int PATIENCE_MS = 10_000;
    private static final long IMEI = 359_632_100_000_017L;
    private static final int WRONG_SUMS = 4;

    @TempDir
    private Path directory;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    private final TeltonikaEncoder encoder = new TeltonikaEncoder();

    @Test
    @DisplayName(
            "R13, R29: its connections are closed, then it is refused, and the report says so; the others lose nothing")
    void shouldRefuseItAndServeTheOthers() throws IOException, InterruptedException {
        final FaultRun run = new FaultRun(directory, "a device that sends broken frames");
        final Path config =
                run.config("synced", "quarantine: { wrong-sums: " + WRONG_SUMS + ", offences: 2, refuse: 1h }\n");
        try (EngineProcess engine = EngineProcess.start(config, run.data());
                FleetSimulator fleet = FleetSimulator.start(run.fleet(engine))) {
            run.awaitMore(fleet, 1_000);
            final InetSocketAddress address = engine.address("teltonika tcp");
            for (int i = 0; i < 2; i++) {
                try (Socket device = connect(address)) {
                    final DataInputStream answers = new DataInputStream(device.getInputStream());
                    device.getOutputStream().write(login());
                    assertThat(answers.read()).isEqualTo(1);
                    for (int frame = 0; frame < WRONG_SUMS; frame++) {
                        device.getOutputStream().write(brokenFrame());
                    }
                    assertThat(answers.read())
                            .as("closed, and nothing acknowledged")
                            .isNegative();
                }
            }
            try (Socket device = connect(address)) {
                device.getOutputStream().write(login());
                assertThat(device.getInputStream().read()).as("not let in").isNegative();
            }
            run.awaitMore(fleet, 1_000);
            run.end(fleet);
            run.stop(engine);
            assertThat(engine.lines())
                    .filteredOn(line -> line.startsWith("listener teltonika tcp"))
                    .last()
                    .asString()
                    .contains(2 * WRONG_SUMS + " checksum", "2 wrong check sums, 1 in quarantine");
            assertThat(engine.lines())
                    .as("the first wrong sum, the second, the fourth and the eighth")
                    .contains("dead letters: 4 kept; to read: roadhaze dead-letters");
            assertThat(engine.err())
                    .contains("A device sent again and again what cannot be processed")
                    .doesNotContain(Long.toString(IMEI));
        }
        run.assertBalanced();
    }

    private static Socket connect(final InetSocketAddress address) throws IOException {
        final Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private byte[] login() {
        return bytes(encoder.encodeLogin(buffer, 0, IMEI));
    }

    private byte[] brokenFrame() {
        encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
        encoder.record(1_790_000_000_000L, 520_000_000, 130_000_000, 30, 90, 9, 50);
        final byte[] frame = bytes(encoder.end());
        frame[12] ^= 1;
        return frame;
    }

    private byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }
}
