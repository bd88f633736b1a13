// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.roadhaze.stream.sbe.journal.GroupSizeEncodingEncoder;
import org.roadhaze.stream.sbe.journal.MessageHeaderEncoder;
import org.roadhaze.stream.sbe.journal.SealedFrameEncoder;
import org.roadhaze.stream.sbe.journal.SealedFramesEncoder;
import org.roadhaze.stream.sbe.journal.Transport;
import org.roadhaze.stream.sbe.journal.VarDataEncodingEncoder;

/**
 * Writes sealed frames, and what is sealed in them, as the schema {@code journal.xml} lays them out. Offsets come from the
 * generated code.
 *
 * <p>Stateless: safe for use by many threads.
 */
public final class JournalLayout {
    /** Bytes of a document before its first frame. */
    public static final int HEAD_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH
            + SealedFramesEncoder.BLOCK_LENGTH
            + GroupSizeEncodingEncoder.ENCODED_LENGTH;

    /** Bytes of a frame that are in the clear, and authenticated. */
    public static final int CLEAR_LENGTH = SealedFramesEncoder.FramesEncoder.sbeBlockLength();

    /** Bytes of a frame before its cipher text. */
    public static final int FRAME_HEAD_LENGTH = CLEAR_LENGTH + VarDataEncodingEncoder.varDataEncodingOffset();

    /** Where the nonce lies in a frame. */
    public static final int NONCE = SealedFramesEncoder.FramesEncoder.nonceStartEncodingOffset();

    /** Length of a nonce: 96 bits, as AES-GCM wants it. */
    public static final int NONCE_LENGTH = Integer.BYTES + Long.BYTES;

    /** Length of the tag behind the cipher text: all of the 128 bits that AES-GCM has. */
    public static final int TAG_LENGTH = 16;

    private static final int KEY_ID = SealedFramesEncoder.FramesEncoder.keyIdEncodingOffset();
    private static final int KEY_EPOCH = SealedFramesEncoder.FramesEncoder.keyEpochEncodingOffset();
    private static final int NONCE_COUNT = SealedFramesEncoder.FramesEncoder.nonceCountEncodingOffset();
    private static final int RECEIVED_TIME = SealedFramesEncoder.FramesEncoder.receivedTimeMsEncodingOffset();

    private static final int CONTENT = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int CONTENT_HEAD_LENGTH = CONTENT + SealedFrameEncoder.BLOCK_LENGTH;

    private JournalLayout() {}

    /**
     * Writes the head of a document at offset 0, but for its check sum: see {@link DocumentChecksum}.
     *
     * @param buffer     where to.
     * @param policyHash see the schema.
     * @param frames     how many frames follow, in [0, {@link ReleaseLayout#MAX_RECORDS}].
     */
    public static void putHead(final MutableDirectBuffer buffer, final long policyHash, final int frames) {
        putHeader(buffer, 0, SealedFramesEncoder.BLOCK_LENGTH, SealedFramesEncoder.TEMPLATE_ID);
        final int block = MessageHeaderEncoder.ENCODED_LENGTH;
        buffer.putLong(block + SealedFramesEncoder.policyHashEncodingOffset(), policyHash, LITTLE_ENDIAN);
        final int group = block + SealedFramesEncoder.BLOCK_LENGTH;
        buffer.putShort(group, (short) CLEAR_LENGTH, LITTLE_ENDIAN);
        buffer.putShort(group + 2, (short) frames, LITTLE_ENDIAN);
    }

    private static void putHeader(
            final MutableDirectBuffer buffer, final int offset, final int blockLength, final int templateId) {
        buffer.putShort(offset, (short) blockLength, LITTLE_ENDIAN);
        buffer.putShort(offset + 2, (short) templateId, LITTLE_ENDIAN);
        buffer.putShort(offset + 4, (short) SealedFramesEncoder.SCHEMA_ID, LITTLE_ENDIAN);
        buffer.putShort(offset + 6, (short) SealedFramesEncoder.SCHEMA_VERSION, LITTLE_ENDIAN);
    }

