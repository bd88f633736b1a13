// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
    private static final long START_MS = 1_790_000_000_000L - 1_790_000_000_000L % EventTimeMark.MINUTE_MS;
    private static final long WINDOW_MS = EventTimeMark.MINUTES * EventTimeMark.MINUTE_MS;
    private static final int SEEDS = 300;
    private static final int RECORDS = 400;

    /** A fix, and when it came. */
    private record Came(long fixMs, long receivedMs) {}

    private static void give(final EventTime time, final Came record) {
        time.moveTo(record.receivedMs());
        time.came(record.fixMs(), record.receivedMs());
    }

    private static long behindMs(final EventTime time) {
        return time.engineTimeMs() - time.eventTimeMs();
    }

    /** One record a second, all with the same delay; returns when the last came. */
    private static long drive(final EventTime time, final long fromMs, final long forMs, final long delayMs) {
        long nowMs = fromMs;
        while (nowMs < fromMs + forMs) {
            nowMs += 1_000;
            give(time, new Came(nowMs - delayMs, nowMs));
        }
        return nowMs;
    }

    @Test
    void shouldKnowNoTimeBeforeTheFirstRecord() {
        final EventTime time = new EventTime();
        time.moveTo(START_MS);
        assertThat(time.eventTimeMs()).isEqualTo(EventTime.NO_TIME);
        assertThat(time.mark()).isNull();
    }

    @Test
    void shouldForgetARecordThatWasFasterThanAllOthersAfterTenMinutes() {
        final EventTime time = new EventTime();
        long nowMs = drive(time, START_MS, 60_000, 30_000);
        assertThat(behindMs(time)).isEqualTo(30_000);
        give(time, new Came(nowMs - 2_000, nowMs));
        assertThat(behindMs(time)).isEqualTo(2_000);
        nowMs = drive(time, nowMs, WINDOW_MS - EventTimeMark.MINUTE_MS - 1_000, 30_000);
        assertThat(behindMs(time)).isEqualTo(2_000);
        drive(time, nowMs, EventTimeMark.MINUTE_MS + 30_000, 30_000);
        assertThat(behindMs(time)).isEqualTo(30_000);
    }

    @Test
    void shouldStandStillWhileItForgets() {
        final EventTime time = new EventTime();
        give(time, new Came(START_MS, START_MS));
        give(time, new Came(START_MS + WINDOW_MS - 20_000, START_MS + WINDOW_MS));
        assertThat(time.eventTimeMs()).isEqualTo(START_MS + WINDOW_MS);
        time.moveTo(START_MS + WINDOW_MS + 20_000);
        assertThat(time.eventTimeMs()).isEqualTo(START_MS + WINDOW_MS);
        time.moveTo(START_MS + WINDOW_MS + 20_001);
        assertThat(time.eventTimeMs()).isEqualTo(START_MS + WINDOW_MS + 1);
    }

    /** At night one device alone sends what it kept for hours: what is held leaves all the same. */
    @Test
    void shouldNotWaitForADeviceThatUploadsWhatItKept() {
        final EventTime time = new EventTime();
        final long nowMs = drive(time, START_MS, 60_000, 1_000);
        drive(time, nowMs, 2 * WINDOW_MS, 3 * 3_600_000);
        assertThat(behindMs(time)).isEqualTo(1_000 + EventTime.MOST_ABOVE_LEAST_MS);
    }

    @Test
    void shouldGoByTheClockThroughHoursWithoutARecord() {
        final EventTime time = new EventTime();
        final long nowMs = drive(time, START_MS, 60_000, 5_000);
        time.moveTo(nowMs + 3_600_000);
        assertThat(behindMs(time)).isEqualTo(5_000);
    }

    @Test
    void shouldLearnNothingFromAClockThatIsAhead() {
        final EventTime time = new EventTime();
        long nowMs = drive(time, START_MS, 60_000, 20_000);
        for (int i = 0; i < 3_600; i++) {
            nowMs += 1_000;
            give(time, new Came(nowMs + 7_000, nowMs));
            give(time, new Came(nowMs - 20_000, nowMs));
            assertThat(behindMs(time)).isEqualTo(20_000);
        }
    }

    /** Others are so late that it would be taken for no fix. */
    @Test
    void shouldNotStayBehindAClockThatIsAheadByMoreThanStepsAllowFor() {
        final EventTime time = new EventTime();
        final long nowMs = drive(time, START_MS, 60_000, 80_000);
        give(time, new Came(nowMs + 7_000, nowMs));
        assertThat(behindMs(time)).isEqualTo(TimedMechanism.MOST_AHEAD_MS - 7_000);
        give(time, new Came(nowMs + TimedMechanism.MOST_AHEAD_MS, nowMs));
        assertThat(behindMs(time)).as("never ahead of the receipt").isZero();
        time.moveTo(nowMs + 80_000);
        assertThat(time.eventTimeMs()).as("and then by the others again").isEqualTo(nowMs);
    }

    /** By a second more than a minute, by the hours to another time zone, and by a day. */
    @ParameterizedTest
    @ValueSource(longs = {61_000, 3_600_000, 8 * 3_600_000, 24 * 3_600_000})
    void shouldNotBeMovedByAClockThatIsWrong(final long aheadMs) {
        final EventTime time = new EventTime();
        give(time, new Came(START_MS + aheadMs, START_MS));
        assertThat(time.eventTimeMs()).as("when there is nothing else to go by").isEqualTo(START_MS);
        long nowMs = drive(time, START_MS, 160_000, 80_000);
        for (int i = 0; i < 3_600; i++) {
            nowMs += 1_000;
            give(time, new Came(nowMs + aheadMs, nowMs));
            give(time, new Came(nowMs - 80_000, nowMs));
            assertThat(behindMs(time)).isEqualTo(80_000);
        }
        nowMs += WINDOW_MS;
        give(time, new Came(nowMs + aheadMs, nowMs));
        assertThat(behindMs(time)).as("when nothing else came for long").isEqualTo(80_000);
    }

    /** What is never less than an hour late is not for good late by more than a minute because one clock was once ahead. */
    @ParameterizedTest
    @ValueSource(longs = {1_000, 8 * 3_600_000})
    void shouldNotTakeAClockThatIsAheadForTheLeastDelayThatEverWas(final long aheadMs) {
        final EventTime time = new EventTime();
        give(time, new Came(START_MS + aheadMs, START_MS));
        time.moveTo(START_MS + EventTimeMark.MINUTE_MS);
        final EventTimeMark mark = time.mark();
        assertThat(mark.leastEverMs()).isEqualTo(EventTimeMark.NONE);
        assertThat(mark.behindMs()).isZero();
        final EventTime again = new EventTime();
        again.startAt(mark);
        for (final EventTime each : List.of(time, again)) {
            drive(each, START_MS + EventTimeMark.MINUTE_MS, 2 * 3_600_000, 3_600_000);
            assertThat(behindMs(each)).isEqualTo(3_600_000);
        }
    }

    /** The engine's own clock may be behind all others. */
    @Test
    void shouldGoByTheReceiptWhereAllClocksAreAhead() {
        final EventTime time = new EventTime();
        final long nowMs = drive(time, START_MS, 2 * WINDOW_MS, -3_000);
        assertThat(time.eventTimeMs()).isEqualTo(nowMs);
    }

    private static List<Came> drives(final SplittableRandom random) {
        final List<Came> records = new ArrayList<>();
        long nowMs = START_MS + random.nextInt(100_000);
        long usualMs = random.nextInt(90_000);
        for (int i = 0; i < RECORDS; i++) {
            nowMs += random.nextInt(40) == 0 ? random.nextInt(1_500_000) : random.nextInt(9_000);
            if (random.nextInt(60) == 0) {
                usualMs = random.nextInt(90_000);
            }
            final long delayMs =
                    switch (random.nextInt(20)) {
                        case 0 -> -random.nextInt(90_000);
                        case 1 -> random.nextInt(10_000_000);
                        default -> usualMs + random.nextInt(3_000);
                    };
            records.add(new Came(nowMs - delayMs, nowMs));
        }
        return records;
    }

    /** What a record finds depends on the records before it alone. */
    @Test
    void shouldFindTheSameTimeHoweverOftenTheClockWasTold() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final EventTime told = new EventTime();
            final EventTime untold = new EventTime();
            long lastMs = 0;
            for (final Came each : drives(random)) {
                for (long nowMs = told.engineTimeMs(); lastMs > 0 && nowMs < each.receivedMs(); ) {
                    nowMs += 1 + random.nextInt(20_000);
                    told.moveTo(Math.min(nowMs, each.receivedMs()));
                }
                give(told, each);
                give(untold, each);
                assertThat(told.eventTimeMs()).as("seed %d", seed).isEqualTo(untold.eventTimeMs());
                assertThat(told.mark()).as("seed %d", seed).isEqualTo(untold.mark());
                assertThat(told.eventTimeMs()).as("seed %d", seed).isBetween(lastMs, each.receivedMs());
                lastMs = told.eventTimeMs();
            }
        }
    }

    /** Against the definition, by all records that came. */
    @Test
    void shouldBeBehindByTheLeastDelayOfTheLastTenMinutes() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            final List<Came> records = drives(new SplittableRandom(seed));
            records.removeIf(each -> each.fixMs() > each.receivedMs());
            final EventTime time = new EventTime();
            long expectedMs = Long.MIN_VALUE;
            long lagMs = 0;
            for (int i = 0; i < records.size(); i++) {
                final long nowMs = records.get(i).receivedMs();
                expectedMs = i == 0 ? expectedMs : Math.max(expectedMs, nowMs - lagMs);
                final long fromMs =
                        (nowMs / EventTimeMark.MINUTE_MS - EventTimeMark.MINUTES + 1) * EventTimeMark.MINUTE_MS;
                lagMs = Long.MAX_VALUE;
                long everMs = Long.MAX_VALUE;
                for (final Came each : records.subList(0, i + 1)) {
                    final long delayMs = each.receivedMs() - each.fixMs();
                    everMs = Math.min(everMs, delayMs);
                    lagMs = each.receivedMs() >= fromMs ? Math.min(lagMs, delayMs) : lagMs;
                }
                lagMs = Math.min(lagMs, everMs + EventTime.MOST_ABOVE_LEAST_MS);
                expectedMs = Math.max(expectedMs, nowMs - lagMs);
                give(time, records.get(i));
                assertThat(time.eventTimeMs()).as("seed %d, record %d", seed, i).isEqualTo(expectedMs);
            }
        }
    }

    /** One that begins in the middle, at the end of any minute, goes on as the one did that was there. */
    @Test
    void shouldGoOnFromAMark() {
        int marks = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            final List<Came> records = drives(new SplittableRandom(seed));
            final EventTime whole = new EventTime();
            final List<EventTime> others = new ArrayList<>();
            EventTimeMark last = null;
            for (final Came each : records) {
                whole.moveTo(each.receivedMs());
                final EventTimeMark mark = whole.mark();
                if (mark != null && !mark.equals(last)) {
                    assertThat(mark.timeMs()).isLessThanOrEqualTo(each.receivedMs());
                    final EventTime other = new EventTime();
                    other.startAt(mark);
                    others.add(other);
                    last = mark;
                    marks++;
                }
                whole.came(each.fixMs(), each.receivedMs());
                for (final EventTime other : others) {
                    give(other, each);
                    assertThat(other.eventTimeMs()).as("seed %d", seed).isEqualTo(whole.eventTimeMs());
                }
            }
        }
        assertThat(marks).isGreaterThan(10 * SEEDS);
    }

    @ParameterizedTest
    @ValueSource(longs = {-EventTimeMark.MINUTE_MS, 1})
    void shouldRefuseAMarkThatNoneMakes(final long timeMs) {
        final List<Long> leastMs = new ArrayList<>(List.of(0L, -1L, -1L, -1L, -1L, -1L, -1L, -1L, -1L, -1L));
        assertThat(new EventTimeMark(START_MS, 0, 0, leastMs).leastMs()).isEqualTo(leastMs);
        assertThatIllegalArgumentException().isThrownBy(() -> new EventTimeMark(timeMs, 0, 0, leastMs));
        assertThatIllegalArgumentException()
                .as("none ever, and one")
                .isThrownBy(() -> new EventTimeMark(START_MS, 0, EventTimeMark.NONE, leastMs));
        leastMs.set(0, EventTimeMark.NONE);
        assertThat(new EventTimeMark(START_MS, 0, EventTimeMark.NONE, leastMs).leastMs())
                .isEqualTo(leastMs);
    }
}
