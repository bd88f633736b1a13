// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.nio.file.Path;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.journal.JournalKeys;

/** Ends what the journals of a data directory hold of a device, by destroying the keys that it is sealed under. */
public final class JournalErasure {
    private JournalErasure() {}

    /**
     * Destroys the data keys of a device, of all journals and key epochs. No engine may run there: it would go on with the
     * keys that it remembers.
     *
     * @param data     the data directory.
     * @param key      the key-encryption key, which alone can tell which keys are the device's.
     * @param deviceId the device's number.
     * @return how many keys were destroyed.
     * @throws DirectoryInUseException when an engine runs there.
     * @throws IOException             when they may still be there.
     */
    public static int erase(final Path data, final KeyEncryptionKey key, final long deviceId) throws IOException {
        // Closed by destroying; before that, a store that is not there, or not this key's, is refused.
        JournalKeys.openExisting(data, key).close();
        try (DataDirectory held = new DataDirectory(data)) {
            return JournalKeys.open(held.path(), key).destroy(deviceId);
        }
    }
}
