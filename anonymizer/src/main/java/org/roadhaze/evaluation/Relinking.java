// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Joins the segments of one device again: from the end of each, a motion model says where the vehicle would be, and the
 * beginnings of later segments are assigned to the ends, one to one. No road map, so what it recovers is a lower bound.
 *
 * @param links segments that have a successor: a later published segment of the same device.
 * @param recovered of those, how many were given exactly that successor.
 */
public record Relinking(long links, long recovered) {
    /** A miss by this much says nothing: leaving an end alone costs the optimal matching no more. */
    private static final double HOPELESS_METRES = 2000;

    /** So many beginnings are considered for an end, the nearest. */
    private static final int MOST_OF_AN_END = 64;

    /** Pairs are made of the ends of one day at a time: those of a fleet under short ids, of many days, do not fit into memory. */
    private static final long DAY_MS = 86_400_000;

    /** What the attacker expects of a vehicle that he does not see. */
    public enum Motion {
        /** It goes on with the velocity between its last two fixes. */
        CONSTANT_VELOCITY,
        /** It is where it was. */
        AT_REST
    }

    /** How ends and beginnings are brought together. */
    public enum Matching {
        /** Always the nearest pair that is still free. */
        GREEDY,
        /** The least sum of distances. */
        OPTIMAL
    }

    /**
     * The tracker, who may know the policy.
     *
     * @param leastSilenceMs shortest time between two segments of one device that he considers, at least 0.
     * @param mostSilenceMs longest such time.
     * @param mostMetresPerSecond no vehicle is faster, as the crow flies.
     */
    public record Tracker(
            Motion motion, Matching matching, long leastSilenceMs, long mostSilenceMs, double mostMetresPerSecond) {
        public Tracker {
            if (leastSilenceMs < 0 || mostSilenceMs < leastSilenceMs || !(mostMetresPerSecond > 0)) {
                throw new IllegalArgumentException("silence of " + leastSilenceMs + " to " + mostSilenceMs
                        + " ms, at most " + mostMetresPerSecond + " m/s");
            }
        }

        /** Greedy and of constant velocity, whatever the speed that this takes. */
        public static Tracker greedy(final long leastSilenceMs, final long mostSilenceMs) {
            return new Tracker(
                    Motion.CONSTANT_VELOCITY, Matching.GREEDY, leastSilenceMs, mostSilenceMs, Double.POSITIVE_INFINITY);
        }
    }

    /** Pooled over several attacks. */
    public Relinking plus(final Relinking other) {
        return new Relinking(links + other.links, recovered + other.recovered);
    }

    /** Share of true links that were recovered, in [0, 1]. */
    public double rate() {
        return links == 0 ? 0 : (double) recovered / links;
    }

    /** Attacks a stream: the ends of one day after those of the day before, with the beginnings that those left. */
    public static Relinking attack(final List<Published> records, final Tracker tracker) {
        return attackSegments(Segment.of(records), tracker);
    }

    /**
     * The same.
     *
     * @param segments by their beginnings.
     */
    static Relinking attackSegments(final List<Segment> segments, final Tracker tracker) {
        final int[] successor = successors(segments);
        final boolean[] taken = new boolean[segments.size()];
        long links = 0;
        long recovered = 0;
        for (int from = 0; from < successor.length; ) {
            final int to = firstFrom(segments, segments.get(from).beginMs() + DAY_MS);
            final int[] guess = guess(segments, pairs(segments, from, to, taken, tracker), tracker.matching());
            for (int i = from; i < to; i++) {
                if (guess[i] != Assignment.NONE) {
                    taken[guess[i]] = true;
                }
                if (successor[i] != Assignment.NONE) {
                    links++;
                    recovered += guess[i] == successor[i] ? 1 : 0;
                }
            }
            from = to;
        }
        return new Relinking(links, recovered);
    }

    private static int[] guess(
            final List<Segment> segments, final List<Assignment.Pair> pairs, final Matching matching) {
        return matching == Matching.GREEDY
                ? Assignment.greedy(segments.size(), segments.size(), pairs)
                : Assignment.optimal(segments.size(), segments.size(), pairs, HOPELESS_METRES);
    }

    /**
     * The same when only some of the devices are there, drawn without replacement.
     *
     * @param share of all devices that have records, in (0, 1].
     */
    public static List<Published> fleet(final List<Published> records, final double share, final long seed) {
        final List<Integer> devices = new ArrayList<>(
                records.stream().map(Published::trueDevice).distinct().sorted().toList());
        final SplittableRandom random = new SplittableRandom(seed);
        final int wanted = (int) Math.round(share * devices.size());
        final Set<Integer> kept = new HashSet<>();
        while (kept.size() < wanted) {
            kept.add(devices.remove(random.nextInt(devices.size())));
        }
        return records.stream()
                .filter(record -> kept.contains(record.trueDevice()))
                .toList();
    }

    /** Of the ends of some segments, and of all beginnings that are not taken. */
    private static List<Assignment.Pair> pairs(
            final List<Segment> segments,
            final int firstEnd,
            final int lastEnd,
            final boolean[] taken,
            final Tracker tracker) {
        final List<Assignment.Pair> pairs = new ArrayList<>();
        final List<Assignment.Pair> ofEnd = new ArrayList<>();
        for (int end = firstEnd; end < lastEnd; end++) {
            final Segment ended = segments.get(end);
            final long from = ended.endMs() + tracker.leastSilenceMs();
            final long to = ended.endMs() + tracker.mostSilenceMs();
            for (int begin = firstFrom(segments, from); begin < segments.size(); begin++) {
                final Segment begun = segments.get(begin);
                if (begun.beginMs() > to) {
                    break;
                }
                final double reach = tracker.mostMetresPerSecond() * (begun.beginMs() - ended.endMs() + 1000) / 1000;
                if (begin != end && !taken[begin] && ended.metresTo(begun) <= reach) {
                    ofEnd.add(new Assignment.Pair(
                            end,
                            begin,
                            tracker.motion() == Motion.AT_REST ? ended.metresTo(begun) : ended.missOf(begun)));
                    if (ofEnd.size() == 4 * MOST_OF_AN_END) {
                        keepNearest(ofEnd);
                    }
                }
            }
            keepNearest(ofEnd);
            pairs.addAll(ofEnd);
            ofEnd.clear();
        }
        return pairs;
    }

    private static void keepNearest(final List<Assignment.Pair> ofEnd) {
        if (ofEnd.size() > MOST_OF_AN_END) {
            ofEnd.sort(Comparator.comparingDouble(Assignment.Pair::cost));
            ofEnd.subList(MOST_OF_AN_END, ofEnd.size()).clear();
        }
    }

    private static int firstFrom(final List<Segment> segments, final long timeMs) {
        int low = 0;
        int high = segments.size();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (segments.get(middle).beginMs() < timeMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int[] successors(final List<Segment> segments) {
        final int[] successor = new int[segments.size()];
        final Map<Integer, Integer> latest = new HashMap<>();
        for (int i = 0; i < successor.length; i++) {
            successor[i] = Assignment.NONE;
            final Integer before = latest.put(segments.get(i).trueDevice(), i);
            if (before != null) {
                successor[before] = i;
            }
        }
        return successor;
    }
}
