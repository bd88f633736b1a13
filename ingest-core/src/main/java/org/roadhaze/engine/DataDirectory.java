// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.roadhaze.stream.StreamFiles;

/**
 * Holds a data directory for one engine. The lock is the operating system's, so that it ends with the process however
 * that ends.
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    /**
     * Takes a directory.
     *
     * @param data the directory; made when it is not there.
     * @throws IOException when it cannot be written, or another engine holds it.
     */
    DataDirectory(final Path data) throws IOException {
        path = data;
        makePrivate(data);
        makePrivate(StreamFiles.streams(data));
        channel = FileChannel.open(StreamFiles.lock(data), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = tryLock();
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new DirectoryInUseException(data);
        }
    }

    /** What streams let out may still be personal data: for nobody but the engine's user, unless he opens it himself. */
    private static void makePrivate(final Path directory) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    Path path() {
        return path;
    }

    private FileLock tryLock() throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
