// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Position;

/** What a GT06 frame is made of, as decoder and encoder both know it. */
final class Gt06 {
    /** Start of a frame whose length takes one byte. */
    static final int START_SHORT = 0x7878;

    /** Start of a frame whose length takes two bytes. */
    static final int START_LONG = 0x7979;

    /** End of every frame. */
    static final int STOP = 0x0D0A;

    /** Bytes from the serial number to the end. */
    static final int TRAILER_LENGTH = 6;

    static final int LOGIN = 0x01;
    static final int LOCATION = 0x12;
    static final int STATUS = 0x13;
    static final int ALARM = 0x16;
    static final int ADDRESS_REQUEST_BY_PHONE = 0x1A;
    static final int LOCATION_WITH_IGNITION = 0x22;
    static final int ADDRESS_REQUEST = 0x2A;
    static final int TIME_REQUEST = 0x8A;

    /** Course word: the ignition is on, if {@link #IGNITION_KNOWN}. Later models only. */
    static final int IGNITION = 1 << 15;
    /** Course word: the device says whether the ignition is on. Later models only. */
    static final int IGNITION_KNOWN = 1 << 14;
    /** Course word: the receiver has a fix. */
    static final int POSITIONED = 1 << 12;
    /** Course word: longitude is west. */
    static final int WEST = 1 << 11;
    /** Course word: latitude is north. */
    static final int NORTH = 1 << 10;
    /** Course word: the low ten bits are the course in degrees. */
    static final int COURSE_MASK = 0x3FF;

    private Gt06() {}

    static int u8(final DirectBuffer buffer, final int at) {
        return buffer.getByte(at) & 0xFF;
    }

    static int u16(final DirectBuffer buffer, final int at) {
        return buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    static long u32(final DirectBuffer buffer, final int at) {
        return buffer.getInt(at, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
    }

    /**
     * A calendar time of six bytes: year since 2000, month, day, hour, minute, second. Eight bytes are read: what
     * follows a time, if only the trailer, has more than two.
     *
     * @param zoneOffsetMs how far the device's calendar is ahead of UTC.
     * @return milliseconds since 1970-01-01 UTC, or {@link Position#UNKNOWN_TIME}.
     */
    static long timeMs(final DirectBuffer buffer, final int at, final int zoneOffsetMs) {
        return timeMs(buffer.getLong(at, ByteOrder.BIG_ENDIAN), zoneOffsetMs);
    }

    /** As {@link #timeMs(DirectBuffer, int, int)}, of the first six bytes of a big-endian word. */
    static long timeMs(final long word, final int zoneOffsetMs) {
        final long calendarMs = CivilTime.toEpochMs(
                2000 + (int) (word >>> 56),
                (int) (word >>> 48) & 0xFF,
                (int) (word >>> 40) & 0xFF,
                (int) (word >>> 32) & 0xFF,
                (int) (word >>> 24) & 0xFF,
                (int) (word >>> 16) & 0xFF);
        return toUtcMs(calendarMs, zoneOffsetMs);
    }

    /** A calendar's milliseconds as those of UTC; unknown stays unknown. */
    static long toUtcMs(final long calendarMs, final int zoneOffsetMs) {
        return calendarMs == Position.UNKNOWN_TIME ? calendarMs : calendarMs - zoneOffsetMs;
    }

    /**
     * An IMEI of eight bytes of decimal digits, two a byte.
     *
     * @return the number, or 0 when a digit is none.
     */
    static long imei(final DirectBuffer buffer, final int at) {
        long imei = 0;
        for (int i = 0; i < 8; i++) {
            final int pair = u8(buffer, at + i);
            final int tens = pair >>> 4;
            final int ones = pair & 0x0F;
            if (tens > 9 || ones > 9) {
                return 0;
            }
            imei = 100 * imei + 10L * tens + ones;
        }
        return imei;
    }

    /**
     * 1/1,800,000 degrees (1/30000 of an arc minute) to 1e-7 degrees, to the nearest: times 50/9.
     *
     * @param wire without a sign, at most 0xFFFFFFFFL.
     * @return degrees scaled by 1e7, or {@link Integer#MAX_VALUE} when it is out of an int: no place on earth.
     */
    static int toE7(final long wire) {
        return (int) Math.min((wire * 50 + 4) / 9, Integer.MAX_VALUE);
    }
}
