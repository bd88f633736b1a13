// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Up to where a queue is known to lie on the disk, in a small file of its own. What lies before may have been acknowledged:
 * recovery never cuts it, whatever a disk made of it, and begins behind it.
 * <pre>
 *   | cycle i64 | position i64 | begin of the document that ends there i64 | CRC-32C over the three, as i64 |    big endian
 * </pre>
 * Written after a force and itself forced now and then only: an older position is as true as a newer one. Not thread safe.
 */
final class ForcedPosition implements AutoCloseable {
    private static final int CONTENT_LENGTH = 3 * Long.BYTES;
    private static final int LENGTH = CONTENT_LENGTH + Long.BYTES;

    /** Forced itself so often, counted in writes: some seconds of them. */
    private static final int WRITES_BETWEEN_FORCES = 1_000;

    private final Path file;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(LENGTH);
    private final CRC32C crc = new CRC32C();
    private FileChannel channel;
    private int writes;

    ForcedPosition(final Path file) {
        this.file = file;
    }

    /**
     * How much of a file is known to be forced.
     *
     * @param cycle the file's.
     * @return the position up to which it is; all of it ({@link Long#MAX_VALUE}) when nothing is known, or when a later file
     *     is known to be forced.
     */
    long inCycle(final long cycle) throws IOException {
        final ByteBuffer known = read();
        if (known == null) {
            return Long.MAX_VALUE;
        }
        final long knownCycle = known.getLong(0);
        if (knownCycle != cycle) {
            return knownCycle < cycle ? 0 : Long.MAX_VALUE;
        }
        return known.getLong(Long.BYTES);
    }

    /**
     * Where the document begins that ends at {@link #inCycle}.
     *
     * @param cycle the file's.
     * @return its position, header included; -1 when that is not known.
     */
    long lastDocument(final long cycle) throws IOException {
        final ByteBuffer known = read();
        return known == null || known.getLong(0) != cycle ? -1 : known.getLong(2 * Long.BYTES);
    }

    /**
     * The newest file of which anything is known.
     *
     * @return its cycle; {@link Long#MIN_VALUE} when nothing is known.
     */
    long cycle() throws IOException {
        final ByteBuffer known = read();
        return known == null ? Long.MIN_VALUE : known.getLong(0);
    }

    private ByteBuffer read() throws IOException {
        if (Files.notExists(file)) {
            return null;
        }
        final ByteBuffer read = ByteBuffer.wrap(Files.readAllBytes(file));
        final boolean whole =
                read.remaining() == LENGTH && read.getLong(CONTENT_LENGTH) == checkSum(read.slice(0, CONTENT_LENGTH));
        return whole ? read : null;
    }

    private long checkSum(final ByteBuffer content) {
        crc.reset();
        crc.update(content);
        return crc.getValue();
    }

    /**
     * Keeps a position that was forced.
     *
     * @param cycle    in which file.
     * @param position up to where.
     * @param document where the document begins that ends there.
     */
    void put(final long cycle, final long position, final long document) throws IOException {
        if (channel == null) {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        bytes.clear().putLong(cycle).putLong(position).putLong(document).flip();
        final long sum = checkSum(bytes);
        bytes.limit(LENGTH).putLong(sum).flip();
        channel.write(bytes, 0);
        if (writes++ % WRITES_BETWEEN_FORCES == 0) {
            channel.force(false);
        }
    }

    /** Nothing is known any more: for a queue that is not going to be forced. */
    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
