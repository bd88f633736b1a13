// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.reader.StreamReader;

/** What a disk may make of a queue's file, and what is left of it after a start. */
@Timeout(60)
class QueueRecoveryTest {
    private static final long NOW_MS = 1_795_478_400_000L;
    private static final int PAGE = 4096;

    @TempDir
    private Path data;

    private final Release release = new Release();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);

    @Test
    void shouldFindNothingWrongWithAQueueThatWasClosed() throws IOException {
        write(0, 3000, true);
        write(3000, 1000, true);
        assertThat(verify().faults()).isEmpty();
        assertThat(verify().documents()).isEqualTo(4000);
        assertThat(verify().records()).isEqualTo(4000);
        assertThat(verify().files()).isEqualTo(1);
        assertThat(times()).isEqualTo(range(0, 4000));
    }

    @Test
    void shouldNameTheDocumentThatWasFlipped() throws IOException {
        write(0, 100, true);
        final long position = positionOf(42);
        flip(position + 4 + 30);
        assertThat(verify().faults()).singleElement().satisfies(fault -> {
            assertThat(fault.position()).isEqualTo(position);
            assertThat(fault.index() & 0xFFFF_FFFFL).isEqualTo(42);
            assertThat(fault.problem()).contains("check sum");
        });
    }

    /** Of what was not forced, every page may be there or not. Nothing that was forced is lost, all can be read on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldKeepWhatWasForcedWhateverPagesOfTheRestAreLost(final long seed) throws IOException {
        final Random random = new Random(seed);
        final int forced = 1 + random.nextInt(3000);
        final byte[] before;
        final byte[] after;
        try (StreamWriter writer = writer()) {
            append(writer, 0, forced);
            writer.force();
            before = Files.readAllBytes(file());
            append(writer, forced, 1 + random.nextInt(6000));
            after = Files.readAllBytes(file());
        }
        losePages(random, before, after);
        final long placeOfLast;
        try (StreamWriter writer = writer()) {
            placeOfLast = writer.lastDocument();
        }
        assertThat(timesFromTheEnd()).isEmpty();
        final int left = times().size();
        assertThat(left).isGreaterThanOrEqualTo(forced);
        assertThat(placeOfLast).isEqualTo(places.get(left - 1));

        write(100_000, 500, true);
        write(200_000, 500, true);
        final List<Long> times = times();
        assertThat(times.subList(0, forced)).isEqualTo(range(0, forced));
        assertThat(times.subList(times.size() - 1000, times.size() - 500)).isEqualTo(range(100_000, 500));
        assertThat(times.subList(times.size() - 500, times.size())).isEqualTo(range(200_000, 500));
        assertThat(times.subList(0, times.size() - 1000)).isEqualTo(range(0, times.size() - 1000));
        assertThat(verify().faults()).isEmpty();
    }

    /** The table and the file were never forced: nothing was promised, and the queue opens. */
    @Test
    void shouldOpenAQueueWhoseFilesAreAllZeros() throws IOException {
        write(0, 10, false);
        Files.write(file(), new byte[1 << 20]);
        final Path table = StreamFiles.queue(data, "traffic").resolve("metadata.cq4t");
        Files.write(table, new byte[(int) Files.size(table)]);
        write(10, 10, true);
        assertThat(times()).isEqualTo(range(10, 10));
        assertThat(verify().faults()).isEmpty();
    }

    /** A flipped bit in what was forced costs its document; what comes behind it stays. */
    @Test
    void shouldCutNothingThatWasForced() throws IOException {
        write(0, 1000, true);
        flip(positionOf(500) + 4 + 30);
        write(1000, 100, true);
        final List<Long> expected = range(0, 1100);
        expected.remove(500);
        assertThat(times()).isEqualTo(expected);
        assertThat(verify().faults()).hasSize(1);
    }

    /** However much a file holds, a start looks at what was not forced, and at what the queue keeps of positions. */
    @Test
    void shouldNotWalkWhatWasForced() throws IOException {
        write(0, 1000, true);
        final long position = positionOf(500);
        final int header = wreckHeader(position);
        write(1000, 100, false);
        assertThat(wreckHeader(position)).as("no mark was set there").isZero();
        restoreHeader(position, header);
        assertThat(times()).isEqualTo(range(0, 1100));
    }

    /** It lies before what was forced, and its pages may be newer than that. */
    @Test
    void shouldNotTrustAnIndexThatPointsAtWhatWasLost() throws IOException {
        final int forced = 530_000; // More than one index holds.
        final byte[] before;
        final byte[] after;
        try (StreamWriter writer = writer()) {
            append(writer, 0, forced);
            writer.force();
            before = Files.readAllBytes(file());
            append(writer, forced, 6000);
            after = Files.readAllBytes(file());
        }
        final int end = (int) positionOf(forced) & -PAGE;
        System.arraycopy(before, 0, after, 0, PAGE); // The head of the file points ahead, too.
        System.arraycopy(before, end, after, end, Math.min(before.length, after.length) - end);
        Files.write(file(), after);
        write(forced, 500, true);
        assertThat(times()).isEqualTo(range(0, forced + 500));
        assertThat(verify().files()).isEqualTo(2);
        assertThat(verify().faults()).isEmpty();
    }

    private int wreckHeader(final long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file().toFile(), "rw")) {
            bytes.seek(position);
            final int header = bytes.readInt();
            bytes.seek(position);
            bytes.writeInt(0);
            return header;
        }
    }

    private void restoreHeader(final long position, final int header) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file().toFile(), "rw")) {
            bytes.seek(position);
            bytes.writeInt(header);
        }
    }

    private void losePages(final Random random, final byte[] before, final byte[] after) throws IOException {
        final byte[] left = after.clone();
        for (int page = 0; page < after.length; page += PAGE) {
            final int length = Math.min(PAGE, after.length - page);
            if (random.nextBoolean()) {
                System.arraycopy(before.length > page ? before : new byte[after.length], page, left, page, length);
            }
        }
        Files.write(file(), left);
    }

    private void write(final int from, final int count, final boolean forces) throws IOException {
        try (StreamWriter writer = writer()) {
            append(writer, from, count);
            if (forces) {
                writer.force();
            }
        }
    }

    private final List<Long> places = new ArrayList<>();

    private StreamWriter writer() {
        return new StreamWriter(data, "traffic", "v1", 42, () -> NOW_MS);
    }

    private void append(final StreamWriter writer, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            release.clear();
            release.pseudonym(7);
            release.timeMs(i);
            release.attribute(Attribute.SPEED.key(), -i);
            ReleaseLayout.putRecord(buffer, 0, release);
            writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
            writer.flush();
            places.add(writer.lastDocument());
        }
    }

    private Path file() throws IOException {
        return QueueVerifier.cycleFiles(StreamFiles.queue(data, "traffic")).get(0);
    }

    private long positionOf(final int document) throws IOException {
        try (CycleFile walk = CycleFile.open(file())) {
            for (int i = 0; i <= document; i++) {
                assertThat(walk.next()).isTrue();
            }
            return walk.position();
        }
    }

    private void flip(final long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file().toFile(), "rw")) {
            bytes.seek(position);
            final int value = bytes.read();
            bytes.seek(position);
            bytes.write(value ^ 1);
        }
    }

    private QueueVerifier verify() throws IOException {
        return new QueueVerifier().verify(StreamFiles.queue(data, "traffic"));
    }

    private List<Long> timesFromTheEnd() {
        final List<Long> times = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data, "traffic").toEnd()) {
            while (reader.next()) {
                times.add(reader.timeMs());
            }
        }
        return times;
    }

    private List<Long> times() {
        final List<Long> times = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data, "traffic")) {
            while (reader.next()) {
                times.add(reader.timeMs());
            }
        }
        return times;
    }

    private static List<Long> range(final int from, final int count) {
        final List<Long> range = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            range.add((long) i);
        }
        return range;
    }
}
