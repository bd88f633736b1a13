// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.util.Arrays;

/** The key of one epoch. */
final class EpochKey {
    /** Length of a key: 256 bits. */
    static final int LENGTH_BYTES = 32;

    final long epoch;
    final long createdAtMs;
    final byte[] bytes;
    /** Given by {@link LiveKeys}: tells this key from any other of the process; 0 before. */
    long serial;

    /**
     * Holds a key.
     *
     * @param epoch       number of the epoch.
     * @param createdAtMs when the key was made, by the engine's clock.
     * @param bytes       the key; taken over, not copied.
     */
    EpochKey(final long epoch, final long createdAtMs, final byte[] bytes) {
        this.epoch = epoch;
        this.createdAtMs = createdAtMs;
        this.bytes = bytes;
    }

    /** The last moment at which it may be used: a grace after its epoch, or after its making when that was later. */
    long diesAfterMs(final long rotateMs, final long graceMs) {
        return Math.max((epoch + 1) * rotateMs, createdAtMs) + graceMs;
    }

    /** The same key in other memory, to be destroyed apart from this one. */
    EpochKey copy() {
        return new EpochKey(epoch, createdAtMs, bytes.clone());
    }

    void destroy() {
        Arrays.fill(bytes, (byte) 0);
    }
}
