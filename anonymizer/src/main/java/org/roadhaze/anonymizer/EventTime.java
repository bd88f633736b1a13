// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How far the time of a stream's records has come: the engine's clock, less the least delay between fix and receipt among the
 * records of the last {@link EventTimeMark#MINUTES} minutes in which one came.
 * <pre>
 *   delay   2 s        2 s                        30 s       30 s
 *   -------|----------|---- ... ten minutes ... --|----------|------  the engine's clock
 *   time is 2 s behind ------------------------->| stands  | 30 s behind
 * </pre>
 * So one tracker that was faster than all others, or whose clock was ahead of theirs, makes the others late for ten minutes, and
 * not for as long as the engine runs. Three things bound what that costs:
 * <ul>
 *   <li>Time never goes back: while the least delay of then is forgotten, it stands still, until the clock has come so far.
 *   <li>It is never farther behind than {@link #MOST_ABOVE_LEAST_MS} beyond the least delay that ever was: a device that alone
 *       uploads what it kept for hours would hold everything up for hours.
 *   <li>A record whose fix is later than its receipt tells of a clock that is ahead, and nothing of a delay. It is taken for one
 *       without a delay when there is nothing else to go by; and time does not stay so far behind it that steps take it for none.
 * </ul>
 *
 * <p>All this changes with records alone: how often the clock was told in between makes no difference, so that the same records,
 * with the same times of receipt, find the same time again. A worker's; {@link #mark} is any thread's. Allocates nothing but there.
 */
final class EventTime {
    /** Before the first record. */
    static final long NO_TIME = Long.MIN_VALUE;

    /** What a stream holds is held so much longer at most. */
    static final long MOST_ABOVE_LEAST_MS = 60_000;

    /** What is farther ahead of the time of the records, steps take for no fix. */
    static final long MOST_AHEAD_MS = 60_000;

    private static final long MINUTE_MS = EventTimeMark.MINUTE_MS;
    private static final int MINUTES = EventTimeMark.MINUTES;
    private static final long NONE = EventTimeMark.NONE;

    private static final int VERSION = 0;
    private static final int TIME = 1;
    private static final int BEHIND = 2;
    private static final int LEAST_EVER = 3;
    private static final int LEASTS = 4;

    /** Of each minute, by its number modulo their count. */
    private final long[] leasts = new long[MINUTES];

    /** The number of the minute of the newest record. */
    private long minute = NO_TIME;

    private long leastMs = NONE;
    private long leastEverMs = NONE;
    private long lagMs;
    private long eventTimeMs = NO_TIME;
    private long engineTimeMs = NO_TIME;

    /** Whether a record came since the last mark, and when the minute of the newest ends. */
    private boolean isNews;

    private long minuteEndMs;

    /** The last mark. Its version is odd while it is written; 0 before the first. */
    private final AtomicLongArray marked = new AtomicLongArray(LEASTS + MINUTES);

    /** How far the time of the records has come, milliseconds since 1970-01-01 UTC, or {@link #NO_TIME}. */
    long eventTimeMs() {
        return eventTimeMs;
    }

    /** What the engine's clock said last, milliseconds since 1970-01-01 UTC, or {@link #NO_TIME}. */
    long engineTimeMs() {
        return engineTimeMs;
    }

    /** The engine's clock goes on; a time that is not later than the last changes nothing. */
    void moveTo(final long nowMs) {
        if (nowMs <= engineTimeMs) {
            return;
        }
        if (isNews && nowMs >= minuteEndMs) {
            isNews = false;
            putMark();
        }
        engineTimeMs = nowMs;
        if (eventTimeMs != NO_TIME) {
            eventTimeMs = Math.max(eventTimeMs, nowMs - lagMs);
        }
    }

    /** A record came; the clock has been moved to its receipt. */
    void came(final long fixTimeMs, final long receivedTimeMs) {
        final long now = Math.floorDiv(engineTimeMs, MINUTE_MS);
        if (now != minute) {
            begin(now);
        }
        isNews = true;
        if (fixTimeMs <= receivedTimeMs || leastMs == NONE) {
            final long delayMs = engineTimeMs - Math.min(fixTimeMs, receivedTimeMs);
            final int slot = (int) Math.floorMod(minute, (long) MINUTES);
            leasts[slot] = least(leasts[slot], delayMs);
            leastMs = least(leastMs, delayMs);
            leastEverMs = least(leastEverMs, delayMs);
        } else {
            eventTimeMs = Math.max(eventTimeMs, Math.min(receivedTimeMs, fixTimeMs - MOST_AHEAD_MS));
        }
        lagMs = Math.min(leastMs, leastEverMs + MOST_ABOVE_LEAST_MS);
        eventTimeMs = Math.max(eventTimeMs, engineTimeMs - lagMs);
    }

    private void begin(final long now) {
        if (minute == NO_TIME || now - minute >= MINUTES) {
            Arrays.fill(leasts, NONE);
        } else {
            for (long each = minute + 1; each <= now; each++) {
                leasts[(int) Math.floorMod(each, (long) MINUTES)] = NONE;
            }
        }
        minute = now;
        minuteEndMs = (now + 1) * MINUTE_MS;
        leastMs = NONE;
        for (final long each : leasts) {
            leastMs = each == NONE ? leastMs : least(leastMs, each);
        }
    }

    private static long least(final long known, final long delayMs) {
        return known == NONE ? delayMs : Math.min(known, delayMs);
    }

    private void putMark() {
        final long version = marked.getPlain(VERSION);
        marked.set(VERSION, version + 1);
        marked.set(TIME, minuteEndMs);
        marked.set(BEHIND, minuteEndMs - Math.max(eventTimeMs, minuteEndMs - lagMs));
        marked.set(LEAST_EVER, leastEverMs);
        for (int i = 0; i < MINUTES; i++) {
            marked.set(LEASTS + i, leasts[(int) Math.floorMod(minute - i, (long) MINUTES)]);
        }
        marked.set(VERSION, version + 2);
    }

    /** The end of the last minute that is over and in which a record came; null before the first. Any thread's. */
    EventTimeMark mark() {
        while (true) {
            final long version = marked.get(VERSION);
            if (version == 0) {
                return null;
            }
            final long timeMs = marked.get(TIME);
            final long behindMs = marked.get(BEHIND);
            final long everMs = marked.get(LEAST_EVER);
            final List<Long> each = new ArrayList<>(MINUTES);
            for (int i = 0; i < MINUTES; i++) {
                each.add(marked.get(LEASTS + i));
            }
            if (version % 2 == 0 && marked.get(VERSION) == version) {
                return new EventTimeMark(timeMs, behindMs, everMs, each);
            }
            Thread.onSpinWait();
        }
    }

    /** Goes on from where another was. Before the first record. */
    void startAt(final EventTimeMark mark) {
        minute = mark.timeMs() / MINUTE_MS - 1;
        minuteEndMs = mark.timeMs();
        leastMs = NONE;
        for (int i = 0; i < MINUTES; i++) {
            final long each = mark.leastMs().get(i);
            leasts[(int) Math.floorMod(minute - i, (long) MINUTES)] = each;
            leastMs = each == NONE ? leastMs : least(leastMs, each);
        }
        leastEverMs = mark.leastEverMs();
        lagMs = Math.min(leastMs, leastEverMs + MOST_ABOVE_LEAST_MS);
        engineTimeMs = mark.timeMs();
        eventTimeMs = mark.timeMs() - mark.behindMs();
    }
}
