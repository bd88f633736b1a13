// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.stream.StreamFiles;

class JournalKeysTest {
    private static final long DEVICE = 352_093_081_234_567L;
    private static final long UNTIL_MS = 1_800_000_000_000L;

    @TempDir
    Path data;

    @BeforeEach
    void makeDirectory() throws IOException {
        Files.createDirectories(StreamFiles.keys(data));
    }

    private JournalKeys open() throws IOException {
        return JournalKeys.open(data, TestKey.of(1));
    }

    @Test
    void shouldRemoveTheLibraryThatAKilledEngineLeftAndNothingElse() throws IOException {
        final Path natives = Files.createDirectory(StreamFiles.nativeLibraries(data));
        final Path left = Files.createFile(natives.resolve("sqlite-3.0.0-left-libsqlitejdbc.so"));
        final Path lock = Files.createFile(natives.resolve("sqlite-3.0.0-left-libsqlitejdbc.so.lck"));
        final Path other = Files.createFile(natives.resolve("README"));
        open().close();

        assertThat(left).doesNotExist();
        assertThat(lock).doesNotExist();
        assertThat(other).exists();
    }

    /** A disk that is full, say: there is another place. */
    @Test
    void shouldOpenWhereNothingCanBeUnpacked() throws IOException {
        Files.createFile(StreamFiles.nativeLibraries(data)); // No directory.
        try (JournalKeys keys = open()) {
            assertThat(keys.keyOf(DEVICE, 5, UNTIL_MS)).isNotNull();
        }
    }

    @Test
    void shouldKeepWhatWasForcedAndNothingElse() throws Exception {
        final DataKey forced;
        final DataKey lost;
        try (JournalKeys keys = open()) {
            forced = keys.keyOf(DEVICE, 5, UNTIL_MS);
            keys.force();
            lost = keys.keyOf(DEVICE + 1, 5, UNTIL_MS);
            assertThat(keys.keyOf(DEVICE, 5, UNTIL_MS)).isEqualTo(forced);
            assertThat(keys.keyOf(DEVICE + 1, 5, UNTIL_MS)).isEqualTo(lost);
            assertThat(keys.keyOf(DEVICE, 6, UNTIL_MS)).isNotEqualTo(forced);
        }
        try (JournalKeys keys = open()) {
            assertThat(keys.keyOf(DEVICE, 5, UNTIL_MS)).isEqualTo(forced);
            assertThat(keys.find(forced.idHigh(), forced.idLow())).isEqualTo(forced);
            assertThat(keys.find(lost.idHigh(), lost.idLow())).isNull();
            assertThat(keys.keyOf(DEVICE + 1, 5, UNTIL_MS)).isNotEqualTo(lost);
        }
    }

    @Test
    void shouldForceTheKeysOfManyNewDevicesInOneTransaction() throws Exception {
        try (JournalKeys keys = open()) {
            for (int i = 0; i < 10_000; i++) {
                keys.keyOf(DEVICE + i, 0, UNTIL_MS);
            }
            keys.force();
            keys.force();
            assertThat(keys.transactions()).isEqualTo(1);
        }
        try (JournalKeys keys = open()) {
            final DataKey last = keys.keyOf(DEVICE + 9_999, 0, UNTIL_MS);
            assertThat(keys.find(last.idHigh(), last.idLow())).isEqualTo(last);
        }
    }

    @Test
    void shouldNeverGiveANonceTwice() throws Exception {
        final Set<String> seen = new HashSet<>();
        for (int start = 0; start < 100; start++) {
            try (JournalKeys keys = open()) {
                for (int worker = 0; worker < 2; worker++) {
                    final Nonces nonces = keys.nonces();
                    for (int frame = 0; frame < 10; frame++) {
                        nonces.advance();
                        assertThat(seen.add(nonces.start() + ":" + nonces.count()))
                                .as("new")
                                .isTrue();
                    }
                }
            }
        }
        assertThat(seen).hasSize(2_000);
    }

    @Test
    void shouldRefuseAnotherKeyEncryptionKey() throws Exception {
        open().close();
        assertThatThrownBy(() -> JournalKeys.open(data, TestKey.of(2)))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("journal.db: its keys are wrapped with another key-encryption key");
    }

    @Test
    void shouldRefuseToReadAStoreThatIsNotThere() {
        assertThatThrownBy(() -> JournalKeys.openExisting(data, TestKey.of(1)))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("there is no such key store");
        assertThat(StreamFiles.journalKeys(data)).doesNotExist();
    }

