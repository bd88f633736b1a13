// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.util.Collection;
import java.util.List;

/** Where the live keys of one stream survive a restart. */
interface KeyStore {
    /** Keeps nothing: after a restart every epoch has another key. */
    KeyStore IN_MEMORY = new KeyStore() {
        @Override
        public List<EpochKey> load(final long rotateMs) {
            return List.of();
        }

        @Override
        public void save(final long rotateMs, final Collection<EpochKey> keys) {
            // What is only in memory is where it belongs already.
        }
    };

    /**
     * Reads the keys that were saved.
     *
     * @param rotateMs length of an epoch; keys of epochs of another length mean something else and are not returned.
     * @return the keys.
     * @throws KeyFileException when there are keys that must not be used, or cannot be.
     */
    List<EpochKey> load(long rotateMs);

    /**
     * Replaces what was saved: keys that are not among these are gone when this returns.
     *
     * @param rotateMs length of an epoch.
     * @param keys     all live keys.
     * @throws KeyFileException when it cannot.
     */
    void save(long rotateMs, Collection<EpochKey> keys);
}
