// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.roadhaze.anonymizer.key.KeyEncryptionKey;
import org.roadhaze.anonymizer.key.KeyFileException;
import org.roadhaze.stream.StreamFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the key-encryption key of the journals comes from: the environment variable {@value #VARIABLE} when there is one,
 * base64 of 32 bytes; otherwise a file, by default {@code keys/journal.key} of the data directory.
 */
public final class KeyProvision {
    /** The environment variable that may hold the key. */
    public static final String VARIABLE = "ROADHAZE_JOURNAL_KEY";

    private static final Logger LOG = LoggerFactory.getLogger(KeyProvision.class);

    private KeyProvision() {}

    /**
     * The key for an engine. A key file is made with the first key store; for a store that is there it is not, since what is
     * sealed could not be read with a new key.
     *
     * @param data    the data directory.
     * @param keyFile the key file that the configuration names, or null.
     * @return the key.
     * @throws KeyFileException when there is none, it is wrong, or a file is named beside the variable.
     */
    public static KeyEncryptionKey forEngine(final Path data, final Path keyFile) {
        return forEngine(data, keyFile, System::getenv);
    }

    static KeyEncryptionKey forEngine(final Path data, final Path keyFile, final UnaryOperator<String> environment) {
        final boolean isNew = Files.notExists(StreamFiles.journalKeys(data));
        return find(data, keyFile, environment, isNew);
    }

    /**
     * The key for a reader.
     *
     * @param data    the data directory.
     * @param keyFile the key file that the configuration names, or null.
     * @return the key.
     * @throws KeyFileException when there is none, it is wrong, or a file is named beside the variable.
     */
    public static KeyEncryptionKey forReader(final Path data, final Path keyFile) {
        return find(data, keyFile, System::getenv, false);
    }

    /**
     * The key for a reader, as it is supplied.
     *
     * @param data    the data directory.
     * @param keyFile the key file that the configuration names, or null.
     * @return base64 of 32 bytes.
     * @throws KeyFileException as {@link #forReader}.
     * @throws IOException      when the file cannot be read.
     */
    public static String textForReader(final Path data, final Path keyFile) throws IOException {
        forReader(data, keyFile); // Is refused what any reader is refused.
        final String supplied = System.getenv(VARIABLE);
        return supplied == null
                ? Files.readString(
                        keyFile == null ? StreamFiles.journalKey(data) : keyFile, StandardCharsets.ISO_8859_1)
                : supplied;
    }

    private static KeyEncryptionKey find(
            final Path data, final Path keyFile, final UnaryOperator<String> environment, final boolean isMade) {
        final String supplied = environment.apply(VARIABLE);
        if (supplied == null) {
            final Path file = keyFile == null ? StreamFiles.journalKey(data) : keyFile;
            if (isMade && Files.notExists(file)) {
                LOG.warn(
                        "{} is made, the key that journals are sealed with in the end: keep a copy of it apart from the data,"
                                + " without it nothing of them can be read",
                        file);
            }
            return isMade ? KeyEncryptionKey.readOrCreate(file) : KeyEncryptionKey.read(file);
        }
        if (keyFile != null) {
            throw new KeyFileException(
                    keyFile, "found a key file beside the environment variable " + VARIABLE + ", allowed one of them");
        }
        return KeyEncryptionKey.parse(VARIABLE, supplied);
    }
}
