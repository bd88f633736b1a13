// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import org.agrona.DirectBuffer;

/** Told of frames that come to nothing. By event loops and workers, several at a time: it must not block, nor throw. */
@FunctionalInterface
public interface FrameWatch {
    /**
     * A stage threw at a frame. On a worker's thread.
     *
     * @param thrown what.
     */
    void failed(Throwable thrown);

    /**
     * A frame, or what should have been the beginning of one, could not be cut, decoded or processed.
     *
     * @param why            in a few words, which are always the same for the same reason, and nothing that a device said.
     * @param protocol       the protocol's index.
     * @param deviceId       whose it is, or {@link org.roadhaze.protocol.ProtocolDecoder#NO_DEVICE}.
     * @param receivedTimeMs when it was received, milliseconds since 1970-01-01 UTC.
     * @param bytes          where it is; valid during the call.
     * @param offset         where it begins.
     * @param length         how many bytes there are.
     */
    default void lost(
            final String why,
            final int protocol,
            final long deviceId,
            final long receivedTimeMs,
            final DirectBuffer bytes,
            final int offset,
            final int length) {}

    /**
     * Where something was thrown, never what it says: a message may hold what a device said.
     *
     * @param thrown what was thrown.
     * @return its class, and the place.
     */
    static String placeOf(final Throwable thrown) {
        final StackTraceElement[] trace = thrown.getStackTrace();
        return thrown.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
