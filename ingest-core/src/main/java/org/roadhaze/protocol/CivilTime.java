// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import org.roadhaze.position.Position;

/**
 * Between the calendar that trackers send and milliseconds since 1970-01-01 UTC, in the proleptic Gregorian calendar,
 * without leap seconds and without allocating.
 *
 * <p>Years are counted from March, so that the leap day is a year's last, in eras of 400 years = 146,097 days (H.
 * Hinnant, "chrono-Compatible Low-Level Date Algorithms"). Stateless, safe for use by many threads.
 */
public final class CivilTime {
    private static final long MS_PER_DAY = 86_400_000;
    private static final int DAYS_PER_ERA = 146_097;

    /** Days from 0000-03-01 to 1970-01-01. */
    private static final int EPOCH_DAY = 719_468;

    private static final int FEBRUARY = 2;
    private static final int LAST_LEAP_DAY = 29;

    private CivilTime() {}

    /**
     * A calendar time as milliseconds.
     *
     * @param year   in [1, 9999].
     * @param month  in [1, 12].
     * @param day    in [1, the month's length].
     * @param hour   in [0, 23].
     * @param minute in [0, 59].
     * @param second in [0, 59].
     * @return milliseconds since 1970-01-01 UTC, or {@link Position#UNKNOWN_TIME} when a part is out of its range: what
     *     a device without a clock sends is no time.
     */
    public static long toEpochMs(
            final int year, final int month, final int day, final int hour, final int minute, final int second) {
        if (year < 1
                || year > 9999
                || month < 1
                || month > 12
                || day < 1
                || day > lengthOfMonth(year, month)
                || ((hour | minute | second) & ~63) != 0
                || hour > 23
                || minute > 59
                || second > 59) {
            return Position.UNKNOWN_TIME;
        }
        return toEpochDay(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000L;
    }

    /**
     * The date of an instant, in one number.
     *
     * @param epochMs milliseconds since 1970-01-01 UTC, not before the year 1.
     * @return {@code year * 10000 + month * 100 + day}.
     */
    public static int yyyymmdd(final long epochMs) {
        final int day = (int) Math.floorDiv(epochMs, MS_PER_DAY) + EPOCH_DAY;
        final int era = day / DAYS_PER_ERA;
        final int dayOfEra = day % DAYS_PER_ERA;
        final int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        final int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        final int monthFromMarch = (5 * dayOfYear + 2) / 153;
        final int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        final int year = era * 400 + yearOfEra + (month <= FEBRUARY ? 1 : 0);
        return year * 10_000 + month * 100 + dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    }

    /**
     * The second of the day of an instant.
     *
     * @param epochMs milliseconds since 1970-01-01 UTC.
     * @return in [0, 86399].
     */
    public static int secondOfDay(final long epochMs) {
        return (int) Math.floorMod(epochMs, MS_PER_DAY) / 1000;
    }

    private static long toEpochDay(final int year, final int month, final int day) {
        final int fromMarch = month <= FEBRUARY ? year - 1 : year;
        final int era = fromMarch / 400;
        final int yearOfEra = fromMarch % 400;
        final int dayOfYear = (153 * (month + (month > FEBRUARY ? -3 : 9)) + 2) / 5 + day - 1;
        return (long) era * DAYS_PER_ERA + yearOfEra * 365L + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - EPOCH_DAY;
    }

    private static int lengthOfMonth(final int year, final int month) {
        if (month == FEBRUARY) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? LAST_LEAP_DAY : LAST_LEAP_DAY - 1;
        }
        // April, June, September and November are even up to July and odd after it.
        return 30 + ((month + (month >> 3)) & 1);
    }
}
