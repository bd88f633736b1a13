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
    private int crowd;
    private int stopDistanceCm;
    private double epsilon;

    /**
     * Starts with another position and an empty release.
     *
     * @param raw the position; not copied.
     * @return this.
     */
    public Candidate reset(final Position raw) {
        position = raw;
        forget();
        return this;
    }

    /** Forgets both sides: a device and its pseudonym stay together no longer than the call that joins them. */
    void clear() {
        position = null;
        forget();
    }

    private void forget() {
        segment = NO_SEGMENT;
        crowd = 0;
        stopDistanceCm = 0;
        epsilon = 0;
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

    /**
     * How many devices share the place and time that leave.
     *
     * @return the count, its own device included; 0 when no step counts.
     */
    public int crowd() {
        return crowd;
    }

    public void crowd(final int devices) {
        crowd = devices;
    }

    /**
     * The way driven between this fix and the stop nearest to it, as far as it is known.
     *
     * @return centimetres; 0 when no step follows trips.
     */
    public int stopDistanceCm() {
        return stopDistanceCm;
    }

    public void stopDistanceCm(final int cm) {
        stopDistanceCm = cm;
    }

    /**
     * What letting this out spends of the device's budget; of an aggregate, of that of each device that can be in it, at most,
     * since the aggregate before.
     *
     * @return epsilon; 0 when no step has a budget, or this costs nothing.
     */
    public double epsilon() {
        return epsilon;
    }

    public void epsilon(final double spent) {
        epsilon = spent;
    }
}
