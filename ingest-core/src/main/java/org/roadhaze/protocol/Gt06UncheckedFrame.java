// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.roadhaze.protocol.Gt06.u16;
import static org.roadhaze.protocol.Gt06.u8;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * Frames without serial number and check sum, which watches and pet trackers of ZhongXun send between frames that look
 * like GT06.
 * <pre>
 *  surroundings, 0x17 and 0x69; the length byte is the number n of access points
 *  | 78 78 | n | type | yy mm dd hh mm ss, decimal digits | n x (MAC, signal u8) | count m u8 | MCC u16 | MNC u8 |
 *          | m x (LAC u16, cell u16, RSSI u8) | 00, sometimes | 0D 0A |
 *
 *  fix        | 78 78 | 12 | 10 | as in GT06 | 0D 0A |
 *  heartbeat  | 78 78 | 01 | 08 | 0D 0A |
 * </pre>
 * Their length bytes are smaller than any GT06 frame of these types has. Nothing in them tells a damaged frame from a
 * good one. Stateless.
 */
final class Gt06UncheckedFrame {
    private static final int HEARTBEAT = 0x08;
    private static final int FIX = 0x10;
    private static final int SURROUNDINGS = 0x17;
    private static final int SURROUNDINGS_ONCE = 0x69;

    /** More access points are not listed; frames with a check sum have longer contents. */
    private static final int MAX_ACCESS_POINTS = 15;

    private static final int ACCESS_POINT_LENGTH = 7;
    private static final int CELL_LENGTH = 5;
    private static final int TIME = 4;
    private static final int LIST = 10;
    private static final int STOP_LENGTH = 2;

    private Gt06UncheckedFrame() {}

    /** Whether such a frame begins here; four bytes must be there. */
    static boolean beginsAt(final DirectBuffer buffer, final int offset) {
        final int length = u8(buffer, offset + 2);
        return switch (u8(buffer, offset + 3)) {
            case HEARTBEAT -> length == 1;
            case FIX -> length == Gt06Field.GPS.length();
            case SURROUNDINGS, SURROUNDINGS_ONCE -> length <= MAX_ACCESS_POINTS;
            default -> false;
        };
    }

    /** As {@link ProtocolDecoder#frameLength}, for a frame that {@linkplain #beginsAt begins} here. */
    static int length(final DirectBuffer buffer, final int offset, final int available) {
        int end =
                switch (u8(buffer, offset + 3)) {
                    case HEARTBEAT -> TIME;
                    case FIX -> TIME + Gt06Field.GPS.length();
                    default -> endOfLists(buffer, offset, available);
                };
        if (end < 0 || available < end + STOP_LENGTH) {
            return ProtocolDecoder.NEED_MORE;
        }
        if (u16(buffer, offset + end) != Gt06.STOP && u8(buffer, offset + end) == 0) {
            end++;
            if (available < end + STOP_LENGTH) {
                return ProtocolDecoder.NEED_MORE;
            }
        }
        return u16(buffer, offset + end) == Gt06.STOP ? end + STOP_LENGTH : ProtocolDecoder.MALFORMED;
    }

    /** From the frame's start, or -1 when the count of cells is not there yet. */
    private static int endOfLists(final DirectBuffer buffer, final int offset, final int available) {
        final int count = LIST + ACCESS_POINT_LENGTH * u8(buffer, offset + 2);
        return available <= count ? -1 : count + 4 + CELL_LENGTH * u8(buffer, offset + count);
    }

    static FrameResult decode(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final int zoneOffsetMs,
            final DeviceSession session,
            final PositionBatch out) {
        final int type = u8(buffer, offset + 3);
        if (type == HEARTBEAT) {
            return FrameResult.CONTROL;
        }
        if (!session.isLoggedIn()) {
            out.rejectedAtOffset(TIME);
            return FrameResult.NOT_LOGGED_IN;
        }
        final Position position = out.add();
        position.deviceId(session.deviceId())
                .receivedTimeMs(session.receivedTimeMs())
                .attribute(Attribute.MESSAGE_TYPE.key(), type);
        if (type == FIX) {
            Gt06FieldReader.gps(buffer, offset + TIME, zoneOffsetMs, position);
        } else {
            surroundings(buffer, offset, zoneOffsetMs, position);
            answerWithTime(buffer, offset, type, out);
        }
        Gt06Decoder.finish(position);
        return FrameResult.POSITIONS;
    }

    private static void surroundings(
            final DirectBuffer buffer, final int offset, final int zoneOffsetMs, final Position position) {
        final long calendarMs = CivilTime.toEpochMs(
                2000 + digits(buffer, offset + TIME),
                digits(buffer, offset + TIME + 1),
                digits(buffer, offset + TIME + 2),
                digits(buffer, offset + TIME + 3),
                digits(buffer, offset + TIME + 4),
                digits(buffer, offset + TIME + 5));
        position.fixTimeMs(Gt06.toUtcMs(calendarMs, zoneOffsetMs));
        final int count = offset + LIST + ACCESS_POINT_LENGTH * u8(buffer, offset + 2);
        Gt06FieldReader.bytes(Attribute.WIFI, offset + LIST, count, position);
        if (u8(buffer, count) != 0) {
            position.attribute(Attribute.MCC.key(), u16(buffer, count + 1))
                    .attribute(Attribute.MNC.key(), u8(buffer, count + 3))
                    .attribute(Attribute.LOCATION_AREA.key(), u16(buffer, count + 4))
                    .attribute(Attribute.CELL_ID.key(), u16(buffer, count + 6));
        }
    }

    private static void answerWithTime(
            final DirectBuffer buffer, final int offset, final int type, final PositionBatch out) {
        out.acknowledgement().putShort(0, (short) Gt06.START_SHORT, ByteOrder.BIG_ENDIAN);
        out.acknowledgement().putByte(2, (byte) 0);
        out.acknowledgement().putByte(3, (byte) type);
        out.acknowledgement().putBytes(TIME, buffer, offset + TIME, LIST - TIME);
        out.acknowledgement().putShort(LIST, (short) Gt06.STOP, ByteOrder.BIG_ENDIAN);
        out.acknowledgementLength(LIST + STOP_LENGTH);
    }

    /** Two decimal digits in a byte; more than 99 when one is none. */
    private static int digits(final DirectBuffer buffer, final int at) {
        final int pair = u8(buffer, at);
        return (pair >>> 4) <= 9 && (pair & 0x0F) <= 9 ? 10 * (pair >>> 4) + (pair & 0x0F) : 255;
    }
}
