// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Recovery of single trajectories from numbers per cell and window of time (after Xu et al. 2017): who is in a cell in one window is in
 * the same or a near cell in the next, so the numbers of two windows are brought together by the least distances, and each chain of
 * cells that follows is taken for somebody's trajectory. Records without an id are numbers, too: of a cell and a time.
 *
 * @param devices that have a fix in the stretch that is attacked, a day at most.
 * @param recovered the mean, over those, of the share of windows in which a chain has the device's cell: the best chain of each, one to
 *     one.
 * @param byChance the same with the numbers of each two windows brought together at random.
 */
public record AggregateRecovery(int devices, double recovered, double byChance) {
    private static final long DAY_MS = 86_400_000;
    private static final int NOWHERE = -1;
    private static final int ABSENT = -2;

    /** Nothing that could be attacked. */
    private static final AggregateRecovery NONE = new AggregateRecovery(0, 0, 0);

    /** A cell in one window, and how many the attacker takes to be there. */
    private record Crowd(Published cell, int size) {
        private boolean covers(final double latitude, final double longitude) {
            final double halfMetres = 500 * Math.sqrt(cell.cellAreaKm2());
            final double north = Math.abs(latitude - cell.latitude()) * Metres.PER_DEGREE;
            final double east = Math.abs(longitude - cell.longitude()) * Metres.perDegreeEast(cell.latitude());
            return north <= halfMetres && east <= halfMetres;
        }
    }

    /** How crowds of two windows follow each other: so many of one go on to one of the next. */
    private record Move(int from, int to, double order) {}

    /**
     * Attacks the records that have no id, of the first day.
     *
     * @param tracks what really happened.
     * @param records the stream; those with an id are left out.
     */
    public static AggregateRecovery of(final List<Track> tracks, final List<Published> records, final long seed) {
        final List<Long> starts = new ArrayList<>();
        final List<List<Crowd>> windows = windows(tracks, records, starts);
        if (windows.size() < 2) {
            return NONE;
        }
        final List<int[]> truth = truth(tracks, windows, starts);
        return new AggregateRecovery(
                truth.size(),
                score(truth, chains(windows, null)),
                score(truth, chains(windows, new SplittableRandom(seed))));
    }

    private static List<List<Crowd>> windows(
            final List<Track> tracks, final List<Published> records, final List<Long> starts) {
        final TreeMap<Long, Map<List<Double>, List<Published>>> byTime = new TreeMap<>();
        final long firstMs = records.stream()
                .filter(record -> record.id() == Published.NO_ID)
                .mapToLong(Published::timeMs)
                .min()
                .orElse(0);
        for (final Published record : records) {
            if (record.id() == Published.NO_ID && record.timeMs() - firstMs < DAY_MS) {
                byTime.computeIfAbsent(record.timeMs(), none -> new HashMap<>())
                        .computeIfAbsent(
                                List.of(record.latitude(), record.longitude(), record.cellAreaKm2()),
                                none -> new ArrayList<>())
                        .add(record);
            }
        }
        final List<List<Crowd>> windows = new ArrayList<>();
        for (final Map.Entry<Long, Map<List<Double>, List<Published>>> window : byTime.entrySet()) {
            starts.add(window.getKey());
            windows.add(crowds(window.getValue().values(), tracks.size()));
        }
        return windows;
    }

    /** A number is what it says; records of single devices are as many a device as there are in the mean, which the attacker knows. */
    private static List<Crowd> crowds(final Iterable<List<Published>> cells, final int fleet) {
        final List<Crowd> crowds = new ArrayList<>();
        long records = 0;
        final Set<Integer> devices = new HashSet<>();
        for (final List<Published> cell : cells) {
            records += cell.size();
            cell.forEach(record -> devices.add(record.trueDevice()));
        }
        final double ofDevice = (double) records / devices.size();
        for (final List<Published> cell : cells) {
            final Published first = cell.get(0);
            final double size = first.trueDevice() == Published.NO_DEVICE ? first.devices() : cell.size() / ofDevice;
            crowds.add(new Crowd(first, (int) Math.min(fleet, Math.max(1, Math.round(size)))));
        }
        crowds.sort(
                Comparator.comparingDouble((final Crowd crowd) -> crowd.cell().latitude())
                        .thenComparingDouble(crowd -> crowd.cell().longitude())
                        .thenComparingDouble(crowd -> crowd.cell().cellAreaKm2()));
        return crowds;
    }

