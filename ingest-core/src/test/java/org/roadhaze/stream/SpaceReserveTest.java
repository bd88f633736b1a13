// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.reader.StreamReader;

/** Space on the disk that is there before it is written to. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "space is reserved on Linux only")
class SpaceReserveTest {
    private static final long PLENTY = Long.MAX_VALUE;
    private static final long MIB = 1L << 20;
    private static final long MAPPING_BYTES = 64 * MIB;
    private static final long HOUR_MS = 3_600_000;

    @TempDir
    private Path data;

    private final Release release = new Release();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final AtomicLong nowMs = new AtomicLong(1_795_478_400_000L);
    private int written;

    @Test
    void shouldReserveAheadAndGiveBackWhatWasNotNeeded() throws IOException, InterruptedException {
        final Path first;
        try (StreamWriter writer = writer()) {
            append(writer, 100);
            first = file(0);
            final long size = Files.size(first);
            assertThat(allocated(first)).isLessThan(MIB);
            assertThat(writer.reserve(PLENTY)).isTrue();
            assertThat(allocated(first)).isGreaterThanOrEqualTo(SpaceReserve.AHEAD_BYTES);
            assertThat(Files.size(first)).isEqualTo(size);
            append(writer, 100_000);
            assertThat(writer.reserve(PLENTY)).isTrue();
            append(writer, 100);

            nowMs.addAndGet(HOUR_MS);
            append(writer, 100);
            assertThat(writer.reserve(PLENTY)).isTrue();
            assertThat(allocated(first)).isLessThan(20 * MIB);
            assertThat(allocated(file(1))).isGreaterThanOrEqualTo(SpaceReserve.AHEAD_BYTES);
        }
        assertThat(allocated(file(1))).isLessThan(MIB);
        try (StreamWriter writer = writer()) {
            append(writer, 100);
        }
        final QueueVerifier verifier = new QueueVerifier().verify(StreamFiles.queue(data, "traffic"));
        assertThat(verifier.faults()).isEmpty();
        assertThat(verifier.files()).isEqualTo(2);
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            for (int i = 0; i < written; i++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isEqualTo(i);
            }
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void shouldSayWhenTooLittleIsReservedAndThereIsNoMore() throws IOException {
        try (StreamWriter writer = writer()) {
            assertThat(writer.reserve(SpaceReserve.AHEAD_BYTES))
                    .as("before the first document")
                    .isFalse();
            assertThat(writer.reserve(SpaceReserve.AHEAD_BYTES + SpaceReserve.SLACK_BYTES))
                    .isTrue();
            append(writer, 1);
            assertThat(writer.reserve(0)).as("nothing is reserved").isFalse();
            assertThat(writer.reserve(PLENTY)).isTrue();
            assertThat(writer.reserve(0)).as("what is reserved is enough").isTrue();
            while (writer.reserve(0)) {
                append(writer, 10_000);
            }
            final long used = Files.size(file(0));
            assertThat(used).isGreaterThan(SpaceReserve.LEAST_BYTES);
            assertThat(writer.reserve(PLENTY)).isTrue();
        }
    }

    /** Contents are written beside the mapping: at its ends, and at those of the hours, no byte of them may go astray. */
    @Test
    void shouldTakeNoMoreOfTheDiskThanIsWrittenOverManyMappingsAndHours() throws IOException, InterruptedException {
        try (StreamWriter writer = writer()) {
            for (int hour = 0; hour < 2; hour++) {
                append(writer, 1);
                while (end(writer) < 2 * MAPPING_BYTES) {
                    append(writer, 1 + written % 49_999);
                }
                assertThat(allocated(file(hour))).isLessThan(end(writer) + 2 * MIB);
                nowMs.addAndGet(HOUR_MS);
            }
        }
        assertThat(new QueueVerifier()
                        .verify(StreamFiles.queue(data, "traffic"))
                        .faults())
                .isEmpty();
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            for (int i = 0; i < written; i++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isEqualTo(i);
            }
            assertThat(reader.next()).isFalse();
        }
    }

    private static long end(final StreamWriter writer) {
        return QueueFiles.positionOf(writer.lastDocument());
    }

    private StreamWriter writer() {
        return new StreamWriter(data, "traffic", "v1", 42, nowMs::get, () -> 1_000_000 * nowMs.get());
    }

    private void append(final StreamWriter writer, final int records) {
        for (int i = 0; i < records; i++) {
            release.clear();
            release.pseudonym(7);
            release.timeMs(written++);
            ReleaseLayout.putRecord(buffer, 0, release);
            if (!writer.hasRoom(ReleaseLayout.recordLength(release), 1)) {
                writer.flush();
            }
            writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
        }
        writer.flush();
    }

    private Path file(final int index) throws IOException {
        return QueueVerifier.cycleFiles(StreamFiles.queue(data, "traffic")).get(index);
    }

    /** Bytes of the disk that a file takes. */
    private static long allocated(final Path file) throws IOException, InterruptedException {
        final Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        final String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(stat.waitFor()).isZero();
        return 512 * Long.parseLong(blocks.strip());
    }
}
