// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

/** Where new keys come from. */
@FunctionalInterface
interface KeySource {
    /**
     * Fills a new key.
     *
     * @param key the bytes to fill.
     */
    void fill(byte[] key);
}
