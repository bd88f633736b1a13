// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetiredKeysTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long DAY_MS = DAY.toMillis();
    private static final long TODAY = 20_000;
    private static final long NOON = TODAY * DAY_MS + DAY_MS / 2;
    private static final long TODAYS_KEY_DIES_MS = (TODAY + 2) * DAY_MS + 1;
    private static final long DEVICE = 356307042441013L;

    @TempDir
    private Path directory;

    private KeyRing ring(final long nowMs) {
        return KeyRing.open(directory, nowMs);
    }

    private Path file(final String name) {
        return directory.resolve(name);
    }

    /** A second name for what a file holds, which stays when the first is gone. */
    private Path watch(final String name) throws IOException {
        return Files.createLink(directory.resolve("watched"), file(name));
    }

    @Test
    void shouldDestroyTheKeysOfAStreamThatIsGoneAndThenTheirFile() throws IOException {
        ring(NOON).of("old", DAY);
        final KeyRing ring = ring(NOON + 1);
        ring.of("new", DAY);
        ring.advanceTo(NOON + 1);
        final Path watched = watch("old.keys");
        ring.advanceTo(TODAYS_KEY_DIES_MS - 1);
        assertThat(file("old.keys")).exists();
        ring.advanceTo(TODAYS_KEY_DIES_MS);

        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("new.keys", "watched");
        assertThat(Files.readAllBytes(watched)).containsOnly(0);
    }

    @Test
    void shouldDestroyOnOpeningWhatNobodyAsksFor() throws IOException {
        ring(NOON).of("old", DAY);
        final Path watched = watch("old.keys");
        ring(NOON + 30 * DAY_MS);

        assertThat(file("old.keys")).doesNotExist();
        assertThat(Files.readAllBytes(watched)).containsOnly(0);
    }

    @Test
    void shouldContinueWhenTheStreamComesBackInTime() {
        final long before = ring(NOON).of("old", DAY).pseudonym(DEVICE, TODAY);
        final KeyRing without = ring(NOON + 1);
        without.advanceTo(NOON + 2);

        assertThat(without.of("old", DAY).pseudonym(DEVICE, TODAY)).isEqualTo(before);
        without.advanceTo(TODAYS_KEY_DIES_MS);
        assertThat(file("old.keys")).as("in use again").exists();
    }

    @Test
    void shouldNotWaitForEpochsThatAreDecadesAhead() {
        final KeyRing with = ring(NOON);
        with.of("old", DAY).pseudonym(DEVICE, TODAY + 9_000);
        with.advanceTo(NOON + 1_000);
        final KeyRing without = ring(NOON + 2_000);
        without.advanceTo(NOON + 2_000);
        without.advanceTo(TODAYS_KEY_DIES_MS);

        assertThat(file("old.keys")).doesNotExist();
    }

    @Test
    void shouldBeDoneWithAFileThatSomeoneDeletedByHand() throws IOException {
        ring(NOON).of("old", DAY);
        final KeyRing ring = ring(NOON + 1);
        Files.delete(file("old.keys"));
        ring.advanceTo(NOON + 1);
        ring.advanceTo(TODAYS_KEY_DIES_MS);

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldKeepTheEpochsAheadOfStreamsThatAreAskedFor() {
        final KeyRing with = ring(NOON);
        final long ahead = with.of("old", DAY).pseudonym(DEVICE, TODAY + 1);
        final KeyRing again = ring(NOON + 1);
        final EpochKeys keys = again.of("old", DAY);
        again.advanceTo(NOON + 2);

        assertThat(keys.pseudonym(DEVICE, TODAY + 1)).isEqualTo(ahead);
    }

    @Test
    void shouldOverwriteWhatACrashLeftBehind() throws IOException {
        Files.write(file("gone.keys.new"), new byte[] {1, 2, 3});
        final Path watched = watch("gone.keys.new");
        ring(NOON);

        assertThat(directory.toFile().list()).containsExactly("watched");
        assertThat(Files.readAllBytes(watched)).containsExactly(0, 0, 0);
    }

    @Test
    void shouldOverwriteWhatAFailedSaveLeftBehind() throws IOException {
        final EpochKeys keys = ring(NOON).of("s", DAY);
        Files.write(file("s.keys.new"), new byte[] {1, 2, 3});
        final Path watched = watch("s.keys.new");
        keys.advanceTo(NOON + DAY_MS);

        assertThat(file("s.keys.new")).doesNotExist();
        assertThat(Files.readAllBytes(watched)).containsExactly(0, 0, 0);
    }

    @Test
    void shouldRefuseARetiredFileThatOthersMayRead() throws IOException {
        ring(NOON).of("old", DAY);
        Files.setPosixFilePermissions(file("old.keys"), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> ring(NOON))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("others than its owner");
    }
}
