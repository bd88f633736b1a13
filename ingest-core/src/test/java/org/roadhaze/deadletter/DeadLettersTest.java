// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.reader.DeadLetterReader;
import org.roadhaze.stream.StreamFiles;

/** R29, R30: a bounded sample of the frames that came to nothing is kept, sealed. */
class DeadLettersTest {
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final long IMEI = 356_307_042_441_013L;
    private static final List<FrameOrigin> ORIGINS = List.of(
            new FrameOrigin("teltonika", false, ZoneOffset.UTC), new FrameOrigin("gt06", false, ZoneOffset.UTC));

    @TempDir
    private Path data;

    private final List<JournalKeys> opened = new ArrayList<>();
    private KeyEncryptionKey key;
    private IOException keysFail;

    @BeforeEach
    void makeKey() throws IOException {
        Files.createDirectories(StreamFiles.keys(data));
        key = KeyEncryptionKey.readOrCreate(StreamFiles.journalKey(data));
    }

    @AfterEach
    void closeKeys() {
        CloseHelper.closeAll(opened);
    }

    private DeadLetters letters() {
        return new DeadLetters(StreamFiles.deadLetters(data), ORIGINS, Duration.ofDays(30), () -> {
            if (keysFail != null) {
                throw keysFail;
            }
            opened.add(JournalKeys.open(data, key));
            return opened.get(opened.size() - 1);
        });
    }

    private static void offer(final DeadLetters letters, final String why, final int protocol, final byte... frame) {
        letters.offer(why, protocol, IMEI, NOW_MS, new UnsafeBuffer(frame), 0, frame.length);
    }

    private List<String> read() throws IOException {
        final List<String> found = new ArrayList<>();
        try (DeadLetterReader reader = DeadLetterReader.open(data, () -> key)) {
            while (reader.next()) {
                assertThat(reader.answer()).isEqualTo(FrameOpener.Answer.OPEN);
                assertThat(reader.receivedTimeMs()).isEqualTo(NOW_MS);
                found.add(reader.why() + " " + reader.protocol() + " " + reader.deviceId() + " "
                        + Arrays.toString(reader.frame()));
            }
        }
        return found;
    }

    @Test
    void shouldKeepTheFirstTheSecondTheFourthAndTheEighthOfEachReasonAndProtocol() throws IOException {
        final DeadLetters letters = letters();
        for (byte i = 1; i <= 10; i++) {
            offer(letters, "checksum", 0, i);
        }
        offer(letters, "checksum", 1, (byte) 21);
        offer(letters, "uncuttable", 0, (byte) 31);
        letters.saveQuietly(NOW_MS);
        assertThat(read())
                .containsExactly(
                        "checksum teltonika " + IMEI + " [1]",
                        "checksum teltonika " + IMEI + " [2]",
                        "checksum teltonika " + IMEI + " [4]",
                        "checksum teltonika " + IMEI + " [8]",
                        "checksum gt06 " + IMEI + " [21]",
                        "uncuttable teltonika " + IMEI + " [31]");
        assertThat(letters.kept()).isEqualTo(6);
    }

    @Test
    void shouldKeepThemSealedAndForItsOwnerAlone() throws IOException {
        final DeadLetters letters = letters();
        final byte[] frame = ("imei:" + IMEI).getBytes(StandardCharsets.US_ASCII);
        offer(letters, "malformed", 0, frame);
        letters.saveQuietly(NOW_MS);
        final Path file = StreamFiles.deadLetters(data);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        final UnsafeBuffer number = new UnsafeBuffer(new byte[Long.BYTES]);
        number.putLong(0, IMEI);
        final String number1 = new String(number.byteArray(), StandardCharsets.ISO_8859_1);
        final String number2 = new StringBuilder(number1).reverse().toString();
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .contains("malformed")
                .doesNotContain(Long.toString(IMEI), number1, number2);
        assertThat(read()).containsExactly("malformed teltonika " + IMEI + " " + Arrays.toString(frame));
    }

