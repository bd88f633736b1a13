// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * AP-attack (Maouche et al. 2017): who has left this anonymous track? The one whose known heat map is nearest to that of
 * the track, by the Topsøe divergence {@code sum p ln(2p/(p+q)) + q ln(2q/(p+q))}. It is 2 ln 2 where nothing overlaps, and
 * only squares that both have visited take away from that; so every square lists who was there, and a track costs its own
 * squares times who else was in them. An attacker is adaptive when what he knows went through the same mechanism first.
 */
public final class HeatMapAttack {
    /** Side of the squares in the published attack. */
    public static final double CELL_METRES = 800;

    private final Grid grid;
    private final int known;
    private final Map<Long, Cell> cells = new HashMap<>();

    /** Who was in a square, and the share of his fixes that fell there. */
    private static final class Cell {
        private int[] who = new int[4];
        private double[] share = new double[4];
        private int count;

        private void add(final int device, final double value) {
            if (count == who.length) {
                who = Arrays.copyOf(who, 2 * count);
                share = Arrays.copyOf(share, 2 * count);
            }
            who[count] = device;
            share[count++] = value;
        }
    }

    /**
     * @param targets anonymous tracks that were attacked.
     * @param identified how many were given to the right device.
     */
    public record Result(long targets, long identified) {
        private static final Result NONE = new Result(0, 0);

        public double rate() {
            return targets == 0 ? 0 : (double) identified / targets;
        }

        /**
         * Attacks every track that tells something; on all cores.
         *
         * @param features what the attacker looks at in a track; each is asked by several threads at once.
         * @param tells whether that is anything to go by: else the track is no target.
         * @param nearest whose it is, in the attacker's opinion.
         */
        static <T> Result of(
                final List<PublishedTracks.OfId> targets,
                final Function<Track, T> features,
                final Predicate<T> tells,
                final ToIntFunction<T> nearest) {
            return targets.parallelStream()
                    .map(target -> {
                        final T seen = features.apply(target.track());
                        return !tells.test(seen)
                                ? NONE
                                : new Result(1, nearest.applyAsInt(seen) == target.trueDevice() ? 1 : 0);
                    })
                    .reduce(NONE, Result::plus);
        }

        private Result plus(final Result other) {
            return new Result(targets + other.targets, identified + other.identified);
        }
    }

    /**
     * @param knowledge what the attacker knows of each device, whose number is its index.
     * @param cellMetres side of the squares.
     */
    public HeatMapAttack(final List<Track> knowledge, final double cellMetres) {
        grid = new Grid(cellMetres);
        known = knowledge.size();
        for (int device = 0; device < known; device++) {
            final int who = device;
            heatMap(knowledge.get(device)).forEach((cell, share) -> cells.computeIfAbsent(cell, none -> new Cell())
                    .add(who, share));
        }
    }

    /** The device whose heat map is nearest; the first of them if several are, -1 if nothing is known. */
    public int nearest(final Track track) {
        final double[] overlap = new double[known];
        heatMap(track).forEach((cell, share) -> {
            final Cell there = cells.get(cell);
            for (int i = 0; there != null && i < there.count; i++) {
                overlap[there.who[i]] += overlap(share, there.share[i]);
            }
        });
        int best = -1;
        for (int device = 0; device < known; device++) {
            if (best < 0 || overlap[device] > overlap[best]) {
                best = device;
            }
        }
        return best;
    }

    /** Attacks every track that has a fix; on all cores. */
    public Result attack(final List<PublishedTracks.OfId> targets) {
        return Result.of(targets, track -> track, track -> track.size() > 0, this::nearest);
    }

    /** At most so many of the targets, drawn without replacement: short ids make more than need attacking. */
    static <T> List<T> sample(final List<T> targets, final int most, final long seed) {
        if (targets.size() <= most) {
            return targets;
        }
        final List<T> drawn = new ArrayList<>(targets);
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < most; i++) {
            final int other = i + random.nextInt(drawn.size() - i);
            final T swapped = drawn.get(i);
            drawn.set(i, drawn.get(other));
            drawn.set(other, swapped);
        }
        return drawn.subList(0, most);
    }

    /** What a common square takes away from 2 ln 2: each term without its part {@code p ln 2}. */
    private static double overlap(final double p, final double q) {
        return (p + q) * Math.log(p + q) - p * Math.log(p) - q * Math.log(q);
    }

    private Map<Long, Double> heatMap(final Track track) {
        final Map<Long, Double> map = new HashMap<>();
        final double share = 1.0 / track.size();
        for (int i = 0; i < track.size(); i++) {
            map.merge(grid.cell(track.latitude(i), track.longitude(i)), share, Double::sum);
        }
        return map;
    }
}
