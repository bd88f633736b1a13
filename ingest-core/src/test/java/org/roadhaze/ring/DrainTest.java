// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.stream.BehindJournal;

/** What waits for its journal leaves when the engine stops, though no frame and no tick comes any more. */
class DrainTest {
    @TempDir
    private Path data;

    @ParameterizedTest
    @EnumSource(
            value = AckLevel.class,
            names = {"PERSISTED", "SYNCED"})
    void shouldAppendWhatWaitsForItsJournal(final AckLevel level) {
        try (RingHarness harness = new RingHarness(
                data,
                new RingOptions(64, 1, RingOptions.Waiting.PARKING, CommitOptions.of(level)),
                ResendOptions.NONE,
                List.of("all"),
                name -> List.of(RingHarness.EVERYTHING),
                known -> List.of(),
                BehindJournal::new)) {
            harness.publish(RingHarness.device(0), RingHarness.NOW_MS, 3);
            await().until(() -> harness.isAcknowledged(1));

            assertThat(harness.ring.drain(10_000)).isTrue();
            assertThat(harness.timesOf("all")).hasSize(3);
        }
    }
}
