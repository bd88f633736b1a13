// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.HeldFixes;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.TimedMechanism;

/** What a mechanism holds back leaves when its time has come, though no frame comes. */
class HeldBackTest {
    private static final long WAIT_MS = 60_000;
    /** More than the slot has room for, in four streams. */
    private static final int RECORDS = 200;

    @TempDir
    private Path data;

    @Test
    void shouldReleaseWhatWasHeldWhenTheEngineTicks() {
        try (RingHarness harness = new RingHarness(
                data,
                new RingOptions(64, 1, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                List.of("all"),
                name -> List.of(new Waiting(), RingHarness.EVERYTHING),
                known -> List.of())) {
            harness.publish(RingHarness.device(0), RingHarness.NOW_MS - 5_000, 3);
            await().until(() -> harness.isAcknowledged(1));
            assertThat(harness.timesOf("all")).as("held, though acknowledged").isEmpty();

            harness.ring.tick(RingHarness.NOW_MS + WAIT_MS / 2);
            harness.ring.tick(RingHarness.NOW_MS + WAIT_MS);

            await().until(() -> harness.timesOf("all").size() == 3);
            assertThat(harness.acknowledged.get()).isEqualTo(1);
        }
    }

    /** What was held is of frames that were acknowledged: it must not go with a frame that makes a later step fail. */
    @Test
    void shouldReleaseWhatWasHeldWhenTheFrameFailsThatLetItGo() {
        final long failing = RingHarness.device(1);
        final Map<String, List<Mechanism>> chains = new LinkedHashMap<>();
        chains.put("at-once", List.of(RingHarness.EVERYTHING));
        chains.put("both", List.of(new WaitingOf(RingHarness.device(0)), RingHarness.EVERYTHING));
        chains.put("failing", List.of(failAt(failing), new Waiting(), RingHarness.EVERYTHING));
        chains.put("not-begun", List.of(new Waiting(), RingHarness.EVERYTHING));
        final List<String> streams = List.copyOf(chains.keySet());
        try (RingHarness harness = new RingHarness(
                data,
                new RingOptions(64, 1, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                streams,
                chains::get,
                known -> List.of())) {
            harness.publish(RingHarness.device(0), RingHarness.NOW_MS - 5 * WAIT_MS, RECORDS);
            await().until(() -> harness.isAcknowledged(1));
            harness.publish(failing, RingHarness.NOW_MS, 1);
            await().until(() -> harness.stageFailures.size() == 1);
            harness.ring.tick(RingHarness.NOW_MS + WAIT_MS);

            for (final String stream : streams) {
                await().until(() -> harness.timesOf(stream).size() >= RECORDS);
                assertThat(harness.timesOf(stream))
                        .as(stream)
                        .hasSize(RECORDS)
                        .doesNotHaveDuplicates()
                        .doesNotContain(RingHarness.NOW_MS);
            }
            assertThat(harness.isAcknowledged(2)).isFalse();
        }
    }

    private static Mechanism failAt(final long device) {
        return (candidate, outlet) -> {
            if (candidate.position().deviceId() == device) {
                throw new IllegalStateException("made to fail");
            }
            outlet.pass(candidate);
        };
    }

    /** Holds what is of one device; all else passes at once. */
    private static final class WaitingOf implements TimedMechanism {
        private final Waiting waiting = new Waiting();
        private final long device;

        WaitingOf(final long device) {
            this.device = device;
        }

        @Override
        public void accept(final Candidate candidate, final Outlet outlet) {
            if (candidate.position().deviceId() == device) {
                waiting.accept(candidate, outlet);
            } else {
                outlet.pass(candidate);
            }
        }

        @Override
        public void advanceTo(final long eventTimeMs, final Outlet outlet) {
            waiting.advanceTo(eventTimeMs, outlet);
        }
    }

    /** Holds everything for a minute of event time. */
    private static final class Waiting implements TimedMechanism {
        private final HeldFixes held = new HeldFixes(new int[0], RECORDS);
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
