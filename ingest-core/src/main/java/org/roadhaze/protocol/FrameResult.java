// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

/** What a frame was. The labels are metric labels and the words of {@code roadhaze decode}: they stay. */
public enum FrameResult {
    /** Decoded: it has positions (a status without a fix is one, too). */
    POSITIONS("ok"),
    /** Decoded: the device said who it is. */
    LOGIN("ok"),
    /** Decoded: keep-alive, time request, command reply: nothing to keep. */
    CONTROL("ok"),
    /** The check sum is wrong: not acknowledged, a re-send helps. */
    CHECKSUM("checksum"),
    /**
     * The bytes contradict themselves. A content whose bytes arrived as they were sent is acknowledged as an
     * {@link #UNSUPPORTED} one is, and for the same reason. A frame that cannot be cut is not, nor one that nothing
     * vouches for: a re-send may help.
     */
    MALFORMED("malformed"),
    /** The frame ends before it is complete. */
    INCOMPLETE("incomplete"),
    /**
     * Intact, but of a kind that is not decoded: acknowledged where the protocol can, since a re-send never helps and
     * the device would be stuck for ever.
     */
    UNSUPPORTED("unsupported"),
    /** Positions from a connection that has not said who it is: not acknowledged. */
    NOT_LOGGED_IN("not-logged-in");

    private final String label;

    FrameResult(final String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /**
     * Whether the frame was understood.
     *
     * @return true for the kinds of "ok".
     */
    public boolean isOk() {
        return this == POSITIONS || this == LOGIN || this == CONTROL;
    }

    /**
     * Whether the device may forget the frame, so that it gets the protocol's acknowledgement, if there is one.
     *
     * @param isIntact whether the frame's check sum, or that of the datagram around it, was verified and is right.
     * @return false when a re-send may help.
     */
    boolean isAcknowledged(final boolean isIntact) {
        return isOk() || this == UNSUPPORTED || (this == MALFORMED && isIntact);
    }
}
