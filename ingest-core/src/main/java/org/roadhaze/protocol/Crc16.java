// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Reflected 16-bit cyclic redundancy checks, sixteen bytes a step.
 *
 * <p>A plain table look-up per byte is one dependent load per byte and the dearest part of decoding. Here sixteen tables
 * are looked up independently for sixteen bytes (after "slicing by eight", M. E. Kounavis and F. L. Berry, "Novel Table
 * Lookup-Based Algorithms for High-Performance CRC Generation", IEEE Transactions on Computers 57(11), 2008):
 * {@code table[k][b]} is the check of byte {@code b} followed by {@code k} zero bytes, so that the checks of the
 * bytes are simply xored.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Crc16 {
    /** CRC-16/ARC (also called CRC-16/IBM): polynomial 0x8005, initial value 0. Teltonika. */
    public static final Crc16 ARC = new Crc16(0xA001, 0, 0);

    /** CRC-16/X-25, which the makers call CRC-ITU: polynomial 0x1021, initial and final value 0xFFFF. Concox GT06. */
    public static final Crc16 X25 = new Crc16(0x8408, 0xFFFF, 0xFFFF);

    private static final int SLICES = 16;
    private static final int HALF = 8;
    private static final int QUARTER = 4;

    /** Sixteen tables of 256, one after the other, in one array: one bounds check and one base address. */
    private final char[] table = new char[SLICES * 256];

    private final int initial;
    private final int finalXor;

    private Crc16(final int reflectedPolynomial, final int initial, final int finalXor) {
        this.initial = initial;
        this.finalXor = finalXor;
        for (int b = 0; b < 256; b++) {
            int crc = b;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ reflectedPolynomial : crc >>> 1;
            }
            table[b] = (char) crc;
        }
        for (int slice = 1; slice < SLICES; slice++) {
            for (int b = 0; b < 256; b++) {
                final int crc = table[(slice - 1) * 256 + b];
                table[slice * 256 + b] = (char) ((crc >>> 8) ^ table[crc & 0xFF]);
            }
        }
    }

    /**
     * Computes the check of a range.
     *
     * @param buffer the bytes.
     * @param from   first offset.
     * @param to     offset after the last.
     * @return the check, in [0, 65535].
     */
    public int compute(final DirectBuffer buffer, final int from, final int to) {
        final char[] t = table;
        int crc = initial;
        int at = from;
        for (; at <= to - SLICES; at += SLICES) {
            final long low = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
            final long high = buffer.getLong(at + 8, ByteOrder.LITTLE_ENDIAN);
            // Fourteen of the look-ups do not wait for the step before: only the first two bytes meet its check, and
            // they are xored last.
            final int independent = t[0xD00 | ((int) (low >>> 16) & 0xFF)]
                    ^ t[0xC00 | ((int) (low >>> 24) & 0xFF)]
                    ^ t[0xB00 | ((int) (low >>> 32) & 0xFF)]
                    ^ t[0xA00 | ((int) (low >>> 40) & 0xFF)]
                    ^ t[0x900 | ((int) (low >>> 48) & 0xFF)]
                    ^ t[0x800 | (int) (low >>> 56)]
                    ^ t[0x700 | ((int) high & 0xFF)]
                    ^ t[0x600 | ((int) (high >>> 8) & 0xFF)]
                    ^ t[0x500 | ((int) (high >>> 16) & 0xFF)]
                    ^ t[0x400 | ((int) (high >>> 24) & 0xFF)]
                    ^ t[0x300 | ((int) (high >>> 32) & 0xFF)]
                    ^ t[0x200 | ((int) (high >>> 40) & 0xFF)]
                    ^ t[0x100 | ((int) (high >>> 48) & 0xFF)]
                    ^ t[(int) (high >>> 56)];
            final int first = (int) low ^ crc;
            crc = independent ^ t[0xF00 | (first & 0xFF)] ^ t[0xE00 | ((first >>> 8) & 0xFF)];
        }
        if (at <= to - HALF) {
            final long eight = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
            final int independent = t[0x500 | ((int) (eight >>> 16) & 0xFF)]
                    ^ t[0x400 | ((int) (eight >>> 24) & 0xFF)]
                    ^ t[0x300 | ((int) (eight >>> 32) & 0xFF)]
                    ^ t[0x200 | ((int) (eight >>> 40) & 0xFF)]
                    ^ t[0x100 | ((int) (eight >>> 48) & 0xFF)]
                    ^ t[(int) (eight >>> 56)];
            final int first = (int) eight ^ crc;
            crc = independent ^ t[0x700 | (first & 0xFF)] ^ t[0x600 | ((first >>> 8) & 0xFF)];
            at += HALF;
        }
        if (at <= to - QUARTER) {
            final int four = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
            final int independent = t[0x100 | ((four >>> 16) & 0xFF)] ^ t[four >>> 24];
            final int first = four ^ crc;
            crc = independent ^ t[0x300 | (first & 0xFF)] ^ t[0x200 | ((first >>> 8) & 0xFF)];
            at += QUARTER;
        }
        for (; at < to; at++) {
            crc = (crc >>> 8) ^ t[(crc ^ buffer.getByte(at)) & 0xFF];
        }
        return crc ^ finalXor;
    }
}
