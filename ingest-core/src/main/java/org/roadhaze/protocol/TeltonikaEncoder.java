// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The device's side of the Teltonika wire: what a simulated tracker sends, and what tests decode.
 *
 * <p>A packet is begun, given its records one after the other, each followed by its I/O elements, and ended:
 * <pre>{@code
 *   encoder.begin(buffer, 0, TeltonikaEncoder.CODEC_8);
 *   encoder.record(fixTimeMs, latitudeE7, longitudeE7, altitudeM, courseDeg, satellites, speedKmh);
 *   encoder.io(239, 1, 1).io(66, 2, 12_600);
 *   final int length = encoder.end();
 * }</pre>
 * The wire groups the elements of a record by their size, so they are given smallest first: 1, 2, 4, 8 bytes, then (8
 * Extended alone) those of variable length. Bytes go straight to the buffer, big endian; nothing is allocated.
 *
 * <p>Format: "Teltonika Data Sending Protocols", wiki.teltonika-gps.com; drawn in the decoders.
 *
 * <p>Not thread safe: one per thread, reused for every packet.
 */
public final class TeltonikaEncoder {
    /** Codec 8: one-byte I/O ids and counts. */
    public static final int CODEC_8 = 0x08;
    /** Codec 8 Extended: two-byte I/O ids and counts, elements of variable length. */
    public static final int CODEC_8_EXTENDED = 0x8E;
    /** Codec 16: two-byte I/O ids, one-byte counts, and why the record was generated. */
    public static final int CODEC_16 = 0x10;

    /** Records that a packet can count. */
    public static final int MAX_RECORDS = 255;

    /** Length of a login. */
    public static final int LOGIN_LENGTH = 17;

    private static final int IMEI_DIGITS = 15;
    private static final int TCP_DATA = 8;
    private static final int GROUPS = 4;
    private static final int VARIABLE_GROUP = 4;

    private MutableDirectBuffer buffer;
    private int start;
    private int data;
    private int at;
    private int codec;
    private boolean datagram;
    private int records;

    private boolean inRecord;
    private int priorityAt;
    private int eventAt;
    private int totalAt;
    private int total;
    private int group;
    private int groupCountAt;
    private int groupCount;

    /**
     * Writes what a device says first on a TCP connection: its IMEI. The server answers one byte, 1 for welcome.
     *
     * @param target where to.
     * @param offset at which offset; {@link #LOGIN_LENGTH} bytes are written.
     * @param imei   up to 15 digits.
     * @return the length, {@link #LOGIN_LENGTH}.
     */
    public int encodeLogin(final MutableDirectBuffer target, final int offset, final long imei) {
        putImei(target, offset, imei);
        return LOGIN_LENGTH;
    }

    /**
     * Begins a packet for a TCP connection.
     *
     * @param target    where to.
     * @param offset    at which offset.
     * @param codecId   {@link #CODEC_8}, {@link #CODEC_8_EXTENDED} or {@link #CODEC_16}.
     * @return this.
     */
    public TeltonikaEncoder begin(final MutableDirectBuffer target, final int offset, final int codecId) {
        target.putInt(offset, 0);
        datagram = false;
        return beginData(target, offset, offset + TCP_DATA, codecId);
    }

    /**
     * Begins a packet for UDP.
     *
     * @param target      where to.
     * @param offset      at which offset.
     * @param codecId     {@link #CODEC_8}, {@link #CODEC_8_EXTENDED} or {@link #CODEC_16}.
     * @param imei        up to 15 digits.
     * @param packetId    of the channel, in [0, 65535].
     * @param avlPacketId of the packet, in [0, 255]: the acknowledgement carries both.
     * @return this.
     */
    public TeltonikaEncoder beginDatagram(
            final MutableDirectBuffer target,
            final int offset,
            final int codecId,
            final long imei,
            final int packetId,
            final int avlPacketId) {
        target.putShort(offset + 2, (short) packetId, ByteOrder.BIG_ENDIAN);
        target.putByte(offset + 4, (byte) 1);
        target.putByte(offset + 5, (byte) avlPacketId);
        putImei(target, offset + 6, imei);
        datagram = true;
        return beginData(target, offset, offset + 6 + LOGIN_LENGTH, codecId);
    }

