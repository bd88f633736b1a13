// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.roadhaze.protocol.Gt06.TRAILER_LENGTH;
import static org.roadhaze.protocol.Gt06.u16;
import static org.roadhaze.protocol.Gt06.u8;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * Concox GT06 and its family (Jimi, and many that speak as they do), over TCP.
 * <pre>
 *  | 78 78 | length u8  | type u8 | content | serial u16 | CRC u16 | 0D 0A |
 *  | 79 79 | length u16 | type u8 | content | serial u16 | CRC u16 | 0D 0A |
 *          |<---- CRC-16/X-25 over -------------------->|
 *                       |<---- length ---------------------------->|
 *
 *  acknowledgement
 *  | 78 78 | 05 | type | serial of the frame u16 | CRC u16 | 0D 0A |
 * </pre>
 * What contents consist of is in {@link Gt06Layout}. Big endian.
 *
 * <p>Times are a calendar's. The makers state UTC for the types since 0x22, but devices send the time that they are set to,
 * and by its manual the GT06 leaves the factory set to GMT+8: {@link DecoderOptions#timeZone} says what it is, unless the
 * devices were set to UTC ({@code GMT,E,0,0#}). Only 0x70, 0xF1 and 0xF2 count seconds of UTC. What we answer is UTC.
 *
 * <p>Every frame with a good check sum is acknowledged, a location too, although the makers do not ask for that: a device
 * that waits goes on, and one that does not lets it pass. That holds for contents that contradict themselves, too, but not
 * for a login that names nobody: to acknowledge it is to welcome a device whose records are then refused. Not acknowledged
 * are replies to commands, whose type a server uses for commands, and the information types 0x94 and 0x9B, for which the
 * makers rule it out. A request for the time is answered with the time at which it was received, one for an address with
 * none.
 *
 * <p>The first models state 8 as the length of a heartbeat that has 10, and compute the check sum over that: they are
 * understood. Some devices mix in frames without serial number and check sum ({@link Gt06UncheckedFrame}): they are cut, and
 * refused for the missing check sum unless check sums are to be ignored.
 *
 * <p>Format: "GPS Tracker Communication Protocol", Concox, of GT06, GT06N, JM-VL03, JM-LL01, AM01 and others; types and
 * lengths that these do not have from frames of the devices themselves.
 *
 * <p>Stateless, safe for use by many threads unless it traces.
 */
public final class Gt06Decoder implements ProtocolDecoder {
    /** Longest frame in bytes: the makers' texts and module lists stay below 1 KiB. */
    public static final int MAX_FRAME_LENGTH = 2048;

    /** Type, serial number and check sum. */
    private static final int MIN_LENGTH_FIELD = 5;

    /** What the first models say in every heartbeat: two less than it has. */
    private static final int HEARTBEAT_LENGTH_FIELD = 8;

    private static final int HEARTBEAT_LENGTH = 15;

    private static final int ADDRESS_REPLY = 0x97;
    private static final byte[] NO_ADDRESS = "NA&&NA&&0##".getBytes(StandardCharsets.US_ASCII);

    private static final int IMEI_LENGTH = 8;

    private final boolean verifyChecksum;
    private final FieldTrace trace;
    private final int zoneOffsetMs;

    private Gt06Decoder(final DecoderOptions options) {
        verifyChecksum = options.verifyChecksum();
        trace = options.trace();
        zoneOffsetMs = 1000 * options.timeZone().getTotalSeconds();
    }

    /**
     * Makes the decoder of a TCP connection.
     *
     * @param options how.
     * @return the decoder.
     */
    public static ProtocolDecoder tcp(final DecoderOptions options) {
        return new Gt06Decoder(options);
    }

    @Override
    public int frameLength(final DirectBuffer buffer, final int offset, final int available) {
        if (available < 1) {
            return NEED_MORE;
        }
        final int start = u8(buffer, offset);
        if ((start != 0x78 && start != 0x79) || (available > 1 && u8(buffer, offset + 1) != start)) {
            return MALFORMED;
        }
        if (available < 4) {
            return NEED_MORE;
        }
        if (start == 0x78 && Gt06UncheckedFrame.beginsAt(buffer, offset)) {
            return Gt06UncheckedFrame.length(buffer, offset, available);
        }
        final int length = statedLength(buffer, offset, start);
        if (length == MALFORMED || available < length) {
            return length == MALFORMED ? MALFORMED : NEED_MORE;
        }
        return u16(buffer, offset + length - 2) == Gt06.STOP ? length : MALFORMED;
    }

    private static int statedLength(final DirectBuffer buffer, final int offset, final int start) {
        final int lengthField = start == 0x78 ? u8(buffer, offset + 2) : u16(buffer, offset + 2);
        if (start == 0x78 && lengthField == HEARTBEAT_LENGTH_FIELD && u8(buffer, offset + 3) == Gt06.STATUS) {
            return HEARTBEAT_LENGTH;
        }
        final int length = (start == 0x78 ? 3 : 4) + lengthField + 2;
        return lengthField < MIN_LENGTH_FIELD || length > MAX_FRAME_LENGTH ? MALFORMED : length;
    }

    @Override
    public long deviceId(final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0 || frameLength(buffer, offset, length) != length) {
            return NO_DEVICE;
        }
        final int header = headerLength(buffer, offset);
        if (u8(buffer, offset + header) != Gt06.LOGIN
                || length < header + 1 + IMEI_LENGTH + TRAILER_LENGTH
                || (verifyChecksum && !isIntact(buffer, offset, length))) {
            return NO_DEVICE;
        }
        return Gt06.imei(buffer, offset + header + 1);
    }

    @Override
    public FrameResult decode(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final DeviceSession session,
            final PositionBatch out) {
        out.clear(buffer);
        final int stated = frameLength(buffer, offset, length);
        if (stated == NEED_MORE || stated != length) {
            return refused(stated, length, out);
        }
        if (u8(buffer, offset) == 0x78 && Gt06UncheckedFrame.beginsAt(buffer, offset)) {
            return unchecked(buffer, offset, length, session, out);
        }
        final boolean intact = isIntact(buffer, offset, length);
        if (trace != null) {
            Gt06Explanation.framing(buffer, offset, length, intact, trace);
        }
        if (!intact && verifyChecksum) {
            out.rejectedAtOffset(length - 4);
            return FrameResult.CHECKSUM;
        }

        final int type = u8(buffer, offset + headerLength(buffer, offset));
        final int content = offset + headerLength(buffer, offset) + 1;
        final int end = offset + length - TRAILER_LENGTH;
        final boolean isLong = u8(buffer, offset) == 0x79;
        final int first = end - content < 2 ? 0 : u16(buffer, content);
        final Gt06Layout layout = Gt06Layout.find(type, isLong, first, end - content);
        if (trace != null) {
            Gt06Explanation.content(layout, buffer, offset, content, end, trace);
        }
        final int serial = u16(buffer, end);
        return switch (type) {
            case Gt06.LOGIN -> login(layout, buffer, offset, content, serial, out);
            case Gt06.TIME_REQUEST -> {
                answerTime(session.receivedTimeMs(), serial, out);
                yield FrameResult.CONTROL;
            }
            case Gt06.ADDRESS_REQUEST_BY_PHONE, Gt06.ADDRESS_REQUEST -> {
                answerNoAddress(serial, out);
                yield FrameResult.CONTROL;
            }
            default -> {
                final FrameResult result = layout == Gt06Layout.UNSUPPORTED
                        ? FrameResult.UNSUPPORTED
                        : position(layout, buffer, offset, content, end, type, session, out);
                if (isAcknowledged(type) && result.isAcknowledged(intact)) {
                    final boolean inKind = isLong && isAcknowledgedInKind(type);
                    acknowledge(inKind ? Gt06.START_LONG : Gt06.START_SHORT, type, serial, out);
                }
                yield result;
            }
        };
    }

    private FrameResult login(
            final Gt06Layout layout,
            final DirectBuffer buffer,
            final int offset,
            final int content,
            final int serial,
            final PositionBatch out) {
        if (layout == Gt06Layout.TOO_SHORT) {
            return tooShort(content - offset, out);
        }
        if (Gt06.imei(buffer, content) == NO_DEVICE) {
            return malformed(content - offset, "a login begins with an IMEI, two digits a byte", out);
        }
        acknowledge(Gt06.START_SHORT, Gt06.LOGIN, serial, out);
        return FrameResult.LOGIN;
    }

    private FrameResult position(
            final Gt06Layout layout,
            final DirectBuffer buffer,
            final int offset,
            final int content,
            final int end,
            final int type,
            final DeviceSession session,
            final PositionBatch out) {
        if (layout == Gt06Layout.TOO_SHORT) {
            return tooShort(content - offset, out);
        }
        if (!session.isLoggedIn()) {
            out.rejectedAtOffset(content - offset);
            remark(content - offset, "no login came before");
            return FrameResult.NOT_LOGGED_IN;
        }
        final Position position = out.add();
        position.deviceId(session.deviceId())
                .receivedTimeMs(session.receivedTimeMs())
                .attribute(Attribute.MESSAGE_TYPE.key(), type);
        final int failedAt = Gt06FieldReader.read(layout, buffer, content, end, zoneOffsetMs, position);
        if (failedAt >= 0) {
            out.discardPositions();
            return malformed(failedAt - offset, "longer than what is left of the content", out);
        }
        finish(position);
        return FrameResult.POSITIONS;
    }

    /** A position without a place is a status. */
    static void finish(final Position position) {
        if (position.latitudeE7() == Position.UNKNOWN) {
            position.addFault(Position.FAULT_NO_FIX);
        }
    }

    private FrameResult unchecked(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final DeviceSession session,
            final PositionBatch out) {
        if (trace != null) {
            Gt06Explanation.unchecked(buffer, offset, length, trace);
        }
        if (verifyChecksum) {
            out.rejectedAtOffset(length - 2);
            return FrameResult.CHECKSUM;
        }
        return Gt06UncheckedFrame.decode(buffer, offset, length, zoneOffsetMs, session, out);
    }

    private FrameResult refused(final int stated, final int length, final PositionBatch out) {
        if (stated == NEED_MORE) {
            out.rejectedAtOffset(length);
            remark(length, "the frame is not complete: more bytes are expected here");
            return FrameResult.INCOMPLETE;
        }
        return stated == MALFORMED
                ? malformed(0, "no frame begins here: 78 78 or 79 79, a length and, behind it, 0D 0A are expected", out)
                : malformed(stated, "the frame ends here, and bytes follow", out);
    }

    private FrameResult tooShort(final int at, final PositionBatch out) {
        return malformed(at, "too short for what this type consists of", out);
    }

    private FrameResult malformed(final int at, final String reason, final PositionBatch out) {
        out.rejectedAtOffset(at);
        remark(at, reason);
        return FrameResult.MALFORMED;
    }

    private void remark(final int at, final String text) {
        if (trace != null) {
            trace.remark(at, text);
        }
    }

    private static int headerLength(final DirectBuffer buffer, final int offset) {
        return u8(buffer, offset) == 0x79 ? 4 : 3;
    }

    private static boolean isIntact(final DirectBuffer buffer, final int offset, final int length) {
        final int crc = offset + length - 4;
        return Crc16.X25.compute(buffer, offset + 2, crc) == u16(buffer, crc);
    }

    private static boolean isAcknowledged(final int type) {
        return switch (type) {
            case 0x21, 0x80, 0x81, 0x82, 0x94, 0x9B -> false;
            default -> true;
        };
    }

    /** The types of which 7979 frames are acknowledged in kind; the others take a 7878 acknowledgement. */
    private static boolean isAcknowledgedInKind(final int type) {
        return type == 0x32 || type == 0x33;
    }

    private static void acknowledge(final int start, final int type, final int serial, final PositionBatch out) {
        final MutableDirectBuffer buffer = out.acknowledgement();
        final int at = Gt06Encoder.begin(buffer, 0, start, type);
        out.acknowledgementLength(Gt06Encoder.end(buffer, 0, at, serial));
    }

    private static void answerTime(final long timeMs, final int serial, final PositionBatch out) {
        final MutableDirectBuffer buffer = out.acknowledgement();
        final int at = Gt06Encoder.begin(buffer, 0, Gt06.START_SHORT, Gt06.TIME_REQUEST);
        Gt06Encoder.time(buffer, at, timeMs);
        out.acknowledgementLength(Gt06Encoder.end(buffer, 0, at + 6, serial));
    }

    private static void answerNoAddress(final int serial, final PositionBatch out) {
        final MutableDirectBuffer buffer = out.acknowledgement();
        final int at = Gt06Encoder.begin(buffer, 0, Gt06.START_LONG, ADDRESS_REPLY);
        buffer.putByte(at, (byte) NO_ADDRESS.length);
        buffer.putInt(at + 1, 0);
        buffer.putBytes(at + 5, NO_ADDRESS);
        out.acknowledgementLength(Gt06Encoder.end(buffer, 0, at + 5 + NO_ADDRESS.length, serial));
    }
}