    @Test
    void shouldLetAReaderInWhileAnEngineWrites() throws Exception {
        try (JournalKeys engine = open();
                JournalKeys reader = JournalKeys.openExisting(data, TestKey.of(1))) {
            final DataKey key = engine.keyOf(DEVICE, 0, UNTIL_MS);
            assertThat(reader.find(key.idHigh(), key.idLow())).isNull();
            engine.force();
            assertThat(reader.find(key.idHigh(), key.idLow())).isEqualTo(key);
        }
    }

    @Test
    void shouldKeepTheStoreForItsOwnerAndNoDeviceInTheClear() throws Exception {
        try (JournalKeys keys = open()) {
            keys.keyOf(DEVICE, 0, UNTIL_MS);
            keys.force();
        }
        assertThat(files())
                .as("the store, and what undoes its last transaction")
                .hasSize(2);
        for (final Path file : files()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(Long.toString(DEVICE));
        }
        assertThat(find(ByteBuffer.allocate(8).putLong(DEVICE).array())).isEmpty();
    }

    /** Of so many devices that pages were split, and copies left behind in them. */
    @Test
    void shouldLeaveNoByteOfADestroyedKey() throws Exception {
        final int devices = 3_000;
        final List<byte[]> wrapped = new ArrayList<>();
        final List<DataKey> destroyed = new ArrayList<>();
        try (JournalKeys keys = open()) {
            for (int i = 0; i < devices; i++) {
                keys.keyOf(DEVICE + i, 0, UNTIL_MS);
                if (i % 100 == 0) {
                    keys.force();
                }
            }
            keys.keyOf(DEVICE, 1, UNTIL_MS);
            keys.force();
        }
        try (KeyDatabase database = new KeyDatabase(
                StreamFiles.journalKeys(data), false, TestKey.of(1).fingerprint())) {
            wrapped.add(database.find(TestKey.of(1).tagOf(DEVICE), 0).wrapped());
            wrapped.add(database.find(TestKey.of(1).tagOf(DEVICE), 1).wrapped());
        }
        for (final byte[] key : wrapped) {
            assertThat(find(key)).as("is found while it lives").isNotEmpty();
        }
        try (JournalKeys keys = open()) {
            destroyed.add(keys.keyOf(DEVICE, 0, UNTIL_MS));
            destroyed.add(keys.keyOf(DEVICE, 1, UNTIL_MS));
        }
        assertThat(open().destroy(DEVICE)).isEqualTo(2);
        assertThat(open().destroy(DEVICE)).isZero();
        for (final byte[] key : wrapped) {
            assertThat(find(key)).isEmpty();
        }
        try (JournalKeys keys = open()) {
            for (final DataKey key : destroyed) {
                assertThat(keys.find(key.idHigh(), key.idLow())).isNull();
            }
            assertThat(keys.keyOf(DEVICE, 0, UNTIL_MS)).isNotEqualTo(destroyed.get(0));
            final DataKey other = keys.keyOf(DEVICE + 1, 0, UNTIL_MS);
            assertThat(keys.find(other.idHigh(), other.idLow()))
                    .as("those of others stay")
                    .isEqualTo(other);
        }
    }

    @Test
    void shouldTellAKeyThatWasAltered() throws Exception {
        final DataKey key;
        try (JournalKeys keys = open()) {
            key = keys.keyOf(DEVICE, 0, UNTIL_MS);
            keys.force();
        }
        final byte[] wrapped;
        try (KeyDatabase database = new KeyDatabase(
                StreamFiles.journalKeys(data), false, TestKey.of(1).fingerprint())) {
            wrapped = database.find(TestKey.of(1).tagOf(DEVICE), 0).wrapped();
        }
        final Path store = StreamFiles.journalKeys(data);
        final byte[] content = Files.readAllBytes(store);
        for (int at = 0; at + wrapped.length <= content.length; at++) {
            if (Arrays.equals(content, at, at + wrapped.length, wrapped, 0, wrapped.length)) {
                content[at] ^= 1;
            }
        }
        Files.write(store, content);
        try (JournalKeys keys = open()) {
            assertThatThrownBy(() -> keys.find(key.idHigh(), key.idLow())).isInstanceOf(InvalidKeyException.class);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(StreamFiles.keys(data))) {
            return files.toList();
        }
    }

    /** The files of the key directory in which some bytes are. */
    private List<Path> find(final byte[] bytes) throws IOException {
        final List<Path> found = new ArrayList<>();
        final String needle = new String(bytes, StandardCharsets.ISO_8859_1);
        for (final Path file : files()) {
            if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(needle)) {
                found.add(file);
            }
        }
        return found;
    }
}
