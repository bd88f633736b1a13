// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * The records of Codec 8, 8 Extended and 16.
 * <pre>
 *  | codec | count n | record 1 | ... | record n | count n |
 *
 *  record:  | time ms u64 | priority u8 | longitude i32 | latitude i32 | altitude m i16 | angle deg u16 |
 *           | satellites u8 | speed km/h u16 | I/O |
 *
 *  I/O:            08     10     8E
 *   event id       u8     u16    u16
 *   generation     -      u8     -
 *   total          u8     u8     u16
 *   4 groups, of values of 1, 2, 4 and 8 bytes:
 *     count        u8     u8     u16
 *     elements     id u8  id u16 id u16   each followed by its value
 *   1 group of values of any length:
 *     count        -      -      u16
 *     elements     -      -      id u16, length u16   each followed by its value
 * </pre>
 * Coordinates are 1e-7 degrees. Without a fix the satellites are zero and the place is the last one known.
 *
 * <p>Devices of the FM36 family send Codec 8 with a fifth group, of values of 16 bytes. Nothing in the packet announces
 * it; a packet that does not work out without it, to the byte and with all its totals, is tried with it.
 *
 * <p>Bounds are checked once for a record's fixed part and once for a group, so that this holds without the buffer's own
 * checks. Values are read by the eight bytes that end with them, since the record's fixed part always lies before: one
 * load gives id and value of any width below eight.
 */
final class TeltonikaRecords {
    /** Elements in one record: more than the largest packet of the maker's devices can hold. */
    private static final int MAX_ELEMENTS = 1024;

    private static final int GPS_LENGTH = 24;
    private static final int WIDE_VALUE_LENGTH = 16;
    private static final int DONE = -1;

    private TeltonikaRecords() {}

    static FrameResult decode(
            final DirectBuffer buffer,
            final int frame,
            final int data,
            final int end,
            final long deviceId,
            final long receivedTimeMs,
            final PositionBatch out,
            final FieldTrace trace) {
        int failedAt = records(buffer, frame, data, end, false, deviceId, receivedTimeMs, out, null);
        boolean wide = false;
        if (failedAt != DONE && buffer.getByte(data) == TeltonikaEncoder.CODEC_8) {
            out.discardPositions();
            wide = records(buffer, frame, data, end, true, deviceId, receivedTimeMs, out, null) == DONE;
            failedAt = wide ? DONE : failedAt;
        }
        if (trace != null) {
            out.discardPositions();
            records(buffer, frame, data, end, wide, deviceId, receivedTimeMs, out, trace);
        }
        if (failedAt != DONE) {
            out.discardPositions();
            out.rejectedAtOffset(failedAt - frame);
            return FrameResult.MALFORMED;
        }
        return out.size() == 0 ? FrameResult.CONTROL : FrameResult.POSITIONS;
    }

    /** Returns {@link #DONE}, or the offset at which the packet contradicts itself. */
    private static int records(
            final DirectBuffer buffer,
            final int frame,
            final int data,
            final int end,
            final boolean wide,
            final long deviceId,
            final long receivedTimeMs,
            final PositionBatch out,
            final FieldTrace trace) {
        final int codec = buffer.getByte(data) & 0xFF;
        final int count = buffer.getByte(data + 1) & 0xFF;
        final int limit = end - 1;
        if (trace != null) {
            trace.field(data + 1 - frame, 1, "Number of Data 1", count, "");
        }
        int at = data + 2;
        for (int i = 0; i < count; i++) {
            // The longest I/O header, and shorter than any header with the four counts that must follow it.
            if (limit - at < GPS_LENGTH + 4) {
                return failed(at, frame, "the packet ends within a record", trace);
            }
            if (trace != null) {
                TeltonikaRecordTrace.fixedPart(buffer, at, frame, i + 1, codec, trace);
            }
            final Position position = out.add();
            position.deviceId(deviceId).receivedTimeMs(receivedTimeMs);
            fix(buffer, at, position);
            at += GPS_LENGTH;

            final int total;
            if (codec == TeltonikaEncoder.CODEC_8) {
                position.attribute(Attribute.EVENT.key(), buffer.getByte(at) & 0xFF);
                total = buffer.getByte(at + 1) & 0xFF;
                at = elements(buffer, frame, at + 2, limit, 1, 1, wide, total, position, trace);
            } else if (codec == TeltonikaEncoder.CODEC_16) {
                position.attribute(Attribute.EVENT.key(), buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF);
                position.attribute(Attribute.GENERATION_TYPE.key(), buffer.getByte(at + 2) & 0xFF);
                total = buffer.getByte(at + 3) & 0xFF;
                at = elements(buffer, frame, at + 4, limit, 2, 1, false, total, position, trace);
            } else {
                position.attribute(Attribute.EVENT.key(), buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF);
                total = buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
                at = elements(buffer, frame, at + 4, limit, 2, 2, true, total, position, trace);
            }
            if (at < 0) {
                return ~at;
            }
        }
        if (trace != null && at < end) {
            trace.field(at - frame, 1, "Number of Data 2", buffer.getByte(at) & 0xFF, "");
        }
        if (at != limit) {
            return failed(at, frame, "bytes are left after the last record", trace);
        }
        if ((buffer.getByte(at) & 0xFF) != count) {
            return failed(at, frame, "the two counts differ", trace);
        }
        return DONE;
    }

