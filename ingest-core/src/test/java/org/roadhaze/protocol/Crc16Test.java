// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Crc16Test {
    /** The check values that the catalogue of parametrised CRC algorithms gives for the text "123456789". */
    @Test
    void shouldGiveTheCatalogueCheckValues() {
        final UnsafeBuffer text = new UnsafeBuffer("123456789".getBytes(StandardCharsets.US_ASCII));
        assertThat(Crc16.ARC.compute(text, 0, 9)).isEqualTo(0xBB3D);
        assertThat(Crc16.X25.compute(text, 0, 9)).isEqualTo(0x906E);
    }

    @Test
    void shouldAgreeWithBitByBitAtEveryLengthAndOffset() {
        final Random random = new Random(16);
        final byte[] bytes = new byte[100];
        random.nextBytes(bytes);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int from = 0; from < 10; from++) {
            for (int to = from; to <= bytes.length; to++) {
                assertThat(Crc16.ARC.compute(buffer, from, to)).isEqualTo(bitByBit(bytes, from, to, 0xA001, 0, 0));
                assertThat(Crc16.X25.compute(buffer, from, to))
                        .isEqualTo(bitByBit(bytes, from, to, 0x8408, 0xFFFF, 0xFFFF));
            }
        }
    }

    private static int bitByBit(
            final byte[] bytes,
            final int from,
            final int to,
            final int polynomial,
            final int initial,
            final int finalXor) {
        int crc = initial;
        for (int i = from; i < to; i++) {
            crc ^= bytes[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ polynomial : crc >>> 1;
            }
        }
        return crc ^ finalXor;
    }
}
