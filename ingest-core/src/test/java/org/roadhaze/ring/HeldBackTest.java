// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.HeldFixes;
import org.roadhaze.anonymizer.TimedMechanism;

/** What a mechanism holds back leaves when its time has come, though no frame comes. */
class HeldBackTest {
    private static final long WAIT_MS = 60_000;

    @TempDir
    private Path data;

    @Test
    void shouldReleaseWhatWasHeldWhenTheEngineTicks() {
        try (RingHarness harness = new RingHarness(
                data,
                new RingOptions(64, 1, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                List.of("all"),
                name -> List.of(new Waiting(), RingHarness.EVERYTHING),
                List::of)) {
            harness.publish(RingHarness.device(0), RingHarness.NOW_MS - 5_000, 3);
            await().until(() -> harness.isAcknowledged(1));
            assertThat(harness.timesOf("all")).as("held, though acknowledged").isEmpty();

            harness.ring.tick(RingHarness.NOW_MS + WAIT_MS / 2);
            harness.ring.tick(RingHarness.NOW_MS + WAIT_MS);

            await().until(() -> harness.timesOf("all").size() == 3);
            assertThat(harness.acknowledged.get()).isEqualTo(1);
        }
    }

    /** Holds everything for a minute of event time. */
    private static final class Waiting implements TimedMechanism {
        private final HeldFixes held = new HeldFixes(new int[0], 100);
        private int first = HeldFixes.NONE;

        @Override
        public void accept(final Candidate candidate, final Outlet outlet) {
            final int handle = held.hold(candidate);
            held.next(handle, first);
            first = handle;
        }

        @Override
        public void advanceTo(final long eventTimeMs, final Outlet outlet) {
            while (first != HeldFixes.NONE && held.fixTimeMs(first) + WAIT_MS <= eventTimeMs) {
                outlet.pass(held.load(first));
                first = held.free(first);
            }
        }
    }
}
