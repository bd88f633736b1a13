// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The live keys of one stream in a file that only its owner can read. Big endian:
 * <pre>
 *  | "RHKEYS" 6 | version u16 = 1 | rotate ms i64 | count i32 | count x key | SHA-256 over all before, 32 |
 *
 *  key: | epoch i64 | created at ms i64 | key 32 |
 * </pre>
 * A save writes a new file beside the old one, forces it, renames it over the old one and forces the directory: after a
 * crash either stands there whole. Then the bytes of the old one, which nothing names any more, are overwritten, so that
 * a destroyed key does not wait in a free block. That last step is best effort: a copying file system or a
 * wear-levelling disk may keep what it likes, and there the disk itself must be encrypted. What a crash left of an
 * unfinished save is overwritten too before it is deleted.
 */
final class KeyFile implements KeyStore {
    /** How the name of a key file ends. */
    static final String SUFFIX = ".keys";
    /** What the name of a key file that is being written has after it. */
    static final String UNFINISHED = ".new";

    private static final byte[] MAGIC = {'R', 'H', 'K', 'E', 'Y', 'S', 0, 1};
    private static final int HEADER_BYTES = MAGIC.length + Long.BYTES + Integer.BYTES;
    private static final int RECORD_BYTES = 2 * Long.BYTES + EpochKey.LENGTH_BYTES;
    private static final int DIGEST_BYTES = 32;
    private final Path file;

    /**
     * What a file holds.
     *
     * @param rotateMs length of the epochs.
     * @param keys     their keys.
     */
    record Content(long rotateMs, List<EpochKey> keys) {}

    KeyFile(final Path file) {
        this.file = file;
    }

    boolean isAbsent() {
        return Files.notExists(file);
    }

    @Override
    public List<EpochKey> load(final long rotateMs) {
        if (isAbsent()) {
            return List.of();
        }
        final Content content = read();
        if (content.rotateMs() == rotateMs) {
            return content.keys();
        }
        content.keys().forEach(EpochKey::destroy);
        return List.of();
    }

    /**
     * Reads the file, whatever the length of its epochs.
     *
     * @return what it holds.
     * @throws KeyFileException when it must not be used, or cannot be.
     */
    Content read() {
        try {
            PrivateFile.refuseOtherReaders(
                    file, "otherwise delete it, and the pseudonyms of the running epoch start anew");
            try (FileChannel channel = FileChannel.open(file, READ)) {
                final long size = channel.size();
                if (size < HEADER_BYTES + DIGEST_BYTES || size > HEADER_BYTES + 65_536L * RECORD_BYTES) {
                    throw damaged();
                }
                final ByteBuffer content = ByteBuffer.allocateDirect((int) size);
                try {
                    while (content.hasRemaining()) {
                        if (channel.read(content) < 0) {
                            throw damaged();
                        }
                    }
                    return parse(content.flip());
                } finally {
                    zero(content);
                }
            }
        } catch (final IOException e) {
            throw new KeyFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void save(final long rotateMs, final Collection<EpochKey> keys) {
        final Path fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
        final ByteBuffer content = ByteBuffer.allocateDirect(HEADER_BYTES + keys.size() * RECORD_BYTES + DIGEST_BYTES);
        try {
            content.put(MAGIC).putLong(rotateMs).putInt(keys.size());
            for (final EpochKey key : keys) {
                content.putLong(key.epoch).putLong(key.createdAtMs).put(key.bytes);
            }
            content.put(sha256(content.duplicate().flip())).flip();

            PrivateFile.destroy(fresh);
            PrivateFile.create(fresh, content);
            replace(fresh);
        } catch (final IOException e) {
            throw new KeyFileException(file, "cannot be written: " + e.getMessage(), e);
        } finally {
            zero(content);
        }
    }

    /**
     * Overwrites the file and deletes it.
     *
     * @throws KeyFileException when it cannot.
     */
    void destroy() {
        try {
            PrivateFile.destroy(file);
            PrivateFile.forceDirectoryOf(file);
        } catch (final IOException e) {
            throw new KeyFileException(file, "cannot be overwritten and deleted: " + e.getMessage(), e);
        }
    }

    private void replace(final Path fresh) throws IOException {
        if (isAbsent()) {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            PrivateFile.forceDirectoryOf(file);
            return;
        }
        try (FileChannel old = FileChannel.open(file, READ, WRITE)) {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            PrivateFile.forceDirectoryOf(file);
            PrivateFile.writeAndForce(old, ByteBuffer.allocateDirect((int) old.size()));
        }
    }

    private Content parse(final ByteBuffer content) {
        final int digestOffset = content.limit() - DIGEST_BYTES;
        if (!content.slice(digestOffset, DIGEST_BYTES).equals(ByteBuffer.wrap(sha256(content.slice(0, digestOffset))))
                || !content.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw damaged();
        }
        content.position(MAGIC.length);
        final long rotateMs = content.getLong();
        final int count = content.getInt();
        if (rotateMs < 1 || count < 0 || HEADER_BYTES + (long) count * RECORD_BYTES != digestOffset) {
            throw damaged();
        }
        final List<EpochKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final byte[] bytes = new byte[EpochKey.LENGTH_BYTES];
            final long epoch = content.getLong();
            final long createdAtMs = content.getLong();
            content.get(bytes);
            keys.add(new EpochKey(epoch, createdAtMs, bytes));
        }
        return new Content(rotateMs, keys);
    }

    private KeyFileException damaged() {
        return new KeyFileException(
                file, "is damaged or no key file. Delete it, and the pseudonyms of the running epoch start anew");
    }

    private static byte[] sha256(final ByteBuffer content) {
        try {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content);
            return digest.digest();
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void zero(final ByteBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0);
        }
    }
}
