// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.stream.StreamFiles;

/** All data keys are wrapped with one key-encryption key or with the other, whenever it ends. */
class KeyRotationTest {
    private static final long DEVICE = 352_093_081_234_567L;
    private static final long UNTIL_MS = 1_800_000_000_000L;
    private static final int DEVICES = 2_500;

    @TempDir
    private Path data;

    @TempDir
    private Path copies;

    private final List<DataKey> before = new ArrayList<>();

    @BeforeEach
    void keepKeysOfManyDevices() throws IOException {
        Files.createDirectories(StreamFiles.keys(data));
        try (JournalKeys keys = JournalKeys.open(data, TestKey.of(1))) {
            for (int i = 0; i < DEVICES; i++) {
                before.add(keys.keyOf(DEVICE + i, 5, UNTIL_MS));
            }
            keys.force();
        }
    }

    @Test
    void shouldLetTheOtherKeyOpenWhatTheOneCouldAndTheOneNothing() throws Exception {
        assertThat(KeyRotation.rotate(data, TestKey.base64(1), TestKey.of(2))).isEqualTo(DEVICES);
        assertSameKeys(data, TestKey.of(2));
        assertRefused(data, TestKey.of(1));
    }

    @Test
    void shouldLeaveNothingThatTheOneCouldOpen() throws Exception {
        final byte[] wrapped = wrapped(TestKey.of(1), DEVICE);
        assertThat(isFound(wrapped)).as("while it is the store's").isTrue();
        KeyRotation.rotate(data, TestKey.base64(1), TestKey.of(2));
        assertThat(isFound(wrapped)).isFalse();
    }

    /** Each time from the key of the time before, and the third time back to the first. */
    @Test
    void shouldKnowDevicesByTheirKeysThroughManyRotations() throws Exception {
        final int[] way = {1, 2, 3, 1, 4};
        for (int i = 1; i < way.length; i++) {
            assertThat(KeyRotation.rotate(data, TestKey.base64(way[i - 1]), TestKey.of(way[i])))
                    .isEqualTo(DEVICES);
            assertSameKeys(data, TestKey.of(way[i]));
        }
        assertThat(JournalKeys.open(data, TestKey.of(4)).destroy(DEVICE))
                .as("erasure finds it")
                .isEqualTo(1);
        try (JournalKeys keys = JournalKeys.open(data, TestKey.of(4))) {
            assertThat(keys.keyOf(DEVICE, 5, UNTIL_MS)).isNotEqualTo(before.get(0));
        }
    }

    @Test
    void shouldSayThatItWasDoneBefore() throws Exception {
        KeyRotation.rotate(data, TestKey.base64(1), TestKey.of(2));
        assertThat(KeyRotation.rotate(data, TestKey.base64(1), TestKey.of(2))).isEqualTo(KeyRotation.DONE_BEFORE);
        assertThat(KeyRotation.rotate(data, TestKey.base64(2), TestKey.of(2))).isEqualTo(KeyRotation.DONE_BEFORE);
        assertSameKeys(data, TestKey.of(2));
    }

    @Test
    void shouldRefuseAStoreOfNeitherKey() {
        assertThatThrownBy(() -> KeyRotation.rotate(data, TestKey.base64(2), TestKey.of(3)))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("wrapped with another key-encryption key");
    }

    /** What a kill leaves at many a moment is opened by the key of before, and can be done again. */
    @Test
    void shouldBeUndoneByAKillInTheMiddle() throws Exception {
        final List<Path> left = new ArrayList<>();
        final int[] count = {0};
        KeyRotation.rotate(data, TestKey.base64(1), TestKey.of(2), wrapped -> {
            if (count[0]++ % 500 == 499) {
                left.add(copy("copy" + count[0]));
            }
        });
        assertThat(left).hasSize(DEVICES / 500);
        for (final Path copy : left) {
            assertRefused(copy, TestKey.of(2));
            assertSameKeys(copy, TestKey.of(1));
            assertThat(KeyRotation.rotate(copy, TestKey.base64(1), TestKey.of(2)))
                    .isEqualTo(DEVICES);
            assertSameKeys(copy, TestKey.of(2));
        }
    }

    @Test
    void shouldLeaveTheStoreAsItWasWhenAKeyWasAltered() throws Exception {
        final int[] count = {0};
        assertThatThrownBy(() -> KeyRotation.rotate(data, TestKey.base64(1), TestKey.of(2), wrapped -> {
                    if (++count[0] == DEVICES - 1) {
                        wrapped[0] ^= 1;
                    }
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("altered");
        assertSameKeys(data, TestKey.of(1));
        assertRefused(data, TestKey.of(2));
    }

    private void assertSameKeys(final Path store, final KeyEncryptionKey key) throws Exception {
        try (JournalKeys keys = JournalKeys.openExisting(store, key)) {
            for (int i = 0; i < DEVICES; i++) {
                assertThat(keys.keyOf(DEVICE + i, 5, UNTIL_MS)).isEqualTo(before.get(i));
            }
            final DataKey last = before.get(DEVICES - 1);
            assertThat(keys.find(last.idHigh(), last.idLow())).isEqualTo(last);
        }
    }

    private static void assertRefused(final Path store, final KeyEncryptionKey key) {
        assertThatThrownBy(() -> JournalKeys.openExisting(store, key)).isInstanceOf(KeyFileException.class);
    }

    private byte[] wrapped(final KeyEncryptionKey key, final long device) throws IOException {
        try (KeyDatabase database = new KeyDatabase(StreamFiles.journalKeys(data), false, key.fingerprint())) {
            return database.find(key.tagOf(device), 5).wrapped();
        }
    }

    private boolean isFound(final byte[] bytes) throws IOException {
        final String needle = new String(bytes, StandardCharsets.ISO_8859_1);
        try (Stream<Path> files = Files.list(StreamFiles.keys(data))) {
            for (final Path file : files.toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(needle)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Path copy(final String name) throws IOException {
        final Path copy = copies.resolve(name);
        Files.createDirectories(StreamFiles.keys(copy));
        try (Stream<Path> files = Files.list(StreamFiles.keys(data))) {
            for (final Path file : files.toList()) {
                Files.copy(file, StreamFiles.keys(copy).resolve(file.getFileName()));
            }
        }
        return copy;
    }
}
