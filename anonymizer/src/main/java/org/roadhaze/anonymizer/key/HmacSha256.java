// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA256 as RFC 2104 defines it, over a message of two longs.
 *
 * <p>Written on the bare digest, since {@code javax.crypto.Mac} and its key objects keep copies of the key that nobody can
 * erase; here everything that held key material, the message or the result is zeroed before the call returns, but the
 * result itself, which is the caller's to erase. Not thread safe.
 */
final class HmacSha256 {
    private static final int BLOCK_BYTES = 64;
    private static final int DIGEST_BYTES = 32;
    private static final int MESSAGE_BYTES = 16;

    private final MessageDigest digest;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final byte[] message = new byte[MESSAGE_BYTES];
    private final byte[] result = new byte[DIGEST_BYTES];

    HmacSha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The code of {@code first ‖ second}, both big endian.
     *
     * @param key at most 64 bytes; not kept.
     * @return 32 bytes, valid until the next call.
     */
    byte[] of(final byte[] key, final long first, final long second) {
        putLong(message, 0, first);
        putLong(message, Long.BYTES, second);
        try {
            pad(key, (byte) 0x36);
            digest.update(block);
            digest.update(message);
            digest.digest(result, 0, DIGEST_BYTES);
            pad(key, (byte) 0x5C);
            digest.update(block);
            digest.update(result);
            digest.digest(result, 0, DIGEST_BYTES);
            return result;
        } catch (final DigestException e) {
            throw new IllegalStateException("a SHA-256 digest has 32 bytes", e);
        } finally {
            Arrays.fill(block, (byte) 0);
            Arrays.fill(message, (byte) 0);
            digest.reset(); // Until then it still has the state that the result was read from.
        }
    }

    private void pad(final byte[] key, final byte filling) {
        Arrays.fill(block, filling);
        for (int i = 0; i < key.length; i++) {
            block[i] ^= key[i];
        }
    }

    static void putLong(final byte[] bytes, final int offset, final long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[offset + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    static long getLong(final byte[] bytes, final int offset) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | (bytes[offset + i] & 0xFF);
        }
        return value;
    }
}
