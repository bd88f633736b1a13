// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that other keys are wrapped with: 32 random bytes, from a file that only its owner can read or from whoever
 * supplies it. Whoever holds it can read everything that is sealed under the wrapped keys; without it nobody can.
 *
 * <p>It is used for three things, each with a key of its own, derived by HMAC-SHA256: wrapping keys (AES key wrap, RFC
 * 3394), naming devices by tags that say nothing without it, and recognizing itself.
 *
 * <p>Nothing of it is ever part of a message. Thread safe.
 */
public final class KeyEncryptionKey {
    /** Length of the key, and of the keys that it wraps. */
    public static final int LENGTH_BYTES = 32;

    /** Length of a wrapped key. */
    public static final int WRAPPED_LENGTH_BYTES = LENGTH_BYTES + 8;

    /** Length of a tag and of a fingerprint. */
    public static final int TAG_LENGTH_BYTES = 16;

    private static final String UNFINISHED = ".new";
    private static final int LONGEST_FILE_BYTES = 256;
    private static final String ALLOWED = "allowed the base64 of 32 random bytes, as of: openssl rand -base64 32";

    private static final int FOR_WRAPPING = 1;
    private static final int FOR_TAGS = 2;
    private static final int FOR_FINGERPRINT = 3;

    private final HmacSha256 hmac = new HmacSha256();
    private final SecretKeySpec wrapping;
    private final byte[] tagging;
    private final byte[] fingerprint;

    private KeyEncryptionKey(final byte[] key) {
        final byte[] derived = derive(key, FOR_WRAPPING);
        wrapping = new SecretKeySpec(derived, "AES");
        Arrays.fill(derived, (byte) 0);
        tagging = derive(key, FOR_TAGS);
        fingerprint = Arrays.copyOf(derive(key, FOR_FINGERPRINT), TAG_LENGTH_BYTES);
        Arrays.fill(key, (byte) 0);
    }

    private byte[] derive(final byte[] key, final int purpose) {
        return hmac.of(key, purpose, 0).clone();
    }

    /**
     * Reads the key from a file, one line of base64.
     *
     * @param file the file.
     * @return the key.
     * @throws KeyFileException when it is not there, others than its owner may use it, or it holds something else.
     */
    public static KeyEncryptionKey read(final Path file) {
        if (Files.notExists(file)) {
            throw new KeyFileException(file, "there is no such key file, and what is sealed cannot be read without it");
        }
        try {
            PrivateFile.refuseOtherReaders(
                    file, "otherwise everything that is sealed with it is to be taken for read by them");
            if (Files.size(file) > LONGEST_FILE_BYTES) {
                throw new KeyFileException(file, "found " + Files.size(file) + " bytes, " + ALLOWED);
            }
            return parse(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (final IOException e) {
            throw new KeyFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the key from a file; where there is none, makes a new key, and the file, on the disk when this returns.
     *
     * @param file the file; its directory is made, for its owner alone, when it is not there.
     * @return the key.
     * @throws KeyFileException when others than its owner may use the file, it holds something else or cannot be written.
     */
    public static KeyEncryptionKey readOrCreate(final Path file) {
        if (Files.notExists(file)) {
            create(file);
        }
        return read(file);
    }

    private static void create(final Path file) {
        final byte[] key = RandomBytes.next(LENGTH_BYTES);
        final byte[] line = Arrays.copyOf(Base64.getEncoder().encode(key), 4 * ((LENGTH_BYTES + 2) / 3) + 1);
        line[line.length - 1] = '\n';
        try {
            Files.createDirectories(
                    file.toAbsolutePath().getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            final Path fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
            PrivateFile.destroy(fresh); // What a crash left: nothing was sealed with it yet.
            PrivateFile.create(fresh, ByteBuffer.wrap(line));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            PrivateFile.forceDirectoryOf(file);
        } catch (final IOException e) {
            throw new KeyFileException(file, "cannot be written: " + e.getMessage(), e);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(line, (byte) 0);
        }
    }

    /**
     * Reads the key from a text that someone supplies.
     *
     * @param origin where the text is from, for messages.
     * @param text   base64 of 32 bytes; blanks around it do not matter.
     * @return the key.
     * @throws KeyFileException when it is something else; the message does not repeat it.
     */
    public static KeyEncryptionKey parse(final String origin, final String text) {
        final byte[] key;
        try {
            key = Base64.getDecoder().decode(text.strip());
        } catch (final IllegalArgumentException notBase64) {
            // Without its cause, whose message quotes what was found.
            throw new KeyFileException(
                    origin, "found " + text.strip().length() + " characters that are no base64, " + ALLOWED);
        }
        if (key.length != LENGTH_BYTES) {
            throw new KeyFileException(origin, "found the base64 of " + key.length + " bytes, " + ALLOWED);
        }
        return new KeyEncryptionKey(key);
    }

    /**
     * What tells this key from others, and says nothing else about it.
     *
     * @return {@link #TAG_LENGTH_BYTES} bytes.
     */
    public byte[] fingerprint() {
        return fingerprint.clone();
    }

    /**
     * The name of a device where it must not stand in the clear: the same for one device and this key, and nothing that
     * could be computed, or tried out, without this key.
     *
     * @param deviceId the device's number.
     * @return {@link #TAG_LENGTH_BYTES} bytes.
     */
    public synchronized byte[] tagOf(final long deviceId) {
        return Arrays.copyOf(hmac.of(tagging, deviceId, 0), TAG_LENGTH_BYTES);
    }

    /**
     * Wraps a key.
     *
     * @param key {@link #LENGTH_BYTES} bytes.
     * @return {@link #WRAPPED_LENGTH_BYTES} bytes.
     */
    public byte[] wrap(final byte[] key) {
        try {
            final Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.WRAP_MODE, wrapping);
            return cipher.wrap(new SecretKeySpec(key, "AES"));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES key wrap", e);
        }
    }

    /**
     * Unwraps a key.
     *
     * @param wrapped what {@link #wrap} returned.
     * @return the key.
     * @throws InvalidKeyException when it was wrapped with another key, or altered.
     */
    public byte[] unwrap(final byte[] wrapped) throws InvalidKeyException {
        try {
            final Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.UNWRAP_MODE, wrapping);
            return cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
        } catch (final InvalidKeyException e) {
            throw e;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES key wrap", e);
        }
    }
}
