// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.TimeFinding;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.reader.StreamReader;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.stage.Stage;
import org.roadhaze.stream.StreamAppender;

class IngestRingTest {
    private static final int SLOTS = 64;

    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldPersistEveryRecordOfManyLapsOnceAndInOrderPerDevice(final int workers) {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, workers)) {
            final int frames = 20 * SLOTS;
            for (int i = 0; i < frames; i++) {
                ring.publish(RingHarness.device(i % 7), RingHarness.NOW_MS - 10_000_000 + i * 3000L, 3);
            }
            await().until(() -> ring.isAcknowledged(frames));
            final List<Long> times = ring.timesOf("all");
            assertThat(times).hasSize(3 * frames).doesNotHaveDuplicates().isSorted();
            assertThat(ring.acknowledged).hasValue(frames);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldPublishNothingOfASlotWhoseStageFailed(final int workers) {
        final Stage poison = batch -> {
            if (batch.get(0).deviceId() == RingHarness.device(1)) {
                throw new IllegalStateException("poison");
            }
        };
        try (RingHarness ring = RingHarness.everything(data, SLOTS, workers, poison)) {
            final int frames = 9 * SLOTS;
            final List<Long> expected = new ArrayList<>();
            for (int i = 0; i < frames; i++) {
                final long timeMs = RingHarness.NOW_MS - 1_000_000 + i * 1000L;
                ring.publish(RingHarness.device(i % 3), timeMs, 1);
                if (i % 3 != 1) {
                    expected.add(timeMs);
                }
            }
            await().until(() -> ring.isAcknowledged(expected.size()));
            assertThat(ring.ring.drain(5_000)).isTrue();
            ring.drain();
            assertThat(ring.acknowledged).hasValue(expected.size());
            final List<Long> times = ring.timesOf("all");
            Collections.sort(times);
            assertThat(times).isEqualTo(expected);
            assertThat(ring.stageFailures).hasSize(frames / 3);
            assertThat(ring.lost)
                    .hasSize(frames / 3)
                    .allMatch(frame -> frame.matches("java.lang.IllegalStateException at \\S*IngestRingTest\\S+ 0 "
                            + RingHarness.device(1) + " 00000000[0-9a-f]+"));
        }
    }

    @Test
    void shouldTellOfFramesThatCannotBeDecodedAndOfNoOthers() {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1)) {
            ring.publish(RingHarness.device(1), RingHarness.NOW_MS - 10_000, 2);
            assertThat(ring.tryPublish(
                            RingHarness.device(2), ring.encodeWithWrongCheckSum(RingHarness.NOW_MS - 10_000, 1)))
                    .isTrue();
            ring.publish(RingHarness.device(1), RingHarness.NOW_MS - 5_000, 2);
            await().until(() -> ring.isAcknowledged(2));
            assertThat(ring.lost)
                    .singleElement()
                    .asString()
                    .startsWith("checksum 0 " + RingHarness.device(2) + " 00000000");
        }
    }

    /** Records of a frame are a second apart: the last two of these are later than a clock that is set may say. */
    @Test
    void shouldCountFixesThatAreMinutesAheadOfOurClock() {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1)) {
            ring.publish(RingHarness.device(1), RingHarness.NOW_MS + 300_000 - 2000, 5);
            ring.publish(RingHarness.device(1), RingHarness.NOW_MS - 10_000, 5);
            await().until(() -> ring.isAcknowledged(2));
            final FrameCounters counters = ring.ring.counters()[0];
            assertThat(counters.fixesAhead(RingHarness.TELTONIKA)).isEqualTo(2);
            assertThat(counters.fixesAhead(RingHarness.GT06)).isZero();
        }
    }

    @Test
    void shouldCountTimesThatLostWeeksOrWereNeverSetOrAreFarAhead() {
        final long weeks = 1024 * 604_800_000L;
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1)) {
            ring.publish(RingHarness.device(1), RingHarness.NOW_MS - 10_000, 2);
            ring.publish(RingHarness.device(1), RingHarness.NOW_MS - 5_000 - weeks, 3);
            ring.publish(RingHarness.device(1), 946_684_800_000L, 4);
            ring.publish(RingHarness.device(1), RingHarness.NOW_MS + 40 * 86_400_000L, 5);
            await().until(() -> ring.isAcknowledged(4));
            final FrameCounters counters = ring.ring.counters()[0];
            assertThat(counters.oddTimes(RingHarness.TELTONIKA, TimeFinding.WEEKS_ADDED))
                    .isEqualTo(3);
            assertThat(counters.oddTimes(RingHarness.TELTONIKA, TimeFinding.NOT_SET))
                    .isEqualTo(4);
            assertThat(counters.oddTimes(RingHarness.TELTONIKA, TimeFinding.FAR_AHEAD))
                    .isEqualTo(5);
            assertThat(counters.oddTimes(RingHarness.TELTONIKA, TimeFinding.SENSIBLE))
                    .isZero();
            assertThat(ring.timesOf("all"))
                    .hasSize(5)
                    .allMatch(timeMs -> timeMs > RingHarness.NOW_MS - 20_000 && timeMs < RingHarness.NOW_MS);
        }
    }

    @Test
    void shouldAcknowledgeOnlyWhatCanBeReadBack() {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1);
                StreamReader reader = openOnceThere(ring)) {
            for (int i = 1; i <= 200; i++) {
                ring.publish(RingHarness.device(0), RingHarness.NOW_MS - 1_000_000 + i * 1000L, 1);
                final int frames = i + 1;
                await().until(() -> ring.isAcknowledged(frames));
                assertThat(reader.next()).isTrue();
                assertThat(reader.timeMs()).isEqualTo(RingHarness.NOW_MS - 1_000_000 + i * 1000L);
            }
        }
    }

    private StreamReader openOnceThere(final RingHarness ring) {
        ring.publish(RingHarness.device(9), RingHarness.NOW_MS - 2_000_000, 1);
        await().until(() -> ring.isAcknowledged(1));
        return StreamReader.open(data, "all").toEnd();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldCarryFramesAndReleasesThatAreLargerThanASlot(final int workers) {
        try (RingHarness ring = new RingHarness(
                data,
                new RingOptions(SLOTS, workers, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.PERSISTED)),
                List.of("a", "b", "c"),
                name -> List.of((candidate, outlet) -> {
                    final Release release = candidate.release();
                    release.timeMs(candidate.position().fixTimeMs());
                    for (int i = 0; i < 40; i++) {
                        release.attribute(
                                Attribute.ioKey(i), candidate.position().fixTimeMs() + i);
                    }
                    outlet.pass(candidate);
                }),
                known -> List.of())) {
            final int length = ring.encode(RingHarness.NOW_MS - 1_000_000, 255, 10);
            assertThat(length).isGreaterThan(SlotArena.INLINE_FRAME_LENGTH);
            final int frames = SLOTS + SLOTS / 2;
            for (int i = 0; i < frames; i++) {
                while (!ring.tryPublish(RingHarness.device(i), length)) {
                    ring.drain();
                    Thread.onSpinWait();
                }
            }
            await().until(() -> ring.isAcknowledged(frames));
            for (final String stream : ring.streams) {
                try (StreamReader reader = StreamReader.open(data, stream)) {
                    for (int i = 0; i < frames * 255; i++) {
                        assertThat(reader.next()).isTrue();
                        if (reader.attributeCount() != 40 || reader.attributeValue(39) != reader.timeMs() + 39) {
                            throw new AssertionError("record " + i + " of " + stream + " is torn");
                        }
                    }
                    assertThat(reader.next()).isFalse();
                }
            }
        }
    }

    @Test
    void shouldGiveLateOriginsAFewSlotsAndAllOthersTheRest() {
        final Semaphore mayGoOn = new Semaphore(0);
        final Stage blocking = batch -> mayGoOn.acquireUninterruptibly();
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1, blocking)) {
            final Origin late = lateOrigin(ring);
            final int lane = new LateLane(SLOTS).slots();
            final int length = ring.encode(RingHarness.NOW_MS - 1000, 1, 0);
            for (int i = 0; i < lane; i++) {
                assertThat(ring.tryPublish(late, RingHarness.device(i), length)).isTrue();
            }
            assertThat(ring.tryPublish(late, RingHarness.device(lane), length)).isFalse();
            int live = 0;
            while (ring.tryPublish(RingHarness.device(live), length)) {
                live++;
            }
            assertThat(live).isEqualTo(SLOTS - lane);
            assertThat(ring.tryPublish(late, RingHarness.device(0), length)).isFalse();

            mayGoOn.release(SLOTS);
            await().until(() -> ring.isAcknowledged(SLOTS));
            for (int round = 0; round < 3; round++) { // None of its places is lost.
                for (int i = 0; i < lane; i++) {
                    assertThat(ring.tryPublish(late, RingHarness.device(i), length))
                            .isTrue();
                }
                assertThat(ring.tryPublish(late, RingHarness.device(lane), length))
                        .isFalse();
                mayGoOn.release(lane);
                final int frames = SLOTS + (round + 1) * lane;
                await().until(() -> ring.isAcknowledged(frames) && ring.ring.freeSlots() == SLOTS);
            }
        }
    }

    /** The places of the lane are free when its frames are appended, and whoever found none hears of it, whatever the disk does. */
    @Test
    void shouldTellWhoWaitsForTheLateLaneWhileTheDiskIsBusy() {
        final Semaphore mayGoOn = new Semaphore(0);
        final Semaphore mayForce = new Semaphore(0);
        final Stage blocking = batch -> mayGoOn.acquireUninterruptibly();
        try (RingHarness ring = new RingHarness(
                data,
                new RingOptions(SLOTS, 1, RingOptions.Waiting.PARKING, CommitOptions.of(AckLevel.SYNCED)),
                ResendOptions.NONE,
                List.of("all"),
                name -> List.of(RingHarness.EVERYTHING),
                known -> List.of(blocking),
                writer -> new BusyDisk(writer, mayForce))) {
            try {
                final Origin late = lateOrigin(ring);
                final int lane = new LateLane(SLOTS).slots();
                final int length = ring.encode(RingHarness.NOW_MS - 1000, 1, 0);
                for (int i = 0; i < lane; i++) {
                    assertThat(ring.tryPublish(late, RingHarness.device(i), length))
                            .isTrue();
                }
                assertThat(ring.tryPublish(late, RingHarness.device(lane), length))
                        .isFalse();
                assertThat(ring.wakes).hasValue(0);
                mayGoOn.release(lane);
                await().until(() -> ring.wakes.get() == 1);
                assertThat(ring.tryPublish(late, RingHarness.device(lane), length))
                        .isTrue();
                assertThat(ring.isAcknowledged(1)).isFalse();

                mayGoOn.release(1); // Nobody waits any more.
                await().until(() -> ring.ring.freeSlots() == SLOTS);
                mayForce.release(SLOTS);
                await().until(() -> ring.isAcknowledged(lane + 1));
            } finally { // The ring is closed when it is done.
                mayGoOn.release(SLOTS);
                mayForce.release(SLOTS);
            }
        }
    }

    private static Origin lateOrigin(final RingHarness ring) {
        return new Origin() {
            @Override
            public AcknowledgementMailbox mailbox() {
                return ring.mailbox();
            }

            @Override
            public boolean isLate() {
                return true;
            }
        };
    }

    /** Appends, and forces when it may. */
    private record BusyDisk(StreamAppender stream, Semaphore mayForce) implements StreamAppender {
        @Override
        public boolean hasRoom(final int sourceLength, final int count) {
            return stream.hasRoom(sourceLength, count);
        }

        @Override
        public void append(final DirectBuffer source, final int offset, final int sourceLength, final int count) {
            stream.append(source, offset, sourceLength, count);
        }

        @Override
        public boolean isPending() {
            return stream.isPending();
        }

        @Override
        public long lastDocument() {
            return stream.lastDocument();
        }

        @Override
        public void flush() {
            stream.flush();
        }

        @Override
        public void force() throws IOException {
            mayForce.acquireUninterruptibly();
            stream.force();
        }

        @Override
        public void handOver() {
            stream.handOver();
        }
    }

    @Test
    void shouldJudgeLateWhatIsMinutesOldAlone() {
        final long weeks = 1024 * 604_800_000L;
        final List<Verdict> verdicts = new CopyOnWriteArrayList<>();
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1)) {
            final Origin origin = new Origin() {
                @Override
                public AcknowledgementMailbox mailbox() {
                    return ring.mailbox();
                }

                @Override
                public void judged(final Verdict verdict, final long deviceId, final long receivedTimeMs) {
                    verdicts.add(verdict);
                }
            };
            final long[] firstMs = {
                RingHarness.NOW_MS - 301_000, // The last of two is 300 s old: not more.
                RingHarness.NOW_MS - 302_000,
                RingHarness.NOW_MS - 183 * 86_400_000L,
                RingHarness.NOW_MS - 5_000 - weeks, // Of a receiver that lost its weeks.
                RingHarness.NOW_MS - 183 * 86_400_000L - weeks,
                946_684_800_000L, // Of a clock that was never set.
                RingHarness.NOW_MS + 60_000
            };
            for (final long timeMs : firstMs) {
                assertThat(ring.tryPublish(origin, RingHarness.device(1), ring.encode(timeMs, 2, 0)))
                        .isTrue();
            }
            await().until(() -> verdicts.size() == firstMs.length);
            assertThat(verdicts)
                    .containsExactly(
                            Verdict.SOUND,
                            Verdict.LATE,
                            Verdict.LATE,
                            Verdict.SOUND,
                            Verdict.LATE,
                            Verdict.SOUND,
                            Verdict.SOUND);
        }
    }

    @Test
    void shouldSayThatItIsFullAndLoseNothing() {
        final CountDownLatch stuck = new CountDownLatch(1);
        final Stage blocking = batch -> {
            try {
                stuck.await();
            } catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1, blocking)) {
            int published = 0;
            final int length = ring.encode(RingHarness.NOW_MS - 1000, 1, 0);
            while (ring.tryPublish(RingHarness.device(published), length)) {
                published++;
            }
            assertThat(published).isEqualTo(SLOTS);
            assertThat(ring.ring.freeSlots()).isZero();
            stuck.countDown();
            await().until(() -> ring.isAcknowledged(SLOTS));
            assertThat(ring.timesOf("all")).hasSize(SLOTS);
        }
    }

    @Test
    void shouldNotAcknowledgeAFrameWithAWrongCheckSumAndCountIt() {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1)) {
            final int length = ring.encodeWithWrongCheckSum(RingHarness.NOW_MS - 1000, 1);
            assertThat(ring.tryPublish(RingHarness.device(0), length)).isTrue();
            ring.publish(RingHarness.device(0), RingHarness.NOW_MS - 1000, 1);
            assertThat(ring.ring.drain(5_000)).isTrue();
            ring.drain();
            assertThat(ring.acknowledged).hasValue(1);
            assertThat(ring.timesOf("all")).hasSize(1);
            final FrameCounters counters = ring.ring.counters()[0];
            assertThat(counters.frames(RingHarness.TELTONIKA, FrameResult.CHECKSUM))
                    .isEqualTo(1);
            assertThat(counters.frames(RingHarness.TELTONIKA, FrameResult.POSITIONS))
                    .isEqualTo(1);
            assertThat(counters.positions(RingHarness.TELTONIKA)).isEqualTo(1);
        }
    }

    /** A slot holds what another device sent a lap before. */
    @Test
    void shouldPublishNothingOfASlotThatCouldNotBeFilled() {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1)) {
            for (int i = 0; i < SLOTS; i++) {
                ring.publish(RingHarness.device(1), RingHarness.NOW_MS - 100_000 + i * 1000L, 1);
            }
            await().until(() -> ring.isAcknowledged(SLOTS));
            assertThatThrownBy(() -> ring.publishBeyondTheBytes(RingHarness.device(2)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            ring.publish(RingHarness.device(3), RingHarness.NOW_MS, 1);
            assertThat(ring.ring.drain(5_000)).isTrue();
            ring.drain();
            assertThat(ring.acknowledged).hasValue(SLOTS + 1);
            assertThat(ring.timesOf("all")).hasSize(SLOTS + 1).doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldStopAcknowledgingWhenAnAppendFails() {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1)) {
            ring.publish(RingHarness.device(0), RingHarness.NOW_MS - 2000, 1);
            await().until(() -> ring.isAcknowledged(1));
            ring.closeWriters();
            ring.publish(RingHarness.device(0), RingHarness.NOW_MS - 1000, 1);
            await().until(() -> !ring.fatal.isEmpty());
            ring.drain();
            assertThat(ring.acknowledged).hasValue(1);
        }
    }
}
