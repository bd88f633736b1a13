// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.security.SecureRandom;

/** Bytes that nobody can guess, for keys and for names that tell nothing. Thread safe. */
public final class RandomBytes {
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomBytes() {}

    /**
     * New random bytes.
     *
     * @param length how many.
     * @return the bytes.
     */
    public static byte[] next(final int length) {
        final byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
