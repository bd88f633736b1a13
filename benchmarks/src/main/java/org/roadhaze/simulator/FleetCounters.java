// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a fleet has done so far. Written by its loop, read by anyone; each figure is up to date for itself.
 */
public final class FleetCounters {
    private final AtomicLong connected = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();
    private final AtomicLong recordsSent = new AtomicLong();
    private final AtomicLong recordsAcknowledged = new AtomicLong();
    private final AtomicLong devicesServed = new AtomicLong();
    private final AtomicLong reconnects = new AtomicLong();
    private final AtomicLong resends = new AtomicLong();
    private final AtomicLong refusedLogins = new AtomicLong();
    private final AtomicLong refusedFrames = new AtomicLong();
    private final AtomicLong recordsNotSent = new AtomicLong();

    FleetCounters() {}

    /** The loop is the only writer, so that no locked instruction is needed. */
    private static void add(final AtomicLong counter, final long delta) {
        counter.setRelease(counter.getPlain() + delta);
    }

    void connected(final int delta) {
        add(connected, delta);
    }

    void sent(final int records) {
        add(framesSent, 1);
        add(recordsSent, records);
    }

    void acknowledged(final int records) {
        add(recordsAcknowledged, records);
    }

    void served() {
        add(devicesServed, 1);
    }

    void reconnected() {
        add(reconnects, 1);
    }

    void resent() {
        add(resends, 1);
    }

    void refusedLogin() {
        add(refusedLogins, 1);
    }

    void notSent(final long records) {
        add(recordsNotSent, records);
    }

    void refusedFrame() {
        add(refusedFrames, 1);
    }

    /**
     * Devices that are welcome at the target now.
     *
     * @return how many.
     */
    public long connected() {
        return connected.getAcquire();
    }

    /**
     * Devices that have been acknowledged something.
     *
     * @return how many.
     */
    public long devicesServed() {
        return devicesServed.getAcquire();
    }

    /**
     * Frames sent, each once, however often it was sent again.
     *
     * @return how many.
     */
    public long framesSent() {
        return framesSent.getAcquire();
    }

    /**
     * Records in {@link #framesSent}.
     *
     * @return how many.
     */
    public long recordsSent() {
        return recordsSent.getAcquire();
    }

    /**
     * Records that were planned, since a rate was given, and whose turn never came: their devices were still waiting for
     * the acknowledgement of earlier ones. Known at the end.
     *
     * @return how many.
     */
    public long recordsNotSent() {
        return recordsNotSent.getAcquire();
    }

    /**
     * Records that the target promised to keep, each once.
     *
     * @return how many.
     */
    public long recordsAcknowledged() {
        return recordsAcknowledged.getAcquire();
    }

    /**
     * Connections after the first of a device.
     *
     * @return how many.
     */
    public long reconnects() {
        return reconnects.getAcquire();
    }

    /**
     * Frames sent again, each time counted.
     *
     * @return how many.
     */
    public long resends() {
        return resends.getAcquire();
    }

    /**
     * Logins that the target answered with no.
     *
     * @return how many.
     */
    public long refusedLogins() {
        return refusedLogins.getAcquire();
    }

    /**
     * Frames of which the target acknowledged another number of records than they had.
     *
     * @return how many.
     */
    public long refusedFrames() {
        return refusedFrames.getAcquire();
    }
}
