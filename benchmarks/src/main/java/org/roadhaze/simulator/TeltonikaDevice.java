// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.roadhaze.protocol.TeltonikaEncoder;

/**
 * A Teltonika tracker with Codec 8, over TCP or UDP.
 *
 * <p>Answers over TCP: one byte to the login, 1 for welcome; then four bytes a packet, the number of records taken. Over
 * UDP seven bytes a packet:
 * <pre>
 *  | length 0x0005 | packet id u16 | 0x01 | AVL packet id u8 | records taken u8 |
 * </pre>
 * Source: "Teltonika Data Sending Protocols", wiki.teltonika-gps.com.
 */
final class TeltonikaDevice implements DeviceProtocol {
    /** How many I/O elements a record can be given. */
    static final int MAX_IO_ELEMENTS = 13;

    private static final int RECORD_LENGTH = 30;
    private static final int IO_LENGTH = 9;
    private static final int ENVELOPE_LENGTH = 40;
    private static final int DATAGRAM_ANSWER_LENGTH = 7;

    private final TeltonikaEncoder encoder = new TeltonikaEncoder();
    private final boolean udp;
    private final int ioElements;

    TeltonikaDevice(final boolean udp, final int ioElements) {
        this.udp = udp;
        this.ioElements = ioElements;
    }

    @Override
    public boolean hasLogin() {
        return !udp;
    }

    @Override
    public boolean acknowledgementNamesFrame() {
        return udp;
    }

    @Override
    public int maxFrameLength(final int records) {
        return ENVELOPE_LENGTH + records * (RECORD_LENGTH + ioElements * IO_LENGTH);
    }

    /** The wire has milliseconds and 1e-7 degrees, as we do. */
    @Override
    public void quantize(final Fix fix) {}

    @Override
    public int login(final MutableDirectBuffer buffer, final long imei) {
        return encoder.encodeLogin(buffer, 0, imei);
    }

    @Override
    public int frame(
            final MutableDirectBuffer buffer, final long imei, final int serial, final Fix[] fixes, final int count) {
        if (udp) {
            encoder.beginDatagram(buffer, 0, TeltonikaEncoder.CODEC_8, imei, serial & 0xFFFF, serial & 0xFF);
        } else {
            encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
        }
        for (int i = 0; i < count; i++) {
            final Fix fix = fixes[i];
            encoder.record(
                    fix.timeMs,
                    fix.latitudeE7,
                    fix.longitudeE7,
                    fix.altitudeM,
                    fix.courseDeg,
                    fix.satellites,
                    fix.speedKmh);
            if (ioElements > 0) {
                elements(fix);
            }
        }
        return encoder.end();
    }

    /** The elements that a car tracker sends as it comes from the shop, smallest first as the wire wants them. */
    private void elements(final Fix fix) {
        final int ignition = fix.ignition ? 1 : 0;
        final int moving = fix.speedKmh > 0 ? 1 : 0;
        // Ignition, movement, GSM signal, GNSS status, digital input 1.
        element(0, 239, 1, ignition);
        element(1, 240, 1, moving);
        element(2, 21, 1, 4);
        element(3, 69, 1, 1);
        element(4, 1, 1, ignition);
        // External voltage, battery voltage, speed, horizontal dilution of precision.
        element(5, 66, 2, fix.ignition ? 14_100L + (fix.speedKmh & 0x3F) : 12_600L);
        element(6, 67, 2, 4_080);
        element(7, 24, 2, fix.speedKmh);
        element(8, 182, 2, 8);
        // Odometer, trip odometer, operator (the test network).
        element(9, 16, 4, fix.odometerM);
        element(10, 199, 4, fix.odometerM);
        element(11, 241, 4, 101);
        // Driver's key: none.
        element(12, 78, 8, 0);
    }

    private void element(final int index, final int id, final int sizeBytes, final long value) {
        if (index < ioElements) {
            encoder.io(id, sizeBytes, value);
        }
    }

    @Override
    public int answer(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final boolean loggedIn,
            final DeviceAnswer out) {
        if (udp) {
            return datagramAnswer(buffer, offset, length, out);
        }
        if (!loggedIn) {
            final boolean welcome = buffer.getByte(offset) == 1;
            out.set(
                    welcome ? DeviceAnswer.Kind.WELCOME : DeviceAnswer.Kind.REFUSED_LOGIN,
                    DeviceAnswer.NOT_SAID,
                    DeviceAnswer.NOT_SAID);
            return 1;
        }
        if (length < 4) {
            return NEED_MORE;
        }
        out.set(
                DeviceAnswer.Kind.ACKNOWLEDGEMENT,
                DeviceAnswer.NOT_SAID,
                buffer.getInt(offset, ByteOrder.BIG_ENDIAN) & Integer.MAX_VALUE);
        return 4;
    }

    private static int datagramAnswer(
            final DirectBuffer buffer, final int offset, final int length, final DeviceAnswer out) {
        if (length != DATAGRAM_ANSWER_LENGTH || buffer.getShort(offset, ByteOrder.BIG_ENDIAN) != 5) {
            return MALFORMED;
        }
        out.set(
                DeviceAnswer.Kind.ACKNOWLEDGEMENT,
                buffer.getShort(offset + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF,
                buffer.getByte(offset + 6) & 0xFF);
        return DATAGRAM_ANSWER_LENGTH;
    }
}
