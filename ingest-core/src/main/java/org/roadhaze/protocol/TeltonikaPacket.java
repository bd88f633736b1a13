// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * What Teltonika sends in a packet, whichever transport carries it: {@code | codec u8 | count u8 | ... | count u8 |}.
 * <pre>
 *  codec 08, 8E, 10   records, see {@link TeltonikaRecords}
 *  codec 07           records of the GH3000, see {@link TeltonikaGh3000Records}
 *  codec 0C           | type u8 | size u32 | text or bytes |                            answer to a command
 *  codec 0D           | type u8 | size u32 | time s u32 | text or bytes |               the same, with the time
 *  codec 0E           | type u8 | size u32 | IMEI BCD 8 | text or bytes |               the same, with the IMEI
 *  codec 0F           | type u8 | size u32 | time s u32 | IMEI BCD 8 | text or bytes |  what a serial port received
 * </pre>
 * The size counts time and IMEI, but captured frames show devices whose size is that of the text alone: both are taken.
 * An answer becomes a status without a fix that carries it as {@link Attribute#RESULT}: the maker defines no
 * acknowledgement for it. Parts of camera pictures, which are of another type, are not decoded. A codec that is not
 * listed is acknowledged by its count, so that its device goes on.
 */
final class TeltonikaPacket {
    /** Bytes of the shortest packet: codec and both counts. */
    static final int MIN_LENGTH = 3;

    static final int CODEC_GH3000 = 0x07;

    private static final int CODEC_12 = 0x0C;
    private static final int CODEC_13 = 0x0D;
    private static final int CODEC_14 = 0x0E;
    private static final int CODEC_15 = 0x0F;

    private static final int COMMAND_HEADER_LENGTH = 7;
    private static final int CAMERA_PART = 0x0D;
    private static final int TIME_LENGTH = 4;
    private static final int IMEI_LENGTH = 8;

    private TeltonikaPacket() {}

    /**
     * Whether the packet is one of records, which are acknowledged by their count.
     *
     * @param buffer the bytes.
     * @param data   where the codec is.
     * @return false for answers to commands.
     */
    static boolean isCounted(final DirectBuffer buffer, final int data) {
        final int codec = buffer.getByte(data);
        return codec < CODEC_12 || codec > CODEC_15;
    }

    /**
     * Decodes a packet.
     *
     * @param buffer         the bytes.
     * @param frame          where the frame begins.
     * @param data           where the codec is.
     * @param end            after the second count; at least {@link #MIN_LENGTH} after {@code data}.
     * @param deviceId       whose it is, or {@link ProtocolDecoder#NO_DEVICE}.
     * @param receivedTimeMs when it was received.
     * @param out            filled with the positions, or with where it went wrong.
     * @param trace          told about every field, or null.
     * @return what the packet was.
     */
    static FrameResult decode(
            final DirectBuffer buffer,
            final int frame,
            final int data,
            final int end,
            final long deviceId,
            final long receivedTimeMs,
            final PositionBatch out,
            final FieldTrace trace) {
        final int codec = buffer.getByte(data) & 0xFF;
        if (trace != null) {
            trace.field(data - frame, 1, "Codec ID", codec, "");
        }
        return switch (codec) {
            case TeltonikaEncoder.CODEC_8, TeltonikaEncoder.CODEC_8_EXTENDED, TeltonikaEncoder.CODEC_16 ->
                deviceId == ProtocolDecoder.NO_DEVICE
                        ? FrameResult.NOT_LOGGED_IN
                        : TeltonikaRecords.decode(buffer, frame, data, end, deviceId, receivedTimeMs, out, trace);
            case CODEC_GH3000 ->
                deviceId == ProtocolDecoder.NO_DEVICE
                        ? FrameResult.NOT_LOGGED_IN
                        : TeltonikaGh3000Records.decode(buffer, frame, data, end, deviceId, receivedTimeMs, out, trace);
            case CODEC_12, CODEC_13, CODEC_14, CODEC_15 ->
                command(buffer, frame, data, end, deviceId, receivedTimeMs, out, trace);
            default -> unsupported(buffer, frame, data, end, trace);
        };
    }

    private static FrameResult unsupported(
            final DirectBuffer buffer, final int frame, final int data, final int end, final FieldTrace trace) {
        if (trace != null) {
            trace.field(data + 1 - frame, 1, "Number of Data 1", buffer.getByte(data + 1) & 0xFF, "");
            trace.bytes(data + 2 - frame, end - data - 2, "Unknown data");
            trace.remark(data - frame, "this codec is not known: 7, 8, 8E, 10, C, D, E, F (hexadecimal) are");
        }
        return FrameResult.UNSUPPORTED;
    }

    private static FrameResult command(
            final DirectBuffer buffer,
            final int frame,
            final int data,
            final int end,
            final long deviceId,
            final long receivedTimeMs,
            final PositionBatch out,
            final FieldTrace trace) {
        final int codec = buffer.getByte(data);
        final int timeLength = codec == CODEC_13 || codec == CODEC_15 ? TIME_LENGTH : 0;
        final int prefixLength = timeLength + (codec == CODEC_14 || codec == CODEC_15 ? IMEI_LENGTH : 0);
        final int content = data + COMMAND_HEADER_LENGTH;
        if (end - 1 - content < prefixLength) {
            return malformed(end - 1 - frame, "the packet ends before the answer begins", out, trace);
        }
        final int type = buffer.getByte(data + 2) & 0xFF;
        final int size = buffer.getInt(data + 3, ByteOrder.BIG_ENDIAN);
        if (trace != null) {
            traceCommand(buffer, frame, data, end, timeLength, prefixLength, trace);
        }
        final int left = end - 1 - content;
        if (size != left && size != left - prefixLength) {
            return malformed(data + 3 - frame, "the size is not what is left of the packet", out, trace);
        }
        if (buffer.getByte(data + 1) != buffer.getByte(end - 1)) {
            return malformed(end - 1 - frame, "the two counts differ", out, trace);
        }
        if (type == CAMERA_PART) {
            return FrameResult.UNSUPPORTED;
        }
        if (deviceId == ProtocolDecoder.NO_DEVICE) {
            return FrameResult.NOT_LOGGED_IN;
        }
        final int text = content + prefixLength;
        out.add()
                .deviceId(deviceId)
                .receivedTimeMs(receivedTimeMs)
                .addFault(Position.FAULT_NO_FIX)
                .attribute(Attribute.MESSAGE_TYPE.key(), type)
                .attribute(Attribute.RESULT.key() | Attribute.BYTES, ((long) text << 16) | (end - 1 - text));
        return FrameResult.POSITIONS;
    }

    private static void traceCommand(
            final DirectBuffer buffer,
            final int frame,
            final int data,
            final int end,
            final int timeLength,
            final int prefixLength,
            final FieldTrace trace) {
        final int at = data - frame;
        trace.field(at + 1, 1, "Command Quantity 1", buffer.getByte(data + 1) & 0xFF, "");
        trace.field(at + 2, 1, "Type", buffer.getByte(data + 2) & 0xFF, "");
        trace.field(at + 3, 4, "Size", buffer.getInt(data + 3, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL, "byte");
        final int content = data + COMMAND_HEADER_LENGTH;
        if (timeLength != 0) {
            final long seconds = buffer.getInt(content, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
            trace.field(content - frame, timeLength, "Timestamp", seconds, "s");
        }
        if (prefixLength != timeLength) {
            trace.bytes(content + timeLength - frame, prefixLength - timeLength, "IMEI");
        }
        trace.bytes(content + prefixLength - frame, end - 1 - content - prefixLength, "Response");
        trace.field(end - 1 - frame, 1, "Command Quantity 2", buffer.getByte(end - 1) & 0xFF, "");
    }

    /** Takes everything back: nothing of a bad packet may be used. */
    static FrameResult malformed(
            final int tracedOffset, final String reason, final PositionBatch out, final FieldTrace trace) {
        out.discardPositions();
        out.rejectedAtOffset(tracedOffset);
        if (trace != null) {
            trace.remark(tracedOffset, reason);
        }
        return FrameResult.MALFORMED;
    }
}
