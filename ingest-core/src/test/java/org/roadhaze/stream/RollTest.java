// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.reader.StreamReader;

/** A queue that rolls to its next file while it is written, forced and read, whatever its clock does. */
@Timeout(60)
class RollTest {
    private static final long START_MS = 1_795_478_400_000L;
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final int ROLLS = 12;
    private static final int FLUSHES_AN_HOUR = 500;
    private static final int RECORDS_A_FLUSH = 5;

    @TempDir
    private Path data;

    private final Release release = new Release();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final AtomicLong passedMs = new AtomicLong();
    private final AtomicLong wrongMs = new AtomicLong();
    private int written;

    @Test
    void shouldLoseAndRepeatNothingWhenItRollsUnderLoad() throws IOException {
        final int expected = ROLLS * FLUSHES_AN_HOUR * RECORDS_A_FLUSH;
        try (StreamWriter writer = writer()) {
            final AtomicBoolean done = new AtomicBoolean();
            append(writer);
            // Threads of their own: the common pool has one on a small machine, and one would wait for the other.
            final Executor threads = task -> new Thread(task, "roll").start();
            final CompletableFuture<Void> forcing = CompletableFuture.runAsync(
                    () -> {
                        while (!done.get()) {
                            force(writer);
                        }
                    },
                    threads);
            final CompletableFuture<Integer> reading =
                    CompletableFuture.supplyAsync(() -> readInOrder(expected), threads);
            while (written < expected) {
                append(writer);
                passedMs.addAndGet(HOUR_MS / FLUSHES_AN_HOUR);
            }
            assertThat(reading.join()).isEqualTo(expected);
            done.set(true);
            forcing.join();
        }
        assertThat(files()).isEqualTo(ROLLS);
        assertThat(verifiedRecords()).isEqualTo(expected);
    }

    @Test
    void shouldWriteOnWhenTheClockStepsBackTenSecondsOverARoll() throws IOException {
        try (StreamWriter writer = writer()) {
            append(writer);
            for (int roll = 1; roll <= 3; roll++) {
                passedMs.set(roll * HOUR_MS + 2_000);
                append(writer);
                wrongMs.set(-10_000);
                append(writer);
                passedMs.addAndGet(20_000);
                wrongMs.set(0);
                append(writer);
            }
        }
        assertThat(readInOrder(written)).isEqualTo(written);
        assertThat(files()).isEqualTo(4);
        assertThat(verifiedRecords()).isEqualTo(written);
    }

    /** Not followed, so that the files of the forty days after it are still those of an hour each. */
    @Test
    void shouldWriteOnInTheSameFilesWhenTheClockLeapsFortyDaysAhead() throws IOException {
        try (StreamWriter writer = writer()) {
            append(writer);
            wrongMs.set(40 * DAY_MS);
            append(writer);
            passedMs.addAndGet(HOUR_MS / 2);
            append(writer);
            assertThat(files()).isEqualTo(1);
            wrongMs.set(0);
            passedMs.addAndGet(HOUR_MS);
            append(writer);
            assertThat(files()).isEqualTo(2);
        }
        assertThat(readInOrder(written)).isEqualTo(written);
    }

    /** Followed after an hour; and when it then goes back, files stay those of an hour. */
    @Test
    void shouldWriteOnWhenTheClockIsPutRightOnlyAfterARestart() throws IOException {
        wrongMs.set(40 * DAY_MS);
        try (StreamWriter writer = writer()) {
            append(writer);
        }
        wrongMs.set(0);
        try (StreamWriter writer = writer()) {
            for (int hour = 1; hour <= 3; hour++) {
                append(writer);
                passedMs.addAndGet(HOUR_MS);
            }
        }
        assertThat(readInOrder(written)).isEqualTo(written);
        assertThat(files()).isEqualTo(3);
        assertThat(verifiedRecords()).isEqualTo(written);
    }

    private StreamWriter writer() {
        return new StreamWriter(
                data,
                "traffic",
                "v1",
                42,
                () -> START_MS + passedMs.get() + wrongMs.get(),
                () -> passedMs.get() * 1_000_000);
    }

    private void append(final StreamWriter writer) {
        for (int i = 0; i < RECORDS_A_FLUSH; i++) {
            release.clear();
            release.pseudonym(7);
            release.timeMs(written++);
            release.attribute(Attribute.SPEED.key(), 1);
            ReleaseLayout.putRecord(buffer, 0, release);
            writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
        }
        writer.flush();
    }

    private static void force(final StreamWriter writer) {
        try {
            writer.force();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many records came one after the other, when the expected number has, or time is up. */
    private int readInOrder(final int expected) {
        final long deadlineNs = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        int read = 0;
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            while (read < expected && System.nanoTime() < deadlineNs) {
                if (reader.next()) {
                    assertThat(reader.timeMs()).isEqualTo(read);
                    read++;
                } else {
                    Thread.onSpinWait();
                }
            }
            assertThat(reader.next()).isFalse();
        }
        return read;
    }

    private int files() throws IOException {
        return QueueVerifier.cycleFiles(StreamFiles.queue(data, "traffic")).size();
    }

    private long verifiedRecords() throws IOException {
        final QueueVerifier verifier = new QueueVerifier().verify(StreamFiles.queue(data, "traffic"));
        assertThat(verifier.faults()).isEmpty();
        return verifier.records();
    }
}
