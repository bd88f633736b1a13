// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import java.util.HexFormat;
import org.agrona.DirectBuffer;
import org.roadhaze.position.PositionBatch;

/**
 * Teltonika over TCP: login, keep-alive, and packets of records.
 * <pre>
 *  login    | length u16 = 15 | IMEI, ASCII digits |                      answered by one byte, 1 for welcome
 *  ping     | FF |                                                        not answered
 *  packet   | 00 00 00 00 | length u32 | codec u8 | count u8 | ... | count u8 | CRC u32 |
 *                                      |<---- length, CRC-16/ARC over --------------->|
 * </pre>
 * A packet of records is answered by their count as u32, and a device keeps what is not so answered and sends it again.
 * One whose check sum is right and whose records contradict themselves is answered by its first count: the device would
 * send it for ever, and nothing behind it. Big endian. What is inside a packet is in {@link TeltonikaPacket}.
 *
 * <p>Format: "Teltonika Data Sending Protocols", wiki.teltonika-gps.com.
 *
 * <p>Stateless, safe for use by many threads unless it traces.
 */
public final class TeltonikaDecoder implements ProtocolDecoder {
    /**
     * Longest frame in bytes. The makers' devices stay below 2 KiB, camera parts below 64 KiB; 255 records of Codec 8
     * Extended with some eighty elements each fit, too.
     */
    public static final int MAX_FRAME_LENGTH = 128 * 1024;

    private static final int PING = 0xFF;
    private static final byte WELCOME = 1;
    private static final int HEADER_LENGTH = 8;
    private static final int CRC_LENGTH = 4;
    private static final int FRAMING_LENGTH = HEADER_LENGTH + CRC_LENGTH;
    private static final int MAX_DATA_LENGTH = MAX_FRAME_LENGTH - FRAMING_LENGTH;

    private final boolean verifyChecksum;
    private final FieldTrace trace;

    private TeltonikaDecoder(final DecoderOptions options) {
        verifyChecksum = options.verifyChecksum();
        trace = options.trace();
    }

    /**
     * Makes the decoder of a TCP connection.
     *
     * @param options how.
     * @return the decoder.
     */
    public static ProtocolDecoder tcp(final DecoderOptions options) {
        return new TeltonikaDecoder(options);
    }

    /**
     * Makes the decoder of UDP datagrams.
     *
     * @param options how.
     * @return the decoder.
     */
    public static ProtocolDecoder udp(final DecoderOptions options) {
        return new TeltonikaDatagramDecoder(options);
    }

    @Override
    public int frameLength(final DirectBuffer buffer, final int offset, final int available) {
        if (available < 1) {
            return NEED_MORE;
        }
        final int first = buffer.getByte(offset) & 0xFF;
        if (first == PING) {
            return 1;
        }
        if (first != 0) {
            return MALFORMED;
        }
        if (available < 2) {
            return NEED_MORE;
        }
        return buffer.getByte(offset + 1) != 0
                ? TeltonikaImei.fieldLength(buffer, offset, available)
                : packetLength(buffer, offset, available);
    }

    private static int packetLength(final DirectBuffer buffer, final int offset, final int available) {
        if (available < HEADER_LENGTH) {
            for (int i = 2; i < Math.min(available, 4); i++) {
                if (buffer.getByte(offset + i) != 0) {
                    return MALFORMED;
                }
            }
            return NEED_MORE;
        }
        final long header = buffer.getLong(offset, ByteOrder.BIG_ENDIAN);
        // The preamble is zero, so that the header as one number is the length; a preamble that is not is too large.
        if (header < TeltonikaPacket.MIN_LENGTH || header > MAX_DATA_LENGTH) {
            return MALFORMED;
        }
        final int length = (int) header + FRAMING_LENGTH;
        return available < length ? NEED_MORE : length;
    }

