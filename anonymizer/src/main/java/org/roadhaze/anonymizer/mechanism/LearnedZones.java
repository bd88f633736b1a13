// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.config.ConfigMap;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.position.Position;

/**
 * Learns where each vehicle stays longest, and keeps back every record from around these places: the home, the place of work,
 * without anyone having to draw them. A place is learned once the vehicle has stayed there for {@code after} in all, in stays of
 * at least {@code stay}; from then on nothing leaves from a circle of {@code radius + shift} whose centre is up to
 * {@code shift} away from it.
 *
 * <p><b>Invariant.</b> No record leaves whose raw place is within {@code radius} of a learned place of its device: by the
 * triangle inequality, wherever in reach the centre is.
 *
 * <p><b>What an attacker finds.</b> Where tracks break off around a place that is always the same, he fits a circle to the
 * ends (as was done to the privacy zones of sports trackers) and has its centre. It is not the place: that lies anywhere
 * within {@code shift} of it, each point as likely. So {@code shift} must reach so far that enough others live there. How an
 * offset keeps from being averaged or intersected away over days, restarts and streams is in {@link ZoneShift}. Against one
 * who knows the streets, where a single one leads into the circle, this does not help.
 *
 * <p><b>Until a place is learned, its surroundings leave</b>: before {@code after} is over at a new device, a new home, and
 * again after every start of the engine, since what was learned is kept in memory alone; nothing of it is written anywhere.
 * {@code trip-ends} beside this step covers that time, since it needs to learn nothing. A device that was forgotten for
 * others, see {@link DeviceStates}, begins anew as well.
 *
 * <p>Some 700 bytes a device with three places. Event time alone counts.
 */
public final class LearnedZones implements Mechanism {
    private final DeviceStates<StayFollower> followers;

    LearnedZones(final Parameters parameters, final MechanismContext context) {
        final ZoneShift shift = new ZoneShift(context.keys(), parameters.shiftMetres());
        followers = new DeviceStates<>(context.maxDevices(), () -> new StayFollower(parameters, shift));
    }

    @Override
    public boolean followsTracks() {
        return true;
    }

    /** A stay in a zone that others have drawn is a stay. */
    @Override
    public void observe(final Candidate candidate, final Outlet outlet) {
        follow(candidate.position());
    }

    private StayFollower follow(final Position position) {
        final StayFollower follower = followers.of(position.deviceId());
        follower.follow(position.fixTimeMs(), position.latitudeE7(), position.longitudeE7());
        return follower;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final Position position = candidate.position();
        final StayFollower follower = follow(position);
        if (follower.places().hides(position.latitudeE7(), position.longitudeE7())) {
            outlet.suppress(candidate, SuppressionReason.LEARNED_ZONE);
        } else {
            outlet.pass(candidate);
        }
    }

    /** What is known of a device, for tests. */
    LearnedPlaces placesOf(final long deviceId) {
        return followers.of(deviceId).places();
    }

    /**
     * What is learned, and how much is kept back around it.
     *
     * @param radiusMetres around a learned place, in [200, 10000].
     * @param shiftMetres  how far the centre of the circle may be from the place, in [100, 10000].
     * @param places       how many of a device are learned at most, in [1, 8].
     * @param stay         how long a stay lasts at least, in [5 min, 12 h].
     * @param after        how long a vehicle stays at a place in all before it is learned, in [{@code stay}, 24 h].
     * @param halfLife     in which the time stayed at a place halves, in [2 d, 365 d].
     */
    public record Parameters(
            double radiusMetres, double shiftMetres, int places, Duration stay, Duration after, Duration halfLife)
            implements MechanismParameters {
        /** Stays at one place are up to this far from each other. */
        static final double LEAST_RADIUS = LearnedPlaces.SAME_PLACE_METRES;

        static final double LEAST_SHIFT = 100;
        static final double MOST_METRES = 10_000;
        static final int LEAST_PLACES = 1;
        static final int MOST_PLACES = 8;
        static final Duration LEAST_STAY = Duration.ofMinutes(5);
        static final Duration MOST_STAY = Duration.ofHours(12);
        static final Duration MOST_AFTER = Duration.ofHours(24);
        static final Duration LEAST_HALF_LIFE = Duration.ofDays(2);
        static final Duration MOST_HALF_LIFE = Duration.ofDays(365);

        private static final Duration AFTER = Duration.ofHours(6);

        /** Refuses what is out of range. */
        public Parameters {
            Ranges.check("radius", radiusMetres, LEAST_RADIUS, MOST_METRES);
            Ranges.check("shift", shiftMetres, LEAST_SHIFT, MOST_METRES);
            Ranges.check("places", places, LEAST_PLACES, MOST_PLACES);
            Ranges.check("stay", stay, LEAST_STAY, MOST_STAY);
            Ranges.check("after", after, stay, MOST_AFTER);
            Ranges.check("half-life", halfLife, LEAST_HALF_LIFE, MOST_HALF_LIFE);
        }

        static Parameters read(final ConfigMap map) {
            final Duration stay = map.duration("stay", LEAST_STAY, MOST_STAY, Duration.ofMinutes(30));
            return new Parameters(
                    map.metres("radius", LEAST_RADIUS, MOST_METRES, 500),
                    map.metres("shift", LEAST_SHIFT, MOST_METRES, 350),
                    map.integer("places", LEAST_PLACES, MOST_PLACES, 3),
                    stay,
                    map.duration("after", stay, MOST_AFTER, stay.compareTo(AFTER) > 0 ? stay : AFTER),
                    map.duration("half-life", LEAST_HALF_LIFE, MOST_HALF_LIFE, Duration.ofDays(14)));
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new LearnedZones(this, context);
        }

        @Override
        public String effect() {
            return "nothing within " + Ranges.metres(radiusMetres) + " of the " + places
                    + (places == 1 ? " place" : " places")
                    + " where a vehicle stays longest, in a circle whose centre is up to " + Ranges.metres(shiftMetres)
                    + " away, once it has stayed there for " + Ranges.text(after)
                    + " since the engine started; until then its surroundings leave";
        }

        @Override
        public String canonical() {
            return "learned radius=" + radiusMetres + "m shift=" + shiftMetres + "m places=" + places + " stay="
                    + stay.toMillis() + "ms after=" + after.toMillis() + "ms half-life=" + halfLife.toMillis() + "ms";
        }

        @Override
        public Set<String> inputs() {
            return Set.of("deviceId", "fixTime", "place");
        }
    }
}