    /**
     * Writes what of a frame is in the clear.
     *
     * @param buffer         where to.
     * @param offset         at which offset.
     * @param keyIdHigh      first half of the data key's number, big endian in the document.
     * @param keyIdLow       second half.
     * @param keyEpoch       see the schema.
     * @param nonceStart     see the schema.
     * @param nonceCount     see the schema.
     * @param receivedTimeMs see the schema.
     */
    public static void putClear(
            final MutableDirectBuffer buffer,
            final int offset,
            final long keyIdHigh,
            final long keyIdLow,
            final int keyEpoch,
            final int nonceStart,
            final long nonceCount,
            final long receivedTimeMs) {
        buffer.putLong(offset + KEY_ID, keyIdHigh, BIG_ENDIAN);
        buffer.putLong(offset + KEY_ID + Long.BYTES, keyIdLow, BIG_ENDIAN);
        buffer.putInt(offset + KEY_EPOCH, keyEpoch, LITTLE_ENDIAN);
        buffer.putInt(offset + NONCE, nonceStart, LITTLE_ENDIAN);
        buffer.putLong(offset + NONCE_COUNT, nonceCount, LITTLE_ENDIAN);
        buffer.putLong(offset + RECEIVED_TIME, receivedTimeMs, LITTLE_ENDIAN);
    }

    /**
     * When a frame was received.
     *
     * @param buffer where it is.
     * @param offset where it begins.
     * @return milliseconds since 1970-01-01 UTC.
     */
    public static long receivedTimeMs(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + RECEIVED_TIME, LITTLE_ENDIAN);
    }

    /**
     * Writes cipher text and tag of a frame.
     *
     * @param buffer where to.
     * @param offset where the frame begins.
     * @param sealed the bytes.
     * @param length how many.
     */
    public static void putSealed(
            final MutableDirectBuffer buffer, final int offset, final byte[] sealed, final int length) {
        buffer.putInt(offset + CLEAR_LENGTH, length, LITTLE_ENDIAN);
        buffer.putBytes(offset + FRAME_HEAD_LENGTH, sealed, 0, length);
    }

    /**
     * How long the content is that is sealed of a frame.
     *
     * @param protocolLength length of the protocol's name.
     * @param frameLength    length of the frame.
     * @return bytes.
     */
    public static int contentLength(final int protocolLength, final int frameLength) {
        return CONTENT_HEAD_LENGTH + 1 + protocolLength + Integer.BYTES + frameLength;
    }

    /**
     * Writes the content that is sealed of a frame, at offset 0.
     *
     * @param buffer           where to.
     * @param deviceId         see the schema.
     * @param utcOffsetSeconds see the schema.
     * @param isDatagram       whether it came over UDP.
     * @param protocol         the protocol's name in ASCII.
     * @param frame            the frame.
     * @param frameOffset      where it begins.
     * @param frameLength      its length.
     */
    public static void putContent(
            final MutableDirectBuffer buffer,
            final long deviceId,
            final int utcOffsetSeconds,
            final boolean isDatagram,
            final byte[] protocol,
            final DirectBuffer frame,
            final int frameOffset,
            final int frameLength) {
        putHeader(buffer, 0, SealedFrameEncoder.BLOCK_LENGTH, SealedFrameEncoder.TEMPLATE_ID);
        buffer.putLong(CONTENT + SealedFrameEncoder.deviceIdEncodingOffset(), deviceId, LITTLE_ENDIAN);
        buffer.putInt(CONTENT + SealedFrameEncoder.utcOffsetSecondsEncodingOffset(), utcOffsetSeconds, LITTLE_ENDIAN);
        buffer.putByte(CONTENT + SealedFrameEncoder.transportEncodingOffset(), (byte)
                (isDatagram ? Transport.UDP : Transport.TCP).value());
        int at = CONTENT_HEAD_LENGTH;
        buffer.putByte(at, (byte) protocol.length);
        buffer.putBytes(at + 1, protocol);
        at += 1 + protocol.length;
        buffer.putInt(at, frameLength, LITTLE_ENDIAN);
        buffer.putBytes(at + Integer.BYTES, frame, frameOffset, frameLength);
    }
}
