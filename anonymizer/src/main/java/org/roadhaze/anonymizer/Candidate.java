// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import org.roadhaze.position.Position;

/**
 * One position on its way through the chain of one stream: the raw position on one side, what may leave of it on the
 * other, and what the steps so far have found out for those after them. Mechanisms read the one and write the other; only
 * the {@link Release} goes on to the stream.
 */
public final class Candidate {
    /** {@link #segment()} of a stream that cuts no segments. */
    public static final long NO_SEGMENT = 0;

    private final Release release = new Release();
    private Position position;
    private long segment;

    /**
     * Starts with another position and an empty release.
     *
     * @param raw the position; not copied.
     * @return this.
     */
    public Candidate reset(final Position raw) {
        position = raw;
        segment = NO_SEGMENT;
        release.clear();
        return this;
    }

    /** Forgets both sides: a device and its pseudonym stay together no longer than the call that joins them. */
    void clear() {
        position = null;
        segment = NO_SEGMENT;
        release.clear();
    }

    public Position position() {
        return position;
    }

    public Release release() {
        return release;
    }

    /**
     * Which piece of the device's track this is part of: what is linked within the stream, and nothing beyond.
     *
     * @return 64 keyed bits, or {@link #NO_SEGMENT}.
     */
    public long segment() {
        return segment;
    }

    public void segment(final long value) {
        segment = value;
    }
}
