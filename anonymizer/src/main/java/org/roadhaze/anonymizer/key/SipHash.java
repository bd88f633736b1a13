// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

/**
 * SipHash-2-4, a keyed pseudorandom function of 128-bit keys and 64-bit results, over a message of four longs (32 bytes,
 * each long little endian, as the reference reads its message).
 *
 * @see <a href="https://www.aumasson.jp/siphash/siphash.pdf">Aumasson and Bernstein, SipHash: a fast short-input PRF</a>
 */
final class SipHash {
    private static final long LENGTH_BLOCK = 32L << 56;

    /** Four words, the block of the length, and the four rounds of finalization as two steps without a message. */
    private static final int STEPS = 7;

    private static final int FINALIZATION = 5;

    private SipHash() {}

    static long of(final long key0, final long key1, final long a, final long b, final long c, final long d) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        for (int step = 0; step < STEPS; step++) {
            final long message =
                    step == 0 ? a : step == 1 ? b : step == 2 ? c : step == 3 ? d : step == 4 ? LENGTH_BLOCK : 0;
            if (step == FINALIZATION) {
                v2 ^= 0xFF;
            }
            v3 ^= message;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= message;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
