// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineConfig;
import org.roadhaze.protocol.Gt06Encoder;

@Timeout(60)
class JournalCommandTest {
    private static final int PATIENCE_MS = 10_000;
    private static final long IMEI = 356_307_042_441_013L;
    private static final String CONFIG = """
            data: data
            ack: persisted
            listeners:
              - { protocol: gt06, transport: tcp, address: 127.0.0.1:0 }
            policy: { version: v1 }
            streams:
              evidence:
                description: identified records, sealed
                retention: 30d
                journal: true
            journal: { key-file: elsewhere.key }
            """;

    @TempDir
    private Path directory;

    private final CommandLineHarness roadhaze = new CommandLineHarness();
    private final byte[] bytes = new byte[256];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private Path config;
    private Path data;

    @BeforeEach
    void keepAFrameOfTwoDevices() throws IOException {
        config = Files.writeString(directory.resolve("engine.yaml"), CONFIG);
        data = directory.resolve("data");
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            drive(engine, IMEI);
            drive(engine, IMEI + 1);
        }
    }

    private void drive(final Engine engine, final long imei) throws IOException {
        drive(engine, imei, 1_700_000_000_000L);
    }

    private void drive(final Engine engine, final long imei, final long fixTimeMs) throws IOException {
        try (Socket device = new Socket()) {
            device.setSoTimeout(PATIENCE_MS);
            device.connect(engine.listening().get(0).address());
            exchange(device, Gt06Encoder.login(buffer, 0, imei, 1));
            exchange(device, Gt06Encoder.location(buffer, 0, fixTimeMs, 520_000_000, 130_000_000, 50, 90, 9, 2));
        }
    }

    private void exchange(final Socket device, final int length) throws IOException {
        device.getOutputStream().write(bytes, 0, length);
        new DataInputStream(device.getInputStream()).readFully(new byte[10]);
    }

    private int read(final String... more) {
        final String[] words = new String[5 + more.length];
        System.arraycopy(
                new String[] {"journal", "read", "--stream=evidence", "--config", config.toString()}, 0, words, 0, 5);
        System.arraycopy(more, 0, words, 5, more.length);
        return roadhaze.run(words);
    }

    private int erase(final long imei) {
        return roadhaze.run("journal", "erase", "--device", Long.toString(imei), "--config", config.toString());
    }

    @Test
    void shouldPrintThePositionsOfEveryFrame() {
        assertThat(read("--json")).isEqualTo(Exit.OK);
        assertThat(roadhaze.out().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("\"protocol\":\"gt06\",\"transport\":\"tcp\",\"result\":\"ok\""))
                .allMatch(line -> line.contains("\"time\":\"2023-11-14T22:13:20Z\""))
                .allMatch(line -> line.contains("\"latitude\":52.0,\"longitude\":13.0"))
                .anyMatch(line -> line.contains("\"device\":\"" + IMEI + "\""));
        assertThat(roadhaze.err())
                .isEqualTo(
                        "2 frames read, 0 whose key is destroyed, 0 that were altered, 0 documents that are not as they"
                                + " were written\n");
        assertThat(read("--device", Long.toString(IMEI))).isEqualTo(Exit.OK);
        assertThat(roadhaze.out())
                .contains("device " + IMEI + ", protocol gt06, transport tcp, result ok")
                .doesNotContain(Long.toString(IMEI + 1));
    }

    @Test
    void shouldEraseADevice() {
        assertThat(erase(IMEI)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).isEqualTo("1 key destroyed: what was sealed under it cannot be opened any more\n");
        assertThat(erase(IMEI)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).isEqualTo("no key of this device is there: nothing to destroy\n");
        assertThat(read()).isEqualTo(Exit.OK);
        assertThat(roadhaze.out())
                .contains("its key is destroyed", Long.toString(IMEI + 1))
                .doesNotContain("device " + IMEI + ",");
        assertThat(roadhaze.err()).startsWith("1 frames read, 1 whose key is destroyed");
    }

    @Test
    void shouldNotEraseUnderARunningEngine() throws IOException {
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            assertThat(erase(IMEI)).isEqualTo(Exit.CANNOT_START);
            assertThat(roadhaze.err()).contains("is in use by another engine: stop it first", "nothing was destroyed");
            assertThat(read()).as("reading goes on beside it").isEqualTo(Exit.OK);
            assertThat(engine.failure()).isNotDone();
        }
        assertThat(roadhaze.out()).contains(Long.toString(IMEI));
    }

    @Test
    void shouldPutAJournalUnderAnotherKey() throws IOException {
        final Path other = directory.resolve("other.key");
        assertThat(rotate(other)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).startsWith("2 keys are now wrapped with the key of " + other + "\n");
        assertThat(rotate(other)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).startsWith("all keys were already wrapped");
        assertThat(read()).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("its keys are wrapped with another key-encryption key");

        Files.writeString(config, CONFIG.replace("elsewhere.key", "other.key"));
        try (Engine engine = Engine.start(EngineConfig.read(config))) {
            drive(engine, IMEI, 1_700_000_060_000L);
            assertThat(rotate(directory.resolve("third.key"))).isEqualTo(Exit.CANNOT_START);
            assertThat(roadhaze.err()).contains("is in use by another engine: stop it first", "nothing was changed");
            assertThat(directory.resolve("third.key")).doesNotExist();
        }
        assertThat(read()).isEqualTo(Exit.OK);
        assertThat(roadhaze.err()).startsWith("3 frames read, 0 whose key is destroyed");
        assertThat(erase(IMEI)).isEqualTo(Exit.OK);
        assertThat(roadhaze.out()).as("the device goes on with its key").startsWith("1 key destroyed");
    }

    @Test
    void shouldMakeNoKeyForAJournalThatItCannotOpen() throws IOException {
        final Path key = directory.resolve("elsewhere.key");
        Files.delete(key);
        KeyEncryptionKey.readOrCreate(key);
        final Path other = directory.resolve("other.key");
        assertThat(rotate(other)).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("journal.db: its keys are wrapped with another key-encryption key");
        assertThat(other).doesNotExist();
    }

    private int rotate(final Path to) {
        return roadhaze.run("journal", "rotate-key", "--to", to.toString(), "--config", config.toString());
    }

    @Test
    void shouldRefuseAWrongKey() throws IOException {
        final Path key = directory.resolve("elsewhere.key");
        Files.delete(key);
        assertThat(read()).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("elsewhere.key: there is no such key file");
        KeyEncryptionKey.readOrCreate(key);
        assertThat(read()).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("journal.db: its keys are wrapped with another key-encryption key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(read()).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("elsewhere.key: others than its owner may use");
        assertThat(roadhaze.out()).isEmpty();
    }

    @Test
    void shouldNameWhatIsWrongWithTheCommandLine() {
        assertThat(roadhaze.run("journal")).isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("journal: found no command, allowed read, erase, rotate-key");
        assertThat(roadhaze.run("journal", "read", "--stream", "all", "--data", data.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--stream: found 'all', allowed evidence");
        assertThat(roadhaze.run("journal", "erase", "--device", "x", "--config", config.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("--device: found no number");
        assertThat(roadhaze.run(
                        "journal",
                        "read",
                        "--stream",
                        "a",
                        "--data",
                        directory.resolve("no").toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("which is no directory");
    }

    @Test
    void shouldVerifyAJournalAsEveryQueue() {
        assertThat(roadhaze.run("queue", "verify", "--data", data.toString())).isEqualTo(Exit.OK);
        assertThat(roadhaze.lastLine()).startsWith("stream evidence: 1 files, ").endsWith(" 2 records, 0 faults");
    }

    @Test
    void shouldSayThatTailIsTheWrongCommand() {
        assertThat(roadhaze.run("tail", "--stream", "evidence", "--data", data.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(roadhaze.err()).contains("the stream is a journal").contains("roadhaze journal read");
    }
}
