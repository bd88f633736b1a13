// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Base64;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.stream.StreamFiles;

/**
 * Gives the data keys of journals another key-encryption key: all are wrapped anew in one transaction, and the file is written
 * anew, so that it holds nothing any more that the key before could open. What is sealed stays as it is.
 *
 * <p>A kill leaves the store under the one key or the other, whole; doing it again finishes it. Copies of the store of before
 * are still opened by the key before.
 *
 * <p>The first key-encryption key goes on naming the devices in the store, since their numbers are not in it to be named anew;
 * it is kept there, wrapped. Who has it alone can tell which keys are a device's, and cannot use them.
 */
public final class KeyRotation {
    /** What {@link #rotate} returns where the other key is already the store's. */
    public static final int DONE_BEFORE = -1;

    private static final String ORIGIN = "the key store";

    private KeyRotation() {}

    /**
     * Wraps all data keys of a data directory anew.
     *
     * @param data the data directory; nobody else may write there.
     * @param from the key that they are wrapped with, as it is supplied: base64 of 32 bytes.
     * @param to   the key that they are to be wrapped with.
     * @return how many keys there were, or {@link #DONE_BEFORE}.
     * @throws KeyFileException when they are wrapped with neither, or there is no store.
     * @throws IOException      when the store cannot be used; then it is as it was, or wrapped anew as a whole.
     */
    public static int rotate(final Path data, final String from, final KeyEncryptionKey to) throws IOException {
        return rotate(data, from, to, wrapped -> {});
    }

    /** The same, and tells a test of each key that is wrapped anew. */
    static int rotate(final Path data, final String from, final KeyEncryptionKey to, final Watcher watcher)
            throws IOException {
        final KeyEncryptionKey before = KeyEncryptionKey.parse(ORIGIN, from);
        if (Arrays.equals(before.fingerprint(), to.fingerprint())) {
            new KeyDatabase(StreamFiles.journalKeys(data), false, to.fingerprint()).rewrite();
            return DONE_BEFORE;
        }
        final KeyDatabase database = openUnderAny(data, before, to);
        if (database == null) {
            return DONE_BEFORE;
        }
        try (database) {
            final byte[] naming = namingSecret(database, before, from);
            final int count = database.rewrap(
                    wrapped -> {
                        watcher.rewrapping(wrapped);
                        final byte[] key = unwrap(before, wrapped);
                        try {
                            return to.wrap(key);
                        } finally {
                            Arrays.fill(key, (byte) 0);
                        }
                    },
                    to.fingerprint(),
                    to.wrap(naming));
            Arrays.fill(naming, (byte) 0);
            database.rewrite();
            return count;
        }
    }

    /** Null when it was the other's already; then nothing of before is left in it. */
    private static KeyDatabase openUnderAny(final Path data, final KeyEncryptionKey before, final KeyEncryptionKey to)
            throws IOException {
        try {
            return new KeyDatabase(StreamFiles.journalKeys(data), false, before.fingerprint());
        } catch (final KeyFileException notBefore) {
            try {
                new KeyDatabase(StreamFiles.journalKeys(data), false, to.fingerprint()).rewrite();
                return null;
            } catch (final KeyFileException neither) {
                throw notBefore;
            }
        }
    }

    /**
     * The key that names devices in a store.
     *
     * @param database         the store.
     * @param keyEncryptionKey what its keys are wrapped with.
     * @return the first key-encryption key that it had.
     * @throws IOException when it was altered.
     */
    static KeyEncryptionKey naming(final KeyDatabase database, final KeyEncryptionKey keyEncryptionKey)
            throws IOException {
        final byte[] wrapped = database.naming();
        if (wrapped == null) {
            return keyEncryptionKey;
        }
        final byte[] secret = unwrap(keyEncryptionKey, wrapped);
        try {
            return KeyEncryptionKey.parse(ORIGIN, Base64.getEncoder().encodeToString(secret));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] namingSecret(final KeyDatabase database, final KeyEncryptionKey before, final String from)
            throws IOException {
        final byte[] wrapped = database.naming();
        return wrapped == null ? Base64.getDecoder().decode(from.strip()) : unwrap(before, wrapped);
    }

    private static byte[] unwrap(final KeyEncryptionKey key, final byte[] wrapped) throws IOException {
        try {
            return key.unwrap(wrapped);
        } catch (final InvalidKeyException e) {
            throw new IOException("a key in the key store was altered", e);
        }
    }

    /** Sees every key before it is wrapped anew. */
    @FunctionalInterface
    interface Watcher {
        void rewrapping(byte[] wrapped) throws IOException;
    }
}
