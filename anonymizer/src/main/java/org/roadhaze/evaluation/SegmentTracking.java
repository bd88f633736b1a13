// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tracker at work on the segments of a stream: which beginnings he considers for an end, what each costs, and which he takes.
 * Not thread safe; attacks once.
 */
final class SegmentTracking {
    /** A miss by this much says nothing: leaving an end alone costs the optimal matching no more. */
    private static final double HOPELESS_METRES = 2000;

    /** So many beginnings are considered for an end, the nearest as the crow flies. */
    private static final int MOST_OF_AN_END = 64;

    /** Pairs are made of the ends of one day at a time: those of a fleet under short ids, of many days, do not fit into memory. */
    private static final long DAY_MS = 86_400_000;

    private final List<Segment> segments;
    private final Relinking.Tracker tracker;
    private final long widestSilenceMs;
    private final int[] successor;
    private final boolean[] taken;
    private double byChance;

    /**
     * A tracker who has not begun.
     *
     * @param segments by their beginnings.
     * @param widestSilenceMs over which a successor is a link, the same for all trackers that are compared; at least what this
     *     one looks over.
     * @throws IllegalArgumentException for a tracker who looks further.
     */
    SegmentTracking(final List<Segment> segments, final Relinking.Tracker tracker, final long widestSilenceMs) {
        if (widestSilenceMs < tracker.mostSilenceMs()) {
            throw new IllegalArgumentException("links over silences of at most " + widestSilenceMs
                    + " ms, for a tracker who looks over " + tracker.mostSilenceMs() + " ms");
        }
        this.segments = segments;
        this.tracker = tracker;
        this.widestSilenceMs = widestSilenceMs;
        successor = successors(segments);
        taken = new boolean[segments.size()];
    }

    /** Joins the ends of one day after those of the day before, with the beginnings that those left. */
    Relinking attack() {
        long links = 0;
        long recovered = 0;
        long longer = 0;
        for (int from = 0; from < successor.length; ) {
            final int to = firstFrom(segments.get(from).beginMs() + DAY_MS);
            final int[] guess = guess(pairs(from, to));
            for (int i = from; i < to; i++) {
                if (guess[i] != Assignment.NONE) {
                    taken[guess[i]] = true;
                }
                if (successor[i] == Assignment.NONE) {
                    continue;
                }
                if (segments.get(successor[i]).beginMs() - segments.get(i).endMs() > widestSilenceMs) {
                    longer++;
                    continue;
                }
                links++;
                recovered += guess[i] == successor[i] ? 1 : 0;
            }
            from = to;
        }
        return new Relinking(links, recovered, byChance, longer);
    }

    private int[] guess(final List<Assignment.Pair> crow) {
        final List<Assignment.Pair> pairs =
                tracker.roads().map(roads -> alongRoads(crow, roads)).orElse(crow);
        return tracker.matching() == Relinking.Matching.GREEDY
                ? Assignment.greedy(segments.size(), segments.size(), pairs)
                : Assignment.optimal(segments.size(), segments.size(), pairs, HOPELESS_METRES);
    }

    /** Of the ends of some segments, and of all beginnings that are not taken. */
    private List<Assignment.Pair> pairs(final int firstEnd, final int lastEnd) {
        final List<Assignment.Pair> pairs = new ArrayList<>();
        final List<Assignment.Pair> ofEnd = new ArrayList<>();
        for (int end = firstEnd; end < lastEnd; end++) {
            final Segment ended = segments.get(end);
            final long from = ended.endMs() + tracker.leastSilenceMs();
            final long to = ended.endMs() + tracker.mostSilenceMs();
            int considered = 0;
            boolean isAmongThem = false;
            for (int begin = firstFrom(from); begin < segments.size(); begin++) {
                final Segment begun = segments.get(begin);
                if (begun.beginMs() > to) {
                    break;
                }
                final double reach = tracker.mostMetresPerSecond() * (begun.beginMs() - ended.endMs() + 1000) / 1000;
                if (begin != end && !taken[begin] && ended.metresTo(begun) <= reach) {
                    considered++;
                    isAmongThem |= begin == successor[end];
                    ofEnd.add(new Assignment.Pair(end, begin, ended.missOf(begun, tracker.motion())));
                    if (ofEnd.size() == 4 * MOST_OF_AN_END) {
                        keepNearest(ofEnd);
                    }
                }
            }
            byChance += isAmongThem ? 1.0 / considered : 0;
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

    /**
     * The same pairs with what they miss by along roads; without those that no road joins. Where vehicles are expected depends on when
     * a segment begins, so it takes a search for each beginning.
     */
    private List<Assignment.Pair> alongRoads(final List<Assignment.Pair> pairs, final RoadGraph roads) {
        final List<Assignment.Pair> byBegin = new ArrayList<>(pairs);
        byBegin.sort(Comparator.comparingInt(Assignment.Pair::column));
        final List<Assignment.Pair> along = new ArrayList<>();
        for (int first = 0, next; first < byBegin.size(); first = next) {
            final int begin = byBegin.get(first).column();
            final Segment begun = segments.get(begin);
            final List<RoadGraph.OnRoad> expected = new ArrayList<>();
            for (next = first; next < byBegin.size() && byBegin.get(next).column() == begin; next++) {
                final HomeInference.Place place =
                        segments.get(byBegin.get(next).row()).expectedAt(begun.beginMs(), tracker.motion());
                expected.add(roads.nearest(place.latitude(), place.longitude()));
            }
            final HomeInference.Place place = begun.begin();
            final double[] metres = roads.metres(roads.nearest(place.latitude(), place.longitude()), expected);
            for (int i = 0; i < metres.length; i++) {
                if (Double.isFinite(metres[i])) {
                    along.add(new Assignment.Pair(byBegin.get(first + i).row(), begin, metres[i]));
                }
            }
        }
        return along;
    }

    private int firstFrom(final long timeMs) {
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
