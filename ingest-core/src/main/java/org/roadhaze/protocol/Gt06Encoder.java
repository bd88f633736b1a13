// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * The device's side of Concox GT06: writes the frames that the decoder reads, for simulated trackers and tests.
 *
 * <p>The wire has whole seconds of UTC in the years 2000 to 2099, whole km/h up to 255, whole degrees of course, and
 * places in 1/30000 of an arc minute: 1,800,000 to the degree, steps of 5.6e-7 degrees. A place comes back as
 * {@link #onWireE7} gives it, at most 3e-7 degrees (3 cm) from the one that was written.
 *
 * <p>Every method writes one frame at an offset and returns its length in bytes, at most {@link #MAX_LENGTH}; none
 * allocates. Stateless, safe for use by many threads.
 */
public final class Gt06Encoder {
    /** The longest frame written here, in bytes. */
    public static final int MAX_LENGTH = 42;

    /** Terminal state bit of a heartbeat or alarm: ignition on. */
    public static final int STATE_IGNITION = 1 << 1;
    /** Terminal state bit of a heartbeat or alarm: charger connected. */
    public static final int STATE_CHARGING = 1 << 2;

    /** Alarm: the driver pressed the button. */
    public static final int ALARM_SOS = 0x01;
    /** Alarm: external power cut. */
    public static final int ALARM_POWER_CUT = 0x02;
    /** Alarm: faster than the configured limit. */
    public static final int ALARM_OVERSPEED = 0x06;

    private static final int LANGUAGE_ENGLISH = 2;
    private static final int GPS_LENGTH = 12;
    private static final int LBS_LENGTH = 9;
    private static final long MAX_IMEI = 999_999_999_999_999L;

    private Gt06Encoder() {}

    /**
     * A login, type 0x01.
     *
     * @param buffer to write to.
     * @param offset where the frame begins.
     * @param imei   in [1, 999999999999999].
     * @param serial the frame's number, the low 16 bits of which are used; the acknowledgement repeats it.
     * @return the length of the frame, 18 bytes.
     */
    public static int login(final MutableDirectBuffer buffer, final int offset, final long imei, final int serial) {
        if (imei < 1 || imei > MAX_IMEI) {
            throw new IllegalArgumentException("imei must have 1 to 15 digits");
        }
        int at = begin(buffer, offset, Gt06.START_SHORT, Gt06.LOGIN);
        long rest = imei;
        for (int i = 7; i >= 0; i--) {
            buffer.putByte(at + i, (byte) (rest / 10 % 10 << 4 | rest % 10));
            rest /= 100;
        }
        at += 8;
        return end(buffer, offset, at, serial);
    }

    /**
     * A location, type 0x12, as the first GT06 sends it.
     *
     * @param buffer      to write to.
     * @param offset      where the frame begins.
     * @param fixTimeMs   milliseconds since 1970-01-01 UTC, in the years 2000 to 2099; cut to the second.
     * @param latitudeE7  degrees scaled by 1e7, north positive, in [-900000000, 900000000].
     * @param longitudeE7 degrees scaled by 1e7, east positive, in [-1800000000, 1800000000].
     * @param speedKmh    km/h, at least 0; 255 is the most that the wire can say.
     * @param courseDeg   degrees from north, in [0, 359].
     * @param satellites  at least 0; 15 is the most that the wire can say.
     * @param serial      the frame's number, the low 16 bits of which are used; the acknowledgement repeats it.
     * @return the length of the frame, 36 bytes.
     */
    public static int location(
            final MutableDirectBuffer buffer,
            final int offset,
            final long fixTimeMs,
            final int latitudeE7,
            final int longitudeE7,
            final int speedKmh,
            final int courseDeg,
            final int satellites,
            final int serial) {
        int at = begin(buffer, offset, Gt06.START_SHORT, Gt06.LOCATION);
        at = gps(buffer, at, fixTimeMs, latitudeE7, longitudeE7, speedKmh, courseDeg, satellites);
        at = cell(buffer, at);
        return end(buffer, offset, at, serial);
    }

    /**
     * A location, type 0x22, as later models send it: with ignition, and whether it was buffered.
     *
     * @param buffer      to write to.
     * @param offset      where the frame begins.
     * @param fixTimeMs   milliseconds since 1970-01-01 UTC, in the years 2000 to 2099; cut to the second.
     * @param latitudeE7  degrees scaled by 1e7, north positive, in [-900000000, 900000000].
     * @param longitudeE7 degrees scaled by 1e7, east positive, in [-1800000000, 1800000000].
     * @param speedKmh    km/h, at least 0; 255 is the most that the wire can say.
     * @param courseDeg   degrees from north, in [0, 359].
     * @param satellites  at least 0; 15 is the most that the wire can say.
     * @param ignition    whether the ignition is on.
     * @param buffered    whether the fix was kept for lack of a connection.
     * @param serial      the frame's number, the low 16 bits of which are used; the acknowledgement repeats it.
     * @return the length of the frame, 39 bytes.
     */
    public static int locationWithIgnition(
            final MutableDirectBuffer buffer,
            final int offset,
            final long fixTimeMs,
            final int latitudeE7,
            final int longitudeE7,
            final int speedKmh,
            final int courseDeg,
            final int satellites,
            final boolean ignition,
            final boolean buffered,
            final int serial) {
        int at = begin(buffer, offset, Gt06.START_SHORT, Gt06.LOCATION_WITH_IGNITION);
        at = gps(buffer, at, fixTimeMs, latitudeE7, longitudeE7, speedKmh, courseDeg, satellites);
        at = cell(buffer, at);
        buffer.putByte(at++, (byte) (ignition ? 1 : 0));
        buffer.putByte(at++, (byte) 0);
        buffer.putByte(at++, (byte) (buffered ? 1 : 0));
        return end(buffer, offset, at, serial);
    }

    /**
     * A heartbeat, type 0x13.
     *
     * @param buffer       to write to.
     * @param offset       where the frame begins.
     * @param state        a set of {@code STATE_} bits.
     * @param batteryLevel in [0, 6], 6 is full.
     * @param gsmSignal    in [0, 4], 4 is strong.
     * @param serial       the frame's number, the low 16 bits of which are used; the acknowledgement repeats it.
     * @return the length of the frame, 15 bytes.
     */
    public static int heartbeat(
            final MutableDirectBuffer buffer,
            final int offset,
            final int state,
            final int batteryLevel,
            final int gsmSignal,
            final int serial) {
        int at = begin(buffer, offset, Gt06.START_SHORT, Gt06.STATUS);
        at = state(buffer, at, state, batteryLevel, gsmSignal, 0);
        return end(buffer, offset, at, serial);
    }

    /**
     * An alarm with its place, type 0x16.
     *
     * @param buffer      to write to.
     * @param offset      where the frame begins.
     * @param fixTimeMs   milliseconds since 1970-01-01 UTC, in the years 2000 to 2099; cut to the second.
     * @param latitudeE7  degrees scaled by 1e7, north positive, in [-900000000, 900000000].
     * @param longitudeE7 degrees scaled by 1e7, east positive, in [-1800000000, 1800000000].
     * @param speedKmh    km/h, at least 0; 255 is the most that the wire can say.
     * @param courseDeg   degrees from north, in [0, 359].
     * @param satellites  at least 0; 15 is the most that the wire can say.
     * @param state       a set of {@code STATE_} bits.
     * @param alarm       an {@code ALARM_} code, in [0, 255].
     * @param serial      the frame's number, the low 16 bits of which are used; the acknowledgement repeats it.
     * @return the length of the frame, 42 bytes.
     */
    public static int alarm(
            final MutableDirectBuffer buffer,
            final int offset,
            final long fixTimeMs,
            final int latitudeE7,
            final int longitudeE7,
            final int speedKmh,
            final int courseDeg,
            final int satellites,
            final int state,
            final int alarm,
            final int serial) {
        int at = begin(buffer, offset, Gt06.START_SHORT, Gt06.ALARM);
        at = gps(buffer, at, fixTimeMs, latitudeE7, longitudeE7, speedKmh, courseDeg, satellites);
        buffer.putByte(at++, (byte) LBS_LENGTH);
        at = cell(buffer, at);
        at = state(buffer, at, state, 6, 4, alarm);
        return end(buffer, offset, at, serial);
    }

    /**
     * A coordinate as it comes back from this wire.
     *
     * @param coordinateE7 degrees scaled by 1e7.
     * @return the nearest multiple of 1/1,800,000 degree, in degrees scaled by 1e7, rounded.
     */
    public static int onWireE7(final int coordinateE7) {
        final int magnitude = Gt06.toE7(toWire(coordinateE7));
        return coordinateE7 < 0 ? -magnitude : magnitude;
    }

    /** 1e-7 degrees to 1/1,800,000 degrees, without the sign, to the nearest: times 9/50. */
    private static int toWire(final int coordinateE7) {
        return (int) ((Math.abs((long) coordinateE7) * 9 + 25) / 50);
    }

    /** Writes start and type, and returns the offset of the content; a length of two bytes for 7979. */
    static int begin(final MutableDirectBuffer buffer, final int offset, final int start, final int type) {
        buffer.putShort(offset, (short) start, ByteOrder.BIG_ENDIAN);
        final int content = offset + (start == Gt06.START_LONG ? 5 : 4);
        buffer.putByte(content - 1, (byte) type);
        return content;
    }

    /** Writes length, serial number, check sum and stop, and returns the frame's length. */
    static int end(final MutableDirectBuffer buffer, final int offset, final int at, final int serial) {
        buffer.putShort(at, (short) serial, ByteOrder.BIG_ENDIAN);
        if (buffer.getByte(offset) == 0x79) {
            buffer.putShort(offset + 2, (short) (at - offset), ByteOrder.BIG_ENDIAN);
        } else {
            buffer.putByte(offset + 2, (byte) (at + 1 - offset));
        }
        buffer.putShort(at + 2, (short) Crc16.X25.compute(buffer, offset + 2, at + 2), ByteOrder.BIG_ENDIAN);
        buffer.putShort(at + 4, (short) Gt06.STOP, ByteOrder.BIG_ENDIAN);
        return at + Gt06.TRAILER_LENGTH - offset;
    }

    /** Writes a calendar time of six bytes, UTC. */
    static void time(final MutableDirectBuffer buffer, final int offset, final long timeMs) {
        final int date = CivilTime.yyyymmdd(timeMs);
        final int second = CivilTime.secondOfDay(timeMs);
        buffer.putByte(offset, (byte) (date / 10_000 - 2000));
        buffer.putByte(offset + 1, (byte) (date / 100 % 100));
        buffer.putByte(offset + 2, (byte) (date % 100));
        buffer.putByte(offset + 3, (byte) (second / 3600));
        buffer.putByte(offset + 4, (byte) (second / 60 % 60));
        buffer.putByte(offset + 5, (byte) (second % 60));
    }

    private static int gps(
            final MutableDirectBuffer buffer,
            final int offset,
            final long fixTimeMs,
            final int latitudeE7,
            final int longitudeE7,
            final int speedKmh,
            final int courseDeg,
            final int satellites) {
        time(buffer, offset, fixTimeMs);
        buffer.putByte(offset + 6, (byte) (GPS_LENGTH << 4 | Math.min(satellites, 15)));
        buffer.putInt(offset + 7, toWire(latitudeE7), ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + 11, toWire(longitudeE7), ByteOrder.BIG_ENDIAN);
        buffer.putByte(offset + 15, (byte) Math.min(speedKmh, 255));
        final int flags = Gt06.POSITIONED | (longitudeE7 < 0 ? Gt06.WEST : 0) | (latitudeE7 < 0 ? 0 : Gt06.NORTH);
        buffer.putShort(offset + 16, (short) (flags | courseDeg), ByteOrder.BIG_ENDIAN);
        return offset + 18;
    }

    /** A cell of the test network (country 1, network 1), which no operator has. */
    private static int cell(final MutableDirectBuffer buffer, final int offset) {
        buffer.putShort(offset, (short) 1, ByteOrder.BIG_ENDIAN);
        buffer.putByte(offset + 2, (byte) 1);
        buffer.putShort(offset + 3, (short) 1, ByteOrder.BIG_ENDIAN);
        buffer.putByte(offset + 5, (byte) 0);
        buffer.putShort(offset + 6, (short) 1, ByteOrder.BIG_ENDIAN);
        return offset + 8;
    }

    private static int state(
            final MutableDirectBuffer buffer,
            final int offset,
            final int state,
            final int batteryLevel,
            final int gsmSignal,
            final int alarm) {
        buffer.putByte(offset, (byte) state);
        buffer.putByte(offset + 1, (byte) batteryLevel);
        buffer.putByte(offset + 2, (byte) gsmSignal);
        buffer.putByte(offset + 3, (byte) alarm);
        buffer.putByte(offset + 4, (byte) LANGUAGE_ENGLISH);
        return offset + 5;
    }
}
