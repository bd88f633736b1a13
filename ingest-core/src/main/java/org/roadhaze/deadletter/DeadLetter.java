// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.deadletter;

import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.stream.JournalLayout;

/**
 * A frame that came to nothing, sealed as a journal seals frames. Its bytes are not copied: nobody changes them.
 *
 * @param why         why it came to nothing, ASCII; nothing that a device said.
 * @param frameLength how long it was, which may be longer than what is kept of it.
 * @param sealed      the frame as it stands in a journal's document.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record DeadLetter(String why, int frameLength, byte[] sealed) {
    /**
     * When it was received; in the clear.
     *
     * @return milliseconds since 1970-01-01 UTC.
     */
    public long receivedTimeMs() {
        return JournalLayout.receivedTimeMs(new UnsafeBuffer(sealed), 0);
    }

    /**
     * How long cipher text and tag are.
     *
     * @return bytes, as {@link org.roadhaze.journal.FrameOpener#open} takes them.
     */
    public int contentLength() {
        return sealed.length - JournalLayout.FRAME_HEAD_LENGTH;
    }
}
