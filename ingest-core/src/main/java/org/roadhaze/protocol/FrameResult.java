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
    /** The check sum is right or absent, and the content contradicts itself: not acknowledged. */
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
}
