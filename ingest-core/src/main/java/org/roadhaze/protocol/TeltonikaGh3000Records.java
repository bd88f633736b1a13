// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * The records of Codec 7, which the hand-held GH3000 sends: masks say which fields are there.
 * <pre>
 *  record:  | priority 2 bits, time s 30 bits since 2007-01-01 UTC | mask u8 | what mask says, in this order |
 *
 *   mask 01   GPS mask u8, then what it says:
 *               01  latitude f32, longitude f32 (degrees)
 *               02  altitude m i16
 *               04  angle u8 (360/256 degrees)
 *               08  speed km/h u8
 *               10  satellites u8
 *               20  area code u16, cell u16
 *               40  signal u8
 *               80  operator u32
 *   mask 02   count u8, elements: id u8, value u8
 *   mask 04   count u8, elements: id u8, value u16
 *   mask 08   count u8, elements: id u8, value u32
 * </pre>
 * Every field is preceded by the check that it is there: these devices are rare, and this need not be fast.
 */
final class TeltonikaGh3000Records {
    /** 2007-01-01 UTC in seconds since 1970. */
    private static final long EPOCH_SEC = 1_167_609_600L;

    private static final int TIME_BITS = 30;
    private static final int PLACE = 0x01;

    private static final int[] GPS_LENGTHS = {8, 2, 1, 1, 1, 4, 1, 4};
    private static final String[] GPS_NAMES = {
        "Latitude, longitude",
        "Altitude",
        "Angle",
        "Speed",
        "Satellites",
        "Area code << 16 | cell",
        "Signal",
        "Operator"
    };

    private static final String[] GPS_UNITS = {"", "m", "360/256 deg", "km/h", "", "", "", ""};

    private TeltonikaGh3000Records() {}

    static FrameResult decode(
            final DirectBuffer buffer,
            final int frame,
            final int data,
            final int end,
            final long deviceId,
            final long receivedTimeMs,
            final PositionBatch out,
            final FieldTrace trace) {
        final int count = buffer.getByte(data + 1) & 0xFF;
        final int limit = end - 1;
        if (trace != null) {
            trace.field(data + 1 - frame, 1, "Number of Data 1", count, "");
        }
        int at = data + 2;
        for (int i = 0; i < count && at >= 0; i++) {
            final Position position = out.add().deviceId(deviceId).receivedTimeMs(receivedTimeMs);
            at = record(buffer, frame, at, limit, position, trace);
        }
        if (at < 0) {
            return TeltonikaPacket.malformed(~at - frame, "the packet ends within a record", out, trace);
        }
        if (at != limit) {
            return TeltonikaPacket.malformed(at - frame, "bytes are left after the last record", out, trace);
        }
        if (trace != null) {
            trace.field(at - frame, 1, "Number of Data 2", buffer.getByte(at) & 0xFF, "");
        }
        if ((buffer.getByte(at) & 0xFF) != count) {
            return TeltonikaPacket.malformed(at - frame, "the two counts differ", out, trace);
        }
        return count == 0 ? FrameResult.CONTROL : FrameResult.POSITIONS;
    }

    /** Returns the offset after the record, or the complement of the one at which the packet ends too early. */
    private static int record(
            final DirectBuffer buffer,
            final int frame,
            final int offset,
            final int limit,
            final Position position,
            final FieldTrace trace) {
        if (limit - offset < 5) {
            return ~offset;
        }
        final int stamp = buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
        final int mask = buffer.getByte(offset + 4) & 0xFF;
        position.fixTimeMs((EPOCH_SEC + (stamp & ((1 << TIME_BITS) - 1))) * 1000L)
                .attribute(Attribute.PRIORITY.key(), stamp >>> TIME_BITS);
        if (trace != null) {
            trace.field(offset - frame, 4, "Priority and time", stamp & 0xFFFF_FFFFL, "s since 2007");
            trace.field(offset + 4 - frame, 1, "Mask", mask, "");
        }
        int at = offset + 5;
        int gpsMask = 0;
        if ((mask & 1) != 0) {
            if (limit - at < 1) {
                return ~at;
            }
            gpsMask = buffer.getByte(at) & 0xFF;
            if (trace != null) {
                trace.field(at - frame, 1, "GPS mask", gpsMask, "");
            }
            at = gps(buffer, frame, at + 1, limit, gpsMask, position, trace);
        }
        for (int widthLog2 = 0; widthLog2 < 3 && at >= 0; widthLog2++) {
            if ((mask & (2 << widthLog2)) != 0) {
                at = elements(buffer, frame, at, limit, 1 << widthLog2, position, trace);
            }
        }
        if ((gpsMask & PLACE) == 0 || position.satellites() == 0) {
            position.addFault(Position.FAULT_NO_FIX);
        }
        return at;
    }

