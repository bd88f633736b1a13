// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochKeysTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long DAY_MS = DAY.toMillis();
    private static final long TODAY = 20_000;
    private static final long NOON = TODAY * DAY_MS + DAY_MS / 2;
    private static final long DEVICE = 356307042441013L;

    @TempDir
    private Path directory;

    private final List<byte[]> made = new ArrayList<>();
    private final Random random = new Random(7);

    private EpochKeys open(final long nowMs) {
        return new EpochKeys(DAY, DAY, new KeyFile(file()), this::fill, nowMs);
    }

    private Path file() {
        return directory.resolve("traffic.keys");
    }

    private void fill(final byte[] key) {
        random.nextBytes(key);
        made.add(key);
    }

    private boolean fileHolds(final byte[] key) throws IOException {
        final String content = new String(Files.readAllBytes(file()), StandardCharsets.ISO_8859_1);
        return content.contains(new String(key, StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldMakeNoKeyAndUseNoneThatMayHaveBeenTheSecondWhileAStreamIsRebuilt() {
        final EpochKeys keys = open(NOON);
        final long today = keys.pseudonym(DEVICE, TODAY);
        final long late = keys.pseudonym(DEVICE, TODAY - 5);
        keys.onlyFirstKeys(NOON - 1);
        assertThat(keys.pseudonym(DEVICE, TODAY)).isEqualTo(today);
        assertThat(keys.pseudonym(DEVICE, TODAY - 5))
                .as("made for late records, after the time since which records are given again")
                .isEqualTo(EpochKeys.NO_PSEUDONYM);
        assertThat(keys.pseudonym(DEVICE, TODAY - 6)).isEqualTo(EpochKeys.NO_PSEUDONYM);
        assertThat(keys.keyOf(TODAY - 6)).isEqualTo(EpochKeys.NO_KEY);

        keys.onlyFirstKeys(NOON);
        assertThat(keys.pseudonym(DEVICE, TODAY - 5)).as("made before").isEqualTo(late);
        keys.allKeys();
        assertThat(keys.pseudonym(DEVICE, TODAY - 6)).isNotEqualTo(EpochKeys.NO_PSEUDONYM);
    }

    @Test
    void shouldGiveOneDeviceOnePseudonymInAnEpoch() {
        final EpochKeys keys = open(NOON);

        assertThat(keys.pseudonym(DEVICE, TODAY))
                .isEqualTo(keys.pseudonym(DEVICE, TODAY))
                .isNotEqualTo(keys.pseudonym(DEVICE + 1, TODAY))
                .isNotEqualTo(keys.pseudonym(DEVICE, TODAY + 1));
    }

    @Test
    void shouldSpreadPseudonymsOfOneDeviceOverEpochsLikeChance() {
        final EpochKeys keys = open(NOON);
        int equalBits = 0;
        for (int i = 0; i < 400; i++) {
            final long difference = keys.pseudonym(DEVICE, TODAY - i) ^ keys.pseudonym(DEVICE, TODAY - i - 1);
            equalBits += 64 - Long.bitCount(difference);
        }

        // 25,600 fair bits: mean 12,800, sigma 80; 5 sigma, two sided: false reject 6e-7 over the choice of the seed.
        assertThat(equalBits).isBetween(12_400, 13_200);
    }

    @Test
    void shouldContinueAfterARestartWithinTheEpoch() {
        final long before = open(NOON).pseudonym(DEVICE, TODAY);

        assertThat(open(NOON + 3_600_000).pseudonym(DEVICE, TODAY)).isEqualTo(before);
    }

    @Test
    void shouldKeepTheKeyOfALateEpochOverARestartOnceSaved() {
        final EpochKeys keys = open(NOON);
        final long late = keys.pseudonym(DEVICE, TODAY - 30);
        keys.advanceTo(NOON + 1_000);

        assertThat(open(NOON + 2_000).pseudonym(DEVICE, TODAY - 30)).isEqualTo(late);
    }

    @Test
    void shouldKeepAKeyUntilTheGraceIsOver() {
        final EpochKeys keys = open(NOON);
        final long pseudonym = keys.pseudonym(DEVICE, TODAY);
        keys.advanceTo((TODAY + 2) * DAY_MS);

        assertThat(keys.pseudonym(DEVICE, TODAY)).isEqualTo(pseudonym);
    }

    @Test
    void shouldDestroyAKeyInMemoryAndOnDiskWhenItsTimeIsOver() throws IOException {
        final EpochKeys keys = open(NOON);
        final byte[] live = made.get(0);
        final byte[] copy = live.clone();
        final long serial = keys.keyOf(TODAY);
        final long pseudonym = keys.pseudonym(DEVICE, TODAY);
        assertThat(keys.isLive(serial)).as("before").isTrue();
        assertThat(fileHolds(copy)).as("before").isTrue();

        keys.advanceTo((TODAY + 2) * DAY_MS + 1);

        assertThat(live).containsOnly(0);
        assertThat(fileHolds(copy)).as("after").isFalse();
        assertThat(keys.isLive(serial)).as("after").isFalse();
        assertThat(keys.pseudonym(DEVICE, TODAY)).as("a late record").isNotEqualTo(pseudonym);
    }

    @Test
    void shouldDestroyOnOpeningWhatDiedWhileNobodyRan() throws IOException {
        open(NOON);
        final byte[] copy = made.get(0).clone();
        open(NOON + 30 * DAY_MS);

        assertThat(fileHolds(copy)).isFalse();
    }

    @Test
    void shouldLetALateKeyLiveOneRotation() {
        final EpochKeys keys = open(NOON);
        final long late = keys.pseudonym(DEVICE, TODAY - 30);
        keys.advanceTo(NOON + DAY_MS);
        assertThat(keys.pseudonym(DEVICE, TODAY - 30)).isEqualTo(late);
        keys.advanceTo(NOON + DAY_MS + 1);

        assertThat(keys.pseudonym(DEVICE, TODAY - 30)).isNotEqualTo(late);
    }

    @Test
    void shouldLetALateKeyLiveOneRotationFromItsMakingAndNotFromTheLastHousekeeping() {
        final EpochKeys keys = open(NOON);
        keys.advanceTo(NOON + DAY_MS / 4);
        final long late = keys.pseudonym(DEVICE, TODAY - 30);
        keys.advanceTo(NOON + DAY_MS / 4 + DAY_MS);
        assertThat(keys.pseudonym(DEVICE, TODAY - 30)).isEqualTo(late);
        keys.advanceTo(NOON + DAY_MS / 4 + DAY_MS + 1);

        assertThat(keys.pseudonym(DEVICE, TODAY - 30)).isNotEqualTo(late);
    }

    @Test
    void shouldSacrificeTheFarthestEpochsWhenTooManyLive() {
        final EpochKeys keys = open(NOON);
        final long today = keys.pseudonym(DEVICE, TODAY);
        final long farthest = keys.pseudonym(DEVICE, TODAY - 10_000);
        for (int i = 0; i < 2 * EpochKeys.MAX_LIVE_KEYS; i++) {
            keys.pseudonym(DEVICE, TODAY - i);
        }

        assertThat(keys.pseudonym(DEVICE, TODAY)).isEqualTo(today);
        assertThat(farthest).isNotZero();
        assertThat(keys.pseudonym(DEVICE, TODAY - 10_000)).as("found no place").isZero();
        assertThat(made.stream().filter(key -> !isZero(key))).hasSize(EpochKeys.MAX_LIVE_KEYS);
    }

    @Test
    void shouldGiveNearEpochsTheirKeysHoweverManyFarOnesWereAskedForBefore() {
        final EpochKeys keys = open(NOON);
        for (long epoch = TODAY - 10_000; epoch < TODAY - 5_000; epoch++) {
            keys.pseudonym(DEVICE, epoch);
        }
        final Set<Long> serials = new HashSet<>();
        final Set<Long> pseudonyms = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            serials.add(keys.keyOf(TODAY - i));
            pseudonyms.add(keys.pseudonym(DEVICE, TODAY - i));
        }

        assertThat(serials).hasSize(300).allMatch(keys::isLive);
        assertThat(pseudonyms).hasSize(300).doesNotContain(EpochKeys.NO_PSEUDONYM);
    }

    @Test
    void shouldMakeNoMoreKeysOnceTheNearestEpochsHaveTheirs() {
        final EpochKeys keys = open(NOON);
        for (int i = 0; i < 2 * EpochKeys.MAX_LIVE_KEYS; i++) {
            keys.pseudonym(DEVICE, TODAY - i);
        }
        final int before = made.size();
        for (int i = 0; i < 100_000; i++) {
            keys.pseudonym(DEVICE, TODAY - random.nextInt(16_000));
        }

        assertThat(made).hasSize(before);
    }

    @Test
    void shouldNotFollowAClockThatGoesBackwards() {
        final EpochKeys keys = open(NOON);
        keys.advanceTo(NOON + 3 * DAY_MS);
        final long serial = keys.keyOf(TODAY + 3);
        keys.advanceTo(NOON - 3 * DAY_MS);

        assertThat(keys.isLive(serial)).isTrue();
        assertThat(keys.keyOf(TODAY + 3)).isEqualTo(serial);
    }

    @Test
    void shouldStartAnewWhenTheRotationChanges() throws IOException {
        open(NOON);
        final byte[] copy = made.get(0).clone();
        final EpochKeys hourly =
                new EpochKeys(Duration.ofHours(1), Duration.ofHours(1), new KeyFile(file()), this::fill, NOON);

        assertThat(hourly.pseudonym(DEVICE, TODAY * 24 + 12)).isNotZero();
        assertThat(fileHolds(copy)).isFalse();
    }

    @Test
    void shouldWriteTheFileForItsOwnerOnly() throws IOException {
        open(NOON);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(directory.toFile().list()).containsExactly("traffic.keys");
    }

    @Test
    void shouldRefuseAFileThatOthersMayRead() throws IOException {
        open(NOON);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> open(NOON))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining(
                        file() + ": others than its owner may use the keys in it (rw-r-----), allowed rw");
    }

    @Test
    void shouldRefuseAnyDamagedFile() throws IOException {
        open(NOON);
        final byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < whole.length; i++) {
            final byte[] damaged = whole.clone();
            damaged[i] ^= (byte) (1 << i % 8);
            Files.write(file(), damaged);
            assertThatThrownBy(() -> open(NOON)).as("byte " + i).hasMessageContaining("is damaged");
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> open(NOON)).as("cut to " + length).hasMessageContaining("is damaged");
        }
    }

    @Test
    void shouldShareTheKeysOfAStreamAmongItsWorkers() {
        final KeyRing ring = KeyRing.open(directory.resolve("keys"), NOON);

        assertThat(ring.of("traffic", DAY)).isSameAs(ring.of("traffic", DAY)).isNotSameAs(ring.of("fleet", DAY));
        assertThat(ring.of("traffic", DAY).pseudonym(DEVICE, TODAY))
                .isNotEqualTo(ring.of("fleet", DAY).pseudonym(DEVICE, TODAY));
        final long serial = ring.of("traffic", DAY).keyOf(TODAY);
        ring.advanceTo(NOON + 3 * DAY_MS);
        assertThat(ring.of("traffic", DAY).isLive(serial)).isFalse();
        assertThatThrownBy(() -> ring.of("traffic", Duration.ofHours(1))).hasMessageContaining("rotate every");
    }

    private static boolean isZero(final byte[] key) {
        for (final byte b : key) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
