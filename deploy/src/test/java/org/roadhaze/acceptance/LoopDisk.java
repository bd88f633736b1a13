// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of our own in a file, mounted. What its file holds is what the file system has given to its disk: a copy of it
 * is the disk after a power cut. Needs root and loop devices; a test that cannot have one is skipped, and says so.
 */
final class LoopDisk implements AutoCloseable {
    private final Path image;
    private final Path directory;

    private LoopDisk(final Path image, final Path directory) {
        this.image = image;
        this.directory = directory;
    }

    /** Makes an empty file system, or skips the test. */
    static LoopDisk make(final Path image, final Path mountPoint, final long bytes)
            throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        try {
            Commands.run("mkfs.ext4", "-q", "-F", image.toString());
            return mount(image, mountPoint);
        } catch (final IOException e) {
            return Assumptions.abort("needs root and loop devices: " + e.getMessage());
        }
    }

    private static LoopDisk mount(final Path image, final Path mountPoint) throws IOException, InterruptedException {
        Files.createDirectories(mountPoint);
        Commands.run("mount", "-o", "loop", image.toString(), mountPoint.toString());
        return new LoopDisk(image, mountPoint);
    }

    Path directory() {
        return directory;
    }

    /** The disk as it is now, mounted elsewhere; what the file system still keeps in memory is lost to it. */
    LoopDisk cutPower(final Path copy, final Path mountPoint) throws IOException, InterruptedException {
        Commands.run("cp", "--sparse=always", image.toString(), copy.toString());
        return mount(copy, mountPoint);
    }

    /** Unmounts and mounts: what the system remembered of the disk is forgotten, and its file system repaired. */
    void mountAgain() throws IOException, InterruptedException {
        Commands.run("umount", directory.toString());
        Commands.run("sh", "-c", "e2fsck -p " + image + "; test $? -le 2");
        mount(image, directory);
    }

    @Override
    public void close() throws IOException {
        try {
            // Lazily: readers of queues let go of their memory some time after they are closed.
            Commands.run("umount", "--lazy", directory.toString());
            Files.deleteIfExists(image);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
