// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Shows the fields of a record to a person, as {@link TeltonikaRecords} reads them; never on the engine's path. */
final class TeltonikaRecordTrace {
    private TeltonikaRecordTrace() {}

    /** Shows what comes before the groups of I/O elements; the caller has checked that it is there. */
    static void fixedPart(
            final DirectBuffer buffer,
            final int at,
            final int frame,
            final int number,
            final int codec,
            final FieldTrace trace) {
        final int o = at - frame;
        trace.remark(o, "record " + number);
        trace.field(o, 8, "Timestamp", buffer.getLong(at, ByteOrder.BIG_ENDIAN), "ms");
        trace.field(o + 8, 1, "Priority", buffer.getByte(at + 8) & 0xFF, "");
        trace.field(o + 9, 4, "Longitude", buffer.getInt(at + 9, ByteOrder.BIG_ENDIAN), "1e-7 deg");
        trace.field(o + 13, 4, "Latitude", buffer.getInt(at + 13, ByteOrder.BIG_ENDIAN), "1e-7 deg");
        trace.field(o + 17, 2, "Altitude", buffer.getShort(at + 17, ByteOrder.BIG_ENDIAN), "m");
        trace.field(o + 19, 2, "Angle", u16(buffer, at + 19), "deg");
        trace.field(o + 21, 1, "Satellites", buffer.getByte(at + 21) & 0xFF, "");
        if (buffer.getByte(at + 21) == 0) {
            trace.remark(o + 21, "no satellites: no fix, the place is the last one known");
        }
        trace.field(o + 22, 2, "Speed", u16(buffer, at + 22), "km/h");
        if (codec == TeltonikaEncoder.CODEC_8) {
            trace.field(o + 24, 1, "Event IO ID", buffer.getByte(at + 24) & 0xFF, "");
            trace.field(o + 25, 1, "N of Total IO", buffer.getByte(at + 25) & 0xFF, "");
            return;
        }
        trace.field(o + 24, 2, "Event IO ID", u16(buffer, at + 24), "");
        if (codec == TeltonikaEncoder.CODEC_16) {
            trace.field(o + 26, 1, "Generation Type", buffer.getByte(at + 26) & 0xFF, "");
            trace.field(o + 27, 1, "N of Total IO", buffer.getByte(at + 27) & 0xFF, "");
        } else {
            trace.field(o + 26, 2, "N of Total IO", u16(buffer, at + 26), "");
        }
    }

    /** Shows the elements of a group that lies within bounds. */
    static void group(
            final DirectBuffer buffer,
            final int offset,
            final int groupEnd,
            final int frame,
            final int idLength,
            final int widthLog2,
            final FieldTrace trace) {
        final int width = 1 << widthLog2;
        for (int at = offset; at < groupEnd; at += idLength + width) {
            final int id = idLength == 1 ? buffer.getByte(at) & 0xFF : u16(buffer, at);
            long value = 0;
            for (int i = 0; i < width; i++) {
                value = (value << 8) | (buffer.getByte(at + idLength + i) & 0xFF);
            }
            trace.field(at - frame, idLength, "IO ID", id, "");
            trace.field(
                    at + idLength - frame,
                    width,
                    TeltonikaIo.label(widthLog2, id),
                    value,
                    TeltonikaIo.unit(widthLog2, id));
        }
    }

    private static int u16(final DirectBuffer buffer, final int at) {
        return buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
