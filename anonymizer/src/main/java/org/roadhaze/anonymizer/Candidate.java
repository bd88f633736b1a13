// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import org.roadhaze.position.Position;

/**
 * One position on its way through the chain of one stream: the raw position on one side, what may leave of it on the
 * other. Mechanisms read the one and write the other; only the {@link Release} goes on to the stream.
 */
public final class Candidate {
    private final Release release = new Release();
    private Position position;

    /**
     * Starts with another position and an empty release.
     *
     * @param raw the position; not copied.
     * @return this.
     */
    public Candidate reset(final Position raw) {
        position = raw;
        release.clear();
        return this;
    }

    /** Forgets both sides: a device and its pseudonym stay together no longer than the call that joins them. */
    void clear() {
        position = null;
        release.clear();
    }

    public Position position() {
        return position;
    }

    public Release release() {
        return release;
    }
}
