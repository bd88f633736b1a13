// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.stream.Durable;

/** When acknowledgements go, and when they never go. What a power cut leaves is for the process tests. */
@Timeout(60)
class GroupCommitTest {
    private static final int SLOTS = 64;

    @TempDir
    private Path data;

    private final AcknowledgementMailbox mailbox = new AcknowledgementMailbox(SLOTS, () -> {});
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final CommitCounters counters = new CommitCounters();
    private final Semaphore mayForce = new Semaphore(0);
    private final AtomicInteger forcing = new AtomicInteger();
    private int acknowledged;
    private volatile IOException broken;

    private final Durable disk = () -> {
        forcing.incrementAndGet();
        mayForce.acquireUninterruptibly();
        if (broken != null) {
            throw broken;
        }
    };

    private final GroupCommit commit = new GroupCommit(
            new Durable[] {disk},
            new AcknowledgementMailbox[] {mailbox},
            new CommitOptions(AckLevel.SYNCED, Duration.ZERO, CommitOptions.LEAST_BYTES),
            fatal::add,
            counters);

    @AfterEach
    void end() {
        mayForce.release(SLOTS);
        commit.close();
    }

    @Test
    void shouldLetGoWhatWasAppendedBeforeTheForceBegan() {
        commit.start();
        append();
        await().until(() -> forcing.get() == 1);
        append();
        append();
        assertThat(acknowledged()).isZero();
        mayForce.release();
        await().until(() -> forcing.get() == 2);
        assertThat(acknowledged()).as("the second force is under way").isEqualTo(1);
        assertThat(commit.isDone()).isFalse();
        mayForce.release();
        await().until(commit::isDone);
        assertThat(acknowledged()).isEqualTo(3);
        assertThat(forcing).hasValue(2);
        await().until(() -> counters.commits() == 2);
    }

    @Test
    void shouldSayWhatWaitsForTheDiskAndForHowLong() {
        append(commit, 10);
        assertThat(commit.unforcedBytes()).isEqualTo(10);
        assertThat(commit.forcingNs()).isZero();
        commit.start();
        await().until(() -> forcing.get() == 1);
        append(commit, 5);
        assertThat(commit.unforcedBytes()).isEqualTo(15);
        final long soFarNs = commit.forcingNs();
        assertThat(soFarNs).isPositive();
        await().until(() -> commit.forcingNs() > soFarNs);
        mayForce.release();
        await().until(() -> forcing.get() == 2);
        assertThat(commit.unforcedBytes()).as("appended during the first force").isEqualTo(5);
        mayForce.release();
        await().until(() -> commit.forcingNs() == 0);
        assertThat(commit.unforcedBytes()).isZero();
    }

    @Test
    void shouldNeverForceAgainAfterAForceHasFailed() {
        broken = new IOException("Input/output error");
        commit.start();
        append();
        mayForce.release(SLOTS);
        await().until(() -> !fatal.isEmpty());
        broken = null;
        append();
        commit.close();
        assertThat(forcing).hasValue(1);
        assertThat(acknowledged()).isZero();
        assertThat(fatal).hasSize(1);
        assertThat(commit.isDone()).isFalse();
    }

    @Test
    void shouldCommitWhatWasAskedForBeforeItCloses() {
        append();
        mayForce.release(SLOTS);
        commit.start();
        commit.close();
        assertThat(acknowledged()).isEqualTo(1);
    }

    /** Acknowledgements wait for the next turn, unless so much has gathered that it is time. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForItsTurnUnlessTheGroupIsFull(final boolean full) {
        mayForce.release(SLOTS);
        try (GroupCommit slow = new GroupCommit(
                new Durable[] {disk},
                new AcknowledgementMailbox[] {mailbox},
                new CommitOptions(AckLevel.SYNCED, CommitOptions.MOST_EVERY, CommitOptions.LEAST_BYTES),
                fatal::add,
                counters)) {
            slow.start();
            append(slow, 0);
            await().until(slow::isDone);
            final long startNs = System.nanoTime();
            append(slow, full ? CommitOptions.LEAST_BYTES : CommitOptions.LEAST_BYTES - 1);
            await().pollInterval(Duration.ofMillis(1)).until(slow::isDone);
            final Duration waited = Duration.ofNanos(System.nanoTime() - startNs);
            if (full) {
                assertThat(waited).isLessThan(CommitOptions.MOST_EVERY.dividedBy(2));
            } else {
                assertThat(waited).isGreaterThan(CommitOptions.MOST_EVERY.dividedBy(2));
            }
        }
    }

    private void append() {
        append(commit, 10);
    }

    private void append(final GroupCommit to, final long bytes) {
        mailbox.add(() -> mailbox, null, new UnsafeBuffer(new byte[4]), 0, 4);
        mailbox.seal();
        to.request(bytes);
    }

    private int acknowledged() {
        acknowledged += mailbox.drain((origin, address, buffer, length) -> {});
        return acknowledged;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldAcknowledgeEveryFrameOfManyLapsOnce(final int workers) {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, workers, AckLevel.SYNCED)) {
            final int frames = 50 * SLOTS;
            for (int i = 0; i < frames; i++) {
                ring.publish(RingHarness.device(i % 7), RingHarness.NOW_MS - 10_000_000 + i * 3000L, 3);
            }
            await().until(() -> ring.isAcknowledged(frames));
            assertThat(ring.timesOf("all")).hasSize(3 * frames).doesNotHaveDuplicates();
            assertThat(ring.acknowledged).hasValue(frames);
            assertThat(ring.ring.commitCounters().commits()).isBetween(1L, (long) frames);
        }
    }

    @ParameterizedTest
    @EnumSource(AckLevel.class)
    void shouldAcknowledgeEverythingBeforeADrainEnds(final AckLevel level) {
        try (RingHarness ring = RingHarness.everything(data, SLOTS, 1, level)) {
            for (int i = 0; i < SLOTS; i++) {
                ring.publish(RingHarness.device(i), RingHarness.NOW_MS - 100_000, 2);
            }
            assertThat(ring.ring.drain(10_000)).isTrue();
            ring.drain();
            assertThat(ring.acknowledged).hasValue(SLOTS);
        }
    }
}
