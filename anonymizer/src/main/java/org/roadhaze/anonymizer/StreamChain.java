// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;

/**
 * Everything that stands between a position and one stream: positions that are no usable fix end here, whether or not
 * someone has judged them before; the others go through the stream's mechanisms in their order, and what passes the last
 * one is released.
 *
 * <p>One worker offers; the counters may be read by any thread. In steady state nothing is allocated.
 */
public final class StreamChain {
    private static final SuppressionReason[] REASONS = SuppressionReason.values();
    /** Counters of one writer share a cache line with nothing of anyone else. */
    private static final int PADDING = 8;

    private static final int OFFERED = PADDING;
    private static final int PUBLISHED = PADDING + 1;
    private static final int SUPPRESSED = PADDING + 2;

    private final String stream;
    private final DisclosureLedger ledger;
    private final Outlet first;
    private final Candidate candidate = new Candidate();
    private final AtomicLongArray counts = new AtomicLongArray(SUPPRESSED + REASONS.length + PADDING);
    private ReleaseSink sink;
    private boolean isCounting = true;
    /** Null but while a chain is rebuilt, and as long after as what it holds may have left already. */
    private ReleaseGate gate;

    private long gateUntilMs;
    private final EventTime time = new EventTime();

    /**
     * Builds a chain.
     *
     * @param stream     name of the stream.
     * @param mechanisms its mechanisms in the order in which they compose; this chain alone uses them.
     */
    public StreamChain(final String stream, final List<Mechanism> mechanisms) {
        this(stream, mechanisms, DisclosureLedger.NONE);
    }

    /**
     * Builds a chain that keeps account of what it lets out.
     *
     * @param stream     name of the stream.
     * @param mechanisms its mechanisms in the order in which they compose; this chain alone uses them.
     * @param ledger     told of every release; this chain's alone.
     */
    public StreamChain(final String stream, final List<Mechanism> mechanisms, final DisclosureLedger ledger) {
        this.ledger = ledger;
        this.stream = stream;
        Outlet next = new Outlet(null, null);
        for (int i = mechanisms.size() - 1; i >= 0; i--) {
            next = new Outlet(mechanisms.get(i), next);
        }
        first = next;
    }

    public String stream() {
        return stream;
    }

    /**
     * Takes a position to the stream.
     *
     * @param position    the position, with its received time; valid only during the call. Gets the faults that
     *                    {@link Plausibility} finds in it.
     * @param releaseSink where a release goes, during the call.
     */
    public void offer(final Position position, final ReleaseSink releaseSink) {
        count(OFFERED);
        final SuppressionReason unusable = unusable(position);
        if (unusable != null) {
            count(suppressedCounter(unusable));
            return;
        }
        time.moveTo(position.receivedTimeMs());
        time.came(position.fixTimeMs(), position.receivedTimeMs());
        sink = releaseSink;
        try {
            first.advanceTo(time.eventTimeMs());
            first.pass(candidate.reset(position));
        } finally {
            sink = null; // Whoever held a candidate back may not let it out into what another call writes.
            candidate.clear();
        }
    }

    /**
     * Lets time pass while no position comes: what waited for it is released or suppressed. Does nothing before the first
     * position.
     *
     * @param nowMs       the engine's clock, milliseconds since 1970-01-01 UTC.
     * @param releaseSink where releases go, during the call.
     */
    public void advanceTo(final long nowMs, final ReleaseSink releaseSink) {
        if (time.eventTimeMs() == EventTime.NO_TIME) {
            return;
        }
        time.moveTo(nowMs);
        sink = releaseSink;
        try {
            first.advanceTo(time.eventTimeMs());
        } finally {
            sink = null;
        }
    }

    /**
     * Whether more would go, were {@link #advanceTo} called again with the same time.
     *
     * @return false when nothing waits for its turn.
     */
    public boolean isLettingGo() {
        boolean letting = false;
        for (Outlet at = first.firstTimed; at != null; at = at.next.firstTimed) {
            letting |= at.timed.isLettingGo();
        }
        return letting;
    }

    /**
     * How far the time of the records has come.
     *
     * @return milliseconds since 1970-01-01 UTC; {@link Long#MIN_VALUE} before the first position.
     */
    public long eventTimeMs() {
        return time.eventTimeMs();
    }

    /**
     * How far the time of the records was at the end of the last minute of the engine's clock that is over and in which a position
     * came. Any thread's.
     *
     * @return null before the first.
     */
    public EventTimeMark timeMark() {
        return time.mark();
    }

    /**
     * Goes on from where another chain was. Before anything is offered.
     *
     * @param mark the other's {@link #timeMark}; nothing came to the other between then and what comes to this one.
     */
    public void startAt(final EventTimeMark mark) {
        time.startAt(mark);
    }

