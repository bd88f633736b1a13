// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.TimedMechanism;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.config.DurationRange;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

/**
 * Cuts every track into segments with gaps between: a segment leaves under a {@linkplain Candidate#segment() number} of its
 * own, of a gap nothing leaves.
 *
 * <p><b>Segments.</b> The length of each is drawn from a range, its number is random, both keyed by stream, device and the
 * time at which it begins. A device that was not seen before begins after a wait drawn from 0 to the longest segment.
 *
 * <p><b>Gaps</b> are either of a length drawn from a range, whatever the others do, or of the <i>density</i>: then a gap
 * lasts for {@value #LEAST_GAP_SECONDS} s at least, until the vehicle has moved a distance away from where its segment
 * ended, and until so many other segments ended nearby lately, whose vehicles have not been seen since, that a tracker cannot
 * tell which of them goes on ({@link Confusion}, over {@link EndedSegments}). Where there are no others the gap does not
 * end. What ended longer ago than a horizon confuses nobody.
 *
 * <p><b>Vehicles that come up.</b> A vehicle of which nothing left for a horizon comes up: one that is new, one that goes on
 * after a night, one whose gap did not end so long, and all after a start, when segments that the engine before this one
 * published are not known. For it, the place where it came up stands for the end of its segment, and the next segment of it may
 * be that of any vehicle that came up around lately as well, or whose segment ended there. Vehicles of which something left
 * within the horizon do not count on those that came up: to who reads the stream, these are not there. So a fleet begins
 * after every silence, and however old the first of its records is; and no segment is called confused for the sake of one
 * that nobody has seen, unless it is itself the sequel of none that is younger than the horizon. A vehicle that has not moved on
 * from where it came up within the horizon counts for nobody until it has, and then comes up anew: who stands and reports is
 * never seen, and would hide others for ever.
 *
 * <p><b>Made again</b> after the process died, it cuts the tracks where they were cut ({@link SegmentsThatLeft}): a segment begins
 * at the fixes whose numbers left, and at no other; its length and gap are functions of the same fix. Behind the last fix that
 * left it decides for itself. A segment of which nothing left was seen by nobody, and needs no gap. One that is not known, since it
 * began before, ends within the longest; until a longest gap, or two horizons, after that none begins by a decision of its own:
 * one for what ended, one so that of who came up meanwhile nothing had left for a horizon.
 *
 * <p>A fix that is not newer than the newest of its device does not leave and changes nothing. Late copies of records thus
 * let nothing out that would not have left without them.
 */
public final class SplitAndGap implements TimedMechanism {
    private static final int LEAST_GAP_SECONDS = 60;
    private static final long LEAST_GAP_MS = 1_000L * LEAST_GAP_SECONDS;

    /** What confuses changes with the others' segments and with the own way: not at once. */
    private static final long LOOK_EVERY_MS = 15_000;

    /** Records come late by this much at most where trips are followed before, and still ask for what ended before them. */
    private static final long LATEST_MS = Duration.ofHours(1).toMillis();

    private static final long NEVER = Long.MIN_VALUE;

    /** What a keyed draw is for. */
    private static final int PHASE = 0;

    private static final int NUMBER = 1;
    private static final int LENGTH = 2;
    private static final int GAP = 3;

    private final EpochRandom random;
    private final DeviceStates<SegmentedTrack> tracks;
    private final long leastSegmentMs;
    private final long segmentSpreadMs;
    private final long leastGapMs;
    private final long gapSpreadMs;
    private final double movedMetres;
    private final long horizonMs;
    /** Null where gaps are of a length of their own. */
    private final EndedSegments ended;

    private final Confusion confusion;
    /** Before this none begins but where what left shows it; {@link #NEVER} but in one that was made again. */
    private final long blindUntilMs;
    /** Null but while what left is let out again. */
    private SegmentsThatLeft thatLeft;

    private long eventTimeMs = NEVER;