    private static void fix(final DirectBuffer buffer, final int at, final Position position) {
        final long time = buffer.getLong(at, ByteOrder.BIG_ENDIAN);
        final long middle = buffer.getLong(at + 8, ByteOrder.BIG_ENDIAN);
        final long last = buffer.getLong(at + 16, ByteOrder.BIG_ENDIAN);
        final int courseDeg = (int) (last >>> 24) & 0xFFFF;
        final int satellites = (int) (last >>> 16) & 0xFF;
        position.fixTimeMs(time)
                .longitudeE7((int) (middle >>> 24))
                .latitudeE7((int) ((middle << 8) | (last >>> 56)))
                .altitudeCm(100 * (short) (last >>> 40))
                .courseCdeg(courseDeg < 360 ? 100 * courseDeg : courseDeg == 360 ? 0 : Position.UNKNOWN)
                .satellites(satellites)
                .speedKmh((int) last & 0xFFFF)
                .attribute(Attribute.PRIORITY.key(), middle >>> 56);
        if (satellites == 0) {
            position.addFault(Position.FAULT_NO_FIX);
        }
    }

    /** Returns the offset after the last element, or the complement of the one at which the record fails. */
    private static int elements(
            final DirectBuffer buffer,
            final int frame,
            final int offset,
            final int limit,
            final int idLength,
            final int countLength,
            final boolean fifthGroup,
            final int total,
            final Position position,
            final FieldTrace trace) {
        if (total > MAX_ELEMENTS) {
            return ~failed(offset - countLength, frame, "more than " + MAX_ELEMENTS + " elements", trace);
        }
        int at = offset;
        int left = total;
        for (int widthLog2 = 0; widthLog2 < 4; widthLog2++) {
            if (limit - at < countLength) {
                return ~failed(at, frame, "the packet ends within a record", trace);
            }
            final int count = count(buffer, at, countLength);
            if (trace != null) {
                trace.field(at - frame, countLength, "N" + (1 << widthLog2) + " of Total IO", count, "");
            }
            final int length = count * (idLength + (1 << widthLog2));
            if (count > left || length > limit - at - countLength) {
                return ~failed(at, frame, "more elements than the total, or than the packet has room for", trace);
            }
            left -= count;
            at += countLength;
            if (count != 0) {
                group(buffer, at, at + length, idLength, widthLog2, position);
                if (trace != null) {
                    TeltonikaRecordTrace.group(buffer, at, at + length, frame, idLength, widthLog2, trace);
                }
                at += length;
            }
        }
        if (fifthGroup) {
            if (limit - at < countLength) {
                return ~failed(at, frame, "the packet ends within a record", trace);
            }
            final int count = count(buffer, at, countLength);
            if (trace != null) {
                trace.field(
                        at - frame, countLength, countLength == 1 ? "N16 of Total IO" : "NX of Total IO", count, "");
            }
            if (count > left) {
                return ~failed(at, frame, "more elements than the total", trace);
            }
            left -= count;
            at = variableGroup(buffer, frame, at + countLength, limit, idLength, count, position, trace);
        }
        if (left != 0 && at >= 0) {
            return ~failed(offset - countLength, frame, "the total is not the sum of the groups", trace);
        }
        return at;
    }

    /** Reads a group that lies within bounds. */
    private static void group(
            final DirectBuffer buffer,
            final int offset,
            final int groupEnd,
            final int idLength,
            final int widthLog2,
            final Position position) {
        final int stride = idLength + (1 << widthLog2);
        final int idMask = (1 << (8 * idLength)) - 1;
        if (widthLog2 == 3) {
            for (int at = offset + stride; at <= groupEnd; at += stride) {
                final int id = (int) (buffer.getLong(at - 16, ByteOrder.BIG_ENDIAN) & idMask);
                TeltonikaIo.add(position, 3, id, buffer.getLong(at - 8, ByteOrder.BIG_ENDIAN));
            }
            return;
        }
        final int valueBits = 8 << widthLog2;
        final long valueMask = (1L << valueBits) - 1;
        for (int at = offset + stride; at <= groupEnd; at += stride) {
            final long word = buffer.getLong(at - 8, ByteOrder.BIG_ENDIAN);
            TeltonikaIo.add(position, widthLog2, (int) (word >>> valueBits) & idMask, word & valueMask);
        }
    }

    /** Elements that say their length (two-byte ids), or have sixteen bytes (one-byte ids). */
    private static int variableGroup(
            final DirectBuffer buffer,
            final int frame,
            final int offset,
            final int limit,
            final int idLength,
            final int count,
            final Position position,
            final FieldTrace trace) {
        final int headerLength = idLength == 1 ? 1 : 4;
        int at = offset;
        for (int i = 0; i < count; i++) {
            if (limit - at < headerLength) {
                return ~failed(at, frame, "the packet ends within an element", trace);
            }
            final int id = count(buffer, at, idLength);
            final int length =
                    idLength == 1 ? WIDE_VALUE_LENGTH : buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            if (trace != null) {
                trace.field(at - frame, idLength, "IO ID", id, "");
                if (headerLength > idLength) {
                    trace.field(at + idLength - frame, 2, "Length", length, "byte");
                }
            }
            if (length > limit - at - headerLength) {
                return ~failed(at, frame, "the element is longer than what is left of the packet", trace);
            }
            at += headerLength;
            TeltonikaIo.addBytes(position, id, at, length);
            if (trace != null) {
                trace.bytes(at - frame, length, TeltonikaIo.variableLabel(id));
            }
            at += length;
        }
        return at;
    }

    /** An unsigned number of one or two bytes: a count or an id. */
    private static int count(final DirectBuffer buffer, final int at, final int length) {
        return length == 1 ? buffer.getByte(at) & 0xFF : buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private static int failed(final int at, final int frame, final String reason, final FieldTrace trace) {
        if (trace != null) {
            trace.remark(at - frame, reason);
        }
        return at;
    }
}
