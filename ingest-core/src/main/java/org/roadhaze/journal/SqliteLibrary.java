// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.journal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Where the driver of SQLite unpacks the native library that it loads. It takes that back when the process ends, but not when it is
 * killed, and takes no file of a killed process for one: a megabyte would stay behind in the directory for temporary files at
 * each kill. What lies in a directory of the engine's own, the next one removes.
 *
 * <p>The driver loads once a process: what is said later has no effect.
 */
final class SqliteLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String PROPERTY = "org.sqlite.tmpdir";

    private SqliteLibrary() {}

    /**
     * Loads it from there, before the first connection; from the directory for temporary files where that cannot be, since a file
     * system is full, say, or lets no code be run. Does nothing where the property {@value #PROPERTY} says where.
     *
     * @param directory made when it is not there, for its owner alone; the caller alone uses it.
     */
    static synchronized void unpackInto(final Path directory) {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            removeLeft(directory);
            System.setProperty(PROPERTY, directory.toAbsolutePath().toString());
            SQLiteJDBCLoader.initialize();
        } catch (final Exception e) { // So the driver declares it; whatever it is, there is another directory to try.
            LOG.warn("SQLite is not unpacked into {}: {}", directory, e.toString());
        } finally {
            System.clearProperty(PROPERTY);
        }
    }

    private static void removeLeft(final Path directory) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "sqlite-*")) {
            for (final Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
