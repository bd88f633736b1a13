// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.reader.StreamReader;

/** What is older than it is to be kept is deleted, a file of an hour at a time; nobody who writes or reads notices more of it. */
@Timeout(60)
class QueueRetentionTest {
    private static final long START_MS = 1_795_478_400_000L;
    private static final long HOUR_MS = 3_600_000;
    private static final int HOURS = 5;
    private static final int RECORDS_AN_HOUR = 10;

    @TempDir
    private Path data;

    private final Release release = new Release();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final AtomicLong passedMs = new AtomicLong();
    private int written;

    private StreamWriter writer() {
        return new StreamWriter(
                data, "traffic", "v1", 42, () -> START_MS + passedMs.get(), () -> passedMs.get() * 1_000_000);
    }

    private void appendAnHour(final StreamWriter writer) throws IOException {
        for (int i = 0; i < RECORDS_AN_HOUR; i++) {
            append(writer);
        }
        writer.force();
        passedMs.addAndGet(HOUR_MS);
    }

    private void append(final StreamWriter writer) {
        release.clear();
        release.timeMs(written++);
        ReleaseLayout.putRecord(buffer, 0, release);
        writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
        writer.flush();
    }

    private StreamWriter fiveHours() throws IOException {
        final StreamWriter writer = writer();
        for (int hour = 0; hour < HOURS; hour++) {
            appendAnHour(writer);
        }
        return writer;
    }

    private List<Path> files() throws IOException {
        return QueueVerifier.cycleFiles(StreamFiles.queue(data, "traffic"));
    }

    private List<Long> read() {
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            return rest(reader);
        }
    }

    private static List<Long> rest(final StreamReader reader) {
        final List<Long> times = new ArrayList<>();
        while (reader.next()) {
            times.add(reader.timeMs());
        }
        assertThat(reader.unreadableDocuments()).isZero();
        return times;
    }

    private List<Long> recordsFrom(final int hour) {
        return LongStream.range((long) hour * RECORDS_AN_HOUR, written).boxed().toList();
    }

    @Test
    void shouldDeleteTheFilesThatHoldNothingYoungerAndNoOthers() throws IOException {
        try (StreamWriter writer = fiveHours()) {
            assertThat(writer.deleteBefore(START_MS)).isZero();
            assertThat(writer.deleteBefore(START_MS + HOUR_MS - 1))
                    .as("its last may be younger")
                    .isZero();
            assertThat(files()).hasSize(HOURS);
            assertThat(writer.deleteBefore(START_MS + 2 * HOUR_MS)).isEqualTo(2);
            assertThat(files()).hasSize(HOURS - 2);
            assertThat(read()).isEqualTo(recordsFrom(2));
            appendAnHour(writer);
            assertThat(read()).isEqualTo(recordsFrom(2));
        }
        assertThat(new QueueVerifier()
                        .verify(StreamFiles.queue(data, "traffic"))
                        .faults())
                .isEmpty();
    }

    @Test
    void shouldNeverDeleteTheFileThatIsAppendedTo() throws IOException {
        try (StreamWriter writer = fiveHours()) {
            assertThat(writer.deleteBefore(Long.MAX_VALUE)).isEqualTo(HOURS - 1);
            assertThat(read()).isEqualTo(recordsFrom(HOURS - 1));
            assertThat(writer.deleteBefore(Long.MAX_VALUE)).isZero();
            appendAnHour(writer);
            assertThat(read()).isEqualTo(recordsFrom(HOURS - 1));
            assertThat(writer.deleteBefore(Long.MAX_VALUE)).isEqualTo(1);
            append(writer);
            writer.force();
            assertThat(read()).isEqualTo(recordsFrom(HOURS));
        }
    }

    @Test
    void shouldLetAReaderThatStandsInADeletedFileGoOn() throws IOException {
        try (StreamWriter writer = fiveHours();
                StreamReader behind = StreamReader.open(data, "traffic")) {
            for (int i = 0; i < RECORDS_AN_HOUR / 2; i++) {
                assertThat(behind.next()).isTrue();
            }
            assertThat(writer.deleteBefore(START_MS + 3 * HOUR_MS)).isEqualTo(3);
            final List<Long> rest = rest(behind);
            assertThat(rest)
                    .endsWith(recordsFrom(3).toArray(Long[]::new))
                    .doesNotHaveDuplicates()
                    .isSorted();
            appendAnHour(writer);
            assertThat(rest(behind)).hasSize(RECORDS_AN_HOUR);
        }
    }

    /** The files are gone, and the queue's table does not know it: so it is after a kill between the two. */
    @Test
    void shouldGoOnAfterAKillAtAnyFile() throws IOException {
        fiveHours().close();
        for (int deleted = 1; deleted < HOURS; deleted++) {
            Files.delete(files().get(0));
            assertThat(read()).as("beside no engine").isEqualTo(recordsFrom(deleted));
            try (StreamWriter writer = writer()) {
                assertThat(writer.lastDocument()).isPositive();
                assertThat(writer.deleteBefore(START_MS + deleted * HOUR_MS)).isZero();
                assertThat(read()).isEqualTo(recordsFrom(deleted));
                append(writer);
            }
            assertThat(read()).isEqualTo(recordsFrom(deleted));
        }
    }

    /** On a disk that is stuck for hours a file may go before it was ever forced. */
    @Test
    void shouldForceTheRestWhenAFileIsGone() throws IOException {
        try (StreamWriter writer = writer()) {
            for (int hour = 0; hour < HOURS; hour++) {
                append(writer);
                passedMs.addAndGet(HOUR_MS);
            }
            assertThat(writer.deleteBefore(START_MS + 2 * HOUR_MS)).isEqualTo(2);
            writer.force();
            assertThat(read()).hasSize(HOURS - 2);
        }
    }
}
