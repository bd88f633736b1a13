// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.HeldFixes;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;

/**
 * Lets a record out in the finest cell of a ladder in which it has a crowd: records of at least k devices that leave in the
 * same cell and window of time (after Casper: Mokbel, Chow, Aref 2006). See {@link CrowdLevels} for which cell that is. Every
 * record waits until its window is closed, since only then its crowd is known; the records of a window leave in a keyed random
 * order, so that neither their order nor their neighbours tell of a device, and at most
 * {@link Mechanism#MOST_LET_GO_AT_ONCE} in a call. What comes after its window was closed does not leave.
 *
 * <p>A window is judged in one call: some 100 ns a record of it.
 */
public final class CrowdLadder implements TimedMechanism {
    private static final int HANDLE_BITS = 24;
    private static final int HANDLE_MASK = (1 << HANDLE_BITS) - 1;
    private static final int RANK_BITS = 37;
    private static final int INITIAL_RECORDS = 1024;
    private static final int LEVEL_BITS = 4;
    private static final int LEVEL_MASK = (1 << LEVEL_BITS) - 1;
    private static final int KEPT_BACK = 0;

    private final EpochRandom random;
    private final EventWindows windows;
    private final HeldFixes held;
    private final int listCount;
    private final WindowLists lists;
    private final CrowdLevels levels;
    private final DeviceNumbers numbers;
    private final LongSort sort = new LongSort();
    private final boolean publishesCell;
    private final boolean publishesCentre;
    /** Of each record where its cell of the finest level stands among all, and its handle. */
    private long[] sorted = new long[INITIAL_RECORDS];

    private int[] handles = new int[INITIAL_RECORDS];
    private int[] devices = new int[INITIAL_RECORDS];
    /** Handles, and for each the verdict of it. */
    private final LongQueue toGo = new LongQueue();

    CrowdLadder(final Parameters parameters, final MechanismContext context) {
        random = context.random(EpochRandom.Use.COUNTS);
        windows = new EventWindows(
                parameters.window().toMillis(), parameters.late().toMillis(), context.sinceMs());
        listCount = windows.capacity();
        lists = new WindowLists(listCount);
        held = context.heldFixes(parameters.mostHeld());
        numbers = new DeviceNumbers(parameters.mostHeld());
        levels = new CrowdLevels(parameters.levels(), parameters.k());
        publishesCell = parameters.publish() != PlaceCell.Publish.CENTRE;
        publishesCentre = parameters.publish() != PlaceCell.Publish.CELL;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final long window = windows.windowOf(candidate.position().fixTimeMs());
        if (windows.isClosed(window)) {
            outlet.suppress(candidate, SuppressionReason.LATE);
            return;
        }
        if (windows.isTooFarAhead(window)) {
            outlet.suppress(candidate, SuppressionReason.INVALID_FIX);
            return;
        }
        final int handle = held.hold(candidate);
        if (handle == HeldFixes.NONE) {
            outlet.suppress(candidate, SuppressionReason.MEMORY);
            return;
        }
        final long rank = LadderGrid.rank(finest(candidate));
        lists.add(Math.floorMod(window, listCount), rank << HANDLE_BITS | handle);
    }

