// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.nio.ByteBuffer;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the frames of one device and key epoch are sealed under.
 *
 * @param idHigh first half of its number, 16 random bytes.
 * @param idLow  second half.
 * @param epoch  its key epoch.
 * @param key    AES, 256 bits.
 */
record DataKey(long idHigh, long idLow, int epoch, SecretKeySpec key) {
    static final int ID_LENGTH = 2 * Long.BYTES;

    static DataKey of(final byte[] id, final int epoch, final byte[] key) {
        final ByteBuffer halves = ByteBuffer.wrap(id);
        return new DataKey(halves.getLong(0), halves.getLong(Long.BYTES), epoch, new SecretKeySpec(key, "AES"));
    }

    static byte[] idOf(final long idHigh, final long idLow) {
        return ByteBuffer.allocate(ID_LENGTH).putLong(idHigh).putLong(idLow).array();
    }
}
