// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.position;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What decoding one frame gave: its positions, the acknowledgement it deserves, and where it went wrong if it did.
 *
 * <p>The scratch space of one worker: preallocated, cleared for every frame, so that it stays in the worker's cache.
 * Not thread safe.
 */
public final class PositionBatch {
    /** The most positions that a frame of any protocol may hold. */
    public static final int MAX_POSITIONS = 255;

    /** The longest acknowledgement of any protocol, in bytes. */
    public static final int MAX_ACKNOWLEDGEMENT_LENGTH = 128;

    private final Position[] positions = new Position[MAX_POSITIONS];
    private final UnsafeBuffer acknowledgement = new UnsafeBuffer(new byte[MAX_ACKNOWLEDGEMENT_LENGTH]);
    private DirectBuffer frame;
    private int size;
    private int acknowledgementLength;
    private int rejectedAtOffset = -1;

    public PositionBatch() {
        for (int i = 0; i < MAX_POSITIONS; i++) {
            positions[i] = new Position();
        }
    }

    /**
     * Starts over for another frame.
     *
     * @param frameBuffer the buffer that text and binary attributes of the positions will refer to.
     */
    public void clear(final DirectBuffer frameBuffer) {
        frame = frameBuffer;
        size = 0;
        acknowledgementLength = 0;
        rejectedAtOffset = -1;
    }

    /**
     * Adds a position.
     *
     * @return the position to fill, every field unknown.
     * @throws IllegalStateException when the batch is full: decoders check the wire's count first.
     */
    public Position add() {
        if (size == MAX_POSITIONS) {
            throw new IllegalStateException("more than " + MAX_POSITIONS + " positions in one frame");
        }
        final Position position = positions[size++];
        position.clear();
        return position;
    }

    /** Takes back all positions, since the frame turned out to be wrong: nothing of a bad frame may be used. */
    public void discardPositions() {
        size = 0;
    }

    /**
     * Takes back some positions; the others stay in their order.
     *
     * @param kept for each position whether it stays.
     */
    public void keep(final boolean[] kept) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (kept[i]) {
                final Position position = positions[i];
                positions[i] = positions[count];
                positions[count++] = position;
            }
        }
        size = count;
    }

    public int size() {
        return size;
    }

    public Position get(final int index) {
        return positions[index];
    }

    /**
     * The buffer that text and binary attributes refer to.
     *
     * @return the frame's buffer.
     */
    public DirectBuffer frame() {
        return frame;
    }

    /**
     * Where the decoder writes the acknowledgement, {@link #MAX_ACKNOWLEDGEMENT_LENGTH} bytes long.
     *
     * @return the buffer; its valid length is {@link #acknowledgementLength()}.
     */
    public UnsafeBuffer acknowledgement() {
        return acknowledgement;
    }

    /**
     * Bytes to send to the device once everything in this frame is kept as safely as the configuration promises.
     *
     * @return the length, 0 for none.
     */
    public int acknowledgementLength() {
        return acknowledgementLength;
    }

    public void acknowledgementLength(final int length) {
        acknowledgementLength = length;
    }

    /**
     * The offset, from the start of the frame, of the byte at which decoding failed.
     *
     * @return the offset, or -1.
     */
    public int rejectedAtOffset() {
        return rejectedAtOffset;
    }

    public void rejectedAtOffset(final int offset) {
        rejectedAtOffset = offset;
    }
}