    /**
     * Adds a record, without I/O elements yet, of low priority and no event.
     *
     * @param fixTimeMs   milliseconds since 1970-01-01 UTC.
     * @param latitudeE7  1e-7 degrees.
     * @param longitudeE7 1e-7 degrees.
     * @param altitudeM   metres, in [-32768, 32767].
     * @param courseDeg   degrees, in [0, 359].
     * @param satellites  in [0, 255]; 0 says that there was no fix, and the place is the last one known.
     * @param speedKmh    kilometres per hour, in [0, 65535].
     * @return this.
     * @throws IllegalStateException when the packet has {@link #MAX_RECORDS} already.
     */
    public TeltonikaEncoder record(
            final long fixTimeMs,
            final int latitudeE7,
            final int longitudeE7,
            final int altitudeM,
            final int courseDeg,
            final int satellites,
            final int speedKmh) {
        if (records == MAX_RECORDS) {
            throw new IllegalStateException("more than " + MAX_RECORDS + " records in one packet");
        }
        endRecord();
        records++;
        inRecord = true;
        buffer.putLong(at, fixTimeMs, ByteOrder.BIG_ENDIAN);
        priorityAt = at + 8;
        buffer.putByte(at + 8, (byte) 0);
        buffer.putInt(at + 9, longitudeE7, ByteOrder.BIG_ENDIAN);
        buffer.putInt(at + 13, latitudeE7, ByteOrder.BIG_ENDIAN);
        buffer.putShort(at + 17, (short) altitudeM, ByteOrder.BIG_ENDIAN);
        buffer.putShort(at + 19, (short) courseDeg, ByteOrder.BIG_ENDIAN);
        buffer.putByte(at + 21, (byte) satellites);
        buffer.putShort(at + 22, (short) speedKmh, ByteOrder.BIG_ENDIAN);
        eventAt = at + 24;
        at = eventAt + (codec == CODEC_8 ? 1 : 2);
        if (codec == CODEC_16) {
            at++;
        }
        event(0, 0, 0);
        total = 0;
        totalAt = at;
        at += countLength();
        group = 0;
        beginGroup();
        return this;
    }

    /**
     * Says why the record that was added last exists.
     *
     * @param priority       0 low, 1 high, 2 panic.
     * @param eventIoId      the I/O element whose change it reports, 0 for none.
     * @param generationType Codec 16 alone: 0 on exit, 1 on entrance, 2 on both, 4 hysteresis, 5 on change, 6 eventual, 7
     *                       periodical.
     * @return this.
     */
    public TeltonikaEncoder event(final int priority, final int eventIoId, final int generationType) {
        buffer.putByte(priorityAt, (byte) priority);
        if (codec == CODEC_8) {
            buffer.putByte(eventAt, (byte) eventIoId);
        } else {
            buffer.putShort(eventAt, (short) eventIoId, ByteOrder.BIG_ENDIAN);
            if (codec == CODEC_16) {
                buffer.putByte(eventAt + 2, (byte) generationType);
            }
        }
        return this;
    }

    /**
     * Adds an I/O element to the record that was added last.
     *
     * @param id        the element, in [0, 255] for Codec 8, in [0, 65535] otherwise.
     * @param sizeBytes 1, 2, 4 or 8, at least that of the element before.
     * @param value     its low bytes are written.
     * @return this.
     * @throws IllegalArgumentException for another size, or one smaller than that of the element before.
     * @throws IllegalStateException    for more elements than the codec can count.
     */
    public TeltonikaEncoder io(final int id, final int sizeBytes, final long value) {
        final int elementGroup = Integer.numberOfTrailingZeros(sizeBytes);
        if (sizeBytes <= 0 || sizeBytes > 8 || 1 << elementGroup != sizeBytes || elementGroup < group) {
            throw new IllegalArgumentException(
                    "I/O element of " + sizeBytes + " bytes: 1, 2, 4 or 8 allowed, smallest first");
        }
        element(elementGroup, id);
        switch (sizeBytes) {
            case 1 -> buffer.putByte(at, (byte) value);
            case 2 -> buffer.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
            case 4 -> buffer.putInt(at, (int) value, ByteOrder.BIG_ENDIAN);
            default -> buffer.putLong(at, value, ByteOrder.BIG_ENDIAN);
        }
        at += sizeBytes;
        return this;
    }

