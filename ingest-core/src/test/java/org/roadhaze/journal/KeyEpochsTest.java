// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.InvalidKeyException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.stream.StreamFiles;

/** Data keys end when what is sealed under them is older than it is to be kept; and nothing is left of them in any file. */
class KeyEpochsTest {
    private static final long DEVICE = 352_093_081_234_567L;
    private static final int DEVICES = 2_000;
    private static final Duration EPOCH = Duration.ofDays(30);
    private static final int OLD = 600;

    /** The middle of an epoch, two after the old one. */
    private static final long NOW_MS = (OLD + 2) * EPOCH.toMillis() + 1_000_000_000;

    /** When the epoch after the old one is over. */
    private static final long LATER_MS = JournalKeys.endOf(OLD + 1, EPOCH);

    @TempDir
    private Path data;

    @BeforeEach
    void makeDirectory() throws IOException {
        Files.createDirectories(StreamFiles.keys(data));
    }

    private JournalKeys open() throws IOException {
        return JournalKeys.open(data, TestKey.of(1));
    }

    private KeyDatabase database() throws IOException {
        return new KeyDatabase(
                StreamFiles.journalKeys(data), false, TestKey.of(1).fingerprint());
    }

    private static DataKey key(final JournalKeys keys, final long device, final int epoch) throws IOException {
        return keys.keyOf(device, epoch, JournalKeys.endOf(epoch, EPOCH));
    }

    private static int destroyEnded(final JournalKeys keys, final long beforeMs) throws IOException {
        return keys.destroyEnded(beforeMs, NOW_MS, EPOCH);
    }

    /** Keys of the old epoch and of the one after it, in so many transactions that pages were split. */
    private List<DataKey> fill() throws IOException {
        final List<DataKey> old = new ArrayList<>();
        try (JournalKeys keys = open()) {
            for (int i = 0; i < DEVICES; i++) {
                old.add(key(keys, DEVICE + i, OLD));
                key(keys, DEVICE + i, OLD + 1);
                if (i % 100 == 99) {
                    keys.force();
                }
            }
        }
        return old;
    }

    private byte[] wrapped(final int epoch) throws IOException {
        try (KeyDatabase database = database()) {
            return database.find(TestKey.of(1).tagOf(DEVICE), epoch).wrapped();
        }
    }

