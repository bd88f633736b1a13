// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A random secret of fixed length in a file that only its owner can read, made at its first use. Stateless. */
public final class SecretFile {
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
                final Path fresh = file.resolveSibling(file.getFileName() + KeyFile.UNFINISHED);
                PrivateFile.destroy(fresh);
                PrivateFile.create(fresh, ByteBuffer.wrap(RandomBytes.next(lengthBytes)));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                PrivateFile.forceDirectoryOf(file);
            }
            PrivateFile.refuseOtherReaders(file, "otherwise delete it: what it names is not recognized any more");
            final byte[] secret = Files.readAllBytes(file);
            if (secret.length != lengthBytes) {
                throw new KeyFileException(
                        file, "is damaged: found " + secret.length + " bytes, allowed " + lengthBytes);
            }
            return secret;
        } catch (final IOException e) {
            throw new KeyFileException(file, "cannot be read or made: " + e.getMessage(), e);
        }
    }
}
