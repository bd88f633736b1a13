// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.util.concurrent.atomic.AtomicLongArray;
import org.roadhaze.position.TimeFinding;
import org.roadhaze.protocol.FrameResult;

/** What one worker made of its frames. Written by that worker alone, read by anyone. */
public final class FrameCounters {
    private static final FrameResult[] RESULTS = FrameResult.values();
    private static final int FINDINGS = TimeFinding.values().length;

    private final AtomicLongArray frames;
    private final AtomicLongArray positions;
    private final AtomicLongArray fixesAhead;
    private final AtomicLongArray sentAgain;
    private final AtomicLongArray oddTimes;
    private final AtomicLongArray failed;

    FrameCounters(final int protocols) {
        frames = new AtomicLongArray(protocols * RESULTS.length);
        positions = new AtomicLongArray(protocols);
        fixesAhead = new AtomicLongArray(protocols);
        sentAgain = new AtomicLongArray(protocols);
        oddTimes = new AtomicLongArray(protocols * FINDINGS);
        failed = new AtomicLongArray(protocols);
    }

    void decoded(final int protocol, final FrameResult result, final int positionCount) {
        add(frames, protocol * RESULTS.length + result.ordinal(), 1);
        if (positionCount > 0) {
            add(positions, protocol, positionCount);
        }
    }

    void fixAhead(final int protocol) {
        add(fixesAhead, protocol, 1);
    }

    void sentAgain(final int protocol, final int positionCount) {
        if (positionCount > 0) {
            add(sentAgain, protocol, positionCount);
        }
    }

    /** What was found of a fix's time, unless nothing was. */
    void timeFound(final int protocol, final TimeFinding finding) {
        if (finding != TimeFinding.SENSIBLE) {
            add(oddTimes, protocol * FINDINGS + finding.ordinal(), 1);
        }
    }

    void frameFailed(final int protocol) {
        add(failed, protocol, 1);
    }

    private static void add(final AtomicLongArray counters, final int index, final long increment) {
        counters.lazySet(index, counters.getPlain(index) + increment);
    }

    /**
     * Frames of a protocol that had a result.
     *
     * @param protocol its index.
     * @param result   the result.
     * @return how many.
     */
    public long frames(final int protocol, final FrameResult result) {
        return frames.get(protocol * RESULTS.length + result.ordinal());
    }

    public long positions(final int protocol) {
        return positions.get(protocol);
    }

    /**
     * Fixes of a protocol that were minutes ahead of our clock, as {@link org.roadhaze.stage.PlausibilityStage#isAhead}
     * says.
     *
     * @param protocol its index.
     * @return how many.
     */
    public long fixesAhead(final int protocol) {
        return fixesAhead.get(protocol);
    }

    /**
     * Positions of a protocol that their device had sent before: acknowledged again, and not stored again.
     *
     * @param protocol its index.
     * @return how many.
     */
    public long sentAgain(final int protocol) {
        return sentAgain.get(protocol);
    }

    /**
     * Fixes of a protocol of whose time something was found.
     *
     * @param protocol its index.
     * @param finding  what; {@link TimeFinding#SENSIBLE} is not counted.
     * @return how many.
     */
    public long oddTimes(final int protocol, final TimeFinding finding) {
        return oddTimes.get(protocol * FINDINGS + finding.ordinal());
    }

    /**
     * Frames of a protocol at which a stage failed: not persisted, not acknowledged.
     *
     * @param protocol its index.
     * @return how many.
     */
    public long failed(final int protocol) {
        return failed.get(protocol);
    }
}
