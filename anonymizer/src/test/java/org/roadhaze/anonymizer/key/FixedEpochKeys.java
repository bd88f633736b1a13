// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.time.Duration;
import java.util.Arrays;

/** Keys that a test knows. In the test tree, so that no production code can reach them. */
public final class FixedEpochKeys {
    private FixedEpochKeys() {}

    /**
     * Keys that all consist of one repeated byte.
     *
     * @param rotate  length of an epoch.
     * @param keyByte the byte.
     * @param nowMs   the clock.
     * @return the keys.
     */
    public static EpochKeys of(final Duration rotate, final int keyByte, final long nowMs) {
        return new EpochKeys(
                rotate, EpochKeys.graceOf(rotate), KeyStore.IN_MEMORY, key -> Arrays.fill(key, (byte) keyByte), nowMs);
    }

    /**
     * A ring of such keys.
     *
     * @param keyByte the byte.
     * @param nowMs   the clock.
     * @return the ring.
     */
    public static KeyRing ring(final int keyByte, final long nowMs) {
        return new KeyRing((stream, rotate, now) -> of(rotate, keyByte, now), nowMs);
    }
}
