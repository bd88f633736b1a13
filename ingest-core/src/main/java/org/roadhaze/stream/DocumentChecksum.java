// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The check sum of a document: CRC-32C over all its bytes but the four of the sum itself. Not thread safe.
 *
 * <p>What lies on a disk may be torn (a full disk, a power cut in the middle of writing it back) or flipped, and the queue
 * itself would not notice.
 */
public final class DocumentChecksum {
    private static final int LENGTH = Integer.BYTES;

    private final CRC32C crc = new CRC32C();

    /**
     * Completes a document.
     *
     * @param document the document at offset 0, on or off the heap.
     * @param length   how long it is.
     */
    void put(final MutableDirectBuffer document, final int length) {
        document.putInt(ReleaseLayout.CHECKSUM, of(document, length), LITTLE_ENDIAN);
    }

    /**
     * Whether a document is as it was written.
     *
     * @param document what may be one, at offset 0.
     * @param length   how long it is.
     * @return false when it is too short to be one, or its sum is not the one that it carries.
     */
    public boolean isRight(final DirectBuffer document, final int length) {
        return length >= ReleaseLayout.HEAD_LENGTH
                && document.getInt(ReleaseLayout.CHECKSUM, LITTLE_ENDIAN) == of(document, length);
    }

    private int of(final DirectBuffer document, final int length) {
        final int behind = ReleaseLayout.CHECKSUM + LENGTH;
        crc.reset();
        if (document.byteArray() != null) {
            final int start = document.wrapAdjustment();
            crc.update(document.byteArray(), start, ReleaseLayout.CHECKSUM);
            crc.update(document.byteArray(), start + behind, length - behind);
        } else {
            final int start = document.wrapAdjustment();
            final ByteBuffer bytes = document.byteBuffer();
            crc.update(bytes.limit(start + ReleaseLayout.CHECKSUM).position(start));
            crc.update(bytes.limit(start + length).position(start + behind));
            bytes.clear();
        }
        return (int) crc.getValue();
    }
}
