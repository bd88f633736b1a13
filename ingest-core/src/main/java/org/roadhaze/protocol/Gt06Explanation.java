// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.roadhaze.protocol.Gt06.u16;
import static org.roadhaze.protocol.Gt06.u8;

import java.util.HexFormat;
import org.agrona.DirectBuffer;

/** Shows a GT06 frame to a person, field after field as {@link Gt06Layout} has them; never on the engine's path. */
final class Gt06Explanation {
    private Gt06Explanation() {}

    /** Shows everything but the content. */
    static void framing(
            final DirectBuffer buffer,
            final int frame,
            final int length,
            final boolean isIntact,
            final FieldTrace trace) {
        final int lengthBytes = u8(buffer, frame) == 0x79 ? 2 : 1;
        trace.field(0, 2, "Start", u16(buffer, frame), "");
        number(buffer, frame, frame + 2, lengthBytes, "Packet length", "byte", trace);
        trace.field(2 + lengthBytes, 1, "Protocol number", u8(buffer, frame + 2 + lengthBytes), "");
        trace.field(length - 6, 2, "Serial number", u16(buffer, frame + length - 6), "");
        trace.field(length - 4, 2, "Error check", u16(buffer, frame + length - 4), "");
        if (!isIntact) {
            final int computed = Crc16.X25.compute(buffer, frame + 2, frame + length - 4);
            trace.remark(
                    length - 4,
                    "wrong check sum: the frame gives " + HexFormat.of().toHexDigits((short) computed));
        }
        trace.field(length - 2, 2, "Stop", u16(buffer, frame + length - 2), "");
    }

    /** Shows a content by its layout, and what that does not say. */
    static void content(
            final Gt06Layout layout,
            final DirectBuffer buffer,
            final int frame,
            final int content,
            final int end,
            final FieldTrace trace) {
        int at = content;
        for (int i = 0; i < layout.fieldCount(); i++) {
            final Gt06Field field = layout.field(i);
            if (field == Gt06Field.MODULES || field == Gt06Field.LONG_MODULES) {
                modules(buffer, frame, at, end, field == Gt06Field.MODULES ? 1 : 2, trace);
                return;
            }
            for (final Gt06Field.Part part : field.parts()) {
                final int length = part.length() == 0 ? end - at : part.length();
                if (part.unit() == null) {
                    bytes(frame, at, length, part.name(), trace);
                } else {
                    number(buffer, frame, at, length, part.name(), part.unit(), trace);
                }
                at += length;
            }
        }
        bytes(frame, at, end - at, "Not decoded", trace);
    }

    private static void modules(
            final DirectBuffer buffer,
            final int frame,
            final int from,
            final int end,
            final int lengthBytes,
            final FieldTrace trace) {
        int at = from;
        while (end - at >= 2 + lengthBytes) {
            final int length = lengthBytes == 1 ? u8(buffer, at + 2) : u16(buffer, at + 2);
            number(buffer, frame, at, 2, "Module", "", trace);
            number(buffer, frame, at + 2, lengthBytes, "Module length", "byte", trace);
            at += 2 + lengthBytes;
            final int there = Math.min(length, end - at);
            bytes(frame, at, there, "Module value", trace);
            at += there;
        }
        bytes(frame, at, end - at, "Module", trace);
    }

    /** Shows a {@link Gt06UncheckedFrame}. */
    static void unchecked(final DirectBuffer buffer, final int frame, final int length, final FieldTrace trace) {
        trace.field(0, 2, "Start", u16(buffer, frame), "");
        trace.field(2, 1, "Length, or number of access points", u8(buffer, frame + 2), "");
        trace.field(3, 1, "Protocol number", u8(buffer, frame + 3), "");
        bytes(frame, frame + 4, length - 6, "Content", trace);
        trace.remark(length - 2, "no serial number and no check sum");
        trace.field(length - 2, 2, "Stop", u16(buffer, frame + length - 2), "");
    }

    private static void bytes(
            final int frame, final int at, final int length, final String name, final FieldTrace trace) {
        if (length > 0) {
            trace.bytes(at - frame, length, name);
        }
    }

    private static void number(
            final DirectBuffer buffer,
            final int frame,
            final int at,
            final int length,
            final String name,
            final String unit,
            final FieldTrace trace) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | u8(buffer, at + i);
        }
        trace.field(at - frame, length, name, value, unit);
    }
}
