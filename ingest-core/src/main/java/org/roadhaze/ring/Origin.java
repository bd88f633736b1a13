// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

/**
 * Where a frame came from, and so where its acknowledgement goes: a connection or a datagram socket. The ring knows no
 * more of the network than this.
 */
public interface Origin {
    /**
     * The mailbox of the event loop that owns this origin.
     *
     * @return the mailbox, the same for the origin's whole life.
     */
    AcknowledgementMailbox mailbox();

    /**
     * Whether it sends what it had kept while it was out of reach: its frames then share a few slots with those of all others
     * like it, so that nobody who is live waits for them. Asked at every frame by the thread that publishes it; what was {@linkplain
     * #judged judged} of the frame before says so.
     *
     * @return false unless that is known.
     */
    default boolean isLate() {
        return false;
    }

    /**
     * Told of every frame of this origin, in their order, by the thread that persists. Must not block, and must not allocate
     * for a {@linkplain Verdict#SOUND sound} or {@linkplain Verdict#LATE late} frame. Does nothing by itself: who sent a frame is the listeners' concern.
     *
     * @param verdict        what the frame says of its sender.
     * @param deviceId       whose it is, or {@link org.roadhaze.protocol.ProtocolDecoder#NO_DEVICE}.
     * @param receivedTimeMs when it was received, milliseconds since 1970-01-01 UTC.
     */
    default void judged(final Verdict verdict, final long deviceId, final long receivedTimeMs) {}
}
