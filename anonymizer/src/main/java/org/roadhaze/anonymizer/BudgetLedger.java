// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What each device has spent of its privacy in each day (UTC, of its fixes), over all streams together: epsilon per metre, which
 * adds up, and the coarse cells that were told of it once that was spent. Whoever wants to let something out asks first, and is
 * refused when it would be too much: a budget is never overspent, and when there is no room to keep account nothing is granted.
 *
 * <p>The newest days that any device has come to are kept, {@value #DAYS} of them, with room for so many devices each; what is
 * older finds no account any more, and is refused. 16 bytes a place, and one and a third to three times as
 * many places as devices; allocated when the first
 * record of a day asks, and never otherwise.
 *
 * <p>Any thread may ask. All streams of a device are usually one worker's, so that nobody else touches its account; were two to
 * ask for one device at a time, the sum would still be right, since it is only replaced by compare-and-set. Of what was spent
 * before a restart nothing is known: a day in which the engine starts anew has its whole budget anew.
 */
public final class BudgetLedger {
    /** How many days are kept. */
    public static final int DAYS = 4;

    /** The most that can be accounted for: units of 1e-9 per metre. */
    public static final long MOST_NANOS = (1L << 52) - 1;

    /** The most cells that can be accounted for. */
    public static final int MOST_CELLS = (1 << 12) - 1;

    /** The most devices that there can be room for. */
    public static final int MOST_DEVICES = 1 << 28;

    private static final int CELLS_SHIFT = 52;
    private static final long DAY_MS = 86_400_000;
    private static final long NO_DEVICE = 0;
    private static final long HASH = 0x9E3779B97F4A7C15L;

    private final int maxDevices;
    private final AtomicLong newestDay = new AtomicLong(Long.MIN_VALUE);
    private final AtomicReferenceArray<Day> days = new AtomicReferenceArray<>(DAYS);

    /** What became of a question. */
    public enum Answer {
        /** It was entered. */
        GRANTED,
        /** Too little is left of the day's budget; nothing was entered. */
        SPENT,
        /** So many other devices are accounted for that there is no room for this one. */
        NO_ROOM,
        /** Of a day whose account is closed. */
        TOO_OLD
    }

    /**
     * Makes a ledger.
     *
     * @param maxDevices for how many devices there is room in a day, in [1, {@link #MOST_DEVICES}].
     * @throws IllegalArgumentException when out of range.
     */
    public BudgetLedger(final int maxDevices) {
        if (maxDevices < 1 || maxDevices > MOST_DEVICES) {
            throw new IllegalArgumentException("maxDevices is " + maxDevices + ", allowed: 1 to " + MOST_DEVICES);
        }
        this.maxDevices = maxDevices;
    }

    /**
     * Spends, if so much is left.
     *
     * @param timeMs     of the fix.
     * @param device     whose it is.
     * @param nanos      epsilon per metre in units of 1e-9, in [1, {@link #MOST_NANOS}].
     * @param limitNanos what may be spent in the day of the fix, over all streams, at most {@link #MOST_NANOS}.
     * @return whether it was entered.
     */
    public Answer spend(final long timeMs, final long device, final long nanos, final long limitNanos) {
        final Day day = dayOf(timeMs);
        if (day == null) {
            return Answer.TOO_OLD;
        }
        final int at = day.find(device, true);
        if (at < 0) {
            return Answer.NO_ROOM;
        }
        while (true) {
            final long known = day.places.get(at + 1);
            final long spent = known & MOST_NANOS;
            if (nanos > limitNanos - spent) {
                return Answer.SPENT;
            }
            if (day.places.compareAndSet(at + 1, known, known + nanos)) {
                return Answer.GRANTED;
            }
        }
    }

    /**
     * Enters one more coarse cell, if so many are left.
     *
     * @param timeMs of the fix.
     * @param device whose it is.
     * @param limit  how many may be told in the day of the fix, over all streams, at most {@link #MOST_CELLS}.
     * @return whether it was entered.
     */
    public Answer tellCell(final long timeMs, final long device, final int limit) {
        final Day day = dayOf(timeMs);
        if (day == null) {
            return Answer.TOO_OLD;
        }
        final int at = day.find(device, true);
        if (at < 0) {
            return Answer.NO_ROOM;
        }
        while (true) {
            final long known = day.places.get(at + 1);
            if (known >>> CELLS_SHIFT >= limit) {
                return Answer.SPENT;
            }
            if (day.places.compareAndSet(at + 1, known, known + (1L << CELLS_SHIFT))) {
                return Answer.GRANTED;
            }
        }
    }

    /**
     * What a device has spent.
     *
     * @param timeMs any time of the day.
     * @param device whose.
     * @return epsilon per metre in units of 1e-9; 0 when nothing is known of it.
     */
    public long spentNanos(final long timeMs, final long device) {
        return known(timeMs, device) & MOST_NANOS;
    }

    /**
     * How many coarse cells were told of a device.
     *
     * @param timeMs any time of the day.
     * @param device whose.
     * @return the number; 0 when nothing is known of it.
     */
    public int cellsTold(final long timeMs, final long device) {
        return (int) (known(timeMs, device) >>> CELLS_SHIFT);
    }

    private long known(final long timeMs, final long device) {
        final long number = Math.floorDiv(timeMs, DAY_MS);
        final Day day = days.get(Math.floorMod(number, DAYS));
        final int at = day == null || day.number != number ? -1 : day.find(device, false);
        return at < 0 ? 0 : day.places.get(at + 1);
    }

    /**
     * The account of a day, opened when it is the first time; null when it is closed. Whoever still holds one that is closed
     * meanwhile enters there what nobody else is granted any more.
     */
    private Day dayOf(final long timeMs) {
        final long number = Math.floorDiv(timeMs, DAY_MS);
        final int place = Math.floorMod(number, DAYS);
        Day found = days.get(place);
        if (found != null && found.number == number) {
            return found;
        }
        long newest = newestDay.get();
        while (number > newest && !newestDay.compareAndSet(newest, number)) {
            newest = newestDay.get();
        }
        if (number <= newestDay.get() - DAYS) {
            return null; // Before room is made: random dates from one device cost nobody memory.
        }
        while (found == null || found.number < number) {
            final Day opened = new Day(number, maxDevices);
            if (days.compareAndSet(place, found, opened)) {
                return opened;
            }
            found = days.get(place);
        }
        return found.number == number ? found : null;
    }

    /** One day: pairs of a device and what it spent, which hash to a place and go on to the next. */
    private static final class Day {
        private final long number;
        private final AtomicLongArray places;
        private final AtomicInteger devices = new AtomicInteger();
        private final int maxDevices;
        private final int mask;

        Day(final long number, final int maxDevices) {
            this.number = number;
            this.maxDevices = maxDevices;
            mask = 2 * Integer.highestOneBit(Math.max(8, maxDevices + maxDevices / 3)) - 1;
            places = new AtomicLongArray(2 * (mask + 1));
        }

        /** Where the pair of a device begins; -1 when there is none, and no room for it. */
        int find(final long device, final boolean isWanted) {
            if (device == NO_DEVICE) {
                return -1;
            }
            int place = (int) ((device * HASH) >>> 32) & mask;
            while (true) {
                final long there = places.get(2 * place);
                if (there == device) {
                    return 2 * place;
                }
                if (there == NO_DEVICE) {
                    if (!isWanted || devices.get() >= maxDevices) {
                        return -1;
                    }
                    if (places.compareAndSet(2 * place, NO_DEVICE, device)) {
                        devices.incrementAndGet();
                        return 2 * place;
                    }
                    continue; // Another worker's device has just taken it.
                }
                place = (place + 1) & mask;
            }
        }
    }
}
