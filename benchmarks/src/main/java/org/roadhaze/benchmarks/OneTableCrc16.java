// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import org.agrona.DirectBuffer;

/** CRC-16/ARC as it is written most often: one table, one byte a step. What {@code Crc16} is compared with. */
final class OneTableCrc16 {
    private static final int REFLECTED_POLYNOMIAL = 0xA001;

    private final int[] table = new int[256];

    OneTableCrc16() {
        for (int b = 0; b < table.length; b++) {
            int crc = b;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ REFLECTED_POLYNOMIAL : crc >>> 1;
            }
            table[b] = crc;
        }
    }

    int compute(final DirectBuffer buffer, final int from, final int to) {
        int crc = 0;
        for (int at = from; at < to; at++) {
            crc = (crc >>> 8) ^ table[(crc ^ buffer.getByte(at)) & 0xFF];
        }
        return crc;
    }
}
