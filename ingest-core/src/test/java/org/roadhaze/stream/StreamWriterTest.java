// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.mechanism.CellSystem;
import org.roadhaze.position.Attribute;
import org.roadhaze.reader.StreamReader;

class StreamWriterTest {
    private static final int PAGE_BYTES = 4096;

    @TempDir
    private Path data;

    private final Release release = new Release();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);

    @Test
    void shouldReadBackEveryRecordWithItsPolicyAcrossDocumentsAndRestarts() {
        try (StreamWriter writer = writer("v1")) {
            append(writer, 0, 1500);
            writer.flush();
            append(writer, 1500, 40_000);
            writer.flush();
        }
        try (StreamWriter writer = writer("v2")) {
            append(writer, 41_500, 200_000);
            writer.flush();
        }
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            for (int i = 0; i < 241_500; i++) {
                assertThat(reader.next()).isTrue();
                if (reader.timeMs() != i || reader.attributeValue(0) != -i) {
                    throw new AssertionError("record " + i + " reads " + reader.timeMs());
                }
                if (i == 0 || i == 41_499) {
                    assertThat(reader.policyVersion()).isEqualTo("v1");
                }
            }
            assertThat(reader.policyVersion()).isEqualTo("v2");
            assertThat(reader.next()).isFalse();
            assertThat(reader.next()).isFalse();
        }
    }

    /** Contents are written page by page, beside the mapping that has the headers: wherever they end, both must fit together. */
    @Test
    void shouldReadBackDocumentsThatEndAnywhereInAPage() throws IOException {
        final BitSet ends = new BitSet();
        final SplittableRandom random = new SplittableRandom(1);
        int written = 0;
        try (StreamWriter writer = writer("v1")) {
            for (int document = 0; document < 20_000; document++) {
                final int records = 1 + random.nextInt(7);
                append(writer, written, records);
                writer.flush();
                written += records;
                ends.set((int) (writer.lastDocument() % PAGE_BYTES));
            }
        }
        assertThat(ends.cardinality()).as("places in a page").isGreaterThanOrEqualTo(PAGE_BYTES / 16);
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

    /** An interrupt closes the file under the one that writes to it: as a disk that takes no more, it ends what appends. */
    @Test
    void shouldGoOnAfterADocumentThatCouldNotBeWritten() throws IOException {
        try (StreamWriter writer = writer("v1")) {
            append(writer, 0, 10);
            writer.flush();
            append(writer, 10, 10);
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(writer::flush).isInstanceOf(UncheckedIOException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
        try (StreamWriter writer = writer("v1")) {
            append(writer, 10, 10);
            writer.flush();
        }
        assertThat(new QueueVerifier()
                        .verify(StreamFiles.queue(data, "traffic"))
                        .faults())
                .isEmpty();
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            for (int i = 0; i < 20; i++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isEqualTo(i);
            }
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void shouldShowNothingThatWasNotFlushed() {
        try (StreamWriter writer = writer("v1")) {
            append(writer, 0, 10);
            try (StreamReader reader = StreamReader.open(data, "traffic")) {
                assertThat(reader.next()).isFalse();
                writer.flush();
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isZero();
            }
        }
    }

    @Test
    void shouldSayWhatThePolicyDoesNotLetOut() {
        try (StreamWriter writer = writer("v1")) {
            release.clear();
            ReleaseLayout.putRecord(buffer, 0, release);
            writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
            writer.flush();
        }
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.hasPseudonym()).isFalse();
            assertThat(reader.hasTime()).isFalse();
            assertThat(reader.hasCoordinates()).isFalse();
            assertThat(reader.hasCell()).isFalse();
            assertThatThrownBy(reader::cellSystem).isInstanceOf(NoSuchElementException.class);
            assertThat(reader.attributes()).isEmpty();
            assertThatThrownBy(reader::latitude).isInstanceOf(NoSuchElementException.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "87283472bffffff, 87283472bffffff, H3",
        "e808fb6940000000, 808fb694, S2",
        "e100000000000000, 1, S2",
        "a003e803ddb0335f, a003e803ddb0335f, EQUAL_AREA",
        "c30001234000abcd, c30001234000abcd, LADDER",
        "f000000000000001, f000000000000001, UNKNOWN",
    })
    void shouldTellWhoseCellItIsAndWriteItAsTheyDo(final String id, final String text, final CellSystem system) {
        try (StreamWriter writer = writer("v1")) {
            release.clear();
            release.cell(Long.parseUnsignedLong(id, 16));
            ReleaseLayout.putRecord(buffer, 0, release);
            writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
            writer.flush();
        }
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.cell()).isEqualTo(text);
            assertThat(reader.cellSystem()).isEqualTo(system);
            assertThat(reader.cellId()).isEqualTo(Long.parseUnsignedLong(id, 16));
        }
    }

    @Test
    void shouldBeginAtTheEndWhenAsked() {
        try (StreamWriter writer = writer("v1")) {
            append(writer, 0, 10);
            writer.flush();
            try (StreamReader reader = StreamReader.open(data, "traffic").toEnd()) {
                assertThat(reader.next()).isFalse();
                append(writer, 10, 1);
                writer.flush();
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isEqualTo(10);
            }
        }
    }

    @Test
    void shouldNameTheStreamThatIsNotThere() {
        assertThatThrownBy(() -> StreamReader.open(data, "nowhere"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void shouldGoOnAfterTheClockWasAheadOverARoll() {
        final long now = SystemEpochClock.INSTANCE.time();
        try (StreamWriter ahead = new StreamWriter(data, "traffic", "v1", 42, () -> now + 4 * 3_600_000L)) {
            append(ahead, 0, 10);
            ahead.flush();
        }
        try (StreamWriter right = new StreamWriter(data, "traffic", "v1", 42, () -> now)) {
            append(right, 10, 10);
            right.flush();
        }
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            for (int i = 0; i < 20; i++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldGoOnWhenTheClockStepsBackOverARoll() {
        final long[] now = {1_795_478_400_000L};
        try (StreamWriter writer = new StreamWriter(data, "traffic", "v1", 42, () -> now[0])) {
            for (int i = 0; i < 6; i++) {
                append(writer, i, 1);
                writer.flush();
                now[0] += i % 2 == 0 ? 3_600_000 : -3_610_000;
            }
        }
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            for (int i = 0; i < 6; i++) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isEqualTo(i);
            }
        }
    }

    /** As in a container, where the engine that comes back has the process id of the one that was killed. */
    @Test
    @Timeout(5)
    void shouldWriteAlthoughThisVeryProcessSeemsToHoldTheLock() throws IOException {
        try (StreamWriter writer = writer("v1")) {
            append(writer, 0, 1);
            writer.flush();
        }
        final Path queue = StreamFiles.queue(data, "traffic");
        try (ChronicleQueue held = SingleChronicleQueueBuilder.binary(queue)
                        .rollCycle(LargeRollCycles.LARGE_HOURLY)
                        .build();
                ExcerptAppender appender = held.createAppender();
                DocumentContext begun = appender.writingDocument()) {
            copy(queue, StreamFiles.queue(data, "killed"));
            begun.rollbackOnClose();
        }
        try (StreamWriter writer = new StreamWriter(data, "killed", "v1", 42, SystemEpochClock.INSTANCE)) {
            append(writer, 1, 1);
            writer.flush();
        }
        try (StreamReader reader = StreamReader.open(data, "killed")) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isTrue();
            assertThat(reader.timeMs()).isEqualTo(1);
            assertThat(reader.next()).isFalse();
        }
    }

    private static void copy(final Path from, final Path to) throws IOException {
        Files.createDirectories(to);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (final Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void shouldPassOverADocumentThatIsNotWhole() {
        try (StreamWriter writer = writer("v1")) {
            append(writer, 0, 1);
            writer.flush();
        }
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(StreamFiles.queue(data, "traffic"))
                        .rollCycle(LargeRollCycles.LARGE_HOURLY)
                        .build();
                ExcerptAppender appender = queue.createAppender()) {
            for (final int length : new int[] {0, 7, 30, 200}) {
                try (DocumentContext context = appender.writingDocument()) {
                    context.wire().bytes().write(new byte[length]);
                }
            }
            final UnsafeBuffer torn = new UnsafeBuffer(new byte[300]);
            ReleaseLayout.putHead(torn, 1, 50);
            try (DocumentContext context = appender.writingDocument()) {
                context.wire().bytes().write(torn.byteArray());
            }
        }
        try (StreamWriter writer = writer("v1")) {
            append(writer, 1, 1);
            writer.flush();
        }
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isTrue();
            assertThat(reader.timeMs()).isEqualTo(1);
            assertThat(reader.next()).isFalse();
            assertThat(reader.unreadableDocuments()).isEqualTo(5);
        }
    }

    @Test
    void shouldShowNothingOfADocumentWithAFlippedBit() {
        try (StreamWriter writer = writer("v1")) {
            append(writer, 0, 3);
            writer.flush();
        }
        final ExpandableArrayBuffer document = new ExpandableArrayBuffer();
        final int length;
        try (DocumentTailer tailer = new DocumentTailer(StreamFiles.queue(data, "traffic"))) {
            length = tailer.read(document);
        }
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(StreamFiles.queue(data, "flipped"))
                        .rollCycle(LargeRollCycles.LARGE_HOURLY)
                        .build();
                ExcerptAppender appender = queue.createAppender()) {
            for (int bit = 0; bit < length * 8; bit++) {
                final byte[] flipped = Arrays.copyOf(document.byteArray(), length);
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                try (DocumentContext context = appender.writingDocument()) {
                    context.wire().bytes().write(flipped);
                }
            }
        }
        try (StreamReader reader = StreamReader.open(data, "flipped")) {
            assertThat(reader.next()).isFalse();
            assertThat(reader.unreadableDocuments()).isEqualTo(8L * length);
        }
    }

    private StreamWriter writer(final String version) {
        return new StreamWriter(data, "traffic", version, 42, SystemEpochClock.INSTANCE);
    }

    private void append(final StreamWriter writer, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            release.clear();
            release.pseudonym(7);
            release.timeMs(i);
            release.attribute(Attribute.SPEED.key(), -i);
            ReleaseLayout.putRecord(buffer, 0, release);
            if (!writer.hasRoom(ReleaseLayout.recordLength(release), 1)) {
                writer.flush();
            }
            writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
        }
    }
}
