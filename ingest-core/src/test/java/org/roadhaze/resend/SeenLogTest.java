// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After a start the log knows exactly the records whose documents came to be, stream by stream. */
class SeenLogTest {
    private static final ResendOptions OPTIONS = new ResendOptions(64, 1_000_000);
    private static final List<String> STREAMS = List.of("traffic", "presence", "fleet");

    @TempDir
    private Path directory;

    private final long[] lastDocuments = {-1, -1, -1};

    @Test
    void shouldKnowAfterAStartWhatWasStored() throws IOException {
        try (SeenLog log = open()) {
            batch(log, 0b101, 11, 12);
            store(0b101);
            batch(log, 0b010, 13);
            store(0b010);
        }
        try (SeenLog log = open()) {
            assertThat(log.before().storedIn(11)).isEqualTo(SeenBefore.EVERYWHERE);
            assertThat(log.before().storedIn(12)).isEqualTo(SeenBefore.EVERYWHERE);
            assertThat(log.before().storedIn(13)).isEqualTo(SeenBefore.EVERYWHERE);
            assertThat(log.before().storedIn(14)).isEqualTo(SeenBefore.NOWHERE);
        }
    }

    @Test
    void shouldTellWhichStreamsLackWhatWasCutShort() throws IOException {
        try (SeenLog log = open()) {
            batch(log, 0b111, 11);
            store(0b001); // Killed before the second stream's document.
        }
        try (SeenLog log = open()) {
            assertThat(log.before().storedIn(11) & 0b111).isEqualTo(0b001);
            batch(log, 0b110, 11);
            store(0b110);
        }
        try (SeenLog log = open()) {
            assertThat(log.before().storedIn(11)).isEqualTo(SeenBefore.EVERYWHERE);
        }
    }

    @Test
    void shouldNotTakeALaterDocumentForOneThatNeverCameToBe() throws IOException {
        try (SeenLog log = open()) {
            batch(log, 0b001, 11);
        }
        try (SeenLog log = open()) {
            batch(log, 0b001, 12);
            store(0b001);
        }
        try (SeenLog log = open()) {
            assertThat(log.before().storedIn(11)).isEqualTo(SeenBefore.NOWHERE);
            assertThat(log.before().storedIn(12)).isEqualTo(SeenBefore.EVERYWHERE);
        }
    }

    @Test
    void shouldGoByTheNamesOfTheStreams() throws IOException {
        try (SeenLog log = open()) {
            batch(log, 0b111, 11);
            store(0b010);
        }
        final List<String> now = List.of("fleet", "new", "presence");
        try (SeenLog log = new SeenLog(directory, OPTIONS, now, new long[] {-1, -1, 0}, false)) {
            assertThat(log.before().storedIn(11) & 0b111).as("fleet lacks it").isEqualTo(0b110);
        }
    }

