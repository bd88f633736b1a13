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
 *   <li>A record whose fix is later than its receipt tells of a clock that is ahead, and nothing of a delay. Where ten minutes
 *       brought no other, time is behind by the least delay that ever was, and by nothing before there was one.
 * </ul>
 * What a fix does whose clock is ahead of the engine's, where time is behind by L:
 * <pre>
 *   ahead by    to itself                                  to the others
 *   1 s         taken by every step                        nothing while L is at most 59 s; else time comes up to 59 s behind
 *   59 s        taken by every step                        time comes up to 1 s behind: late is who takes longer than the step's
 *                                                          {@code late} and that second, as long as such fixes come
 *   60 s        taken by every step                        as above; time comes up to the clock, and never beyond it
 *   more, 8 h   no fix to a step whose windows do not      nothing
 *               reach so far; passed on by the others
 * </pre>
 * Up to {@link TimedMechanism#MOST_AHEAD_MS} a clock is taken for one that is not quite right, and its records are not lost to steps
 * with windows ({@code reorder}, {@code crowd}, {@code counts}, {@code shuffle}): time is not farther behind a fix than they reach. What
 * is farther ahead is wrong, for instance by the hours between two time zones, and is not let tell the time of others.
 *
 * <p>All this changes with records alone: how often the clock was told in between makes no difference, so that the same records,
 * with the same times of receipt, find the same time again, if they come in the order of these times. One that comes behind another
 * that was received later, by the other of two event loops, counts from the clock as it is then, and in that minute: across the end
 * of one it is not in the mark of its own, and a chain that goes on from that mark does not know of its delay.
 * A worker's; {@link #mark} is any thread's. Allocates nothing but there.
 */
final class EventTime {
    /** Before the first record. */
    static final long NO_TIME = Long.MIN_VALUE;

    /** What a stream holds is held so much longer at most. */
    static final long MOST_ABOVE_LEAST_MS = 60_000;

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

    /** Where that minute is among the leasts. */
    private int slot;

    private long leastMs = NONE;
    private long leastEverMs = NONE;
    private long lagMs;
    private long eventTimeMs = NO_TIME;
    private long engineTimeMs = NO_TIME;

    /** Whether a record came since the last mark, and when the minute of the newest ends. */
    private boolean isNews;

    private long minuteEndMs = NO_TIME;

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
        if (engineTimeMs >= minuteEndMs) {
            begin(Math.floorDiv(engineTimeMs, MINUTE_MS));
        }
        isNews = true;
        if (fixTimeMs <= receivedTimeMs) {
            final long delayMs = engineTimeMs - fixTimeMs;
            final long known = leasts[slot];
            if (known == NONE || delayMs < known) {
                leasts[slot] = delayMs;
                leastMs = least(leastMs, delayMs);
                leastEverMs = least(leastEverMs, delayMs);
                lagMs = lag();
            }
        } else if (fixTimeMs - receivedTimeMs <= TimedMechanism.MOST_AHEAD_MS) {
            eventTimeMs = Math.max(eventTimeMs, fixTimeMs - TimedMechanism.MOST_AHEAD_MS);
        }
        eventTimeMs = Math.max(eventTimeMs, engineTimeMs - lagMs);
    }

    private long lag() {
        if (leastEverMs == NONE) {
            return 0;
        }
        return leastMs == NONE ? leastEverMs : Math.min(leastMs, leastEverMs + MOST_ABOVE_LEAST_MS);
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
        slot = (int) Math.floorMod(minute, (long) MINUTES);
        minuteEndMs = (now + 1) * MINUTE_MS;
        leastMs = NONE;
        for (final long each : leasts) {
            leastMs = each == NONE ? leastMs : least(leastMs, each);
        }
        lagMs = lag();
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
        lagMs = lag();
        engineTimeMs = mark.timeMs();
        eventTimeMs = mark.timeMs() - mark.behindMs();
    }
}