    private static int gps(
            final DirectBuffer buffer,
            final int frame,
            final int offset,
            final int limit,
            final int gpsMask,
            final Position position,
            final FieldTrace trace) {
        int at = offset;
        for (int bit = 0; bit < 8; bit++) {
            if ((gpsMask & (1 << bit)) == 0) {
                continue;
            }
            final int length = GPS_LENGTHS[bit];
            if (limit - at < length) {
                return ~at;
            }
            switch (bit) {
                case 0 ->
                    position.latitudeE7(degreesToE7(buffer.getFloat(at, ByteOrder.BIG_ENDIAN)))
                            .longitudeE7(degreesToE7(buffer.getFloat(at + 4, ByteOrder.BIG_ENDIAN)));
                case 1 -> position.altitudeCm(100 * buffer.getShort(at, ByteOrder.BIG_ENDIAN));
                case 2 -> position.courseCdeg((buffer.getByte(at) & 0xFF) * 36000 / 256);
                case 3 -> position.speedKmh(buffer.getByte(at) & 0xFF);
                case 4 -> position.satellites(buffer.getByte(at) & 0xFF);
                case 5 ->
                    position.attribute(
                                    Attribute.LOCATION_AREA.key(), buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF)
                            .attribute(Attribute.CELL_ID.key(), buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF);
                case 6 -> position.attribute(Attribute.GSM_SIGNAL.key(), buffer.getByte(at) & 0xFF);
                default ->
                    position.attribute(
                            Attribute.OPERATOR.key(), buffer.getInt(at, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL);
            }
            if (trace != null) {
                traceGps(buffer, frame, at, bit, position, trace);
            }
            at += length;
        }
        return at;
    }

    private static void traceGps(
            final DirectBuffer buffer,
            final int frame,
            final int at,
            final int bit,
            final Position position,
            final FieldTrace trace) {
        if (bit == 0) {
            trace.field(at - frame, 4, "Latitude", position.latitudeE7(), "1e-7 deg, rounded from a float");
            trace.field(at + 4 - frame, 4, "Longitude", position.longitudeE7(), "1e-7 deg, rounded from a float");
        } else {
            trace.field(
                    at - frame,
                    GPS_LENGTHS[bit],
                    GPS_NAMES[bit],
                    unsigned(buffer, at, GPS_LENGTHS[bit]),
                    GPS_UNITS[bit]);
        }
    }

    private static long unsigned(final DirectBuffer buffer, final int at, final int width) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = (value << 8) | (buffer.getByte(at + i) & 0xFF);
        }
        return value;
    }

    private static int elements(
            final DirectBuffer buffer,
            final int frame,
            final int offset,
            final int limit,
            final int width,
            final Position position,
            final FieldTrace trace) {
        if (limit - offset < 1) {
            return ~offset;
        }
        final int count = buffer.getByte(offset) & 0xFF;
        int at = offset + 1;
        if (trace != null) {
            trace.field(offset - frame, 1, "N" + width, count, "");
        }
        if (limit - at < count * (1 + width)) {
            return ~at;
        }
        for (int i = 0; i < count; i++) {
            final int id = buffer.getByte(at) & 0xFF;
            final long value = unsigned(buffer, at + 1, width);
            position.attribute(Attribute.ioKey(id), value);
            if (trace != null) {
                trace.field(at - frame, 1, "IO ID", id, "");
                trace.field(at + 1 - frame, width, Attribute.labelOf(Attribute.ioKey(id)), value, "");
            }
            at += 1 + width;
        }
        return at;
    }

    /** A number that is no place (not a number, or beyond an int) becomes one out of range. */
    private static int degreesToE7(final float degrees) {
        final double scaled = degrees * 1e7;
        return scaled >= -Integer.MAX_VALUE && scaled <= Integer.MAX_VALUE
                ? (int) Math.rint(scaled)
                : Integer.MAX_VALUE;
    }
}
