// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.HeldFixes;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.position.Position;

/**
 * Lets the records of all devices that have the same rounded time leave together, in an order that says nothing: a record waits
 * until its step of time is over and late ones have had their time, and then those of the step go in the order of a keyed number
 * that each has, at most {@link Mechanism#MOST_LET_GO_AT_ONCE} in a call. What comes after that does not leave: alone, it would
 * be known for a late one, and a backlog for one device's.
 *
 * <p><b>Invariant.</b> The order is a function of which records there are in a step: it does not depend on the order in which
 * they came. The number is SipHash of device, fix time and place under a key of the day, so to who has no key all orders are
 * as likely.
 *
 * <p>Nothing is hidden of how many records a step has, nor what their places and attributes tell: a track that goes on from cell
 * to cell can be followed from step to step.
 *
 * <p>A step is sorted in one call, without a look at what is held: that lies far apart in memory.
 */
public final class TimeShuffle implements TimedMechanism {
    private static final int HANDLE_BITS = 24;
    private static final long HANDLE_MASK = (1 << HANDLE_BITS) - 1;
    private static final int INITIAL_RECORDS = 1024;

    private final EpochRandom random;
    private final EventWindows windows;
    private final HeldFixes held;
    private final int listCount;
    private final WindowLists lists;
    private final LongSort sort = new LongSort();
    /** Of each record its number, and its handle. */
    private long[] sorted = new long[INITIAL_RECORDS];

    private final LongQueue toGo = new LongQueue();

    TimeShuffle(final Parameters parameters, final MechanismContext context) {
        random = context.random(EpochRandom.Use.ORDER);
        windows =
                new EventWindows(parameters.step().toMillis(), parameters.late().toMillis(), context.sinceMs());
        held = context.heldFixes(parameters.mostHeld());
        listCount = windows.capacity();
        lists = new WindowLists(listCount);
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final Position position = candidate.position();
        final long window = windows.windowOf(position.fixTimeMs());
        if (windows.isClosed(window)) {
            outlet.suppress(candidate, SuppressionReason.LATE);
            return;
        }
        if (windows.isTooFarAhead(window)) {
            outlet.suppress(candidate, SuppressionReason.INVALID_FIX);
            return;
        }
        if (!random.hasKey(position.fixTimeMs())) {
            outlet.suppress(candidate, SuppressionReason.LATE_EPOCHS);
            return;
        }
        final int handle = held.hold(candidate);
        if (handle == HeldFixes.NONE) {
            outlet.suppress(candidate, SuppressionReason.MEMORY);
            return;
        }
        final long place = (long) position.latitudeE7() << Integer.SIZE | (position.longitudeE7() & 0xFFFF_FFFFL);
        final long number = random.bits(position.fixTimeMs(), position.deviceId(), place) >>> (HANDLE_BITS + 1);
        lists.add(Math.floorMod(window, listCount), number << HANDLE_BITS | handle);
    }

    @Override
    public boolean isLettingGo() {
        return !toGo.isEmpty();
    }

    @Override
    public void advanceTo(final long eventTimeMs, final Outlet outlet) {
        final long before = windows.firstOpen();
        if (windows.advanceTo(eventTimeMs)) {
            for (long window = before; window < windows.closedBelow(before); window++) {
                close(Math.floorMod(window, listCount));
            }
        }
        for (int i = 0; i < MOST_LET_GO_AT_ONCE && !toGo.isEmpty(); i++) {
            final int handle = (int) (toGo.remove() & HANDLE_MASK);
            final Candidate candidate = held.load(handle);
            held.free(handle);
            outlet.pass(candidate);
        }
    }

    private void close(final int list) {
        final int records = lists.size(list);
        if (records == 0) {
            return;
        }
        if (records > sorted.length) {
            sorted = new long[records + records / 4]; // Steps are much alike.
        }
        lists.drain(list, sorted);
        sorted = sort.sort(sorted, records, HANDLE_BITS, Long.SIZE - 1);
        toGo.addAll(sorted, records);
    }

    /**
     * What leaves together.
     *
     * @param step     of the rounded time, in [1 s, 24 h].
     * @param late     how long after its end a step waits for late records, in [0 s, 24 h].
     * @param mostHeld how many records are held at most, in [1000, 10000000].
     */
    public record Parameters(Duration step, Duration late, int mostHeld) implements MechanismParameters {
        static final Duration SHORTEST_STEP = Duration.ofSeconds(1);
        static final Duration LONGEST_STEP = Duration.ofHours(24);
        static final Duration MOST_LATE = Duration.ofHours(24);
        static final int LEAST_HELD = 1_000;
        static final int MOST_HELD = 10_000_000;

        /** Refuses what is out of range. */
        public Parameters {
            Ranges.check("round", step, SHORTEST_STEP, LONGEST_STEP);
            Ranges.check("late", late, Duration.ZERO, MOST_LATE);
            Ranges.check("most-held", mostHeld, LEAST_HELD, MOST_HELD);
        }

        static Parameters read(final ConfigMap map) {
            final ConfigMap shuffle = map.map("shuffle");
            return new Parameters(
                    map.duration("round", SHORTEST_STEP, LONGEST_STEP),
                    shuffle.duration("late", Duration.ZERO, MOST_LATE, Duration.ofMinutes(1)),
                    shuffle.integer("most-held", LEAST_HELD, MOST_HELD, 1_000_000));
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new TimeShuffle(this, context);
        }

        @Override
        public String effect() {
            return "mixed: what all devices sent of the same " + Ranges.text(step)
                    + " leaves together, in a random order that shows nothing of who sent what";
        }

        @Override
        public String canonical() {
            return "shuffle step=" + step.toMillis() + "ms late=" + late.toMillis() + "ms most-held=" + mostHeld;
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.BY_RECORD;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("deviceId", "fixTime", "place");
        }

        @Override
        public Duration holdsBack() {
            return step.plus(late);
        }

        @Override
        public boolean needsWholeFleet() {
            return true;
        }

        @Override
        public boolean mixesRecords() {
            return true;
        }
    }
}
