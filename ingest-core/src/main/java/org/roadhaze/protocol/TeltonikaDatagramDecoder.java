// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.PositionBatch;

/**
 * Teltonika over UDP: every datagram says whose it is.
 * <pre>
 *  datagram | length u16 | packet id u16 | 01 | AVL packet id u8 | IMEI length u16 | IMEI | codec u8 | count u8 | ... | count u8 |
 *                        |<---- length --------------------------------------------------------------------------->|
 *  answer   | 00 05      | packet id u16 | 01 | AVL packet id u8 | accepted count u8 |
 * </pre>
 * The fifth byte is "not usable" and comes back as it came. There is no check sum but UDP's own, so that a datagram whose
 * records contradict themselves was sent like that: it is accepted by its first count, as over TCP. Big endian.
 *
 * <p>Format: "Teltonika Data Sending Protocols", wiki.teltonika-gps.com.
 *
 * <p>Stateless, safe for use by many threads unless it traces.
 */
final class TeltonikaDatagramDecoder implements ProtocolDecoder {
    private static final int IMEI = 6;
    private static final int MIN_LENGTH = IMEI + 2 + TeltonikaPacket.MIN_LENGTH;
    private static final int ACKNOWLEDGEMENT_LENGTH = 7;

    private final FieldTrace trace;

    TeltonikaDatagramDecoder(final DecoderOptions options) {
        trace = options.trace();
    }

    @Override
    public int frameLength(final DirectBuffer buffer, final int offset, final int available) {
        if (available < 2) {
            return NEED_MORE;
        }
        final int length = 2 + (buffer.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xFFFF);
        if (length < MIN_LENGTH) {
            return MALFORMED;
        }
        if (available >= IMEI + 2) {
            final int digits = buffer.getShort(offset + IMEI, ByteOrder.BIG_ENDIAN);
            if (TeltonikaImei.fieldLength(buffer, offset + IMEI, available - IMEI) == MALFORMED
                    || length < MIN_LENGTH + digits) {
                return MALFORMED;
            }
        }
        return available < length ? NEED_MORE : length;
    }

    @Override
    public long deviceId(final DirectBuffer buffer, final int offset, final int length) {
        return length != 0 && frameLength(buffer, offset, length) == length
                ? TeltonikaImei.parse(buffer, offset + IMEI)
                : NO_DEVICE;
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
            return refused(stated, length, out);
        }
        if (trace != null) {
            traceHeader(buffer, offset);
        }
        final int data = offset + IMEI + 2 + buffer.getShort(offset + IMEI, ByteOrder.BIG_ENDIAN);
        final long imei = TeltonikaImei.parse(buffer, offset + IMEI);
        final FrameResult result = TeltonikaPacket.decode(
                buffer, offset, data, offset + length, imei, session.receivedTimeMs(), out, trace);
        if (TeltonikaPacket.isCounted(buffer, data) && result.isAcknowledged(true)) {
            out.acknowledgement().putShort(0, (short) (ACKNOWLEDGEMENT_LENGTH - 2), ByteOrder.BIG_ENDIAN);
            out.acknowledgement().putInt(2, buffer.getInt(offset + 2));
            out.acknowledgement().putByte(6, buffer.getByte(data + 1));
            out.acknowledgementLength(ACKNOWLEDGEMENT_LENGTH);
        }
        return result;
    }

    private FrameResult refused(final int stated, final int length, final PositionBatch out) {
        final boolean incomplete = stated == NEED_MORE;
        out.rejectedAtOffset(incomplete ? length : Math.max(0, stated));
        if (trace != null) {
            trace.remark(
                    out.rejectedAtOffset(),
                    incomplete
                            ? "the datagram is not complete: more bytes are expected here"
                            : "length, ids and IMEI of a datagram of " + length + " bytes are expected");
        }
        return incomplete ? FrameResult.INCOMPLETE : FrameResult.MALFORMED;
    }

    private void traceHeader(final DirectBuffer buffer, final int offset) {
        trace.field(0, 2, "Length", buffer.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xFFFF, "byte");
        trace.field(2, 2, "Packet ID", buffer.getShort(offset + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF, "");
        trace.field(4, 1, "Not usable byte", buffer.getByte(offset + 4) & 0xFF, "");
        trace.field(5, 1, "AVL packet ID", buffer.getByte(offset + 5) & 0xFF, "");
        TeltonikaImei.trace(buffer, offset + IMEI, IMEI, trace);
    }
}
