// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.HeldFixes;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.mechanism.TripFollower.Finding;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Cuts the ends off every trip, as it goes: a fix leaves only when the vehicle has driven a distance from its last stop, and
 * has gone as far again on the same trip without a stop. What waits when it stops, falls silent or turns its engine off does
 * not leave.
 *
 * <p><b>Invariant.</b> Every fix that leaves is, along the raw track, at least {@code trim} metres from every stop of its
 * trip, before it and after it, and in none. A stop is a run of fixes of which all are within {@code stop-radius} of the
 * first, and which lasts for {@code stop-dwell} or longer; a fix with the engine off; and the last fix before a silence, and the
 * first after it. Fixes that no vehicle could have reached, more than 252 km/h away from the one before, do not leave and do
 * not count, unless the next lies there, too: then another trip has begun.
 * What a zone keeps back is part of the raw track, see {@link Mechanism#observe}. So is what was lost before, see {@link
 * Mechanism#miss}: it stands for a stop that lasts as long as the vehicle may be within one with it.
 *
 * <p>How far the vehicle has gone counts up to where a stop that is not yet known can have begun, at most: a parked vehicle
 * whose receiver wanders never drives a fix out.
 *
 * <p>With a trim of 0 nothing but the stops themselves is kept back: that is the step {@code dwell}.
 */
public final class TripEnds implements Mechanism {
    private static final int MOST_HELD_IN_ALL = 4_000_000;

    private final Parameters parameters;
    private final long dwellMs;
    private final long silenceMs;
    private final long longestWaitMs;
    private final double leastApartMetres;
    private final HeldFixes fixes;
    private final DeviceStates<TripFollower> followers;
    private Outlet out;

    TripEnds(final Parameters parameters, final MechanismContext context) {
        this.parameters = parameters;
        dwellMs = parameters.stopDwell().toMillis();
        silenceMs = parameters.silence().toMillis();
        longestWaitMs = parameters.longestWait().toMillis();
        leastApartMetres = (parameters.trimMetres() + 1.25 * parameters.stopRadiusMetres()) / parameters.mostHeld();
        fixes = context.heldFixes(
                (int) Math.min(MOST_HELD_IN_ALL, (long) context.maxDevices() * parameters.mostHeld()));
        final TripBeginnings beginnings = new TripBeginnings();
        followers = new DeviceStates<>(
                context.maxDevices(), () -> new TripFollower(beginnings, gone -> drop(gone, SuppressionReason.MEMORY)));
    }

    @Override
    public boolean followsTracks() {
        return true;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final TripFollower follower = followers.of(candidate.position().deviceId());
        final Finding finding = follow(follower, candidate.position(), outlet);
        switch (finding) {
            case LATE -> outlet.suppress(candidate, SuppressionReason.LATE);
            case OUTLIER -> outlet.suppress(candidate, SuppressionReason.INVALID_FIX);
            case STOPPED -> outlet.suppress(candidate, parameters.stopReason());
            case NEW, DRIVING -> begin(candidate, follower);
        }
    }

    /** A stop in a zone is a stop, and the way through one is driven. */
    @Override
    public void observe(final Candidate candidate, final Outlet outlet) {
        follow(followers.of(candidate.position().deviceId()), candidate.position(), outlet);
    }

    /** Nobody knows what it would have shown: it is taken for a stop when the track has come so far. */
    @Override
    public void miss(final Candidate candidate) {
        final Position position = candidate.position();
        followers.of(position.deviceId()).miss(position.fixTimeMs(), position.latitudeE7(), position.longitudeE7());
    }

    @Override
    public long readAhead(final long[] deviceIds, final int count) {
        // A loop for each step of the way there: within one, nothing that is read waits for something else.
        followers.lookAhead(deviceIds, count);
        long read = 0;
        for (int i = 0; i < count; i++) {
            final TripFollower follower = followers.ahead(i);
            read += follower == null ? 0 : follower.readAhead();
        }
        for (int i = 0; i < count; i++) {
            final TripFollower follower = followers.ahead(i);
            if (follower != null) {
                read += follower.readBeginningsAhead();
                if (follower.first != HeldFixes.NONE) {
                    read += fixes.deviceId(follower.first) + fixes.mark(follower.first) + fixes.mark(follower.last);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            final TripFollower follower = followers.ahead(i);
            if (follower != null && follower.first != follower.last) {
                read += fixes.mark(fixes.next(follower.first));
            }
        }
        return read;
    }

    /** Goes on to the next fix: of what is held, lets go what may leave for that, and gives up what never will. */
    private Finding follow(final TripFollower follower, final Position position, final Outlet outlet) {
        out = outlet;
        if (follower.missesAnyBefore(position.fixTimeMs())) {
            drop(follower, parameters.stopReason()); // What could leave whatever comes next has left.
        }
        final Finding finding = follower.follow(
                position.fixTimeMs(),
                position.latitudeE7(),
                position.longitudeE7(),
                parameters.isTrimming() && isEngineOff(position),
                parameters.stopRadiusMetres(),
                dwellMs,
                silenceMs);
        switch (finding) {
            case LATE, OUTLIER -> {}
            case STOPPED -> {
                letGo(follower, follower.stopMetres(), follower.nextStopNumber(), follower.nextStopMetres());
                drop(follower, parameters.stopReason());
            }
            case NEW -> {
                // That trip ended where it was seen last: no stop that nobody knows of can have begun before.
                letGo(follower, follower.stopBeforeMetres(), Integer.MAX_VALUE, follower.odometerMetres());
                drop(follower, parameters.stopReason());
            }
            case DRIVING ->
                letGo(follower, follower.stopMetres(), follower.nextStopNumber(), follower.nextStopMetres());
        }
        return finding;
    }

    private static boolean isEngineOff(final Position position) {
        final int index = position.indexOfAttribute(Attribute.IGNITION.key());
        return index >= 0 && position.attributeValue(index) == 0;
    }

    /** Holds a fix, unless it is too near to the last stop ever to leave. */
    private void begin(final Candidate candidate, final TripFollower follower) {
        if (follower.odometerMetres() - follower.stopMetres() < parameters.trimMetres()) {
            out.suppress(candidate, SuppressionReason.TRIP_START);
            return;
        }
        final int handle = isOneTooMany(follower) ? HeldFixes.NONE : fixes.hold(candidate);
        if (handle == HeldFixes.NONE) {
            out.suppress(candidate, SuppressionReason.MEMORY);
            return;
        }
        fixes.mark(handle, Double.doubleToRawLongBits(follower.odometerMetres()));
        fixes.kind(handle, follower.number());
        if (follower.last == HeldFixes.NONE) {
            follower.first = handle;
        } else {
            fixes.next(follower.last, handle);
        }
        follower.last = handle;
        follower.held++;
    }

    /** From half of what may wait on, they have to lie so far apart that the others suffice for the rest of the way. */
    private boolean isOneTooMany(final TripFollower follower) {
        return follower.held >= parameters.mostHeld()
                || (follower.held >= parameters.mostHeld() / 2
                        && follower.odometerMetres() - Double.longBitsToDouble(fixes.mark(follower.last))
                                < leastApartMetres);
    }

    /** Lets those go that are far enough from every stop that there has been and can be. */
    private void letGo(
            final TripFollower follower, final double fromMetres, final int beforeNumber, final double beforeMetres) {
        int let = 0;
        while (follower.first != HeldFixes.NONE && let < MOST_LET_GO_AT_ONCE) {
            final int handle = follower.first;
            final double metres = Double.longBitsToDouble(fixes.mark(handle));
            final double ahead = beforeMetres - metres;
            if (fixes.kind(handle) >= beforeNumber || ahead < parameters.trimMetres()) {
                return;
            }
            final Candidate fix = fixes.load(handle);
            final long waited = follower.lastMs() - fixes.fixTimeMs(handle);
            take(follower);
            if (waited > longestWaitMs) {
                out.suppress(fix, SuppressionReason.LATE);
            } else {
                fix.stopDistanceCm((int) Math.min(Integer.MAX_VALUE, 100 * Math.min(ahead, metres - fromMetres)));
                out.pass(fix);
            }
            let++;
        }
    }

    private void drop(final TripFollower follower, final SuppressionReason reason) {
        while (follower.first != HeldFixes.NONE) {
            take(follower);
            out.suppress(null, reason);
        }
    }

    private void take(final TripFollower follower) {
        follower.first = fixes.free(follower.first);
        if (follower.first == HeldFixes.NONE) {
            follower.last = HeldFixes.NONE;
        }
        follower.held--;
    }

    /**
     * What is a stop, and how far from one.
     *
     * @param trimMetres       in [0, 20000]; 0 keeps the stops back, and nothing else.
     * @param stopRadiusMetres in [10, 1000].
     * @param stopDwell        in [30 s, 4 h].
     * @param silence          after which another trip begins, in [1 min, 24 h], at least the dwell.
     * @param longestWait      that a fix may wait, in [1 min, 24 h]: it does not leave after that.
     * @param mostHeld         fixes of one device that wait at a time, in [4, 100000].
     */
    public record Parameters(
            double trimMetres,
            double stopRadiusMetres,
            Duration stopDwell,
            Duration silence,
            Duration longestWait,
            int mostHeld)
            implements MechanismParameters {
        static final double LEAST_TRIM = 50;
        static final double MOST_TRIM = 20_000;
        static final double LEAST_RADIUS = 10;
        static final double MOST_RADIUS = 1_000;
        static final Duration LEAST_DWELL = Duration.ofSeconds(30);
        static final Duration MOST_DWELL = Duration.ofHours(4);
        static final Duration LEAST_SILENCE = Duration.ofMinutes(1);
        static final Duration MOST_SILENCE = Duration.ofHours(24);
        static final int LEAST_HELD = 4;
        static final int MOST_HELD = 100_000;

        /** Refuses what is out of range. */
        public Parameters {
            Ranges.check("trim", trimMetres, 0, MOST_TRIM);
            Ranges.check("stop-radius", stopRadiusMetres, LEAST_RADIUS, MOST_RADIUS);
            Ranges.check("stop-dwell", stopDwell, LEAST_DWELL, MOST_DWELL);
            Ranges.check("silence", silence, LEAST_SILENCE, MOST_SILENCE);
            Ranges.check("longest-wait", longestWait, LEAST_SILENCE, MOST_SILENCE);
            Ranges.check("most-held", mostHeld, LEAST_HELD, MOST_HELD);
        }

        static Parameters read(final ConfigMap map) {
            return new Parameters(
                    map.metres("trim", LEAST_TRIM, MOST_TRIM, 500),
                    map.metres("stop-radius", LEAST_RADIUS, MOST_RADIUS, 100),
                    map.duration("stop-dwell", LEAST_DWELL, MOST_DWELL, Duration.ofMinutes(3)),
                    map.duration("silence", LEAST_SILENCE, MOST_SILENCE, Duration.ofMinutes(20)),
                    map.duration("longest-wait", LEAST_SILENCE, MOST_SILENCE, Duration.ofMinutes(30)),
                    map.integer("most-held", LEAST_HELD, MOST_HELD, 64));
        }

        /** The step {@code dwell}, which keeps stops back and nothing around them. */
        static Parameters readDwell(final ConfigMap map) {
            final Duration after = map.duration("after", LEAST_DWELL, MOST_DWELL, Duration.ofMinutes(15));
            return new Parameters(
                    0,
                    map.metres("radius", LEAST_RADIUS, MOST_RADIUS, 200),
                    after,
                    MOST_SILENCE,
                    map.duration("longest-wait", LEAST_SILENCE, MOST_SILENCE, Duration.ofHours(1)),
                    map.integer("most-held", LEAST_HELD, MOST_HELD, 1024));
        }

        boolean isTrimming() {
            return trimMetres > 0;
        }

        SuppressionReason stopReason() {
            return isTrimming() ? SuppressionReason.TRIP_END : SuppressionReason.DWELL;
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new TripEnds(this, context);
        }

        @Override
        public Duration holdsBack() {
            return longestWait;
        }

        /** So long takes a vehicle at most that reports each dwell and never stops: it goes a radius in each dwell, or stops. */
        @Override
        public Duration looksBack() {
            return stopDwell.multipliedBy((long) Math.ceil(trimMetres / stopRadiusMetres) + 2);
        }

        @Override
        public String effect() {
            final String stop = Ranges.text(stopDwell) + " within " + Ranges.metres(stopRadiusMetres);
            return isTrimming()
                    ? "nothing within " + Ranges.metres(trimMetres) + ", as it drove, of where the vehicle stopped ("
                            + stop + ", engine off, or silent for " + Ranges.text(silence)
                            + "); so a place leaves only when it has driven as far again"
                    : "nothing from where the vehicle stopped (" + stop + ")";
        }

        @Override
        public String canonical() {
            return "trips trim=" + trimMetres + "m radius=" + stopRadiusMetres + "m dwell=" + stopDwell.toMillis()
                    + "ms silence=" + silence.toMillis() + "ms wait=" + longestWait.toMillis() + "ms held=" + mostHeld;
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.BY_RECORD;
        }

        @Override
        public Set<String> inputs() {
            return isTrimming()
                    ? Set.of("deviceId", "fixTime", "place", Attribute.IGNITION.label())
                    : Set.of("deviceId", "fixTime", "place");
        }
    }
}
