// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.stream.StreamFiles;

/** Frames that come to nothing over a socket, by the command that shows them: with a journal in the policy, and without. */
@Timeout(60)
class DeadLettersCommandTest {
    private static final int PATIENCE_MS = 10_000;
    private static final long IMEI = 356_307_042_441_013L;
    private static final String CONFIG = """
            data: data
            ack: persisted
            quarantine: { wrong-sums: 3 }
            listeners:
              - { protocol: gt06, transport: tcp, address: 127.0.0.1:0 }
            policy: { version: v1 }
            streams:
              all: { retention: 1d, identity: none, time: exact }
            """;
    private static final String JOURNAL = "  evidence: { retention: 30d, journal: true }\n";

    @TempDir
    private Path directory;

    private final CommandLineHarness roadhaze = new CommandLineHarness();
    private final byte[] bytes = new byte[256];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    private Path data() {
        return directory.resolve("data");
    }

    /** A login, three frames with a wrong sum, and on another connection what is no frame at all. */
    private String run(final String config) throws IOException {
        final Path file = Files.writeString(directory.resolve("engine.yaml"), config);
        final String torn;
        try (Engine engine = Engine.start(EngineConfig.read(file))) {
            try (Socket device = connect(engine)) {
                final int login = Gt06Encoder.login(buffer, 0, IMEI, 1);
                device.getOutputStream().write(bytes, 0, login);
                new DataInputStream(device.getInputStream()).readFully(new byte[10]);
                final int length =
                        Gt06Encoder.location(buffer, 0, 1_700_000_000_000L, 520_000_000, 130_000_000, 50, 90, 9, 2);
                bytes[length - 3] ^= 1;
                torn = HexFormat.of().formatHex(bytes, 0, length);
                for (int i = 0; i < 3; i++) {
                    device.getOutputStream().write(bytes, 0, length);
                }
                assertThat(device.getInputStream().read()).isNegative();
            }
            try (Socket stranger = connect(engine)) {
                stranger.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(stranger.getInputStream().read()).isNegative();
            }
        }
        return torn;
    }

    private static Socket connect(final Engine engine) throws IOException {
        final Socket device = new Socket();
        device.setSoTimeout(PATIENCE_MS);
        device.connect(engine.listening().get(0).address());
        return device;
    }

    private int read() {
        return roadhaze.run("dead-letters", "--data", data().toString());
    }

    @Test
    void shouldShowWhyEachCameToNothingAndDecodeItOnceMore() throws IOException {
        final String torn = run(CONFIG);
        assertThat(read()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines()).hasSize(3);
        assertThat(roadhaze.out().lines().limit(2))
                .as("the first wrong sum, and the second")
                .allMatch(line -> line.contains("\"why\":\"checksum\"")
                        && line.contains("\"device\":\"" + IMEI + "\",\"protocol\":\"gt06\",\"transport\":\"tcp\"")
                        && line.contains("\"bytes\":\"" + torn + "\",\"result\":\"checksum\""));
        assertThat(roadhaze.lastLine())
                .contains("\"why\":\"uncuttable\",\"length\":16,\"device\":null")
                .contains("\"bytes\":\"474554202f20485454502f312e310d0a\"");
        assertThat(roadhaze.err()).isEqualTo("3 frames opened, 0 whose key is destroyed, 0 that were altered\n");
    }

    @Test
    void shouldEndWithTheKeysOfTheDevice() throws IOException {
        run(CONFIG + JOURNAL);
        final String device = Long.toString(IMEI);
        assertThat(roadhaze.run("journal", "erase", "--device", device, "--data", data().toString()))
                .isEqualTo(Exit.OK);
        assertThat(read()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines().limit(2))
                .allMatch(line -> line.contains("\"sealed\":\"its key is destroyed\""));
        assertThat(roadhaze.out()).doesNotContain(device);
        assertThat(roadhaze.err()).isEqualTo("1 frames opened, 2 whose key is destroyed, 0 that were altered\n");
    }

    @Test
    void shouldRefuseWhatIsNotThereOrDamagedOrOfAnotherKey() throws IOException {
        assertThat(read()).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--data: found ");
        Files.createDirectories(data());
        assertThat(read()).as("nothing was kept").isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).isEmpty();
        run(CONFIG);
        final Path file = StreamFiles.deadLetters(data());
        final byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThat(read()).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("dead-letters: found something else, allowed dead letters");
        Files.write(file, whole);
        Files.delete(StreamFiles.journalKey(data()));
        assertThat(read()).isNotEqualTo(Exit.OK);
        assertThat(roadhaze.err()).contains("there is no such key file");
    }
}
