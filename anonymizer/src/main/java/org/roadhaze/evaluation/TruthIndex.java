// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The fixes of the truth by step of time and by place: for each way in which records tell their place (a level of cells, the
 * exact coordinates, none) a hash table of chains, built when it is first asked for. 12 bytes a fix and way.
 */
final class TruthIndex {
    private static final int NONE = -1;

    private final Truth truth;
    private final long stepMs;
    private final Map<Way, Chains> chains = new HashMap<>();

    /** How a place is told: cells of a level; or, without a system, level 1 for coordinates, 0 for nothing. */
    private record Way(Tessellation system, int level) {
        private static final Way ANYWHERE = new Way(null, 0);
        private static final Way EXACT = new Way(null, 1);

        private long placeOf(final double latitude, final double longitude) {
            if (system != null) {
                return system.cellOf(latitude, longitude, level);
            }
            return level == 0 ? 0 : Math.round(latitude / Places.STEP) << 32 ^ Math.round(longitude / Places.STEP);
        }
    }

    private final class Chains {
        private final long[] placeOf = new long[truth.fixes()];
        private final int[] next = new int[truth.fixes()];
        private final int[] first = new int[Integer.highestOneBit(Math.max(1, truth.fixes())) << 1];

        private Chains(final Way way) {
            Arrays.fill(first, NONE);
            // The last first, so that a chain goes from device to device.
            for (int fix = truth.fixes() - 1; fix >= 0; fix--) {
                placeOf[fix] = way.placeOf(truth.latitude(fix), truth.longitude(fix));
                final int slot = slot(stepOf(truth.timeMs(fix)), placeOf[fix]);
                next[fix] = first[slot];
                first[slot] = fix;
            }
        }

        private int slot(final long step, final long place) {
            final long mixed = (step * 0x9E3779B97F4A7C15L ^ place) * 0xBF58476D1CE4E5B9L;
            return (int) (mixed >>> 32) & first.length - 1;
        }

        private void forEach(final long step, final long place, final IntConsumer fixes) {
            for (int fix = first[slot(step, place)]; fix != NONE; fix = next[fix]) {
                if (placeOf[fix] == place && stepOf(truth.timeMs(fix)) == step) {
                    fixes.accept(fix);
                }
            }
        }
    }

    /**
     * @param stepMs length of the steps, which begin at whole multiples of it since 1970-01-01 UTC; 0 for one step that is all
     *     time.
     */
    TruthIndex(final Truth truth, final long stepMs) {
        this.truth = truth;
        this.stepMs = stepMs;
    }

    /** The fixes of a step that lie in a cell, in the order of their numbers. */
    void inCell(final Tessellation system, final long cell, final long timeMs, final IntConsumer fixes) {
        chains(new Way(system, system.level(cell))).forEach(stepOf(timeMs), cell, fixes);
    }

    /** The fixes of a step with exactly these coordinates. */
    void at(final double latitude, final double longitude, final long timeMs, final IntConsumer fixes) {
        chains(Way.EXACT).forEach(stepOf(timeMs), Way.EXACT.placeOf(latitude, longitude), fixes);
    }

    /** All fixes of a step. */
    void anywhere(final long timeMs, final IntConsumer fixes) {
        chains(Way.ANYWHERE).forEach(stepOf(timeMs), 0, fixes);
    }

    private Chains chains(final Way way) {
        return chains.computeIfAbsent(way, each -> new Chains(each));
    }

    private long stepOf(final long timeMs) {
        return stepMs == 0 ? 0 : Math.floorDiv(timeMs, stepMs);
    }
}