    SplitAndGap(final Parameters parameters, final MechanismContext context) {
        random = context.random(EpochRandom.Use.SEGMENTS);
        tracks = new DeviceStates<>(context.maxDevices(), () -> new SegmentedTrack(this::forget));
        leastSegmentMs = parameters.segment().least().toMillis();
        segmentSpreadMs = parameters.segment().most().toMillis() - leastSegmentMs;
        leastGapMs = parameters.isByDensity()
                ? LEAST_GAP_MS
                : parameters.gap().least().toMillis();
        gapSpreadMs = parameters.isByDensity() ? 0 : parameters.gap().most().toMillis() - leastGapMs;
        movedMetres = parameters.movedMetres();
        horizonMs = parameters.horizon().toMillis();
        ended = parameters.isByDensity()
                ? new EndedSegments(context.maxDevices(), LEAST_GAP_MS, horizonMs, movedMetres)
                : null;
        confusion = new Confusion(parameters.confusionBits());
        thatLeft = context.segments();
        blindUntilMs = thatLeft == null || thatLeft.knownFromMs() == SegmentsThatLeft.ALL
                ? NEVER
                : thatLeft.knownFromMs() + parameters.longestPieceAndGap().toMillis();
    }

    @Override
    public void advanceTo(final long eventTimeMs, final Outlet outlet) {
        this.eventTimeMs = eventTimeMs;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final Position position = candidate.position();
        final long timeMs = position.fixTimeMs();
        final SegmentedTrack track = tracks.of(position.deviceId());
        if (timeMs <= track.seenMs) {
            outlet.suppress(candidate, SuppressionReason.LATE);
            return;
        }
        if (!random.hasKey(timeMs)) {
            outlet.suppress(candidate, SuppressionReason.LATE_EPOCHS);
            return;
        }
        final boolean isNew = track.seenMs == SegmentedTrack.NEVER;
        track.seenMs = timeMs;
        if (track.segment != Candidate.NO_SEGMENT) {
            if (timeMs < track.untilMs) {
                track.follow(timeMs, position.latitudeE7(), position.longitudeE7());
                candidate.segment(track.segment);
                outlet.pass(candidate);
                return;
            }
            end(track);
        }
        if (isNew || (ended != null && timeMs - track.lastMs > horizonMs)) {
            if (standsWhereItCameUp(track, position)) {
                forget(track);
            } else {
                comeUp(track, position);
            }
        }
        final SuppressionReason now = whyItWaits(track, position);
        final SuppressionReason waits = thatLeft == null ? now : whyItWaited(timeMs, track.deviceId(), now);
        if (waits != null) {
            outlet.suppress(candidate, waits);
            return;
        }
        begin(track, position);
        candidate.segment(track.segment);
        outlet.pass(candidate);
    }

    @Override
    public long readAhead(final long[] deviceIds, final int count) {
        tracks.lookAhead(deviceIds, count);
        long read = 0;
        for (int i = 0; i < count; i++) {
            final SegmentedTrack track = tracks.ahead(i);
            read += track == null ? 0 : track.seenMs + track.handle;
        }
        return read;
    }

    /** Of a vehicle that stands and reports nothing is ever seen: it hides others for a horizon, not for ever. */
    private boolean standsWhereItCameUp(final SegmentedTrack track, final Position position) {
        return track.cameUp
                && LocalMetres.between(position.latitudeE7(), position.longitudeE7(), track.lastLatE7, track.lastLonE7)
                        < movedMetres;
    }

    private void comeUp(final SegmentedTrack track, final Position position) {
        final long timeMs = position.fixTimeMs();
        forget(track);
        track.comeUp(timeMs, position.latitudeE7(), position.longitudeE7());
        track.untilMs = timeMs + draw(timeMs, track.deviceId(), PHASE, leastSegmentMs + segmentSpreadMs);
        if (ended != null) {
            track.handle = ended.addComeUp(position.latitudeE7(), position.longitudeE7(), timeMs);
        }
    }

    private void end(final SegmentedTrack track) {
        track.segment = Candidate.NO_SEGMENT;
        track.untilMs = track.lastMs + track.gapMs;
        if (ended != null) {
            track.handle =
                    ended.add(track.lastLatE7, track.lastLonE7, track.lastMs, track.rollNorthE7, track.rollEastE7);
        }
    }

    /** Null when the gap was over; what is decided now is what was decided then where all is known, and looked at in any case. */
    private SuppressionReason whyItWaited(final long timeMs, final long device, final SuppressionReason now) {
        if (thatLeft.isOver()) {
            thatLeft = null;
            return now;
        }
        if (thatLeft.hasLeft(numberOf(timeMs, device))) {
            return null;
        }
        return now == null ? SuppressionReason.UNCONFUSED : now;
    }

