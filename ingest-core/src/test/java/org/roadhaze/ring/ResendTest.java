// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.stage.Stage;

/** What is sent again is acknowledged again and stored once, before a restart and after it. */
@DisplayName("R15: records that are sent again")
class ResendTest {
    private static final int SLOTS = 64;
    private static final int RECORDS = 5;
    private static final long FIRST_MS = RingHarness.NOW_MS - 100_000_000;

    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldStoreOnceAndAcknowledgeAgain(final int workers) {
        final int frames = 10 * SLOTS;
        try (RingHarness ring = RingHarness.once(data, SLOTS, workers)) {
            for (int i = 0; i < frames; i++) {
                publish(ring, i);
                publish(ring, i - i % 3);
            }
            await().until(() -> ring.isAcknowledged(2 * frames));
            assertStoredOnce(ring, frames);
            long sentAgain = 0;
            for (final FrameCounters counters : ring.ring.counters()) {
                sentAgain += counters.sentAgain(RingHarness.TELTONIKA);
            }
            assertThat(sentAgain).isEqualTo((long) frames * RECORDS);
        }
        try (RingHarness ring = RingHarness.once(data, SLOTS, workers)) {
            for (int i = 0; i < 2 * frames; i++) {
                publish(ring, i);
            }
            await().until(() -> ring.isAcknowledged(2 * frames));
            assertStoredOnce(ring, 2 * frames);
        }
    }

    @Test
    void shouldStoreWhatIsSentAgainSinceAStageHadFailed() {
        final AtomicInteger calls = new AtomicInteger();
        final Stage failing = batch -> {
            if (calls.incrementAndGet() % 2 == 1) {
                throw new IllegalStateException("every other frame");
            }
        };
        final int frames = 3 * SLOTS;
        try (RingHarness ring = RingHarness.once(data, SLOTS, 1, failing)) {
            for (int i = 0; i < frames; i++) {
                publish(ring, i);
                publish(ring, i);
            }
            await().until(() -> ring.isAcknowledged(frames));
            assertStoredOnce(ring, frames);
            assertThat(ring.stageFailures).hasSize(frames);
        }
    }

    private static void publish(final RingHarness ring, final int frame) {
        ring.publish(RingHarness.device(frame % 7), FIRST_MS + frame * 1000L * RECORDS, RECORDS);
    }

    private static void assertStoredOnce(final RingHarness ring, final int frames) {
        for (final String stream : List.of("all", "also")) {
            assertThat(ring.timesOf(stream))
                    .as(stream)
                    .hasSize(frames * RECORDS)
                    .doesNotHaveDuplicates();
        }
    }
}
