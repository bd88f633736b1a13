// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.anonymizer.key.RandomBytes;
import org.roadhaze.journal.FrameOpener.Answer;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.protocol.TeltonikaEncoder;
import org.roadhaze.stream.QueueVerifier;
import org.roadhaze.stream.StreamFiles;
import org.roadhaze.stream.StreamWriter;

class JournalReaderTest {
    private static final long DEVICE = 352_093_081_234_567L;
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final String STREAM = "evidence";

    @TempDir
    Path data;

    private final KeyEncryptionKey key = newKey();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[1024]);
    private final UnsafeBuffer sealed = new UnsafeBuffer(new byte[2048]);

    private static KeyEncryptionKey newKey() {
        return KeyEncryptionKey.parse("test", Base64.getEncoder().encodeToString(RandomBytes.next(32)));
    }

    @BeforeEach
    void makeDirectory() throws IOException {
        Files.createDirectories(StreamFiles.keys(data));
    }

    private int encode(final int device) {
        final TeltonikaEncoder encoder = new TeltonikaEncoder();
        encoder.begin(frame, 0, TeltonikaEncoder.CODEC_8)
                .record(NOW_MS + device, 520_000_000, 130_000_000, 30, 90, 9, 50);
        return encoder.end();
    }

    /** Seals a frame of each of so many new devices, all in one document; alters one byte of the last on request. */
    private long write(final int devices, final boolean isAltered) throws IOException {
        try (JournalKeys keys = JournalKeys.open(data, key);
                StreamWriter writer = StreamWriter.ofJournal(data, STREAM, "v1", 42, SystemEpochClock.INSTANCE, keys)) {
            final FrameSealer sealer = new FrameSealer(
                    keys, Duration.ofDays(30), List.of(new FrameOrigin("teltonika", false, ZoneOffset.UTC)), devices);
            for (int device = 0; device < devices; device++) {
                final int length = encode(device);
                sealer.seal(DEVICE + device, NOW_MS, 0, frame, length, sealed, 0);
                final int sealedLength = sealer.sealedLength(0, length);
                if (isAltered && device == devices - 1) {
                    sealed.putByte(sealedLength - 1, (byte) ~sealed.getByte(sealedLength - 1));
                }
                writer.append(sealed, 0, sealedLength, 1);
            }
            writer.flush();
            return keys.transactions();
        }
    }

    private List<Answer> answers() throws IOException {
        final List<Answer> answers = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(data, STREAM, key)) {
            while (reader.next()) {
                answers.add(reader.answer());
            }
        }
        return answers;
    }

    @Test
    void shouldReadWhatWasReceivedAndDecodeItAgain() throws IOException {
        final int devices = 1_000;
        assertThat(write(devices, false)).as("transactions of the key store").isEqualTo(1);
        final PositionBatch batch = new PositionBatch();
        final Set<String> nonces = new HashSet<>();
        try (JournalReader reader = JournalReader.open(data, STREAM, key)) {
            for (int device = 0; device < devices; device++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.answer()).isEqualTo(Answer.OPEN);
                assertThat(reader.deviceId()).isEqualTo(DEVICE + device);
                assertThat(reader.receivedTimeMs()).isEqualTo(NOW_MS);
                assertThat(reader.protocol()).isEqualTo("teltonika");
                assertThat(reader.isDatagram()).isFalse();
                assertThat(reader.policyVersion()).isEqualTo("v1");
                final byte[] expected = new byte[encode(device)];
                frame.getBytes(0, expected);
                assertThat(reader.frame()).isEqualTo(expected);
                assertThat(reader.decode(batch)).isEqualTo(FrameResult.POSITIONS);
                assertThat(batch.get(0).fixTimeMs()).isEqualTo(NOW_MS + device);
                assertThat(batch.get(0).deviceId()).isEqualTo(DEVICE + device);
                nonces.add(reader.nonce());
            }
            assertThat(reader.next()).isFalse();
            assertThat(reader.unreadableDocuments()).isZero();
        }
        assertThat(nonces).hasSize(devices);
        final QueueVerifier verifier = new QueueVerifier().verify(StreamFiles.queue(data, STREAM));
        assertThat(verifier.faults()).isEmpty();
        assertThat(verifier.records()).isEqualTo(devices);
    }

    @Test
    void shouldGiveThreeAnswers() throws IOException {
        write(3, true);
        assertThat(answers()).containsExactly(Answer.OPEN, Answer.OPEN, Answer.TAMPERED);
        try (JournalKeys keys = JournalKeys.open(data, key)) {
            assertThat(keys.destroy(DEVICE)).isEqualTo(1);
        }
        assertThat(answers()).containsExactly(Answer.KEY_DESTROYED, Answer.OPEN, Answer.TAMPERED);
        assertThatThrownBy(() -> JournalReader.open(data, STREAM, newKey()))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("wrapped with another key-encryption key");
        try (JournalReader reader = JournalReader.open(data, STREAM, key)) {
            assertThat(reader.next()).isTrue();
            assertThatThrownBy(reader::deviceId)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("KEY_DESTROYED");
            assertThatThrownBy(reader::frame).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void shouldSayThatAReaderOfRecordsIsTheWrongOne() throws IOException {
        write(1, false);
        try (StreamReader reader = StreamReader.open(data, STREAM)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(JournalStreamException.class)
                    .hasMessageContaining("roadhaze journal read");
        }
    }

    @Test
    void shouldReadASecondStartBehindTheFirst() throws IOException {
        write(2, false);
        write(2, false);
        assertThat(answers()).hasSize(4).containsOnly(Answer.OPEN);
    }
}
