// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EpochKeysSavingTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long DAY_MS = DAY.toMillis();
    private static final long TODAY = 20_000;
    private static final long NOON = TODAY * DAY_MS + DAY_MS / 2;
    private static final long DEVICE = 356307042441013L;

    private final Random random = new Random(7);

    /** A disk that can be slow, or broken. Keeps the epochs of the last save, and the key bytes that it was given. */
    private static final class Disk implements KeyStore {
        private final CountDownLatch writing = new CountDownLatch(1);
        private volatile CountDownLatch written = new CountDownLatch(0);
        private volatile boolean isBroken;
        private volatile List<Long> epochs = List.of();
        private final List<byte[]> given = new ArrayList<>();

        @Override
        public List<EpochKey> load(final long rotateMs) {
            return List.of();
        }

        @Override
        public void save(final long rotateMs, final Collection<EpochKey> keys) {
            final List<Long> saved = new ArrayList<>();
            for (final EpochKey key : keys) {
                assertThat(key.bytes).as("a live key").isNotEqualTo(new byte[EpochKey.LENGTH_BYTES]);
                saved.add(key.epoch);
                given.add(key.bytes);
            }
            if (written.getCount() > 0) {
                writing.countDown();
                await(written);
            }
            if (isBroken) {
                throw new KeyFileException(Path.of("s.keys"), "cannot be written");
            }
            epochs = saved;
        }
    }

    private final Disk disk = new Disk();
    private final EpochKeys keys = new EpochKeys(DAY, DAY, disk, random::nextBytes, NOON);

    private static void await(final CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The common pool has one thread on two cores: whoever blocks it there keeps all others waiting. */
    private static void onThreadOfItsOwn(final Runnable task) {
        final Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void shouldGivePseudonymsWhileTheDiskIsSlow() {
        disk.written = new CountDownLatch(1);
        final CompletableFuture<Void> housekeeping =
                CompletableFuture.runAsync(() -> keys.advanceTo(NOON + DAY_MS), EpochKeysSavingTest::onThreadOfItsOwn);
        await(disk.writing);
        final CompletableFuture<Long> asked = CompletableFuture.supplyAsync(
                () -> keys.pseudonym(DEVICE, TODAY - 40), EpochKeysSavingTest::onThreadOfItsOwn);

        assertThat(asked).succeedsWithin(Duration.ofSeconds(10));
        keys.advanceTo(NOON + DAY_MS + 1_000);
        assertThat(housekeeping).as("the save").isNotDone();
        disk.written.countDown();
        housekeeping.join();
        assertThat(disk.epochs).doesNotContain(TODAY - 40);
        keys.advanceTo(NOON + DAY_MS + 1_000);
        assertThat(disk.epochs).as("made while the disk was busy").contains(TODAY - 40);
    }

    @Test
    void shouldHaveTheRunningAndTheNextKeyOnDiskBeforeAnyoneAsks() {
        assertThat(disk.epochs).containsExactly(TODAY, TODAY + 1);
        keys.advanceTo((TODAY + 1) * DAY_MS);
        assertThat(disk.epochs).containsExactly(TODAY, TODAY + 1, TODAY + 2);
    }

    @Test
    void shouldLeaveNoCopyOfAKeyInMemory() {
        keys.advanceTo((TODAY + 1) * DAY_MS);

        assertThat(disk.given).hasSize(5).allSatisfy(key -> assertThat(key).containsOnly(0));
    }

    @Test
    void shouldTryAgainAfterADiskFailed() {
        disk.isBroken = true;
        assertThatThrownBy(() -> keys.advanceTo((TODAY + 1) * DAY_MS)).isInstanceOf(KeyFileException.class);
        disk.isBroken = false;
        keys.advanceTo((TODAY + 1) * DAY_MS);

        assertThat(disk.epochs).containsExactly(TODAY, TODAY + 1, TODAY + 2);
    }

    @Test
    void shouldHaveWhatDeadKeysMadeErasedThoughTheDiskFails() {
        final long serial = keys.keyOf(TODAY);
        final List<Boolean> livedWhenErased = new ArrayList<>();
        keys.whenKeysDie(() -> livedWhenErased.add(keys.isLive(serial)));
        keys.advanceTo((TODAY + 2) * DAY_MS);
        assertThat(livedWhenErased).as("nothing has died").isEmpty();
        disk.isBroken = true;
        assertThatThrownBy(() -> keys.advanceTo((TODAY + 2) * DAY_MS + 1)).isInstanceOf(KeyFileException.class);
        disk.isBroken = false;
        keys.advanceTo((TODAY + 2) * DAY_MS + 1);

        assertThat(livedWhenErased).as("once for a death").containsExactly(false);
    }
}
