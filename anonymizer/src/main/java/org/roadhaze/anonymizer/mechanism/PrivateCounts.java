// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Counts devices by cell and window of time, and lets the counts out with noise: (epsilon, delta)-differential privacy for the
 * unit that the policy names, a device in one window or a device in one day. No record leaves; aggregates do, when their
 * window is closed.
 *
 * <p>A unit contributes to so many cells at most, one to the count of each, chosen by keyed numbers. Of a day the windows are
 * chosen too: it is cut into as many stretches as there are contributions, and a device contributes to one cell of one keyed
 * window in each; the counts then are of that sample of the fleet. A count gets discrete Laplace noise of scale L0 / epsilon
 * and leaves when it reaches a threshold that one device alone reaches with probability delta / L0 at most: whether a cell was
 * visited at all is protected like how often. With a speed, half of epsilon goes to the count and half to the sum of the
 * devices' mean speeds, each as its distance from the middle of the range, so that the sum changes by half of it at most.
 *
 * <p>Noise is a function of key, window and cell. A window that had begun when the engine started is not counted.
 */
public final class PrivateCounts implements TimedMechanism {
    static final long DAY_MS = 86_400_000;
    /** Speeds are counted in steps of 2^-3 km/h. */
    static final int STEPS_PER_KMH = 8;

    private static final long SPEED_NOISE = 1L << 40;
    private static final long STRETCH = 1L << 41;
    private static final int INITIAL_CELLS = 256;
    private static final int INDEX_BITS = 26;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

    private final PrivateCountsParameters parameters;
    private final EpochRandom random;
    private final EventWindows windows;
    private final UnitCells[] open;
    private final LongSort sort = new LongSort();
    private final DiscreteLaplace countNoise;
    private final DiscreteLaplace speedNoise;
    private final PrivacyCost cost;
    private final long threshold;
    private final int level;
    private final long mostSpeed;
    private final Candidate aggregate = new Candidate();
    private final Position nobody = new Position();
    private long[] sorted = new long[INITIAL_CELLS];
    private long[] cells = new long[INITIAL_CELLS];
    private long[] speeds = new long[INITIAL_CELLS];
    private final AggregateQueue waiting = new AggregateQueue();

    /** What windows cost that are closed and of which the account does not know yet: those of which no count leaves as well. */
    private long spentMillionths;

    PrivateCounts(final PrivateCountsParameters parameters, final MechanismContext context) {
        this.parameters = parameters;
        random = context.random(EpochRandom.Use.COUNTS);
        windows = new EventWindows(
                parameters.window().toMillis(), parameters.late().toMillis(), context.sinceMs());
        cost = new PrivacyCost(parameters);
        open = new UnitCells[windows.capacity()];
        for (int i = 0; i < open.length; i++) {
            open[i] = new UnitCells(cost.mostInWindow(), context.maxDevices());
        }
        final long shares = parameters.hasSpeed() ? 2 : 1;
        final long scale = shares * parameters.cellsPerUnit() * PrivateCountsParameters.MILLIONTHS;
        mostSpeed = (long) parameters.maxSpeedKmh() * STEPS_PER_KMH;
        countNoise = new DiscreteLaplace(random, scale, parameters.epsilonMillionths());
        speedNoise = new DiscreteLaplace(random, scale * Math.max(1, mostSpeed / 2), parameters.epsilonMillionths());
        threshold = 1 + countNoise.tail(parameters.delta() / parameters.cellsPerUnit());
        level = LadderGrid.levelOf(parameters.cellMetres());
    }

    /** The least noisy count that leaves. */
    long threshold() {
        return threshold;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        outlet.suppress(candidate, count(candidate.position()));
    }

    private SuppressionReason count(final Position position) {
        final long window = windows.windowOf(position.fixTimeMs());
        if (windows.isClosed(window)) {
            return SuppressionReason.LATE;
        }
        if (windows.isTooFarAhead(window)) {
            return SuppressionReason.INVALID_FIX;
        }
        final int speedCmPerSec = position.speedCmPerSec();
        if (parameters.hasSpeed() && speedCmPerSec == Position.UNKNOWN) {
            return SuppressionReason.NO_KEPT_ATTRIBUTE;
        }
        final long startMs = windows.startMs(window);
        if (!random.hasKey(startMs)) {
            return SuppressionReason.LATE_EPOCHS;
        }
        final int quota = quota(window, position.deviceId());
        if (quota == 0) {
            return SuppressionReason.CONTRIBUTION;
        }
        final UnitCells units = open[Math.floorMod(window, open.length)];
        final int number = units.number(position.deviceId());
        if (number == DeviceNumbers.NONE) {
            return SuppressionReason.MEMORY;
        }
        final long cell = LadderGrid.cellOf(position.latitudeE7(), position.longitudeE7(), level);
        final long speed = parameters.hasSpeed() ? steps(speedCmPerSec) : 0;
        if (units.add(number, cell, speed)) {
            return SuppressionReason.AGGREGATED;
        }
        final long priority = random.bits(startMs, position.deviceId(), cell);
        return units.take(number, cell, speed, priority, quota)
                ? SuppressionReason.AGGREGATED
                : SuppressionReason.CONTRIBUTION;
    }

