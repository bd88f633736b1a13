// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.journal.FrameOpener;
import org.roadhaze.journal.FrameOrigin;
import org.roadhaze.journal.FrameSealer;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.journal.KeyRotation;
import org.roadhaze.stream.JournalLayout;
import org.roadhaze.stream.StreamFiles;

/**
 * The power is cut while all data keys are being wrapped with another key-encryption key: the process is stopped where it is, and
 * its disk copied from under it. {@code -Droadhaze.power-cuts=N} cuts more often.
 */
@Timeout(300)
class RotationPowerCutTest {
    private static final int CUTS = 2 * Integer.getInteger("roadhaze.power-cuts", 2);
    private static final long SEED = Long.getLong("roadhaze.seed", System.nanoTime());
    private static final long DISK_BYTES = 64L << 20;
    private static final int DEVICES = 5_000;
    private static final long DEVICE = 352_093_081_234_567L;
    private static final long TIME_MS = 1_790_000_000_000L;
    private static final Duration EPOCH = Duration.ofDays(30);
    private static final FrameOrigin ORIGIN = new FrameOrigin("gt06", false, ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final List<byte[]> sealed = new ArrayList<>();

    /** Wraps the keys with the one key and the other, until it is killed. */
    static final class Rotating {
        private Rotating() {}

        public static void main(final String[] arguments) throws IOException {
            final Path data = Path.of(arguments[0]);
            for (int turn = 0; ; turn++) {
                KeyRotation.rotate(data, base64(1 + turn % 2), key(2 - turn % 2));
                System.out.println("rotated");
            }
        }
    }

    private static String base64(final int filling) {
        final byte[] key = new byte[KeyEncryptionKey.LENGTH_BYTES];
        Arrays.fill(key, (byte) filling);
        return Base64.getEncoder().encodeToString(key);
    }

    private static KeyEncryptionKey key(final int filling) {
        return KeyEncryptionKey.parse("test", base64(filling));
    }

    private void seal(final Path data) throws IOException {
        Files.createDirectories(StreamFiles.keys(data));
        try (JournalKeys keys = JournalKeys.open(data, key(1))) {
            final FrameSealer sealer = new FrameSealer(keys, EPOCH, List.of(ORIGIN), DEVICES);
            for (int i = 0; i < DEVICES; i++) {
                final byte[] frame = new byte[sealer.sealedLength(0, 20)];
                sealer.seal(DEVICE + i, TIME_MS, 0, new UnsafeBuffer(new byte[20]), 20, new UnsafeBuffer(frame), 0);
                sealed.add(frame);
            }
            keys.force();
        }
    }

    @Test
    @DisplayName(
            "a power cut leaves all keys under the one key-encryption key or the other, and the rotation can be done again")
    void shouldLeaveAllKeysUnderOneKeyOrTheOther() throws IOException, InterruptedException {
        final Random random = new Random(SEED);
        int before = 0;
        try (LoopDisk disk = LoopDisk.make(directory.resolve("disk"), directory.resolve("mounted"), DISK_BYTES)) {
            final Path data = disk.directory().resolve("data");
            seal(data);
            Commands.run("sync", "-f", data.toString());
            final Process rotating = EngineProcess.launch(Rotating.class, data.toString());
            try {
                assertThat(rotating.getInputStream().read()).as("it has begun").isPositive();
                for (int cut = 0; cut < CUTS; cut++) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
                    Commands.run("kill", "-STOP", Long.toString(rotating.pid()));
                    try (LoopDisk after = disk.cutPower(directory.resolve("copy"), directory.resolve("after"))) {
                        Commands.run("kill", "-CONT", Long.toString(rotating.pid()));
                        before += assertWhole(after.directory().resolve("data"), cut) ? 1 : 0;
                    }
                    assertThat(rotating.isAlive()).isTrue();
                }
            } finally {
                rotating.destroyForcibly().waitFor();
            }
        }
        System.out.printf("rotation: %d power cuts, seed %d: %d times under the one key%n", CUTS, SEED, before);
    }

    /** Whether the store is the first key's. */
    private boolean assertWhole(final Path data, final int cut) throws IOException {
        final boolean isFirst = opens(data, key(1));
        assertThat(opens(data, key(2)))
                .as("cut %d, seed %d: of one key", cut, SEED)
                .isNotEqualTo(isFirst);
        final int mine = isFirst ? 1 : 2;
        assertThat(opened(data, key(mine))).as("cut %d, seed %d", cut, SEED).isEqualTo(DEVICES);
        assertThat(KeyRotation.rotate(data, base64(mine), key(3))).isEqualTo(DEVICES);
        assertThat(opens(data, key(mine))).isFalse();
        assertThat(opened(data, key(3))).isEqualTo(DEVICES);
        return isFirst;
    }

    private static boolean opens(final Path data, final KeyEncryptionKey key) throws IOException {
        try {
            JournalKeys.openExisting(data, key).close();
            return true;
        } catch (final KeyFileException anothers) {
            return false;
        }
    }

    private int opened(final Path data, final KeyEncryptionKey key) throws IOException {
        int opened = 0;
        try (JournalKeys keys = JournalKeys.openExisting(data, key)) {
            final FrameOpener opener = new FrameOpener(keys);
            for (final byte[] frame : sealed) {
                final int length = frame.length - JournalLayout.FRAME_HEAD_LENGTH;
                opened += opener.open(new UnsafeBuffer(frame), 0, length) == FrameOpener.Answer.OPEN ? 1 : 0;
            }
        }
        return opened;
    }
}