    private boolean isInAnyFile(final byte[] bytes) throws IOException {
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

    @Test
    void shouldDestroyTheKeysOfEpochsThatEndedAndNoOthersWhileItGoesOn() throws Exception {
        final List<DataKey> old = fill();
        final byte[] dying = wrapped(OLD);
        final byte[] living = wrapped(OLD + 1);
        assertThat(isInAnyFile(dying)).isTrue();
        final DataKey later;
        try (JournalKeys keys = open()) {
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD, EPOCH) - 1))
                    .as("not over")
                    .isZero();
            final DataKey unsaved = key(keys, DEVICE, OLD + 2);
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD, EPOCH))).isEqualTo(DEVICES);
            assertThat(isInAnyFile(dying)).isFalse();
            assertThat(isInAnyFile(living)).isTrue();
            for (final DataKey key : old) {
                assertThat(keys.find(key.idHigh(), key.idLow())).isNull();
            }
            keys.force();
            assertThat(keys.find(unsaved.idHigh(), unsaved.idLow())).isEqualTo(unsaved);
            assertThat(Files.size(StreamFiles.keys(data).resolve("journal.db-journal")))
                    .as("what undoes the next transaction is there again")
                    .isPositive();
            later = key(keys, DEVICE + 1, OLD + 2);
            keys.force();
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD, EPOCH)))
                    .as("again")
                    .isZero();
        }
        try (JournalKeys keys = open()) {
            assertThat(key(keys, DEVICE + 1, OLD + 2)).isEqualTo(later);
        }
    }

    /** The keys are out of the table, and still in the files. */
    @Test
    void shouldGoOnAfterAKillBetweenTheSteps() throws Exception {
        fill();
        final byte[] dying = wrapped(OLD);
        try (KeyDatabase database = database()) {
            assertThat(database.deleteEnded(
                            JournalKeys.endOf(OLD, EPOCH), OLD + 2, JournalKeys.endOf(OLD + 2, EPOCH), NOW_MS))
                    .isEqualTo(DEVICES);
        }
        assertThat(isInAnyFile(dying)).as("in the file that would undo it").isTrue();
        try (JournalKeys keys = open()) {
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD, EPOCH))).isZero();
            assertThat(isInAnyFile(dying)).isFalse();
        }
    }

    /** Others seal between any two steps; were one to hold them up, it would wait for them here for ever. */
    @Test
    @Timeout(60)
    void shouldLetOthersSealWhileItDestroys() throws Exception {
        final List<DataKey> old = fill();
        final byte[] dying = wrapped(OLD);
        final List<DataKey> sealed = new ArrayList<>();
        try (JournalKeys keys = open();
                JournalKeys reader = JournalKeys.openExisting(data, TestKey.of(1))) {
            final DataKey extended = key(keys, DEVICE, OLD + 1);
            assertThat(reader.find(old.get(0).idHigh(), old.get(0).idLow())).isEqualTo(old.get(0));
            assertThat(keys.destroyEnded(
                            JournalKeys.endOf(OLD, EPOCH),
                            NOW_MS,
                            EPOCH,
                            () -> sealed.add(CompletableFuture.supplyAsync(() -> newKeyOnTheDisk(keys, sealed.size()))
                                    .join())))
                    .isEqualTo(DEVICES);
            assertThat(sealed)
                    .as("steps that delete, steps that copy, and one before the old file is overwritten")
                    .hasSizeGreaterThan(2 * DEVICES / KeyStoreCopy.KEYS_AT_A_TIME);
            assertThat(isInAnyFile(dying)).isFalse();
            for (final JournalKeys each : List.of(keys, reader)) {
                for (final DataKey key : sealed) {
                    assertThat(each.find(key.idHigh(), key.idLow())).isEqualTo(key);
                }
                assertThat(each.find(extended.idHigh(), extended.idLow())).isEqualTo(extended);
                assertThat(each.find(old.get(0).idHigh(), old.get(0).idLow())).isNull();
            }
            assertThat(destroyEnded(keys, LATER_MS))
                    .as("but the one that was extended")
                    .isEqualTo(DEVICES - 1);
        }
        try (JournalKeys keys = open()) {
            for (final DataKey key : sealed) {
                assertThat(keys.find(key.idHigh(), key.idLow())).isEqualTo(key);
            }
        }
    }

    /** Of a device of its own, and another time to a key that may have been copied already. */
    private static DataKey newKeyOnTheDisk(final JournalKeys keys, final int number) {
        try {
            final DataKey made = key(keys, DEVICE + 10 * DEVICES + number, OLD + 2);
            keys.keyOf(DEVICE, OLD + 1, LATER_MS + 1 + number);
            keys.force();
            return made;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a kill left of a new file is not gone on with, and does not stay. */
    @Test
    void shouldDestroyANewFileThatAKillLeftUnfinished() throws Exception {
        fill();
        final byte[] living = wrapped(OLD + 1);
        final Path unfinished = StreamFiles.keys(data).resolve("journal.db.unfinished");
        try (KeyDatabase database = database()) {
            database.deleteEnded(JournalKeys.endOf(OLD, EPOCH), OLD + 2, JournalKeys.endOf(OLD + 2, EPOCH), NOW_MS);
            assertThat(database.beginScrub()).isTrue();
            assertThat(database.scrubSome()).isTrue();
            assertThat(unfinished).isNotEmptyFile();
        }
        try (JournalKeys keys = open()) {
            assertThat(unfinished).doesNotExist();
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD, EPOCH))).isZero();
        }
        assertThat(unfinished).doesNotExist();
        assertThat(wrapped(OLD + 1)).isEqualTo(living);
    }

    /** What SQLite says of a disk that is full or read only: a statement fails, the connection goes on. */
    @Test
    void shouldWriteAnewAfterAFailureInWhichTheNewFileCouldNotBeWritten() throws Exception {
        fill();
        final Path store = StreamFiles.journalKeys(data);
        try (Connection connection = KeyTables.open(store, false);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma query_only = on");
            assertThatThrownBy(() -> new KeyStoreCopy(connection, store)).isInstanceOf(SQLException.class);
            statement.execute("pragma query_only = off");
            final KeyStoreCopy copy = new KeyStoreCopy(connection, store);
            assertThat(copy.copySome()).isTrue();
        }
        KeyStoreCopy.removeUnfinished(store);
    }

    /** As when an epoch begins, for all devices: they are copied in steps, too, between which others seal. */
    @Test
    @Timeout(60)
    void shouldCopyInStepsHoweverManyKeysAreNewMeanwhile() throws Exception {
        fill();
        final int devices = 20 * KeyStoreCopy.KEYS_AT_A_TIME;
        final int deletes = DEVICES / KeyEpochs.KEYS_AT_A_TIME + 1;
        final List<DataKey> made = new ArrayList<>();
        final int[] steps = {0};
        try (JournalKeys keys = open()) {
            keys.destroyEnded(JournalKeys.endOf(OLD, EPOCH), NOW_MS, EPOCH, () -> {
                steps[0]++;
                // After the first step of the copy: of the numbers, which are random, half were passed.
                if (steps[0] == deletes + 1) {
                    made.addAll(newKeysOnTheDisk(keys, devices));
                }
            });
            assertThat(made).hasSize(devices);
            assertThat(steps[0])
                    .as("steps for them in their order, and steps for those that were changed")
                    .isGreaterThan(deletes + devices / KeyStoreCopy.KEYS_AT_A_TIME);
            for (final DataKey key : made) {
                assertThat(keys.find(key.idHigh(), key.idLow())).isEqualTo(key);
            }
        }
    }

    private static List<DataKey> newKeysOnTheDisk(final JournalKeys keys, final int devices) {
        try {
            final List<DataKey> made = new ArrayList<>();
            for (int i = 0; i < devices; i++) {
                made.add(key(keys, DEVICE + 10 * DEVICES + i, OLD + 2));
            }
            keys.force();
            return made;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The old file is whole until it is overwritten, and knows nothing of what comes meanwhile. */
    @Test
    void shouldLetAReaderFindWhatIsSealedOnceTheFileWasReplaced() throws Exception {
        final List<DataKey> old = fill();
        final Path store = StreamFiles.journalKeys(data);
        final Object before =
                Files.readAttributes(store, BasicFileAttributes.class).fileKey();
        final List<DataKey> found = new ArrayList<>();
        try (JournalKeys keys = open();
                JournalKeys reader = JournalKeys.openExisting(data, TestKey.of(1))) {
            assertThat(reader.find(old.get(0).idHigh(), old.get(0).idLow())).isEqualTo(old.get(0));
            keys.destroyEnded(JournalKeys.endOf(OLD, EPOCH), NOW_MS, EPOCH, () -> {
                try {
                    if (!before.equals(Files.readAttributes(store, BasicFileAttributes.class)
                            .fileKey())) {
                        final DataKey made = newKeyOnTheDisk(keys, found.size());
                        assertThat(reader.find(made.idHigh(), made.idLow())).isEqualTo(made);
                        assertThat(reader.find(1, 2)).as("nobody's").isNull();
                        found.add(made);
                    }
                } catch (final IOException | InvalidKeyException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(found).as("before the old file was overwritten").isNotEmpty();
    }

    @Test
    void shouldDestroyManyAFewThousandAtATime() throws Exception {
        final int devices = 2 * KeyEpochs.KEYS_AT_A_TIME + 1;
        try (JournalKeys keys = open()) {
            for (int i = 0; i < devices; i++) {
                key(keys, DEVICE + i, OLD);
            }
            key(keys, DEVICE, OLD + 1);
            keys.force();
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD, EPOCH))).isEqualTo(devices);
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD + 1, EPOCH))).isEqualTo(1);
        }
    }

    /** Where epochs got another length, an old number comes back, and with it its key. */
    @Test
    void shouldKeepAKeyThatIsUsedAgainForAsLongAsThat() throws Exception {
        final long laterMs = JournalKeys.endOf(OLD, EPOCH) + 1_000;
        try (JournalKeys keys = open()) {
            final DataKey key = key(keys, DEVICE, OLD);
            keys.force();
            assertThat(keys.keyOf(DEVICE, OLD, laterMs)).isEqualTo(key);
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD, EPOCH))).isZero();
            assertThat(destroyEnded(keys, laterMs)).isEqualTo(1);
        }
    }

    /** A store of before says no ends: what is not of this epoch was sealed before now. */
    @Test
    void shouldDateTheKeysOfAStoreFromBefore() throws Exception {
        try (JournalKeys keys = open()) {
            key(keys, DEVICE, 500_000); // Of epochs of an hour.
            key(keys, DEVICE, OLD);
            key(keys, DEVICE, OLD + 2);
            keys.force();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + StreamFiles.journalKeys(data));
                Statement statement = connection.createStatement()) {
            statement.execute("drop index data_key_until");
            statement.execute("alter table data_key drop column until_ms");
        }
        try (JournalKeys reader = JournalKeys.openExisting(data, TestKey.of(1))) {
            assertThat(reader.find(1, 2)).isNull();
        }
        try (JournalKeys keys = open()) {
            assertThat(destroyEnded(keys, NOW_MS - 1)).isZero();
            assertThat(destroyEnded(keys, NOW_MS)).as("of epochs that are over").isEqualTo(2);
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD + 2, EPOCH) - 1))
                    .isZero();
            assertThat(destroyEnded(keys, JournalKeys.endOf(OLD + 2, EPOCH))).isEqualTo(1);
        }
    }
}