    private static long finest(final Candidate candidate) {
        return LadderGrid.cellOf(
                candidate.position().latitudeE7(), candidate.position().longitudeE7(), 0);
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
                close(window);
            }
        }
        for (int i = 0; i < MOST_LET_GO_AT_ONCE && !toGo.isEmpty(); i++) {
            letGo(outlet);
        }
    }

    private void letGo(final Outlet outlet) {
        final long first = toGo.remove();
        final int handle = (int) (first >>> Integer.SIZE);
        final int verdict = (int) first;
        final Candidate candidate = held.load(handle);
        held.free(handle);
        if (verdict == KEPT_BACK) {
            outlet.suppress(candidate, SuppressionReason.CROWD);
            return;
        }
        final long cell = LadderGrid.parent(finest(candidate), verdict & LEVEL_MASK);
        if (publishesCell) {
            candidate.release().cell(cell);
        }
        if (publishesCentre) {
            candidate.release().coordinates(LadderGrid.centreLatitudeE7(cell), LadderGrid.centreLongitudeE7(cell));
        }
        candidate.crowd(verdict >>> LEVEL_BITS);
        outlet.pass(candidate);
    }

    private void close(final long window) {
        final int list = Math.floorMod(window, listCount);
        final int records = lists.size(list);
        if (records == 0) {
            return;
        }
        makeRoom(records);
        lists.drain(list, sorted);
        sorted = sort.sort(sorted, records, HANDLE_BITS, HANDLE_BITS + RANK_BITS);
        for (int i = 0; i < records; i++) {
            // Looks at each held record once: they lie far apart in memory.
            handles[i] = (int) sorted[i] & HANDLE_MASK;
            devices[i] = numbers.of(held.deviceId(handles[i]));
            sorted[i] >>>= HANDLE_BITS;
        }
        levels.assign(sorted, devices, records, numbers.size());
        numbers.clear();
        mix(window, records);
    }

    /** Windows are much alike, so that a quarter more is enough for the next. */
    private void makeRoom(final int records) {
        if (records > sorted.length) {
            final int length = records + records / 4;
            sorted = new long[length];
            handles = new int[length];
            devices = new int[length];
        }
    }

    /** Lets the records of a window wait to go, in a random order; those without a key for it are kept back. */
    private void mix(final long window, final int records) {
        final long startMs = windows.startMs(window);
        final boolean hasKey = random.hasKey(startMs);
        for (int i = 0; i < records; i++) {
            // Each takes a place among those before it, and who had that place the last. The sorted cells are not
            // needed any more.
            final int other = hasKey ? (int) Math.multiplyHigh(random.bits(startMs, window, i) >>> 1, 2L * (i + 1)) : i;
            sorted[i] = sorted[other];
            sorted[other] = ((long) handles[i] << Integer.SIZE) | (hasKey ? verdict(i) : KEPT_BACK);
        }
        toGo.addAll(sorted, records);
    }

    private int verdict(final int record) {
        final int level = levels.level(record);
        return level == CrowdLevels.KEPT_BACK ? KEPT_BACK : (levels.crowd(record) << LEVEL_BITS) | level;
    }

    /** What is counted. */
    public enum Count {
        /** Devices. */
        DEVICE
    }

    /**
     * How large a crowd, and where it is looked for.
     *
     * @param k        how many devices, in [2, 10000].
     * @param window   how long, in [1 s, 24 h].
     * @param ladder   widths of the cells in metres: some of 125, 250, 500 ... 16000, ascending.
     * @param late     how long after its end a window waits for late records, in [0 s, 24 h].
     * @param publish  what leaves of the cell.
     * @param count    whose number k is.
     * @param mostHeld how many records are held at most, in [1000, 10000000].
     */
    public record Parameters(
            int k,
            Duration window,
            List<Integer> ladder,
            Duration late,
            PlaceCell.Publish publish,
            Count count,
            int mostHeld)
            implements MechanismParameters {
        static final int LEAST_K = 2;
        static final int MOST_K = 10_000;
        static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
        static final Duration LONGEST_WINDOW = Duration.ofHours(24);
        static final Duration MOST_LATE = Duration.ofHours(24);
        static final int LEAST_HELD = 1_000;
        static final int MOST_HELD = 10_000_000;
        private static final List<Integer> LADDER = List.of(125, 250, 500, 1_000, 2_000, 4_000, 8_000);
        private static final String LADDER_ALLOWED = "some of 125m, 250m, 500m, 1km, 2km, 4km, 8km, 16km, ascending";

        /** Refuses values out of their ranges. */
        public Parameters {
            ladder = List.copyOf(ladder);
            Ranges.check("k", k, LEAST_K, MOST_K);
            Ranges.check("window", window, SHORTEST_WINDOW, LONGEST_WINDOW);
            Ranges.check("late", late, Duration.ZERO, MOST_LATE);
            Ranges.check("most-held", mostHeld, LEAST_HELD, MOST_HELD);
            if (!isLadder(ladder)) {
                throw new IllegalArgumentException("ladder: found " + ladder + ", allowed " + LADDER_ALLOWED);
            }
        }

        static Parameters read(final ConfigMap map) {
            return new Parameters(
                    map.integer("k", LEAST_K, MOST_K, 5),
                    map.duration("window", SHORTEST_WINDOW, LONGEST_WINDOW, Duration.ofSeconds(300)),
                    map.has("ladder") ? readLadder(map) : LADDER,
                    map.duration("late", Duration.ZERO, MOST_LATE, Duration.ofSeconds(60)),
                    map.choice("publish", PlaceCell.Publish.class, PlaceCell.Publish.CENTRE),
                    map.choice("count", Count.class, Count.DEVICE),
                    map.integer("most-held", LEAST_HELD, MOST_HELD, 1_000_000));
        }

        private static List<Integer> readLadder(final ConfigMap map) {
            final int before = map.reader().problemCount();
            final List<Integer> widths = new ArrayList<>();
            final List<String> texts = new ArrayList<>();
            for (final ConfigNode rung : map.list("ladder")) {
                widths.add((int) rung.metres(LadderGrid.FINEST_METRES, LadderGrid.metres(LadderGrid.MAX_LEVEL)));
                texts.add(rung.text());
            }
            if (map.reader().problemCount() > before) {
                return LADDER;
            }
            if (!isLadder(widths)) {
                map.keyProblem("ladder", String.join(", ", texts), LADDER_ALLOWED);
                return LADDER;
            }
            return widths;
        }

        private static boolean isLadder(final List<Integer> widths) {
            int below = 0;
            for (final int width : widths) {
                if (width <= below || LadderGrid.levelOf(width) < 0) {
                    return false;
                }
                below = width;
            }
            return below > 0;
        }

        int[] levels() {
            return ladder.stream().mapToInt(LadderGrid::levelOf).toArray();
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new CrowdLadder(this, context);
        }

        @Override
        public String effect() {
            final String what =
                    switch (publish) {
                        case CELL -> "cell";
                        case CENTRE -> "centre of the cell";
                        case BOTH -> "cell and its centre";
                    };
            return what + ", " + text(ladder.get(0)) + " to " + text(ladder.get(ladder.size() - 1))
                    + " wide, the finest in which records of " + k + " devices or more leave in the same "
                    + Ranges.text(window) + "; no record without such a crowd, and none of the window in which the"
                    + " engine starts";
        }

        private static String text(final int metres) {
            return metres % 1_000 == 0 ? metres / 1_000 + " km" : metres + " m";
        }

        @Override
        public String canonical() {
            final StringBuilder text = new StringBuilder("crowd k=").append(k);
            text.append(" window=").append(window.toMillis()).append("ms ladder=");
            for (final int width : ladder) {
                text.append(width).append("m/");
            }
            return text.append(" late=")
                    .append(late.toMillis())
                    .append("ms publish=")
                    .append(publish.name().toLowerCase(Locale.ROOT))
                    .append(" count=")
                    .append(count.name().toLowerCase(Locale.ROOT))
                    .append(" most-held=")
                    .append(mostHeld)
                    .toString();
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.BY_WINDOW;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("deviceId", "fixTime", "place");
        }

        @Override
        public Duration holdsBack() {
            return window.plus(late);
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
