// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.util.concurrent.atomic.LongAdder;

/** What happened at one listener before the ring. Written by event loops, read by anyone. */
public final class ListenerCounters {
    private final LongAdder connectionsOpened = new LongAdder();
    private final LongAdder connectionsClosed = new LongAdder();
    private final LongAdder uncuttable = new LongAdder();
    private final LongAdder oversize = new LongAdder();
    private final LongAdder datagramsDropped = new LongAdder();
    private final LongAdder acknowledgementsDropped = new LongAdder();
    private final LongAdder stalls = new LongAdder();
    private final LongAdder lateStalls = new LongAdder();
    private final LongAdder tooMany = new LongAdder();
    private final LongAdder withoutLogin = new LongAdder();
    private final LongAdder slowFrames = new LongAdder();
    private final LongAdder silent = new LongAdder();
    private final LongAdder replaced = new LongAdder();
    private final LongAdder poisoned = new LongAdder();
    private final LongAdder wrongSums = new LongAdder();
    private final LongAdder quarantined = new LongAdder();
    private final LongAdder socketErrors = new LongAdder();

    void connectionOpened() {
        connectionsOpened.increment();
    }

    void connectionClosed() {
        connectionsClosed.increment();
    }

    void uncuttable() {
        uncuttable.increment();
    }

    void oversize() {
        oversize.increment();
    }

    void datagramDropped() {
        datagramsDropped.increment();
    }

    void acknowledgementDropped() {
        acknowledgementsDropped.increment();
    }

    void refusedConnection() {
        tooMany.increment();
    }

    void withoutLogin() {
        withoutLogin.increment();
    }

    void slowFrame() {
        slowFrames.increment();
    }

    void silent() {
        silent.increment();
    }

    void replaced() {
        replaced.increment();
    }

    void poisoned() {
        poisoned.increment();
    }

    void wrongSums() {
        wrongSums.increment();
    }

    void quarantined() {
        quarantined.increment();
    }

    void stall() {
        stalls.increment();
    }

    void lateStall() {
        lateStalls.increment();
    }

    void socketError() {
        socketErrors.increment();
    }

    public long connectionsOpened() {
        return connectionsOpened.sum();
    }

    /**
     * Connections that are open now.
     *
     * @return how many.
     */
    public long connections() {
        return connectionsOpened.sum() - connectionsClosed.sum();
    }

    /**
     * Connections closed (and empty datagrams dropped) since no frame of the protocol could begin where one should.
     *
     * @return how many.
     */
    public long uncuttableFrames() {
        return uncuttable.sum();
    }

    /**
     * Connections closed (and datagrams dropped) since a frame was longer than the protocol allows.
     *
     * @return how many.
     */
    public long oversizeFrames() {
        return oversize.sum();
    }

    /**
     * Datagrams that found the ring full: not acknowledged, so the device sends them again.
     *
     * @return how many.
     */
    public long datagramsDropped() {
        return datagramsDropped.sum();
    }

    /**
     * Acknowledgements of datagrams that the network did not take: the devices send those frames again.
     *
     * @return how many.
     */
    public long acknowledgementsDropped() {
        return acknowledgementsDropped.sum();
    }

    /**
     * Connections closed at once since there were too many, in all or from their address.
     *
     * @return how many.
     */
    public long tooManyConnections() {
        return tooMany.sum();
    }

    /**
     * Connections closed since their device did not say in time who it is.
     *
     * @return how many.
     */
    public long connectionsWithoutLogin() {
        return withoutLogin.sum();
    }

    /**
     * Connections closed since a frame that was begun was not complete in time.
     *
     * @return how many.
     */
    public long slowFrames() {
        return slowFrames.sum();
    }

    /**
     * Connections closed since nothing was heard for too long: half open, or of a device that sleeps.
     *
     * @return how many.
     */
    public long silentConnections() {
        return silent.sum();
    }

    /**
     * Connections closed since their device logged in on another one. Some are a device's daily life, which notices sooner
     * than we do that it lost its connection; many, again and again, are two that claim to be the same device.
     *
     * @return how many.
     */
    public long replacedConnections() {
        return replaced.sum();
    }

    /**
     * Connections closed at a frame at which a decoder, a stage or a chain threw.
     *
     * @return how many.
     */
    public long poisonedConnections() {
        return poisoned.sum();
    }

    /**
     * Connections closed after too many wrong check sums in a row.
     *
     * @return how many.
     */
    public long wrongSumConnections() {
        return wrongSums.sum();
    }

    /**
     * Connections closed, and datagrams dropped, since their device or address is in {@linkplain QuarantineOptions
     * quarantine}: nothing of them was looked at, and nothing acknowledged.
     *
     * @return how many.
     */
    public long inQuarantine() {
        return quarantined.sum();
    }

    /**
     * How often a connection's bytes were left in its socket, since the ring was full.
     *
     * @return how many times.
     */
    public long stalls() {
        return stalls.sum();
    }

    /**
     * How often the bytes of a connection that sends what it had kept were left in its socket, since enough of such frames, or
     * of any, were on their way.
     *
     * @return how many times.
     */
    public long lateStalls() {
        return lateStalls.sum();
    }

    /**
     * What went wrong with sockets: connections that were reset, answers that could not be sent.
     *
     * @return how many times.
     */
    public long socketErrors() {
        return socketErrors.sum();
    }
}