    /**
     * From now on the chain is given again what another was given that died: none of it is counted, since the other has, and what it
     * lets out leaves only as the gate says.
     *
     * @param asked before each release.
     */
    public void beginRebuilding(final ReleaseGate asked) {
        isCounting = false;
        gate = asked;
        gateUntilMs = Long.MAX_VALUE;
    }

    /**
     * From now on positions are new, and counted; what the gate keeps back, as {@link SuppressionReason#LEFT_BEFORE}.
     *
     * @param asked   null; or, when the chain holds what may have left already, asked before each release as before.
     * @param untilMs until when, by the engine's clock, milliseconds since 1970-01-01 UTC.
     */
    public void endRebuilding(final ReleaseGate asked, final long untilMs) {
        isCounting = true;
        gate = asked;
        gateUntilMs = untilMs;
    }

    /**
     * Whether a gate is asked before each release.
     *
     * @return false in steady state.
     */
    public boolean isGated() {
        return gate != null;
    }

    private boolean isKeptBack(final Candidate passed) {
        if (time.engineTimeMs() > gateUntilMs) {
            gate = null;
            return false;
        }
        return !gate.mayLeave(passed.release());
    }

    /** Positions offered so far. */
    public long offered() {
        return counts.getOpaque(OFFERED);
    }

    /** Records released so far. */
    public long published() {
        return counts.getOpaque(PUBLISHED);
    }

    /**
     * Positions suppressed so far.
     *
     * @param reason for which reason.
     * @return the count.
     */
    public long suppressed(final SuppressionReason reason) {
        return counts.getOpaque(suppressedCounter(reason));
    }

    private static SuppressionReason unusable(final Position position) {
        Plausibility.judge(position);
        final int faults = position.faults();
        if ((faults & Position.FAULT_NO_FIX) != 0) {
            return SuppressionReason.NO_FIX;
        }
        return faults != 0 ? SuppressionReason.INVALID_FIX : null;
    }

    @SuppressWarnings(
            "EnumOrdinal") // Counters are written nowhere: a reason may have another place in the next version.
    private static int suppressedCounter(final SuppressionReason reason) {
        return SUPPRESSED + reason.ordinal();
    }

    private void count(final int index) {
        if (!isCounting) {
            return;
        }
        counts.setOpaque(index, counts.getPlain(index) + 1);
    }

    /** The way into one mechanism, or out of the chain after the last. */
    private final class Outlet implements Mechanism.Outlet {
        private final Mechanism mechanism;
        private final Outlet next;
        /** Its mechanism, when that is told the time, or null. */
        private final TimedMechanism timed;
        /** The first from here on whose mechanism is told the time, or null. */
        private final Outlet firstTimed;

        private final boolean keepsTime;
        /** The first from here on whose mechanism follows tracks, or null. */
        private final Outlet follower;

        Outlet(final Mechanism mechanism, final Outlet next) {
            this.mechanism = mechanism;
            this.next = next;
            timed = mechanism instanceof TimedMechanism told ? told : null;
            keepsTime = timed != null && timed.keepsTime();
            final Outlet laterTimed = next == null ? null : next.firstTimed;
            firstTimed = timed != null ? this : laterTimed;
            final Outlet laterFollower = next == null ? null : next.follower;
            follower = mechanism != null && mechanism.followsTracks() ? this : laterFollower;
        }

        @Override
        public void pass(final Candidate passed) {
            if (mechanism != null) {
                mechanism.accept(passed, next);
            } else if (gate != null && isKeptBack(passed)) {
                suppress(passed, SuppressionReason.LEFT_BEFORE);
            } else {
                count(PUBLISHED);
                ledger.released(passed, time.engineTimeMs());
                try {
                    if (passed == candidate) {
                        sink.release(passed.release());
                    } else {
                        sink.releaseHeld(passed.release());
                    }
                } finally {
                    passed.release().clear(); // One that was held keeps its device until the next, not its pseudonym.
                }
            }
        }

        @Override
        public void advanceTo(final long timeMs) {
            if (firstTimed != null) {
                firstTimed.tell(timeMs);
            }
        }

        @Override
        public long readAhead(final long[] deviceIds, final int count) {
            long read = 0;
            for (Outlet one = this; one.mechanism != null; one = one.next) {
                read += one.mechanism.readAhead(deviceIds, count);
            }
            return read;
        }

        /** Last steps first: what an earlier one lets go finds the later ones in the present. */
        private void tell(final long timeMs) {
            if (!keepsTime) {
                next.advanceTo(timeMs);
            }
            timed.advanceTo(timeMs, next);
        }

        @Override
        public void suppress(final Candidate suppressed, final SuppressionReason reason) {
            count(suppressedCounter(reason));
            if (suppressed != null) {
                for (Outlet one = follower; one != null; one = one.next.follower) {
                    if (reason.isOfPlace()) {
                        one.mechanism.observe(suppressed, one.next);
                    } else if (reason.isLoss()) {
                        one.mechanism.miss(suppressed);
                    }
                }
                suppressed.release().clear();
            }
        }
    }
}
