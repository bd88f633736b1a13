// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.reader.ReaderLag;
import org.roadhaze.reader.StreamReader;

/** R31: a reader that stands still for a day holds nobody up, and finds everything when it goes on. */
@Timeout(60)
class LaggingReaderTest {
    private static final long START_MS = 1_795_478_400_000L;
    private static final long MINUTE_MS = 60_000;
    private static final int MINUTES = 24 * 60;
    private static final int RECORDS_A_MINUTE = 20;

    @TempDir
    private Path data;

    private final Release release = new Release();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final AtomicLong passedMs = new AtomicLong();
    private int written;

    @Test
    @DisplayName("R31: a reader a day behind reads on where it stood, gap and repetition free, through all the files")
    void shouldFindADayOfRecordsWhenItGoesOn() throws IOException {
        try (StreamWriter writer = writer()) {
            appendAMinute(writer);
            try (StreamReader behind = StreamReader.open(data, "traffic");
                    StreamReader atTheEnd = StreamReader.open(data, "traffic")) {
                int read = 0;
                while (read < RECORDS_A_MINUTE / 2) {
                    assertThat(behind.next()).isTrue();
                    assertThat(behind.timeMs()).isEqualTo(read++);
                }
                final Set<Path> first = files();
                int followed = 0;
                for (int minute = 1; minute < MINUTES; minute++) {
                    passedMs.addAndGet(MINUTE_MS);
                    appendAMinute(writer);
                    writer.force();
                    while (atTheEnd.next()) {
                        assertThat(atTheEnd.timeMs()).isEqualTo(followed++);
                    }
                    assertThat(followed)
                            .as("the other reader, in minute %d", minute)
                            .isEqualTo(written);
                }
                assertThat(files())
                        .as("nothing unread is taken away")
                        .hasSize(24)
                        .containsAll(first);
                while (behind.next()) {
                    assertThat(behind.timeMs()).isEqualTo(read++);
                }
                assertThat(read).isEqualTo(written).isEqualTo(MINUTES * RECORDS_A_MINUTE);
                assertThat(behind.unreadableDocuments()).isZero();

                appendAMinute(writer);
                assertThat(behind.next()).as("it follows again").isTrue();
                assertThat(behind.timeMs()).isEqualTo(read);
            }
        }
    }

    @Test
    @DisplayName("R31: how far it is behind is known, in documents and in time, whether somebody watched or not")
    void shouldSayHowFarAReaderIsBehind() throws IOException {
        final AtomicLong position = new AtomicLong(-1);
        try (StreamWriter writer = writer();
                StreamReader reader = openAfterTheFirst(writer);
                ReaderLag watched = new ReaderLag(data, "traffic", position::get);
                ReaderLag fromTheStart = new ReaderLag(data, "traffic", () -> -1)) {
            look(watched);
            assertThat(watched.documents()).as("before it has read").isOne();
            position.set(readADocument(reader));
            look(watched);
            assertThat(watched.documents()).as("at the end").isZero();
            assertThat(watched.atMost()).isZero();

            for (int minute = 1; minute < MINUTES; minute++) {
                passedMs.addAndGet(MINUTE_MS);
                appendAMinute(writer);
                look(watched);
            }
            assertThat(watched.documents()).isEqualTo(MINUTES - 1);
            assertThat(watched.atMost()).isEqualTo(Duration.ofMinutes(MINUTES - 1));
            for (int document = 1; document < MINUTES - 90; document++) {
                position.set(readADocument(reader));
            }
            look(watched);
            assertThat(watched.documents()).isEqualTo(90);
            assertThat(watched.atMost()).as("a look a minute").isEqualTo(Duration.ofMinutes(90));
            try (ReaderLag unwatched = new ReaderLag(data, "traffic", position::get)) {
                look(unwatched);
                assertThat(unwatched.documents()).isEqualTo(90);
                assertThat(unwatched.atMost())
                        .as("of a document of the hour of which this is the 59th minute")
                        .isEqualTo(Duration.ofMinutes(119));
            }
            look(fromTheStart);
            assertThat(fromTheStart.documents()).isEqualTo(MINUTES);
            for (int document = 0; document < 90; document++) {
                position.set(readADocument(reader));
            }
            look(watched);
            assertThat(watched.documents()).isZero();
            assertThat(watched.atMost()).isZero();
        }
    }

    /** A queue is there with its first document. */
    private StreamReader openAfterTheFirst(final StreamWriter writer) {
        appendAMinute(writer);
        return StreamReader.open(data, "traffic");
    }

    private static long readADocument(final StreamReader reader) {
        for (int i = 0; i < RECORDS_A_MINUTE; i++) {
            assertThat(reader.next()).isTrue();
        }
        return reader.index();
    }

    private void look(final ReaderLag lag) {
        lag.look(START_MS + passedMs.get());
    }

    private StreamWriter writer() {
        return new StreamWriter(
                data, "traffic", "v1", 42, () -> START_MS + passedMs.get(), () -> passedMs.get() * 1_000_000);
    }

    private void appendAMinute(final StreamWriter writer) {
        for (int i = 0; i < RECORDS_A_MINUTE; i++) {
            release.clear();
            release.pseudonym(7);
            release.timeMs(written++);
            release.attribute(Attribute.SPEED.key(), 1);
            ReleaseLayout.putRecord(buffer, 0, release);
            writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
        }
        writer.flush();
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(StreamFiles.queue(data, "traffic"))) {
            return files.filter(file -> file.toString().endsWith(".cq4")).collect(Collectors.toSet());
        }
    }
}
