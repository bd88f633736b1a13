// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.reader.StreamReader;

/**
 * A queue's file that was damaged where its documents lie: readers show less, and never anything else, and the verifier
 * finds it. {@code -Droadhaze.corruptions=N} damages so often, {@code -Droadhaze.seed=N} elsewhere.
 */
@Timeout(300)
class CorruptQueueTest {
    /** What is done to some bytes. */
    enum Damage {
        FLIPPED_BITS,
        ZEROS,
        NOISE,
        /**
         * A write of a document that went to the wrong place. (One of the queue's own, of its index, could hide documents
         * without a trace: nothing of ours vouches for those.)
         */
        MOVED
    }

    private static final int CORRUPTIONS = Integer.getInteger("roadhaze.corruptions", 60);
    private static final long SEED = Long.getLong("roadhaze.seed", 1);
    private static final long NOW_MS = 1_795_478_400_000L;
    private static final int DOCUMENTS = 150;
    private static final int MOST_RECORDS = 12;

    @TempDir
    private Path data;

    private final List<String> written = new ArrayList<>();
    /** Position and length of each, with its header. */
    private final List<long[]> documents = new ArrayList<>();

    private long from;
    private byte[] whole;

    @BeforeEach
    void write() throws IOException {
        final SplittableRandom random = new SplittableRandom(SEED);
        final Release release = new Release();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        try (StreamWriter writer = new StreamWriter(data, "all", "v1", 42, () -> NOW_MS)) {
            for (int document = 0; document < DOCUMENTS; document++) {
                for (int i = random.nextInt(MOST_RECORDS); i >= 0; i--) {
                    release.clear();
                    release.pseudonym(random.nextLong());
                    release.timeMs(NOW_MS + random.nextInt());
                    release.coordinates(random.nextInt(900_000_000), random.nextInt(1_800_000_000));
                    release.attribute(Attribute.SPEED.key(), random.nextInt(10_000));
                    ReleaseLayout.putRecord(buffer, 0, release);
                    writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
                }
                writer.flush();
            }
            writer.force();
        }
        written.addAll(read());
        assertThat(written).hasSizeGreaterThan(DOCUMENTS);
        final long to;
        try (CycleFile walk = CycleFile.open(file())) {
            walk.next();
            from = walk.position();
            do {
                documents.add(new long[] {walk.position(), CycleFile.HEADER_LENGTH + walk.length()});
            } while (walk.next());
            to = walk.endPosition();
        }
        whole = new byte[(int) (to - from)];
        try (RandomAccessFile bytes = new RandomAccessFile(file().toFile(), "r")) {
            bytes.seek(from);
            bytes.readFully(whole);
        }
    }

    @ParameterizedTest
    @DisplayName("R38: a damaged queue file")
    @EnumSource(Damage.class)
    void shouldNeverShowWhatWasNotWrittenAndFindTheFault(final Damage damage) throws IOException {
        final SplittableRandom random = new SplittableRandom(SEED);
        long lost = 0;
        for (int i = 0; i < CORRUPTIONS; i++) {
            final byte[] damaged = damaged(damage, random);
            put(damaged);
            final List<String> seen = read();
            assertThat(strange(seen)).as("seed %d, %s %d", SEED, damage, i).isEmpty();
            lost += written.size() - seen.size();
            if (!seen.equals(written)) { // Otherwise it was bytes between documents, or of the queue's own index.
                assertThat(new QueueVerifier()
                                .verify(StreamFiles.queue(data, "all"))
                                .faults())
                        .as("seed %d, %s %d", SEED, damage, i)
                        .isNotEmpty();
            }
        }
        put(whole);
        assertThat(read()).isEqualTo(written);
        assertThat(lost).isPositive();
    }

    /** What was seen and not written, or not then. */
    private List<String> strange(final List<String> seen) {
        final List<String> strange = new ArrayList<>();
        int at = 0;
        for (final String each : seen) {
            final int found = written.subList(at, written.size()).indexOf(each);
            if (found < 0) {
                strange.add(each);
            } else {
                at += found + 1;
            }
        }
        return strange;
    }

    private byte[] damaged(final Damage damage, final SplittableRandom random) {
        final byte[] bytes = whole.clone();
        final int at = random.nextInt(bytes.length);
        final int length = Math.min(bytes.length - at, 1 + random.nextInt(200));
        switch (damage) {
            case FLIPPED_BITS -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case ZEROS -> Arrays.fill(bytes, at, at + length, (byte) 0);
            case NOISE -> {
                for (int i = at; i < at + length; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
            }
            case MOVED -> {
                final long[] piece = documents.get(random.nextInt(documents.size()));
                final int moved = (int) Math.min(bytes.length - at, 1 + random.nextLong(piece[1]));
                System.arraycopy(whole, (int) (piece[0] - from), bytes, at, moved);
            }
        }
        return bytes;
    }

    private void put(final byte[] bytes) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file().toFile(), "rw")) {
            out.seek(from);
            out.write(bytes);
        }
    }

    private Path file() throws IOException {
        return QueueVerifier.cycleFiles(StreamFiles.queue(data, "all")).get(0);
    }

    private List<String> read() {
        final List<String> records = new ArrayList<>();
        try (StreamReader reader = StreamReader.open(data, "all")) {
            while (reader.next()) {
                records.add(reader.pseudonym()
                        + ' '
                        + reader.timeMs()
                        + ' '
                        + reader.latitudeE7()
                        + ' '
                        + reader.longitudeE7()
                        + ' '
                        + reader.attributes());
            }
        }
        return records;
    }
}
