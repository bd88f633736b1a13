// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/** A random secret of fixed length in a file that only its owner can read, made at its first use. */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private SecretFile() {}

    /**
     * Reads the secret, or makes it.
     *
     * @param file        where it is; its directory is made for its owner alone.
     * @param lengthBytes how long it is.
     * @return the secret.
     * @throws KeyFileException when it cannot be read or made, has another length, or others can read it.
     */
    public static byte[] readOrCreate(final Path file, final int lengthBytes) {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (Files.notExists(file)) {
                create(file, lengthBytes);
            }
            final Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(found)) {
                throw new KeyFileException(
                        file,
                        "can be read or written by others than its owner: found " + PosixFilePermissions.toString(found)
                                + ", allowed rw-------",
                        null);
            }
            final byte[] secret = Files.readAllBytes(file);
            if (secret.length != lengthBytes) {
                throw new KeyFileException(
                        file, "is damaged: found " + secret.length + " bytes, allowed " + lengthBytes, null);
            }
            return secret;
        } catch (final IOException e) {
            throw new KeyFileException(file, "cannot be read or made: " + e.getMessage(), e);
        }
    }

    /** Whole under its name, or not there at all. */
    private static void create(final Path file, final int lengthBytes) throws IOException {
        final Path fresh = file.resolveSibling(file.getFileName() + KeyFile.UNFINISHED);
        Files.deleteIfExists(fresh);
        final byte[] secret = new byte[lengthBytes];
        new SecureRandom().nextBytes(secret);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            channel.write(ByteBuffer.wrap(secret));
            channel.force(true);
        }
        Files.move(fresh, file);
        try (FileChannel channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
