// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.roadhaze.protocol.Crc16;
import org.roadhaze.protocol.Gt06Encoder;

/**
 * A Concox GT06 tracker that reports places with ignition (type 0x22), one a frame.
 *
 * <p>An answer repeats the type and the serial number of the frame that it is for:
 * <pre>
 *  | 0x7878 | length u8 | type u8 | ... | serial u16 | CRC u16 | 0x0D0A |
 * </pre>
 * with a length of two bytes where it begins with 0x7979; the length counts from the type to the CRC. Source: Concox
 * GT06 communication protocol, V1.8.1.
 */
final class Gt06Device implements DeviceProtocol {
    private static final int LOGIN_TYPE = 0x01;
    private static final int LOCATION_TYPE = 0x22;
    private static final int SHORT_START = 0x7878;
    private static final int LONG_START = 0x7979;
    private static final int SERIAL_FROM_END = 6;
    private static final int CRC_FROM_END = 4;
    private static final int MIN_LENGTH_FIELD = 5;

    @Override
    public boolean hasLogin() {
        return true;
    }

    @Override
    public boolean acknowledgementNamesFrame() {
        return true;
    }

    @Override
    public int maxFrameLength(final int records) {
        return Gt06Encoder.MAX_LENGTH;
    }

    @Override
    public void quantize(final Fix fix) {
        fix.timeMs -= Math.floorMod(fix.timeMs, DeviceProtocols.SECOND_MS);
        fix.latitudeE7 = Gt06Encoder.onWireE7(fix.latitudeE7);
        fix.longitudeE7 = Gt06Encoder.onWireE7(fix.longitudeE7);
    }

    @Override
    public int login(final MutableDirectBuffer buffer, final long imei) {
        return Gt06Encoder.login(buffer, 0, imei, 0);
    }

    @Override
    public int frame(
            final MutableDirectBuffer buffer, final long imei, final int serial, final Fix[] fixes, final int count) {
        final Fix fix = fixes[0];
        return Gt06Encoder.locationWithIgnition(
                buffer,
                0,
                fix.timeMs,
                fix.latitudeE7,
                fix.longitudeE7,
                fix.speedKmh,
                fix.courseDeg,
                fix.satellites,
                fix.ignition,
                false,
                serial);
    }

    @Override
    public int answer(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final boolean loggedIn,
            final DeviceAnswer out) {
        if (length < 4) {
            return NEED_MORE;
        }
        final int start = buffer.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        if (start != SHORT_START && start != LONG_START) {
            return MALFORMED;
        }
        final boolean isLong = start == LONG_START;
        final int lengthField =
                isLong ? buffer.getShort(offset + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF : buffer.getByte(offset + 2) & 0xFF;
        if (lengthField < MIN_LENGTH_FIELD) {
            return MALFORMED;
        }
        final int total = lengthField + (isLong ? 6 : 5);
        if (length < total) {
            return NEED_MORE;
        }
        final int end = offset + total;
        if (Crc16.X25.compute(buffer, offset + 2, end - CRC_FROM_END)
                != (buffer.getShort(end - CRC_FROM_END, ByteOrder.BIG_ENDIAN) & 0xFFFF)) {
            return MALFORMED;
        }
        final int serial = buffer.getShort(end - SERIAL_FROM_END, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        out.set(kind(buffer.getByte(offset + (isLong ? 4 : 3))), serial, DeviceAnswer.NOT_SAID);
        return total;
    }

    private static DeviceAnswer.Kind kind(final int type) {
        return switch (type) {
            case LOGIN_TYPE -> DeviceAnswer.Kind.WELCOME;
            case LOCATION_TYPE -> DeviceAnswer.Kind.ACKNOWLEDGEMENT;
            default -> DeviceAnswer.Kind.OTHER;
        };
    }
}