    /** To how many cells of a window a device contributes. */
    private int quota(final long window, final long device) {
        if (!parameters.isPerDay()) {
            return parameters.cellsPerUnit();
        }
        final int ofDay = cost.windowOfDay(window);
        final int stretch = cost.stretchOf(ofDay);
        if (stretch == PrivacyCost.NONE) {
            return cost.leastInWindow();
        }
        final long dayMs = windows.startMs(window - ofDay);
        final int first = cost.firstOf(stretch);
        final long chance = random.bits(dayMs, device, STRETCH + stretch) >>> 1;
        final long chosen = first + Math.multiplyHigh(chance, 2L * (cost.firstOf(stretch + 1) - first));
        return cost.leastInWindow() + (chosen == ofDay ? 1 : 0);
    }

    /** Clamped, to the nearest step: 1 cm/s is 0.036 km/h. */
    private long steps(final int cmPerSec) {
        return Math.max(0, Math.min(mostSpeed, (cmPerSec * 36L * STEPS_PER_KMH + 500) / 1_000));
    }

    @Override
    public boolean isLettingGo() {
        return !waiting.isEmpty();
    }

    @Override
    public void advanceTo(final long eventTimeMs, final Outlet outlet) {
        final long before = windows.firstOpen();
        if (windows.advanceTo(eventTimeMs)) {
            for (long window = before; window < windows.closedBelow(before); window++) {
                close(window);
            }
        }
        for (int i = 0; i < MOST_LET_GO_AT_ONCE && !waiting.isEmpty(); i++) {
            letGo(outlet);
        }
    }

    private void close(final long window) {
        final UnitCells units = open[Math.floorMod(window, open.length)];
        final int contributions = gather(units);
        units.clear();
        if (!random.hasKey(windows.startMs(window))) {
            return; // Nothing leaves, whoever was there.
        }
        spentMillionths += cost.addedBy(window);
        sorted = sort.sort(sorted, contributions, INDEX_BITS, INDEX_BITS + LadderGrid.ORDER_BITS);
        for (int from = 0; from < contributions; ) {
            final long cell = cells[(int) sorted[from] & INDEX_MASK];
            int to = from;
            long speedSum = 0;
            while (to < contributions && cells[(int) sorted[to] & INDEX_MASK] == cell) {
                speedSum += speeds[(int) sorted[to] & INDEX_MASK];
                to++;
            }
            addNoise(window, cell, to - from, speedSum);
            from = to;
        }
    }

    private int gather(final UnitCells units) {
        int contributions = 0;
        for (int device = 0; device < units.deviceCount(); device++) {
            for (int i = units.first(device); i < units.end(device); i++) {
                if (contributions == cells.length) {
                    cells = Arrays.copyOf(cells, 2 * contributions);
                    speeds = Arrays.copyOf(speeds, cells.length);
                    sorted = Arrays.copyOf(sorted, cells.length);
                }
                cells[contributions] = units.cell(i);
                speeds[contributions] = units.meanSpeed(i) - mostSpeed / 2;
                sorted[contributions] = (LadderGrid.order(units.cell(i)) << INDEX_BITS) | contributions;
                contributions++;
            }
        }
        return contributions;
    }

    private void addNoise(final long window, final long cell, final int count, final long speedSum) {
        final long startMs = windows.startMs(window);
        final long noisy = count + countNoise.sample(startMs, cell, 0);
        if (noisy < threshold) {
            return;
        }
        long hundredthsKmh = 0;
        if (parameters.hasSpeed()) {
            final long sum = speedSum + speedNoise.sample(startMs, cell, SPEED_NOISE);
            final long mean = Math.floorDiv((mostSpeed / 2 * noisy + sum) * 100, STEPS_PER_KMH * noisy);
            hundredthsKmh = Math.max(0, Math.min(100L * parameters.maxSpeedKmh(), mean));
        }
        waiting.add(window, cell, noisy, hundredthsKmh);
    }

    private void letGo(final Outlet outlet) {
        final long window = waiting.window();
        final long cell = waiting.cell();
        final int latitudeE7 = LadderGrid.centreLatitudeE7(cell);
        final int longitudeE7 = LadderGrid.centreLongitudeE7(cell);
        nobody.clear();
        nobody.deviceId(0)
                .fixTimeMs(windows.startMs(window))
                .latitudeE7(latitudeE7)
                .longitudeE7(longitudeE7);
        final Release release = aggregate.reset(nobody).release();
        if (parameters.publish() != PlaceCell.Publish.CENTRE) {
            release.cell(cell);
        }
        if (parameters.publish() != PlaceCell.Publish.CELL) {
            release.coordinates(latitudeE7, longitudeE7);
        }
        release.timeMs(windows.startMs(window));
        release.attribute(Attribute.DEVICE_COUNT.key(), waiting.count());
        if (parameters.hasSpeed()) {
            release.attribute(Attribute.MEAN_SPEED.key(), waiting.hundredthsKmh());
        }
        release.attribute(Attribute.EPSILON.key(), cost.ofWindow());
        release.attribute(Attribute.EPSILON_OF_DAY.key(), cost.ofDayUpTo(window));
        waiting.remove();
        aggregate.epsilon((double) spentMillionths / PrivateCountsParameters.MILLIONTHS);
        spentMillionths = 0;
        outlet.pass(aggregate);
    }
}
