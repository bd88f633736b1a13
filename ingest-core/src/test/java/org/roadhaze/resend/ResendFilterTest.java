// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/** What a device sends again is taken out; everything else stays, in its order. */
class ResendFilterTest {
    private static final int REMEMBERED = 64;
    private static final int LONGEST_FRAME = 20;

    /** A frame that is taken back may have cost as many of the oldest as it had. */
    private static final int SURE = REMEMBERED - LONGEST_FRAME;

    private static final int MAX_DEVICES = 3;

    private final ResendFilter filter =
            ResendFilter.inMemory(new ResendOptions(REMEMBERED, 0), new DeviceTable(MAX_DEVICES), new byte[16]);
    private final PositionBatch batch = new PositionBatch();

    @Test
    void shouldTakeOutWhatWasSentBeforeAndKeepTheRestInOrder() {
        assertThat(send(1, 10, 20, 30)).containsExactly(10L, 20L, 30L);
        assertThat(send(1, 20, 40, 10, 50, 5)).containsExactly(40L, 50L, 5L);
        assertThat(send(1, 10, 20, 30, 40, 50, 5)).isEmpty();
        assertThat(filter.tags()).isZero();
    }

    @Test
    void shouldTakeOutARecordThatAFrameHoldsTwice() {
        assertThat(send(1, 10, 10, 20, 10)).containsExactly(10L, 20L);
        assertThat(filter.tags()).isEqualTo(2);
    }

    @Test
    void shouldTellDevicesApart() {
        assertThat(send(1, 10)).hasSize(1);
        assertThat(send(2, 10)).hasSize(1);
        assertThat(send(1, 10)).isEmpty();
    }

    @Test
    void shouldLetRecordsWithoutATimePass() {
        assertThat(send(1, Position.UNKNOWN_TIME)).hasSize(1);
        assertThat(send(1, Position.UNKNOWN_TIME)).hasSize(1);
        assertThat(filter.tags()).isZero();
    }

    @Test
    void shouldKnowNothingOfAFrameThatWasTakenBack() {
        send(1, 10, 20);
        send(1, 30, 20, 40);
        filter.takeBack();
        assertThat(send(1, 10, 20, 30, 40)).containsExactly(30L, 40L);
    }

    @Test
    void shouldTakeBackNothingThatWasSettled() {
        send(1, 10, 20);
        filter.settle();
        filter.takeBack();
        assertThat(send(1, 10, 20)).isEmpty();
    }

    @Test
    void shouldForgetADeviceThatWasNotSeenForLongest() {
        send(1, 10);
        send(2, 10);
        send(3, 10);
        send(4, 10);
        assertThat(send(4, 10)).isEmpty();
        assertThat(send(1, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldKnowAtLeastTheLastRecordsInWhateverOrderTheyCome(final long seed) {
        final Random random = new Random(seed);
        final List<Long> sent = new ArrayList<>();
        final Set<Long> ever = new HashSet<>();
        for (int frame = 0; frame < 2_000; frame++) {
            final List<Long> times = new ArrayList<>();
            for (int i = random.nextInt(LONGEST_FRAME); i >= 0; i--) {
                final boolean again = !sent.isEmpty() && random.nextInt(4) == 0;
                final int back = random.nextInt(Math.max(1, Math.min(SURE, sent.size())));
                times.add(again ? sent.get(sent.size() - 1 - back) : 1_000_000 + random.nextInt(10_000_000));
            }
            final Set<Long> known = new HashSet<>(sent.subList(Math.max(0, sent.size() - SURE), sent.size()));
            final List<Long> kept =
                    send(1, times.stream().mapToLong(Long::longValue).toArray());
            assertThat(kept)
                    .as("seed %d frame %d", seed, frame)
                    .doesNotHaveDuplicates()
                    .noneMatch(known::contains);
            assertThat(ever)
                    .as("only what was sent before is taken out")
                    .containsAll(
                            times.stream().filter(time -> !kept.contains(time)).toList());
            if (random.nextInt(10) == 0) {
                filter.takeBack();
            } else {
                sent.addAll(kept);
                ever.addAll(kept);
            }
        }
    }

    @Test
    void shouldPassEverythingWhenItRemembersNothing() {
        final ResendFilter none = ResendFilter.none();
        for (int i = 0; i < 2; i++) {
            fill(1, 10, 20);
            assertThat(none.filter(batch)).isZero();
            assertThat(batch.size()).isEqualTo(2);
            none.takeBack();
        }
    }

    private List<Long> send(final long device, final long... timesMs) {
        fill(device, timesMs);
        final int repeated = filter.filter(batch);
        assertThat(repeated + batch.size()).isEqualTo(timesMs.length);
        final List<Long> kept = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            kept.add(batch.get(i).fixTimeMs());
        }
        return kept;
    }

    private void fill(final long device, final long... timesMs) {
        batch.clear(new UnsafeBuffer(new byte[0]));
        LongStream.of(timesMs)
                .forEach(
                        timeMs -> batch.add().deviceId(device).fixTimeMs(timeMs).latitudeE7((int) timeMs));
    }
}
