// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.reader.StreamReader;

/** A queue that begins a new file, again and again, while it is written, forced and read. */
@Timeout(60)
class RollTest {
    private static final long NOW_MS = 1_795_478_400_000L;
    private static final long HOUR_MS = 3_600_000;
    private static final int ROLLS = 24;
    private static final int DOCUMENTS_A_ROLL = 40;

    @TempDir
    private Path data;

    @Test
    @DisplayName("R32: rolls under a writer, with hours in which nothing comes, and a reader that follows")
    void shouldLoseNothingWhileItRolls() throws IOException {
        final SplittableRandom random = new SplittableRandom(32);
        final AtomicLong nowMs = new AtomicLong(NOW_MS);
        final Release release = new Release();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        long written = 0;
        long followed = 0;
        try (StreamWriter writer = new StreamWriter(data, "all", "v1", 42, nowMs::get);
                StreamReader follower = StreamReader.open(data, "all")) {
            for (int roll = 0; roll < ROLLS; roll++) {
                for (int i = 0; i < DOCUMENTS_A_ROLL; i++) {
                    release.clear();
                    release.timeMs(written++);
                    ReleaseLayout.putRecord(buffer, 0, release);
                    writer.append(buffer, 0, ReleaseLayout.recordLength(release), 1);
                    writer.flush();
                    if (random.nextInt(8) == 0) {
                        writer.force();
                    }
                    if (random.nextInt(4) == 0) {
                        followed = follow(follower, followed);
                        assertThat(followed).isEqualTo(written);
                    }
                }
                nowMs.addAndGet(HOUR_MS * (1 + random.nextInt(3)));
            }
            writer.force();
            assertThat(follow(follower, followed)).isEqualTo(written);
        }
        try (StreamReader reader = StreamReader.open(data, "all")) {
            assertThat(follow(reader, 0)).isEqualTo(written);
        }
        final QueueVerifier verifier = new QueueVerifier().verify(StreamFiles.queue(data, "all"));
        assertThat(verifier.faults()).isEmpty();
        assertThat(verifier.files()).isEqualTo(ROLLS);
        assertThat(verifier.documents()).isEqualTo(written);
    }

    private static long follow(final StreamReader reader, final long from) {
        long next = from;
        while (reader.next()) {
            assertThat(reader.timeMs()).isEqualTo(next++);
        }
        return next;
    }
}
