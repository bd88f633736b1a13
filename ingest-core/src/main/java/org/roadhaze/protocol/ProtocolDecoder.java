// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import org.agrona.DirectBuffer;
import org.roadhaze.position.PositionBatch;

/**
 * A tracker protocol over one transport: says where a frame ends, whose it is, and what it says.
 *
 * <p>{@link #frameLength} and {@link #deviceId} are called on an event loop, {@link #decode} on a worker; each thread
 * has an instance of its own, and an instance keeps nothing between calls. Wrong bytes are a result, never an
 * exception; no call allocates in steady state, reads a clock, or reads outside {@code [offset, offset + length)}.
 */
public interface ProtocolDecoder {
    /** {@link #frameLength}: the frame is not complete yet. */
    int NEED_MORE = 0;

    /** {@link #frameLength}: no frame of this protocol can begin here. */
    int MALFORMED = -1;

    /** {@link #deviceId}: the frame names no device. */
    long NO_DEVICE = 0;

    /**
     * Says how long the frame is that begins at an offset of a byte stream.
     *
     * @param buffer    the bytes.
     * @param offset    where the frame begins.
     * @param available how many bytes there are from the offset on.
     * @return the length of the whole frame, at most {@code available}; {@link #NEED_MORE}; or {@link #MALFORMED}.
     */
    int frameLength(DirectBuffer buffer, int offset, int available);

    /**
     * Peeks the identity in a complete frame, so that the frame can meet its device's worker. Only an intact login (or
     * datagram) answers: a frame whose check sum is wrong names no one.
     *
     * @param buffer the bytes.
     * @param offset where the frame begins.
     * @param length how long it is.
     * @return the device's number (its IMEI), or {@link #NO_DEVICE}.
     */
    long deviceId(DirectBuffer buffer, int offset, int length);

    /**
     * Decodes a complete frame.
     *
     * @param buffer  the bytes.
     * @param offset  where the frame begins.
     * @param length  how long it is.
     * @param session whose frame it is.
     * @param out     cleared, then filled with the positions and the acknowledgement; without positions unless the
     *                result is {@link FrameResult#POSITIONS}.
     * @return what the frame was.
     */
    FrameResult decode(DirectBuffer buffer, int offset, int length, DeviceSession session, PositionBatch out);
}
