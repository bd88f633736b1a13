// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.journal.JournalKeys;
import org.roadhaze.journal.KeyProvision;
import org.roadhaze.journal.KeyRotation;

/** Puts the journals of a data directory under another key-encryption key. */
public final class JournalRotation {
    private JournalRotation() {}

    /**
     * Wraps all data keys with the key of a file, see {@link KeyRotation}. No engine may run there: it would go on with the key
     * that it has. To be done again after a kill, or when it fails.
     *
     * @param data    the data directory.
     * @param keyFile where the key of now is, or null, as {@link KeyProvision} takes it.
     * @param to      the file of the other key; made, for its owner alone, where there is none.
     * @return how many keys there were, or {@link KeyRotation#DONE_BEFORE}.
     * @throws DirectoryInUseException when an engine runs there.
     * @throws KeyFileException        when a key is missing, wrong, or can be read by others.
     * @throws IOException             when the store cannot be used.
     */
    public static int rotate(final Path data, final Path keyFile, final Path to) throws IOException {
        final String from = KeyProvision.textForReader(data, keyFile);
        try (DataDirectory held = new DataDirectory(data)) {
            if (Files.notExists(to)) { // No key is made for a store that is not there, or not this key's.
                JournalKeys.openExisting(held.path(), KeyProvision.forReader(data, keyFile))
                        .close();
            }
            return KeyRotation.rotate(held.path(), from, KeyEncryptionKey.readOrCreate(to));
        }
    }
}
