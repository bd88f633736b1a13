// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.config.ConfigException;
import org.roadhaze.journal.FrameOpener.Answer;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.Gt06Encoder;
import org.roadhaze.reader.JournalReader;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.stream.StreamFiles;

/** What a journal keeps of what comes over a socket, and what becomes of it. */
@Timeout(120)
class JournalTest {
    private static final int PATIENCE_MS = 10_000;
    private static final long IMEI = 356_307_042_441_013L;
    private static final long FIX_TIME_MS = 1_700_000_000_000L;
    private static final String LOCATION_WITHOUT_CONTENT = "787805120001b32d0d0a";

    /** The time of the frames is eight hours ahead of UTC: only who knows the listener's zone decodes them right. */
    private static final String CONFIG = """
            data: data
            ack: %s
            engine: { workers: %d }
            listeners:
              - { protocol: gt06, transport: tcp, address: 127.0.0.1:0, time-zone: +08:00 }
            policy: { version: test }
            streams:
              evidence:
                retention: 30d
                journal: true
              all:
                retention: 1d
                identity: none
                location: [ exact ]
                time: exact
            """;

    private final byte[] bytes = new byte[1024];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    @TempDir
    private Path directory;

    private Engine start(final String ack, final int workers) throws IOException {
        final Path file = Files.writeString(directory.resolve("engine.yaml"), CONFIG.formatted(ack, workers));
        return Engine.start(EngineConfig.read(file));
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** A login, a heartbeat, a frame that nobody can read and two with a position: all of them are acknowledged. */
    private void drive(final Engine engine, final long imei) throws IOException {
        try (Socket device = new Socket()) {
            device.setSoTimeout(PATIENCE_MS);
            device.connect(engine.listening().get(0).address());
            exchange(device, Gt06Encoder.login(buffer, 0, imei, 1));
            final byte[] unreadable = HexFormat.of().parseHex(LOCATION_WITHOUT_CONTENT);
            buffer.putBytes(0, unreadable);
            exchange(device, unreadable.length);
            for (int i = 0; i < 2; i++) {
                exchange(
                        device,
                        Gt06Encoder.location(
                                buffer, 0, FIX_TIME_MS + 1000L * i, 520_000_000, 130_000_000, 50, 90, 9, 2 + i));
            }
        }
    }

    private void exchange(final Socket device, final int length) throws IOException {
        device.getOutputStream().write(bytes, 0, length);
        new DataInputStream(device.getInputStream()).readFully(new byte[10]);
    }

    private JournalReader open() throws IOException {
        return JournalReader.open(data(), "evidence", KeyEncryptionKey.read(StreamFiles.journalKey(data())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"synced", "persisted"})
    void shouldKeepEveryFrameThatIsAcknowledgedAndIsMoreThanASignOfLife(final String ack) throws IOException {
        try (Engine engine = start(ack, 1)) {
            drive(engine, IMEI);
            assertThat(engine.snapshot().streams().get("evidence").published()).isEqualTo(3);
            assertThat(engine.snapshot().streams().get("all").published()).isEqualTo(2);
        }
        final List<Integer> positions = new ArrayList<>();
        final List<Long> times = new ArrayList<>();
        final PositionBatch batch = new PositionBatch();
        try (JournalReader reader = open()) {
            while (reader.next()) {
                assertThat(reader.answer()).isEqualTo(Answer.OPEN);
                assertThat(reader.deviceId()).isEqualTo(IMEI);
                reader.decode(batch);
                positions.add(batch.size());
                for (int i = 0; i < batch.size(); i++) {
                    times.add(batch.get(i).fixTimeMs());
                }
            }
        }
        assertThat(positions).containsExactly(0, 1, 1);
        assertThat(times).isEqualTo(published());
    }

    private List<Long> published() {
        final List<Long> times = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data(), "all")) {
            while (reader.next()) {
                times.add(reader.timeMs());
            }
        }
        return times;
    }

    @Test
    void shouldNeverUseANonceTwiceOverManyStartsAndWorkers() throws IOException {
        for (int start = 0; start < 5; start++) {
            try (Engine engine = start("persisted", 2)) {
                for (int device = 0; device < 3; device++) {
                    drive(engine, IMEI + 3L * start + device);
                }
            }
        }
        final Set<String> nonces = new HashSet<>();
        int frames = 0;
        try (JournalReader reader = open()) {
            while (reader.next()) {
                nonces.add(reader.nonce());
                frames++;
            }
        }
        assertThat(frames).isEqualTo(5 * 3 * 3);
        assertThat(nonces).hasSize(frames);
    }

    @Test
    void shouldEraseADeviceAndOnlyWithoutAnEngine() throws IOException {
        final KeyEncryptionKey key;
        try (Engine engine = start("persisted", 1)) {
            drive(engine, IMEI);
            drive(engine, IMEI + 1);
            key = KeyEncryptionKey.read(StreamFiles.journalKey(data()));
            assertThatThrownBy(() -> JournalErasure.erase(data(), key, IMEI))
                    .isInstanceOf(DirectoryInUseException.class);
            try (JournalReader reader = open()) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.answer()).as("beside an engine").isEqualTo(Answer.OPEN);
            }
        }
        assertThat(JournalErasure.erase(data(), key, IMEI)).isEqualTo(1);
        final List<Answer> answers = new ArrayList<>();
        try (JournalReader reader = open()) {
            while (reader.next()) {
                answers.add(reader.answer());
            }
        }
        assertThat(answers.subList(0, 3)).containsOnly(Answer.KEY_DESTROYED);
        assertThat(answers.subList(3, 6)).containsOnly(Answer.OPEN);
        try (Engine engine = start("persisted", 1)) {
            drive(engine, IMEI);
        }
        try (JournalReader reader = open()) {
            Answer last = null;
            while (reader.next()) {
                last = reader.answer();
            }
            assertThat(last).as("the device comes back, under a new key").isEqualTo(Answer.OPEN);
        }
    }

    @Test
    void shouldNotStartWithoutTheKeyOfItsJournal() throws IOException {
        start("persisted", 1).close();
        Files.delete(StreamFiles.journalKey(data()));
        assertThatThrownBy(() -> start("persisted", 1))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("there is no such key file");
        KeyEncryptionKey.readOrCreate(StreamFiles.journalKey(data()));
        assertThatThrownBy(() -> start("persisted", 1))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("wrapped with another key-encryption key");
    }

    @Test
    void shouldRefuseTheKeysOfAJournalWithoutOne() throws IOException {
        final String without =
                CONFIG.formatted("persisted", 1).replace("  evidence:\n    retention: 30d\n    journal: true\n", "");
        final Path file = directory.resolve("engine.yaml");
        Files.writeString(file, without + "journal: { key-epoch: 1d }\n");
        assertThatThrownBy(() -> EngineConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("journal: found keys of a journal, and no stream with journal: true");
        Files.writeString(file, CONFIG.formatted("persisted", 1) + "journal: { key-epoch: 1s, key-file: my.key }\n");
        assertThatThrownBy(() -> EngineConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("journal.key-epoch: found 1s, allowed 1h to 3650d");
    }
}
