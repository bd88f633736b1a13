// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the driver of SQLite unpacks the native library that it loads. It takes that back when the process ends, but not when it is
 * killed, and knows no file of a killed process for one: a megabyte would be left behind in the directory for temporary files by
 * each kill. In a directory of the engine's own the next start removes it.
 *
 * <p>The driver loads once a process: what is said later has no effect.
 */
final class SqliteLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String PROPERTY = "org.sqlite.tmpdir";

    /** What was said here last: what somebody else said stays. */
    private static Path said;

    private SqliteLibrary() {}

    /**
     * Says where, before the first connection. Where that cannot be, it stays the directory for temporary files.
     *
     * @param directory emptied, and made when it is not there; the caller alone uses it.
     */
    static synchronized void unpackInto(final Path directory) {
        final String found = System.getProperty(PROPERTY);
        if (found != null && (said == null || !found.equals(said.toString()))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
                for (final Path file : left) {
                    Files.delete(file);
                }
            }
            said = directory.toAbsolutePath();
            System.setProperty(PROPERTY, said.toString());
        } catch (final IOException e) {
            LOG.warn("{} cannot be emptied, and is left as it is: {}", directory, e.toString());
        }
    }
}
