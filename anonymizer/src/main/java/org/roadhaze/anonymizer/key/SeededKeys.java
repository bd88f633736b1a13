// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.util.Arrays;

/**
 * Keys that a seed tells: the n-th key of a stream is HMAC-SHA256(seed, stream ‖ n). Whoever knows the seed knows them all, so
 * they are for replays, of which nothing leaves. Not thread safe.
 */
final class SeededKeys implements KeySource {
    private final HmacSha256 hmac = new HmacSha256();
    private final byte[] seed = new byte[Long.BYTES];
    private final long stream;
    private long made;

    SeededKeys(final long seed, final String stream) {
        HmacSha256.putLong(this.seed, 0, seed);
        this.stream = stream.hashCode();
    }

    @Override
    public void fill(final byte[] key) {
        final byte[] code = hmac.of(seed, stream, made++);
        System.arraycopy(code, 0, key, 0, key.length);
        Arrays.fill(code, (byte) 0);
    }
}
