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
import org.roadhaze.device.DeviceStates;
import org.roadhaze.position.Position;

/**
 * Puts the records of all devices into the order of their fix times before other steps see them: each waits until event time
 * is {@code late} beyond the end of its second, and then those of the second go, at most {@link Mechanism#MOST_LET_GO_AT_ONCE} in
 * a call. The steps after it live in the time of what it has let go.
 *
 * <p><b>Invariant.</b> What the steps after it see of records that are no more than {@code late} behind the event time at which
 * they come is a function of which records these are: it does not depend on the order in which they came. So whatever these steps
 * keep back of a fleet that reports in order they keep back when the same records come late, twice or mixed up by so much.
 * Records of one time follow each other by a keyed number, which shows nothing of their devices.
 *
 * <p>What comes later than that goes on at once, or behind what is about to go: the buffered records of a tracker that was
 * out of reach are in their order among themselves. The steps after this one drop those that they needed earlier.
 *
 * <p>A clock may be {@value TimedMechanism#MOST_AHEAD_MS} ms ahead; what is further is no fix. Allocates nothing in steady state; a
 * second is sorted in one call.
 */
public final class ReorderBuffer implements TimedMechanism {
    private static final long WINDOW_MS = 1_000;
    private static final int HANDLE_BITS = 24;
    private static final long HANDLE_MASK = (1 << HANDLE_BITS) - 1;
    private static final int TIME_BITS = 10;
    private static final int NUMBER_BITS = Long.SIZE - 1 - HANDLE_BITS - TIME_BITS;
    private static final int INITIAL_RECORDS = 1024;
    /** Of what is to go, that its time has passed. */
    private static final long IS_LATE = Long.MIN_VALUE;
    /** Of what is to go, that it is no record, but the window up to which time has come for those behind it. */
    private static final long IS_TIME = IS_LATE | 1L << (Long.SIZE - 2);
    /** Records of one device, time and place change places so often at most: a flood of them costs no more than others. */
    private static final int MOST_MOVES = 64;

    private final EpochRandom random;
    private final EventWindows windows;
    private final HeldFixes held;
    private final int listCount;
    private final WindowLists lists;
    private final LongSort sort = new LongSort();
    private final LongQueue toGo = new LongQueue();
    /** Of each record its time within the second, its number, and its handle. */
    private long[] sorted = new long[INITIAL_RECORDS];

    private final long[] devicesAhead = new long[DeviceStates.MOST_AHEAD];

    @SuppressWarnings("UnusedVariable") // What is read ahead has to go somewhere, or a compiler leaves the reading out.
    private long read;

    ReorderBuffer(final Parameters parameters, final MechanismContext context) {
        random = context.random(EpochRandom.Use.ORDER);
        windows = new EventWindows(WINDOW_MS, parameters.late().toMillis(), context.sinceMs());
        held = context.heldFixes(parameters.mostHeld());
        listCount = windows.capacity();
        lists = new WindowLists(listCount);
    }

