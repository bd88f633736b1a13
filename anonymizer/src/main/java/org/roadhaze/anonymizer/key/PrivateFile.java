// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** What files that are the owner's alone have in common, those with keys above all: only their owner may use them, they are forced, and overwritten at their end. Stateless. */
public final class PrivateFile {
    /** What a file's name ends with until all of it is written: {@value}. */
    public static final String UNFINISHED = ".unfinished";

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final int OVERWRITTEN_AT_A_TIME = 1 << 16;

    private PrivateFile() {}

    /**
     * Writes a file that is not there, and forces it; its directory is the caller's to force.
     *
     * @param file    the file.
     * @param content what it holds.
     * @throws IOException when it is there, or cannot be written.
     */
    public static void create(final Path file, final ByteBuffer content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            writeAndForce(channel, content);
        }
    }

    /**
     * Writes a file, or what is in place of it, so that whoever opens it finds all of the old content or all of the new one, also
     * after a power cut. Its directory, which must be there, is the caller's to force.
     *
     * @param file    the file; beside it, one with {@value #UNFINISHED} behind the name is written first.
     * @param content what it holds then.
     * @throws IOException when it cannot: the old content is still there.
     */
    public static void replace(final Path file, final ByteBuffer content) throws IOException {
        final Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        Files.deleteIfExists(unfinished);
        create(unfinished, content);
        Files.move(unfinished, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    /**
     * Overwrites a file, if it is there, and deletes it.
     *
     * @param file the file.
     * @throws IOException when it cannot.
     */
    public static void destroy(final Path file) throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        overwrite(FileChannel.open(file, WRITE, LinkOption.NOFOLLOW_LINKS));
        Files.delete(file);
    }

    /**
     * Overwrites all of a file, whether it has a name or none any more, and closes it.
     *
     * @param file the file, open for writing.
     * @throws IOException when it cannot.
     */
    public static void overwrite(final FileChannel file) throws IOException {
        try (file) {
            final ByteBuffer zeros = ByteBuffer.allocateDirect(OVERWRITTEN_AT_A_TIME);
            long at = 0;
            while (at < file.size()) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), file.size() - at));
                at += file.write(zeros, at);
            }
            file.force(true);
        }
    }

    static void writeAndForce(final FileChannel channel, final ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
        channel.force(true);
    }

    /**
     * Forces the directory that names a file.
     *
     * @param file the file.
     * @throws IOException when it cannot.
     */
    public static void forceDirectoryOf(final Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), READ)) {
            directory.force(true);
        }
    }

    /**
     * Refuses a file that others than its owner may use.
     *
     * @param file   the file.
     * @param advice what to do then, after "If nobody can have read it, chmod 600 it; ".
     * @throws KeyFileException when they may.
     * @throws IOException      when that cannot be seen.
     */
    static void refuseOtherReaders(final Path file, final String advice) throws IOException {
        final Set<PosixFilePermission> permissions = EnumSet.copyOf(OWNER_ONLY);
        permissions.addAll(Files.getPosixFilePermissions(file));
        permissions.removeAll(OWNER_ONLY);
        permissions.remove(PosixFilePermission.OWNER_EXECUTE);
        if (!permissions.isEmpty()) {
            throw new KeyFileException(
                    file,
                    "others than its owner may use the keys in it ("
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                            + "), allowed rw-------. If nobody can have read it, chmod 600 it; " + advice);
        }
    }
}