    /** For each device with a fix: the crowd that it was in, by window; {@link #NOWHERE} where none has its place. */
    private static List<int[]> truth(
            final List<Track> tracks, final List<List<Crowd>> windows, final List<Long> starts) {
        long lengthMs = DAY_MS;
        for (int w = 1; w < starts.size(); w++) {
            lengthMs = Math.min(lengthMs, starts.get(w) - starts.get(w - 1));
        }
        final List<int[]> truth = new ArrayList<>();
        for (final Track track : tracks) {
            final int[] crowdOf = new int[windows.size()];
            boolean isThere = false;
            for (int w = 0; w < crowdOf.length; w++) {
                final int first = track.firstAtOrAfter(starts.get(w));
                final int end = track.firstAtOrAfter(starts.get(w) + lengthMs);
                final int fix = (first + end) / 2;
                crowdOf[w] = first == end ? ABSENT : crowdAt(windows.get(w), track.latitude(fix), track.longitude(fix));
                isThere |= first < end;
            }
            if (isThere) {
                truth.add(crowdOf);
            }
        }
        return truth;
    }

    /** The smallest cell that has a place. */
    private static int crowdAt(final List<Crowd> crowds, final double latitude, final double longitude) {
        int best = NOWHERE;
        for (int i = 0; i < crowds.size(); i++) {
            final boolean isSmaller = best == NOWHERE
                    || crowds.get(i).cell().cellAreaKm2()
                            < crowds.get(best).cell().cellAreaKm2();
            if (isSmaller && crowds.get(i).covers(latitude, longitude)) {
                best = i;
            }
        }
        return best;
    }

    /** Where a chain was: window and crowd, one after the other. */
    private record Chain(List<Integer> windows, List<Integer> crowds) {
        private Chain() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        private Chain goOn(final int window, final int crowd) {
            windows.add(window);
            crowds.add(crowd);
            return this;
        }
    }

    /**
     * What the attacker makes of the numbers.
     *
     * @param random brings them together at random; null for the attacker, who takes the nearest first.
     */
    private static List<Chain> chains(final List<List<Crowd>> windows, final SplittableRandom random) {
        final List<Chain> chains = new ArrayList<>();
        List<ArrayDeque<Chain>> before = List.of();
        for (int w = 0; w < windows.size(); w++) {
            final List<Crowd> crowds = windows.get(w);
            final List<ArrayDeque<Chain>> now = new ArrayList<>();
            crowds.forEach(crowd -> now.add(new ArrayDeque<>()));
            for (final Move move : w == 0 ? List.<Move>of() : moves(windows.get(w - 1), crowds, random)) {
                final ArrayDeque<Chain> from = before.get(move.from());
                final ArrayDeque<Chain> to = now.get(move.to());
                while (!from.isEmpty() && to.size() < crowds.get(move.to()).size()) {
                    to.add(from.remove().goOn(w, move.to()));
                }
            }
            for (int i = 0; i < crowds.size(); i++) {
                while (now.get(i).size() < crowds.get(i).size()) {
                    final Chain begun = new Chain().goOn(w, i);
                    chains.add(begun);
                    now.get(i).add(begun);
                }
            }
            before = now;
        }
        return chains;
    }

    private static List<Move> moves(final List<Crowd> from, final List<Crowd> to, final SplittableRandom random) {
        final List<Move> moves = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            final Published here = from.get(i).cell();
            for (int j = 0; j < to.size(); j++) {
                final Published there = to.get(j).cell();
                moves.add(new Move(
                        i,
                        j,
                        random != null
                                ? random.nextDouble()
                                : Metres.between(
                                        here.latitude(), here.longitude(), there.latitude(), there.longitude())));
            }
        }
        moves.sort(Comparator.comparingDouble(Move::order));
        return moves;
    }

    /** One chain for each device, the best pairs first. */
    private static double score(final List<int[]> truth, final List<Chain> chains) {
        final List<Assignment.Pair> pairs = new ArrayList<>();
        final double[] windowsOf =
                truth.stream().mapToDouble(AggregateRecovery::windowsOf).toArray();
        for (int chain = 0; chain < chains.size(); chain++) {
            final Chain each = chains.get(chain);
            for (int device = 0; device < windowsOf.length; device++) {
                int common = 0;
                for (int i = 0; i < each.windows().size(); i++) {
                    common += truth.get(device)[each.windows().get(i)]
                                    == each.crowds().get(i)
                            ? 1
                            : 0;
                }
                if (common > 0) {
                    pairs.add(new Assignment.Pair(device, chain, 1 - common / windowsOf[device]));
                }
            }
        }
        final int[] chainOf = Assignment.greedy(windowsOf.length, chains.size(), pairs);
        return pairs.stream()
                        .filter(pair -> chainOf[pair.row()] == pair.column())
                        .mapToDouble(pair -> 1 - pair.cost())
                        .sum()
                / windowsOf.length;
    }

    private static long windowsOf(final int[] crowdOf) {
        return Arrays.stream(crowdOf).filter(crowd -> crowd != ABSENT).count();
    }
}
