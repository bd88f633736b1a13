// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.time.Duration;
import org.roadhaze.anonymizer.mechanism.Ranges;

/** When a device may forget what it sent. */
public enum AckLevel {
    /** It was received and decoded. A killed process and a power cut both lose what was acknowledged. */
    RECEIVED(
            "what is received: a killed process or a power cut loses acknowledged records",
            "a killed process loses the acknowledged records that are in the ring, less than a second as a rule; a power cut"
                    + " what the system has not written back as well, about 30 s (vm.dirty_expire_centisecs)"),
    /** It lies in the page cache: it survives the death of the process, not a power cut. */
    PERSISTED(
            "what is persisted: it survives the death of the process, not a power cut",
            "a killed process loses 0 s of what is acknowledged; a power cut what the system has not written back, about"
                    + " 30 s (vm.dirty_expire_centisecs)"),
    /** It lies on the disk: it survives a power cut. */
    SYNCED(
            "what is on the disk: it survives a power cut",
            "a killed process or a power cut loses 0 s of what is acknowledged");

    private final String sentence;
    private final String loss;

    AckLevel(final String sentence, final String loss) {
        this.sentence = sentence;
        this.loss = loss;
    }

    /**
     * What is acknowledged, and what it survives.
     *
     * @return the end of a sentence that begins with "acknowledges".
     */
    public String sentence() {
        return sentence;
    }

    /**
     * How much of a stream a crash can lose.
     *
     * @param heldBack how long the stream's mechanisms may hold a record back: it is acknowledged meanwhile.
     * @return a sentence without its full stop.
     */
    public String loss(final Duration heldBack) {
        return heldBack.isZero()
                ? loss
                : loss + "; beside it, any stop loses what the stream's mechanisms hold back, up to "
                        + Ranges.text(heldBack) + " of it";
    }
}
