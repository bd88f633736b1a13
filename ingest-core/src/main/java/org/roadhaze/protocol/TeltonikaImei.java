// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * The IMEI as Teltonika writes it in logins and datagrams: {@code | length u16 | ASCII digits |}. Stateless.
 */
final class TeltonikaImei {
    /** An IMEI has 15 digits, one with a software version 16; shorter numbers come from devices set up by hand. */
    private static final int MIN_DIGITS = 8;

    private static final int MAX_DIGITS = 18;

    private TeltonikaImei() {}

    /**
     * Says how long the field is.
     *
     * @param buffer    the bytes.
     * @param offset    of the length.
     * @param available how many bytes there are from the offset on, at least 2.
     * @return its length, {@link ProtocolDecoder#NEED_MORE}, or {@link ProtocolDecoder#MALFORMED} for a length that no
     *     IMEI has, a character that is no digit, or nothing but zeros.
     */
    static int fieldLength(final DirectBuffer buffer, final int offset, final int available) {
        final int digits = buffer.getShort(offset, ByteOrder.BIG_ENDIAN);
        if (digits < MIN_DIGITS || digits > MAX_DIGITS) {
            return ProtocolDecoder.MALFORMED;
        }
        int bits = 0;
        for (int i = 2; i < Math.min(available, 2 + digits); i++) {
            final int digit = buffer.getByte(offset + i) - '0';
            if (digit < 0 || digit > 9) {
                return ProtocolDecoder.MALFORMED;
            }
            bits |= digit;
        }
        if (available < 2 + digits) {
            return ProtocolDecoder.NEED_MORE;
        }
        return bits == 0 ? ProtocolDecoder.MALFORMED : 2 + digits;
    }

    /**
     * Reads the number from a field that {@link #fieldLength} has approved.
     *
     * @param buffer the bytes.
     * @param offset of the length.
     * @return the number, positive.
     */
    static long parse(final DirectBuffer buffer, final int offset) {
        final int end = offset + 2 + buffer.getShort(offset, ByteOrder.BIG_ENDIAN);
        long imei = 0;
        for (int i = offset + 2; i < end; i++) {
            imei = 10 * imei + buffer.getByte(i) - '0';
        }
        return imei;
    }

    static void trace(final DirectBuffer buffer, final int offset, final int tracedOffset, final FieldTrace trace) {
        final int digits = buffer.getShort(offset, ByteOrder.BIG_ENDIAN);
        trace.field(tracedOffset, 2, "IMEI length", digits, "byte");
        trace.bytes(tracedOffset + 2, digits, "IMEI");
    }
}