    /** Null when the gap is over. */
    private SuppressionReason whyItWaits(final SegmentedTrack track, final Position position) {
        final long timeMs = position.fixTimeMs();
        if (timeMs < track.untilMs || timeMs < blindUntilMs) {
            return SuppressionReason.SEGMENT_GAP;
        }
        if (ended == null) {
            return null;
        }
        if (timeMs < track.nextLookMs) {
            return SuppressionReason.UNCONFUSED;
        }
        final int latE7 = position.latitudeE7();
        final int lonE7 = position.longitudeE7();
        final double shrink = LocalMetres.shrink(latE7);
        if (!track.hasMoved(latE7, lonE7, shrink, movedMetres)) {
            return SuppressionReason.SEGMENT_GAP;
        }
        final double silentSeconds = (timeMs - track.lastMs) / 1e3;
        confusion.clear();
        confusion.add(
                EndedSegments.missMetres(
                        latE7,
                        lonE7,
                        track.lastLatE7,
                        track.lastLonE7,
                        track.rollNorthE7,
                        track.rollEastE7,
                        silentSeconds,
                        shrink),
                silentSeconds);
        final long forgetMs = eventTimeMs == NEVER ? NEVER : eventTimeMs - horizonMs - LATEST_MS;
        ended.weigh(latE7, lonE7, timeMs, track.cameUp, track.handle, forgetMs, confusion);
        if (confusion.isEnough()) {
            return null;
        }
        track.nextLookMs = timeMs + LOOK_EVERY_MS;
        return SuppressionReason.UNCONFUSED;
    }

    private void begin(final SegmentedTrack track, final Position position) {
        final long timeMs = position.fixTimeMs();
        final long device = track.deviceId();
        forget(track);
        track.start(timeMs, position.latitudeE7(), position.longitudeE7());
        track.segment = numberOf(timeMs, device);
        track.untilMs = timeMs + leastSegmentMs + draw(timeMs, device, LENGTH, segmentSpreadMs);
        track.gapMs = leastGapMs + draw(timeMs, device, GAP, gapSpreadMs);
    }

    /** Of a segment that begins at a fix. */
    private long numberOf(final long timeMs, final long device) {
        final long number = random.bits(timeMs, device, NUMBER);
        return number == Candidate.NO_SEGMENT ? 1 : number;
    }

    /** Its end confuses nobody any more. */
    private void forget(final SegmentedTrack track) {
        if (track.handle != EndedSegments.NONE) {
            ended.remove(track.handle);
            track.handle = EndedSegments.NONE;
        }
    }

    /** Uniform in [0, most]. */
    private long draw(final long timeMs, final long device, final int use, final long most) {
        return most == 0 ? 0 : (long) (random.uniform(timeMs, device, use) * (most + 1));
    }