    @Override
    public long deviceId(final DirectBuffer buffer, final int offset, final int length) {
        return isLogin(buffer, offset, length) ? TeltonikaImei.parse(buffer, offset) : NO_DEVICE;
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
        if (stated != length || stated == NEED_MORE) {
            return refused(buffer, offset, length, stated, out);
        }
        if (length == 1) {
            if (trace != null) {
                trace.field(0, 1, "Ping", PING, "");
            }
            return FrameResult.CONTROL;
        }
        if (buffer.getByte(offset + 1) != 0) {
            if (trace != null) {
                TeltonikaImei.trace(buffer, offset, 0, trace);
            }
            out.acknowledgement().putByte(0, WELCOME);
            out.acknowledgementLength(1);
            return FrameResult.LOGIN;
        }
        return decodePacket(buffer, offset, length, session, out);
    }

    private FrameResult decodePacket(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final DeviceSession session,
            final PositionBatch out) {
        final int data = offset + HEADER_LENGTH;
        final int end = offset + length - CRC_LENGTH;
        final int computed = Crc16.ARC.compute(buffer, data, end);
        final int stated = buffer.getInt(end, ByteOrder.BIG_ENDIAN);
        if (trace != null) {
            trace.field(0, 4, "Preamble", 0, "");
            trace.field(4, 4, "Data Field Length", end - data, "byte");
        }
        if (stated != computed && verifyChecksum) {
            out.rejectedAtOffset(end - offset);
            traceChecksum(end - offset, stated, computed);
            return FrameResult.CHECKSUM;
        }
        final FrameResult result = TeltonikaPacket.decode(
                buffer, offset, data, end, session.deviceId(), session.receivedTimeMs(), out, trace);
        if (trace != null) {
            traceChecksum(end - offset, stated, computed);
        }
        if (TeltonikaPacket.isCounted(buffer, data) && result.isAcknowledged(stated == computed)) {
            out.acknowledgement().putInt(0, buffer.getByte(data + 1) & 0xFF, ByteOrder.BIG_ENDIAN);
            out.acknowledgementLength(4);
        }
        return result;
    }

    private boolean isLogin(final DirectBuffer buffer, final int offset, final int length) {
        return length > 1 && frameLength(buffer, offset, length) == length && buffer.getByte(offset + 1) != 0;
    }

    private FrameResult refused(
            final DirectBuffer buffer, final int offset, final int length, final int stated, final PositionBatch out) {
        if (stated == NEED_MORE) {
            out.rejectedAtOffset(length);
            if (trace != null) {
                trace.remark(length, "the frame is not complete: more bytes are expected here");
            }
            return FrameResult.INCOMPLETE;
        }
        final boolean wrongLength = length >= HEADER_LENGTH && buffer.getInt(offset) == 0;
        out.rejectedAtOffset(stated != MALFORMED ? stated : wrongLength ? 4 : 0);
        if (trace != null) {
            traceMalformed(buffer, offset, stated, wrongLength);
        }
        return FrameResult.MALFORMED;
    }

    private void traceMalformed(
            final DirectBuffer buffer, final int offset, final int stated, final boolean wrongLength) {
        if (stated != MALFORMED) {
            trace.remark(stated, "the frame ends here, and bytes follow");
        } else if (wrongLength) {
            final long dataLength = buffer.getInt(offset + 4, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
            trace.field(0, 4, "Preamble", 0, "");
            trace.field(4, 4, "Data Field Length", dataLength, "byte");
            trace.remark(
                    4,
                    "a data field length of " + TeltonikaPacket.MIN_LENGTH + " to " + MAX_DATA_LENGTH + " is allowed");
        } else {
            trace.remark(
                    0,
                    "no frame begins here: a login (00 0F and 15 digits), a packet (00 00 00 00) or a ping (FF) does");
        }
    }

    private void traceChecksum(final int at, final int stated, final int computed) {
        if (trace != null) {
            trace.field(at, CRC_LENGTH, "CRC-16", stated & 0xFFFF_FFFFL, "");
            if (stated != computed) {
                trace.remark(
                        at,
                        "wrong check sum: the data field gives "
                                + HexFormat.of().toHexDigits(computed));
            }
        }
    }
}
