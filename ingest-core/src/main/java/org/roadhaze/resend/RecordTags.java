// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Short names of records: the same for the same device, device time and content, over whatever transport and in whatever
 * frame they come. Two different records share one with a chance of 2<sup>-64</sup>.
 *
 * <p>SipHash-1-3 under a secret key (J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012),
 * over little-endian words of eight bytes. Whoever has the key can test a guess, so it is kept as a pseudonym's key is.
 *
 * <p>Allocates nothing in steady state. Not thread safe: one worker's.
 */
final class RecordTags {
    /** Bytes of a key. */
    static final int KEY_LENGTH = 16;

    /** Stands for "no tag" where tags are kept. */
    static final long NONE = 0;

    private static final int INITIAL_WORDS = 128;
    private static final int FINAL_ROUNDS = 3;

    private final long key0;
    private final long key1;
    private long[] words = new long[INITIAL_WORDS];
    private int count;

    /**
     * Names records under a key.
     *
     * @param key {@link #KEY_LENGTH} random bytes.
     */
    RecordTags(final byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("key: found " + key.length + " bytes, allowed " + KEY_LENGTH);
        }
        key0 = littleEndian(key, 0);
        key1 = littleEndian(key, Long.BYTES);
    }

    private static long littleEndian(final byte[] bytes, final int offset) {
        long word = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            word = word << 8 | (bytes[offset + i] & 0xFF);
        }
        return word;
    }

    /**
     * The tag of a record as its decoder gave it, before a stage has judged it.
     *
     * @param position the record.
     * @param frame    what its text and binary attributes refer to.
     * @return never {@link #NONE}.
     */
    long of(final Position position, final DirectBuffer frame) {
        count = 0;
        put(position.deviceId());
        put(position.fixTimeMs());
        put(position.latitudeE7(), position.longitudeE7());
        put(position.altitudeCm(), position.speedCmPerSec());
        put(position.courseCdeg(), position.hdopCenti());
        put(position.satellites(), position.faults());
        final int attributes = position.attributeCount();
        for (int i = 0; i < attributes; i += 2) {
            put(position.attributeKey(i), i + 1 < attributes ? position.attributeKey(i + 1) : 0);
        }
        for (int i = 0; i < attributes; i++) {
            if (Attribute.isBytes(position.attributeKey(i))) {
                putBytes(frame, position.attributeValue(i));
            } else {
                put(position.attributeValue(i));
            }
        }
        final long tag = sipHash(words, count, key0, key1);
        return tag == NONE ? 1 : tag;
    }

    private void put(final int high, final int low) {
        put((long) high << Integer.SIZE | (low & 0xFFFF_FFFFL));
    }

    private void put(final long word) {
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = word;
    }

    /** What the place in the frame holds, not where it is: a record may be sent again in another frame. */
    private void putBytes(final DirectBuffer frame, final long place) {
        final int length = (int) place & 0xFFFF;
        int at = (int) (place >>> 16);
        final int end = at + length;
        put(length);
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            put(frame.getLong(at, ByteOrder.LITTLE_ENDIAN));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | (frame.getByte(at) & 0xFF);
        }
        put(rest);
    }

    /**
     * SipHash-1-3 of a message of whole words.
     *
     * @param words the message.
     * @param count how many of them.
     * @param key0  first half of the key.
     * @param key1  second half of the key.
     * @return the hash.
     */
    static long sipHash(final long[] words, final int count, final long key0, final long key1) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        // The message, then its length in bytes, then the rounds that end it.
        for (int i = 0; i < count + 1 + FINAL_ROUNDS; i++) {
            long word = 0;
            if (i < count) {
                word = words[i];
            } else if (i == count) {
                word = ((long) count * Long.BYTES) << 56;
            } else if (i == count + 1) {
                v2 ^= 0xFF;
            }
            v3 ^= word;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
