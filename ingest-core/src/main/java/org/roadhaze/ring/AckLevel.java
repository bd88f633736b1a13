// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

/** When a device may forget what it sent. */
public enum AckLevel {
    /** It was received and decoded. A killed process and a power cut both lose what was acknowledged. */
    RECEIVED("what is received: a killed process or a power cut loses acknowledged records"),
    /** It lies in the page cache: it survives the death of the process, not a power cut. */
    PERSISTED("what is persisted: it survives the death of the process, not a power cut"),
    /** It lies on the disk: it survives a power cut. */
    SYNCED("what is on the disk: it survives a power cut");

    private final String sentence;

    AckLevel(final String sentence) {
        this.sentence = sentence;
    }

    /**
     * What is acknowledged, and what it survives.
     *
     * @return the end of a sentence that begins with "acknowledges".
     */
    public String sentence() {
        return sentence;
    }
}