    @Test
    void shouldEndAtAnEntryThatWasTorn() throws IOException {
        final Path file;
        try (SeenLog log = open()) {
            batch(log, 0b001, 11);
            store(0b001);
            batch(log, 0b001, 12);
            store(0b001);
            file = files().get(0);
        }
        final long length = Files.size(file);
        final byte[] whole = Files.readAllBytes(file);
        for (long cut = length - 1; cut > length - 60; cut--) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {(byte) ~whole[(int) cut]}), cut);
            }
            final SeenSegment segment = SeenSegment.read(file);
            assertThat(segment.entries()).hasSize(1);
            assertThat(segment.tag(segment.entries().get(0), 0)).isEqualTo(11);
            Files.write(file, whole);
        }
        Files.write(file, new byte[20]);
        try (SeenLog log = open()) {
            assertThat(log.before().storedIn(11)).isEqualTo(SeenBefore.NOWHERE);
        }
        assertThat(file).doesNotExist();
    }

    /** The log was forced, the queue was not; and the log had gone on to its next file meanwhile. */
    @Test
    void shouldNotTakeForStoredWhatAPowerCutTookAwayBehindANewFile() throws IOException {
        long tag = 0;
        try (SeenLog log = new SeenLog(directory, OPTIONS, STREAMS, lastDocuments.clone(), true)) {
            while (files().size() < 2) {
                final long[] tags = new long[1_000];
                for (int i = 0; i < tags.length; i++) {
                    tags[i] = ++tag;
                }
                batch(log, 0b001, tags);
                store(0b001);
            }
            log.force();
        }
        lastDocuments[0] -= 3;
        for (int start = 0; start < 2; start++) {
            try (SeenLog log = open()) {
                assertThat(log.before().storedIn(tag - 3_500)).isEqualTo(SeenBefore.EVERYWHERE);
                for (long lost = tag - 2_999; lost <= tag; lost++) {
                    assertThat(log.before().storedIn(lost)).as("%d", tag - lost).isEqualTo(SeenBefore.NOWHERE);
                }
            }
            store(0b001); // Another document takes the place.
        }
    }

    @Test
    void shouldNotTakeForStoredWhatOnlyAStreamLacksThatIsGone() throws IOException {
        try (SeenLog log = open()) {
            batch(log, 0b001, 11); // Killed before the document.
        }
        for (final List<String> now : List.of(List.of("renamed"), STREAMS)) {
            final long[] last = new long[now.size()];
            Arrays.fill(last, -1);
            try (SeenLog log = new SeenLog(directory, OPTIONS, now, last, false)) {
                assertThat(log.before().storedIn(11)).isEqualTo(SeenBefore.NOWHERE);
            }
        }
    }

    /** Of the second run nothing but documents survived: they are not those of the first. */
    @Test
    void shouldRememberARunThatLeftNoEntry() throws IOException {
        try (SeenLog log = open()) {
            batch(log, 0b001, 11); // Killed before the document.
        }
        open().close();
        for (int start = 0; start < 3; start++) {
            store(0b001);
            try (SeenLog log = open()) {
                assertThat(log.before().storedIn(11)).isEqualTo(SeenBefore.NOWHERE);
            }
        }
    }

    @Test
    void shouldTakeALargeBatchAfterASmallOne() throws IOException {
        final long[] many = new long[30_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = 100L + i;
        }
        try (SeenLog log = open()) {
            batch(log, 0b001, 11);
            store(0b001);
            batch(log, 0b001, many);
            store(0b001);
        }
        try (SeenLog log = open()) {
            assertThat(log.before().storedIn(11)).isEqualTo(SeenBefore.EVERYWHERE);
            assertThat(log.before().storedIn(99L + many.length)).isEqualTo(SeenBefore.EVERYWHERE);
        }
    }

    /** The file ahead is used when the time comes, is no trouble to a start that finds it, and is gone after a clean end. */
    @Test
    void shouldGoOnInTheFileThatWasMadeAhead() throws IOException {
        final long[] many = new long[400_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = 100L + i;
        }
        try (SeenLog log = open()) {
            log.prepare();
            log.prepare();
            final List<Path> withOneAhead = files();
            assertThat(withOneAhead).hasSize(2);
            batch(log, 0b001, many);
            store(0b001);
            batch(log, 0b001, many);
            store(0b001);
            assertThat(files()).isEqualTo(withOneAhead);
            log.prepare();
            assertThat(files()).hasSize(3);
            try (SeenLog afterAKill = open()) {
                assertThat(afterAKill.before().storedIn(100)).isEqualTo(SeenBefore.EVERYWHERE);
            }
        }
    }

    @Test
    void shouldLeaveNothingAheadBehind() throws IOException {
        try (SeenLog log = open()) {
            log.prepare();
            batch(log, 0b001, 11);
            store(0b001);
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void shouldKeepNoMoreThanAStartIsToKnow() throws IOException {
        final ResendOptions few = new ResendOptions(64, 100_000);
        try (SeenLog log = new SeenLog(directory, few, STREAMS, lastDocuments.clone(), true)) {
            for (int i = 0; i < 2_000; i++) {
                final long[] tags = new long[1_000];
                for (int j = 0; j < tags.length; j++) {
                    tags[j] = 1 + i * 1_000L + j;
                }
                batch(log, 0b001, tags);
                store(0b001);
                if (i % 100 == 0) {
                    log.force();
                    log.prepare();
                }
            }
            log.prepare();
            assertThat(files()).as("8 bytes a record, and one ahead").hasSizeBetween(3, 4);
        }
        try (SeenLog log = new SeenLog(directory, few, STREAMS, lastDocuments.clone(), false)) {
            assertThat(log.before().storedIn(2_000_000)).isEqualTo(SeenBefore.EVERYWHERE);
            assertThat(log.before().storedIn(1_900_001)).isEqualTo(SeenBefore.EVERYWHERE);
            assertThat(log.before().storedIn(1)).isEqualTo(SeenBefore.NOWHERE);
        }
    }

    @Test
    void shouldKeepItsKeyToItselfAndRefuseOneThatOthersCanRead() throws IOException {
        final byte[] key;
        try (SeenLog log = open()) {
            key = log.key();
        }
        try (SeenLog log = open()) {
            assertThat(log.key()).isEqualTo(key).isNotEqualTo(new byte[16]);
        }
        final Path file = directory.resolve("key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(this::open).hasMessageContaining("rw-r-----").hasMessageContaining(file.toString());
    }

    @Test
    void shouldBeRemovedWhenItIsNotWanted() throws IOException {
        try (SeenLog log = open()) {
            batch(log, 0b001, 11);
        }
        SeenLog.remove(directory);
        assertThat(directory).isEmptyDirectory();
        SeenLog.remove(directory.resolve("never-there"));
    }

    /** Kills at any point between the tags and the last document, over and over, against a model. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithAModelOverManyKills(final long seed) throws IOException {
        final Random random = new Random(seed);
        final Map<Long, Long> stored = new HashMap<>();
        long nextTag = 1;
        for (int start = 0; start < 12; start++) {
            try (SeenLog log = open()) {
                for (final Map.Entry<Long, Long> entry : stored.entrySet()) {
                    final long found = log.before().storedIn(entry.getKey());
                    assertThat(found == SeenBefore.NOWHERE ? 0 : found & 0b111)
                            .as("seed %d start %d tag %d", seed, start, entry.getKey())
                            .isEqualTo(entry.getValue());
                }
                for (int i = random.nextInt(20); i >= 0; i--) {
                    final long documents = 1L + random.nextInt(7);
                    final long[] tags = new long[1 + random.nextInt(5)];
                    for (int j = 0; j < tags.length; j++) {
                        tags[j] = nextTag++ * 0x9E3779B97F4A7C15L;
                    }
                    batch(log, documents, tags);
                    long came = documents;
                    if (i == 0) { // Killed here: the documents are appended in the streams' order.
                        came &= (1L << random.nextInt(4)) - 1L;
                    }
                    store(came);
                    final long all = came == documents ? 0b111 : came == 0 ? 0 : ~(documents & ~came) & 0b111;
                    for (final long tag : tags) {
                        stored.put(tag, all);
                    }
                }
            }
        }
    }

    private SeenLog open() throws IOException {
        return new SeenLog(directory, OPTIONS, STREAMS, lastDocuments.clone(), false);
    }

    private void batch(final SeenLog log, final long documents, final long... tags) {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[8 * tags.length]);
        for (int i = 0; i < tags.length; i++) {
            bytes.putLong(8 * i, tags[i], ByteOrder.LITTLE_ENDIAN);
        }
        log.add(bytes, 0, tags.length);
        log.flush(documents, lastDocuments);
    }

    /** The documents of a batch came to be. */
    private void store(final long documents) {
        for (int i = 0; i < lastDocuments.length; i++) {
            lastDocuments[i] += documents >>> i & 1;
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SeenSegment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }
}
