// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Joins the segments of one device again: from the end of each, a motion model says where the vehicle would be, and the
 * beginnings of later segments are assigned to the ends, one to one. Without a road map what it recovers is a lower bound.
 *
 * <p>A link is the successor of a segment, the next published one of the same device, that follows after a silence which is looked
 * over: of up to {@link #LOOKED_OVER_MS} beyond the least that the tracker knows of, or of as much as he looks over where that is
 * more. What follows later nobody here looks for; it is counted apart, so that pieces that nobody can join do not dilute the share.
 *
 * @param links successors over a silence that counts.
 * @param recovered of those, how many were given exactly that successor.
 * @param byChance how many of them he is expected to find who takes, for each end, any of the beginnings that the tracker considers,
 *     each as likely.
 * @param longer successors over a longer silence than counts; they are no links.
 */
public record Relinking(long links, long recovered, double byChance, long longer) {
    /** Beyond the least silence, a successor that follows within so many milliseconds is a link. */
    public static final long LOOKED_OVER_MS = 15 * 60_000L;

    /** Nothing attacked. */
    public static final Relinking NONE = new Relinking(0, 0, 0);

    /** Where no successor follows after a longer silence. */
    public Relinking(final long links, final long recovered, final double byChance) {
        this(links, recovered, byChance, 0);
    }

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
     * @param roads along which he measures how far a beginning is from where he expects the vehicle; without them as the crow flies.
     */
    public record Tracker(
            Motion motion,
            Matching matching,
            long leastSilenceMs,
            long mostSilenceMs,
            double mostMetresPerSecond,
            Optional<RoadGraph> roads) {
        public Tracker {
            if (leastSilenceMs < 0 || mostSilenceMs < leastSilenceMs || !(mostMetresPerSecond > 0)) {
                throw new IllegalArgumentException("silence of " + leastSilenceMs + " to " + mostSilenceMs
                        + " ms, at most " + mostMetresPerSecond + " m/s");
            }
        }

        /** Without a road map. */
        public Tracker(
                final Motion motion,
                final Matching matching,
                final long leastSilenceMs,
                final long mostSilenceMs,
                final double mostMetresPerSecond) {
            this(motion, matching, leastSilenceMs, mostSilenceMs, mostMetresPerSecond, Optional.empty());
        }

        /** The same with a road map. */
        public Tracker on(final RoadGraph map) {
            return new Tracker(motion, matching, leastSilenceMs, mostSilenceMs, mostMetresPerSecond, Optional.of(map));
        }

        /** Greedy and of constant velocity, whatever the speed that this takes. */
        public static Tracker greedy(final long leastSilenceMs, final long mostSilenceMs) {
            return new Tracker(
                    Motion.CONSTANT_VELOCITY, Matching.GREEDY, leastSilenceMs, mostSilenceMs, Double.POSITIVE_INFINITY);
        }
    }

    /** Pooled over several attacks. */
    public Relinking plus(final Relinking other) {
        return new Relinking(
                links + other.links, recovered + other.recovered, byChance + other.byChance, longer + other.longer);
    }

    /** Share of true links that were recovered, in [0, 1]. */
    public double rate() {
        return links == 0 ? 0 : (double) recovered / links;
    }

    /** Share of true links that chance is expected to find, in [0, 1]. */
    public double chance() {
        return links == 0 ? 0 : byChance / links;
    }

    /** Share of all successors that follow after a longer silence than counts, in [0, 1]. */
    public double longerShare() {
        return longer == 0 ? 0 : (double) longer / (links + longer);
    }

    /** Attacks a stream: the ends of one day after those of the day before, with the beginnings that those left. */
    public static Relinking attack(final List<Published> records, final Tracker tracker) {
        return attack(Segment.of(records), tracker, LOOKED_OVER_MS);
    }

    /**
     * The same with another bound to what is a link.
     *
     * @param segments by their beginnings.
     * @param lookedOverMs beyond the tracker's least silence, so that a successor is a link.
     */
    static Relinking attack(final List<Segment> segments, final Tracker tracker, final long lookedOverMs) {
        final long widestMs = Math.max(tracker.mostSilenceMs(), tracker.leastSilenceMs() + lookedOverMs);
        return new SegmentTracking(segments, tracker, widestMs).attack();
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
}