    /**
     * How tracks are cut.
     *
     * @param segment       how long a segment is, in [10 s, 1 h].
     * @param gap           how long a gap is, in [10 s, 24 h]; null for gaps by density.
     * @param confusionBits that end a gap by density, in [1, 8].
     * @param movedMetres   that a vehicle moves in a gap by density, as the crow flies, in [0, 10000].
     * @param horizon       for how long an ended segment confuses, in [1 min, 2 h].
     */
    public record Parameters(
            DurationRange segment, DurationRange gap, double confusionBits, double movedMetres, Duration horizon)
            implements MechanismParameters {
        static final Duration SHORTEST = Duration.ofSeconds(10);
        static final Duration LONGEST_SEGMENT = Duration.ofHours(1);
        static final Duration LONGEST_GAP = Duration.ofHours(24);
        static final double LEAST_BITS = 1;
        static final double MOST_BITS = 8;
        static final double MOST_METRES = 10_000;
        static final Duration LEAST_HORIZON = Duration.ofMinutes(1);
        static final Duration MOST_HORIZON = Duration.ofHours(2);
        private static final DurationRange SEGMENT = new DurationRange(Duration.ofSeconds(270), Duration.ofMinutes(5));
        private static final double BITS = 2.5;
        private static final double MOVED = 300;
        private static final Duration HORIZON = Duration.ofMinutes(45);
        private static final String DENSITY = "density";

        /** Refuses values out of their ranges. */
        public Parameters {
            check("segment", segment, LONGEST_SEGMENT);
            if (gap != null) {
                check("gap", gap, LONGEST_GAP);
            }
            Ranges.check("confusion", confusionBits, LEAST_BITS, MOST_BITS);
            Ranges.check("moved", movedMetres, 0, MOST_METRES);
            Ranges.check("horizon", horizon, LEAST_HORIZON, MOST_HORIZON);
        }

        private static void check(final String key, final DurationRange range, final Duration most) {
            Ranges.check(key, range.least(), SHORTEST, most);
            Ranges.check(key, range.most(), SHORTEST, most);
        }

        static Parameters read(final ConfigMap map) {
            final DurationRange segment = map.durationRange("segment", SHORTEST, LONGEST_SEGMENT, SEGMENT);
            final ConfigNode gap = map.optional("gap").orElse(null);
            if (gap == null || gap.isWord(DENSITY)) {
                return new Parameters(
                        segment,
                        null,
                        map.bits("confusion", LEAST_BITS, MOST_BITS, BITS),
                        map.metres("moved", 0, MOST_METRES, MOVED),
                        map.duration("horizon", LEAST_HORIZON, MOST_HORIZON, HORIZON));
            }
            for (final String key : List.of("confusion", "moved", "horizon")) {
                if (map.has(key)) {
                    map.keyProblem(key, key + " beside a gap of a length of its own", "gap: density, or none of it");
                }
            }
            return new Parameters(segment, readGap(map, gap), BITS, MOVED, HORIZON);
        }

        private static DurationRange readGap(final ConfigMap map, final ConfigNode gap) {
            if (gap.isScalar() && Character.isLetter(gap.text().charAt(0))) {
                gap.problem(DENSITY + ", or " + DurationRange.ALLOWED);
                return SEGMENT;
            }
            return map.durationRange("gap", SHORTEST, LONGEST_GAP, SEGMENT);
        }

        /** Whether the other vehicles decide how long a gap is. */
        public boolean isByDensity() {
            return gap == null;
        }

        /** How long something of before can matter: a segment, and its gap; by density until all who count came up since. */
        private Duration longestPieceAndGap() {
            return segment.most().plus(isByDensity() ? horizon.multipliedBy(2) : gap.most());
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.BY_WHAT_LEFT;
        }

        /** One that was running is not made again, and what left of it may have begun behind its first fix. */
        @Override
        public Duration looksBack() {
            return segment.most().plus(longestPieceAndGap());
        }

        @Override
        public TimedMechanism build(final MechanismContext context) {
            return new SplitAndGap(this, context);
        }

        @Override
        public String effect() {
            final String cut = "pieces of " + text(segment) + " of the track, and nothing between them ";
            return isByDensity()
                    ? cut + "for " + LEAST_GAP_SECONDS + "s at least, for " + Ranges.metres(movedMetres)
                            + ", and until other pieces that ended nearby within " + Ranges.text(horizon)
                            + " could go on there as well (" + confusionBits
                            + " bit); of a vehicle of which nothing left for so"
                            + " long, the first piece begins among others that came up there"
                    : cut + "for " + text(gap);
        }

        private static String text(final DurationRange range) {
            return range.least().equals(range.most())
                    ? Ranges.text(range.least())
                    : Ranges.text(range.least()) + " to " + Ranges.text(range.most());
        }

        @Override
        public String canonical() {
            final String gaps = isByDensity()
                    ? "density confusion=" + confusionBits + "bit moved=" + movedMetres + "m horizon="
                            + horizon.toMillis() + "ms"
                    : canonical(gap);
            return "segments of=" + canonical(segment) + " gap=" + gaps;
        }

        private static String canonical(final DurationRange range) {
            return range.least().toMillis() + ".." + range.most().toMillis() + "ms";
        }

        @Override
        public Set<String> inputs() {
            return Set.of("deviceId", "fixTime", "place");
        }

        @Override
        public boolean needsWholeFleet() {
            return isByDensity();
        }
    }
}
