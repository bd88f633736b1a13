// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import org.roadhaze.device.DeviceStates;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.stage.Stage;

/**
 * Tells trips, stops and the distance driven, as derived attributes of the position at which they were seen.
 *
 * <ul>
 *   <li>{@link Attribute#ON_TRIP} is on every position that is used.
 *   <li>{@link Attribute#TRIP_START}: the vehicle is further than the stop radius from where it stood, or drives at the
 *       moving speed and is further than the jitter. A fix that says that the ignition is off starts no trip.
 *   <li>{@link Attribute#TRIP_END}: it has stayed within the stop radius for the dwell time, or the ignition is off, or
 *       it was silent for longer than allowed (then the trip ended at the fix before, and this one tells it). The value
 *       is the seconds since it last moved.
 *   <li>{@link Attribute#TRIP_DISTANCE} is on every position of a trip and on the one that ends it.
 * </ul>
 *
 * <p>Distance is summed in centimetres leg by leg, from where the vehicle stood. A leg is counted at the moving speed,
 * or once it is longer than the jitter, so that a receiver's wandering at rest is not driven distance; over a silence
 * nothing is counted. A fix that could only be reached faster than the greatest speed is an outlier and changes nothing;
 * when the next one is no nearer, the vehicle is taken to be there, and the way is not counted.
 *
 * <p>Positions with faults, history, and those with a time before one already seen change nothing and are told nothing.
 *
 * <p>State: some 120 bytes a device, for a bounded number of devices; a device that was forgotten starts as if standing.
 * Allocates nothing once a device is known. Not thread safe: one worker calls it.
 */
public final class RouteStage implements Stage {
    private final DeviceStates<RouteState> states;
    private final int movingSpeedCmPerSec;
    private final double jitterMetres;
    private final double stopRadiusMetres;
    private final long stopDwellMs;
    private final long maxSilenceMs;
    private final double maxMetresPerMs;

    /**
     * Starts with no device known.
     *
     * @param parameters what makes a trip.
     * @param devices    who is to be known; this worker's.
     */
    public RouteStage(final RouteParameters parameters, final DeviceTable devices) {
        states = new DeviceStates<>(devices, RouteState::new);
        movingSpeedCmPerSec = parameters.movingSpeedCmPerSec();
        jitterMetres = parameters.jitterMetres();
        stopRadiusMetres = parameters.stopRadiusMetres();
        stopDwellMs = 1000L * parameters.stopDwellSeconds();
        maxSilenceMs = 1000L * parameters.maxSilenceSeconds();
        maxMetresPerMs = parameters.maxSpeedCmPerSec() * 1e-5;
    }

    @Override
    public void process(final PositionBatch batch) {
        final RouteState state = states.of(batch.get(0).deviceId());
        for (int i = 0; i < batch.size(); i++) {
            final Position position = batch.get(i);
            if (position.isValid() && !position.isHistory() && position.fixTimeMs() >= state.fixTimeMs) {
                follow(position, state);
            }
        }
    }

    /**
     * How many devices are known.
     *
     * @return the count.
     */
    public int devices() {
        return states.size();
    }

    /**
     * How often a device was forgotten to make room for another: its trip then never ends, and another may start.
     *
     * @return the count since the start.
     */
    public long evictions() {
        return states.evictions();
    }

    private void follow(final Position position, final RouteState state) {
        final long nowMs = position.fixTimeMs();
        if (state.isNew()) {
            state.rest(position);
        } else if (nowMs - state.fixTimeMs > maxSilenceMs) {
            if (state.onTrip) {
                end(position, state);
            }
            state.rest(position);
        } else if (isOutlier(position, state)) {
            if (state.outlier) {
                state.relocate(position);
            } else {
                state.outlier = true;
                tellTrip(position, state);
                return;
            }
        } else if (state.onTrip) {
            drive(position, state);
        } else {
            stand(position, state);
        }
        state.see(position);
        tellTrip(position, state);
    }

    private void stand(final Position position, final RouteState state) {
        final double metres = state.metresFromAnchor(position);
        final boolean away = metres > stopRadiusMetres;
        if (isIgnitionOff(position)) {
            if (away) {
                state.rest(position);
            }
        } else if (away || (isMoving(position) && metres > jitterMetres)) {
            state.start();
            state.count(position, state.metresFromCounted(position));
            state.anchor(position);
            position.attribute(Attribute.TRIP_START.key(), 1);
        }
    }

    private void drive(final Position position, final RouteState state) {
        final boolean ignitionOff = isIgnitionOff(position);
        final double leg = state.metresFromCounted(position);
        if (leg > jitterMetres || (isMoving(position) && !ignitionOff)) {
            state.count(position, leg);
        }
        if (state.isFurtherFromAnchor(position, stopRadiusMetres)) {
            state.anchor(position);
        }
        if (ignitionOff || position.fixTimeMs() - state.anchorTimeMs >= stopDwellMs) {
            end(position, state);
            state.rest(position);
        }
    }

    private static void end(final Position position, final RouteState state) {
        state.onTrip = false;
        position.attribute(Attribute.TRIP_END.key(), (position.fixTimeMs() - state.movedTimeMs) / 1000);
        position.attribute(Attribute.TRIP_DISTANCE.key(), state.distanceCm / 100);
    }

    private static void tellTrip(final Position position, final RouteState state) {
        position.attribute(Attribute.ON_TRIP.key(), state.onTrip ? 1 : 0);
        if (state.onTrip) {
            position.attribute(Attribute.TRIP_DISTANCE.key(), state.distanceCm / 100);
        }
    }

    /** What is no further than a stop's radius is never one: fixes may come several to the second. */
    private boolean isOutlier(final Position position, final RouteState state) {
        final double mostMetres = maxMetresPerMs * (position.fixTimeMs() - state.fixTimeMs);
        return state.isFurtherFromLast(position, Math.max(stopRadiusMetres, mostMetres));
    }

    private boolean isMoving(final Position position) {
        return position.speedCmPerSec() >= movingSpeedCmPerSec;
    }

    private static boolean isIgnitionOff(final Position position) {
        final int index = position.indexOfAttribute(Attribute.IGNITION.key());
        return index >= 0 && position.attributeValue(index) == 0;
    }
}