    @Override
    public boolean keepsTime() {
        return true;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final long timeMs = candidate.position().fixTimeMs();
        final long window = windows.windowOf(timeMs);
        final boolean isLate = windows.isClosed(window);
        if (isLate && toGo.isEmpty()) {
            outlet.pass(candidate);
            return;
        }
        if (windows.isTooFarAhead(window)) {
            outlet.suppress(candidate, SuppressionReason.INVALID_FIX);
            return;
        }
        if (!random.hasKey(timeMs)) {
            outlet.suppress(candidate, SuppressionReason.LATE_EPOCHS);
            return;
        }
        final int handle = held.hold(candidate);
        if (handle == HeldFixes.NONE) {
            outlet.suppress(candidate, SuppressionReason.MEMORY);
        } else if (isLate) {
            // What comes late finds the steps after this one at the same time, however much of what is before it has
            // gone yet.
            toGo.add(IS_TIME | windows.firstOpen());
            toGo.add(IS_LATE | handle);
        } else {
            final Position position = candidate.position();
            final long place = (long) position.latitudeE7() << Integer.SIZE | (position.longitudeE7() & 0xFFFF_FFFFL);
            final long number = random.bits(timeMs, position.deviceId(), place) >>> (Long.SIZE - NUMBER_BITS);
            final long order = (timeMs - windows.startMs(window)) << NUMBER_BITS | number;
            lists.add(Math.floorMod(window, listCount), order << HANDLE_BITS | handle);
        }
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
            if (i % DeviceStates.MOST_AHEAD == 0) {
                readAhead(outlet);
            }
            letGo(outlet);
        }
        if (toGo.isEmpty()) {
            outlet.advanceTo(windows.startMs(windows.firstOpen()));
        }
    }

    /** What goes next is known, and is of as many devices. */
    private void readAhead(final Outlet outlet) {
        final int next = Math.min(toGo.size(), DeviceStates.MOST_AHEAD);
        int devices = 0;
        for (int i = 0; i < next; i++) {
            final long one = toGo.get(i);
            if ((one & IS_TIME) != IS_TIME) {
                devicesAhead[devices++] = held.deviceId((int) (one & HANDLE_MASK));
            }
        }
        if (devices > 1) {
            read += outlet.readAhead(devicesAhead, devices);
        }
    }

    private void letGo(final Outlet outlet) {
        final long first = toGo.remove();
        if ((first & IS_TIME) == IS_TIME) {
            outlet.advanceTo(windows.startMs(first & ~IS_TIME));
            return;
        }
        final int handle = (int) (first & HANDLE_MASK);
        if (first >= 0) {
            outlet.advanceTo(held.fixTimeMs(handle));
        }
        final Candidate candidate = held.load(handle);
        held.free(handle);
        outlet.pass(candidate);
    }

    private void close(final int list) {
        final int records = lists.size(list);
        if (records == 0) {
            return;
        }
        if (records > sorted.length) {
            sorted = new long[Math.max(records, 2 * sorted.length)];
        }
        lists.drain(list, sorted);
        sorted = sort.sort(sorted, records, HANDLE_BITS, Long.SIZE - 1);
        for (int i = 1; i < records; i++) {
            if (sorted[i] >>> HANDLE_BITS == sorted[i - 1] >>> HANDLE_BITS) {
                moveDown(i); // Of one device, time and place, or with the same number by chance: few, if any.
            }
        }
        toGo.addAll(sorted, records);
    }

    private void moveDown(final int from) {
        final long moved = sorted[from];
        int to = from;
        while (to > 0
                && from - to < MOST_MOVES
                && moved >>> HANDLE_BITS == sorted[to - 1] >>> HANDLE_BITS
                && held.compare((int) (moved & HANDLE_MASK), (int) (sorted[to - 1] & HANDLE_MASK)) < 0) {
            sorted[to] = sorted[to - 1];
            to--;
        }
        sorted[to] = moved;
    }

    /**
     * How late records may come and still be put into their order.
     *
     * @param late     behind the event time, in [1 s, 10 min].
     * @param mostHeld how many records are held at most, in [1000, 10000000].
     */
    public record Parameters(Duration late, int mostHeld) implements MechanismParameters {
        static final Duration LEAST_LATE = Duration.ofSeconds(1);
        static final Duration MOST_LATE = Duration.ofMinutes(10);
        static final int LEAST_HELD = 1_000;
        static final int MOST_HELD = 10_000_000;

        /** Refuses what is out of range. */
        public Parameters {
            Ranges.check("late", late, LEAST_LATE, MOST_LATE);
            Ranges.check("most-held", mostHeld, LEAST_HELD, MOST_HELD);
        }

        static Parameters read(final ConfigMap map) {
            return new Parameters(
                    map.duration("late", LEAST_LATE, MOST_LATE, Duration.ofSeconds(30)),
                    map.integer("most-held", LEAST_HELD, MOST_HELD, 1_000_000));
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new ReorderBuffer(this, context);
        }

        @Override
        public String effect() {
            return "by the time of the fix, where a record comes up to " + Ranges.text(late) + " late";
        }

        @Override
        public String canonical() {
            return "reorder late=" + late.toMillis() + "ms most-held=" + mostHeld;
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
            return late.plusMillis(WINDOW_MS);
        }
    }
}