    @Test
    void shouldKeepTheBeginningOfALongFrameAndSayHowLongItWas() throws IOException {
        final DeadLetters letters = letters();
        final byte[] frame = new byte[100_000];
        Arrays.fill(frame, (byte) 7);
        letters.offer("oversize", 0, ProtocolDecoder.NO_DEVICE, NOW_MS, new UnsafeBuffer(frame), 10, frame.length - 10);
        letters.saveQuietly(NOW_MS);
        try (DeadLetterReader reader = DeadLetterReader.open(data, () -> key)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.frame()).isEqualTo(Arrays.copyOf(frame, DeadLetters.MOST_BYTES));
            assertThat(reader.frameLength()).isEqualTo(frame.length - 10);
            assertThat(reader.deviceId()).isEqualTo(ProtocolDecoder.NO_DEVICE);
        }
    }

    /** What one reason has too many of makes room; what there is one of stays. */
    @Test
    void shouldStayBoundedAndForgetTheOldestOfTheCommonestReason() throws IOException {
        DeadLetters letters = letters();
        offer(letters, "rare", 0, (byte) 1);
        for (int start = 0; start < DeadLetters.MOST_LETTERS; start++) {
            offer(letters, "common", 0, (byte) (start >> 8), (byte) start);
            letters.saveQuietly(NOW_MS);
            letters = letters(); // The counts begin anew.
        }
        for (int reason = 0; reason < 1_000; reason++) {
            offer(letters, "reason " + reason, 1, (byte) 9);
        }
        letters.saveQuietly(NOW_MS);
        final List<String> found = read();
        assertThat(found).hasSize(DeadLetters.MOST_LETTERS).contains("rare teltonika " + IMEI + " [1]");
        assertThat(found).filteredOn(letter -> letter.startsWith("reason")).hasSizeLessThan(65);
        final int common = DeadLetters.MOST_LETTERS - 1;
        assertThat(found)
                .filteredOn(letter -> letter.startsWith("common"))
                .last()
                .isEqualTo("common teltonika " + IMEI + " [" + (common >> 8) + ", " + (byte) common + "]");
        assertThat(found).doesNotContain("common teltonika " + IMEI + " [0, 0]");
    }

    @Test
    void shouldGoOnWithTheLettersOfTheStartBeforeAndLetThemGoInTime() throws IOException {
        final DeadLetters first = letters();
        offer(first, "checksum", 0, (byte) 1);
        first.saveQuietly(NOW_MS);
        final DeadLetters second = letters();
        assertThat(second.kept()).isOne();
        offer(second, "checksum", 0, (byte) 2);
        second.saveQuietly(NOW_MS + DeadLetters.KEPT.toMillis());
        assertThat(read()).hasSize(2);
        second.saveQuietly(NOW_MS + DeadLetters.KEPT.toMillis() + 1);
        assertThat(read()).isEmpty();
    }

    @Test
    void shouldGiveUpAFileThatIsNotAsItWasWritten() throws IOException {
        final DeadLetters first = letters();
        offer(first, "checksum", 0, (byte) 1);
        first.saveQuietly(NOW_MS);
        final Path file = StreamFiles.deadLetters(data);
        final byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            final byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            assertThatThrownBy(() -> DeadLetterFile.read(file))
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("dead-letters: found ");
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> DeadLetterFile.read(file)).isInstanceOf(IOException.class);
        }
        final DeadLetters second = letters();
        offer(second, "checksum", 0, (byte) 2);
        second.saveQuietly(NOW_MS);
        assertThat(read()).containsExactly("checksum teltonika " + IMEI + " [2]");
    }

    @Test
    void shouldHoldNobodyUpWhenNothingCanBeSealedOrSaved() throws IOException {
        final DeadLetters letters = letters();
        keysFail = new IOException("Input/output error");
        for (int reason = 0; reason < 60; reason++) {
            offer(letters, "reason " + reason, 0, (byte) reason);
            offer(letters, "reason " + reason, 1, (byte) reason);
        }
        letters.saveQuietly(NOW_MS);
        assertThat(letters.kept()).isZero();
        keysFail = null;
        letters.saveQuietly(NOW_MS);
        assertThat(letters.kept()).as("64 waited, and one was lost").isEqualTo(63);

        final Path file = StreamFiles.deadLetters(data);
        Files.delete(file);
        Files.createDirectories(file.resolve("in-the-way"));
        offer(letters, "late", 0, (byte) 1);
        letters.saveQuietly(NOW_MS);
        Files.delete(file.resolve("in-the-way"));
        Files.delete(file);
        letters.saveQuietly(NOW_MS);
        assertThat(read()).hasSize(64).last().isEqualTo("late teltonika " + IMEI + " [1]");
    }
}