    /**
     * Adds an I/O element of variable length to the record that was added last; Codec 8 Extended alone has them.
     *
     * @param id     the element, in [0, 65535].
     * @param source where the bytes are.
     * @param offset of the first.
     * @param length how many, in [0, 65535].
     * @return this.
     * @throws IllegalStateException in another codec.
     */
    public TeltonikaEncoder io(final int id, final DirectBuffer source, final int offset, final int length) {
        if (codec != CODEC_8_EXTENDED) {
            throw new IllegalStateException("only Codec 8 Extended has elements of variable length");
        }
        element(VARIABLE_GROUP, id);
        buffer.putShort(at, (short) length, ByteOrder.BIG_ENDIAN);
        buffer.putBytes(at + 2, source, offset, length);
        at += 2 + length;
        return this;
    }

    /**
     * Ends the packet: counts, lengths and check sum.
     *
     * @return the packet's length in bytes.
     */
    public int end() {
        endRecord();
        buffer.putByte(data + 1, (byte) records);
        buffer.putByte(at++, (byte) records);
        if (datagram) {
            buffer.putShort(start, (short) (at - start - 2), ByteOrder.BIG_ENDIAN);
        } else {
            buffer.putInt(start + 4, at - data, ByteOrder.BIG_ENDIAN);
            buffer.putInt(at, Crc16.ARC.compute(buffer, data, at), ByteOrder.BIG_ENDIAN);
            at += 4;
        }
        return at - start;
    }

    private TeltonikaEncoder beginData(
            final MutableDirectBuffer target, final int packetOffset, final int dataOffset, final int codecId) {
        if (codecId != CODEC_8 && codecId != CODEC_8_EXTENDED && codecId != CODEC_16) {
            throw new IllegalArgumentException("codec 0x" + Integer.toHexString(codecId) + ": 0x8, 0x8e, 0x10 allowed");
        }
        buffer = target;
        start = packetOffset;
        data = dataOffset;
        codec = codecId;
        records = 0;
        inRecord = false;
        target.putByte(dataOffset, (byte) codecId);
        at = dataOffset + 2;
        return this;
    }

    private void element(final int elementGroup, final int id) {
        while (group < elementGroup) {
            endGroup();
            group++;
            beginGroup();
        }
        groupCount++;
        if (codec == CODEC_8) {
            buffer.putByte(at++, (byte) id);
        } else {
            buffer.putShort(at, (short) id, ByteOrder.BIG_ENDIAN);
            at += 2;
        }
    }

    private void beginGroup() {
        groupCountAt = at;
        groupCount = 0;
        at += countLength();
    }

    private void endGroup() {
        total += groupCount;
        if (codec != CODEC_8_EXTENDED && total > 255) {
            throw new IllegalStateException(total + " I/O elements in one record: 255 allowed");
        }
        putCount(groupCountAt, groupCount);
    }

    private void endRecord() {
        if (!inRecord) {
            return;
        }
        final int lastGroup = codec == CODEC_8_EXTENDED ? VARIABLE_GROUP : GROUPS - 1;
        endGroup();
        while (group < lastGroup) {
            group++;
            beginGroup();
            endGroup();
        }
        putCount(totalAt, total);
        inRecord = false;
    }

    private void putCount(final int offset, final int count) {
        if (codec == CODEC_8_EXTENDED) {
            buffer.putShort(offset, (short) count, ByteOrder.BIG_ENDIAN);
        } else {
            buffer.putByte(offset, (byte) count);
        }
    }

    private int countLength() {
        return codec == CODEC_8_EXTENDED ? 2 : 1;
    }

    private static void putImei(final MutableDirectBuffer target, final int offset, final long imei) {
        target.putShort(offset, (short) IMEI_DIGITS, ByteOrder.BIG_ENDIAN);
        long rest = imei;
        for (int digit = IMEI_DIGITS - 1; digit >= 0; digit--) {
            target.putByte(offset + 2 + digit, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }
}
