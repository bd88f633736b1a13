// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.deadletter;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.roadhaze.anonymizer.key.PrivateFile;
import org.roadhaze.stream.JournalLayout;

/**
 * Dead letters in a file that only its owner may read.
 * <pre>
 *   | magic u32 | letters i32 | letter | letter | ... | CRC-32C over all before, as i64 |                       big endian
 *   letter: | frame length i32 | length i32 | why | length i32 | sealed frame |
 * </pre>
 * Written whole each time, beside the one before, which it then replaces: a kill or a power cut leaves the one or the other.
 */
public final class DeadLetterFile {
    private static final int MAGIC = 0x5248_444C; // RHDL
    private static final int HEAD_LENGTH = 2 * Integer.BYTES;

    private DeadLetterFile() {}

    /**
     * Reads the letters.
     *
     * @param file the file, which need not be there.
     * @return the letters, the oldest first; none when there is no file.
     * @throws IOException when it cannot be read, or is not as it was written.
     */
    public static List<DeadLetter> read(final Path file) throws IOException {
        final ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (final NoSuchFileException e) {
            return List.of();
        }
        final int content = bytes.capacity() - Long.BYTES;
        if (content < HEAD_LENGTH
                || bytes.getLong(content) != checkSum(bytes.slice(0, content))
                || bytes.getInt() != MAGIC) {
            throw new IOException(file + ": found something else, allowed dead letters as this version writes them");
        }
        final List<DeadLetter> letters = new ArrayList<>();
        try {
            for (int left = bytes.getInt(); left > 0; left--) {
                final int frameLength = bytes.getInt();
                final String why = new String(next(bytes), StandardCharsets.US_ASCII);
                final byte[] sealed = next(bytes);
                if (sealed.length < JournalLayout.FRAME_HEAD_LENGTH) {
                    throw new BufferUnderflowException();
                }
                letters.add(new DeadLetter(why, frameLength, sealed));
            }
        } catch (final BufferUnderflowException | NegativeArraySizeException e) {
            throw new IOException(file + ": found a letter that is cut off, allowed whole ones", e);
        }
        return letters;
    }

    private static byte[] next(final ByteBuffer bytes) {
        final int length = bytes.getInt();
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        final byte[] next = new byte[length];
        bytes.get(next);
        return next;
    }

    private static long checkSum(final ByteBuffer content) {
        final CRC32C crc = new CRC32C();
        crc.update(content);
        return crc.getValue();
    }

    /**
     * Replaces the letters of a file.
     *
     * @param file    the file; its directory is there.
     * @param letters what it then holds.
     * @throws IOException when it still holds those of before.
     */
    static void write(final Path file, final List<DeadLetter> letters) throws IOException {
        int length = HEAD_LENGTH + Long.BYTES;
        for (final DeadLetter letter : letters) {
            length += 3 * Integer.BYTES + letter.why().length() + letter.sealed().length;
        }
        final ByteBuffer bytes = ByteBuffer.allocate(length).putInt(MAGIC).putInt(letters.size());
        for (final DeadLetter letter : letters) {
            bytes.putInt(letter.frameLength());
            bytes.putInt(letter.why().length()).put(letter.why().getBytes(StandardCharsets.US_ASCII));
            bytes.putInt(letter.sealed().length).put(letter.sealed());
        }
        bytes.putLong(checkSum(bytes.slice(0, bytes.position()))).flip();
        PrivateFile.replace(file, bytes);
        PrivateFile.forceDirectoryOf(file);
    }
}
