// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * The first stage: marks fixes that cannot be, and fixes that are history.
 *
 * <p>A latitude beyond 90 degrees, both coordinates zero, a time before 1990 or more than a day ahead of ours: such a
 * fix is kept out of live state and is never published as if good. A speed that no vehicle has becomes unknown; the place
 * beside it stays as good as it is. A fix that is not newer than the newest seen of its device, or is minutes ahead of our
 * clock, is history: it is kept, and moves no live state. Trackers send what they had buffered, some of them newest first.
 */
public final class PlausibilityStage implements Stage {
    /** 1990-01-01T00:00:00Z: no GPS tracker is older. */
    static final long EARLIEST_MS = 631_152_000_000L;

    /** How far a device's clock may be ahead of ours: one day. */
    static final long MAX_AHEAD_MS = 86_400_000;

    /**
     * How far ahead of ours a fix may be and still move live state: five minutes. One wild time would otherwise make
     * history of every true fix until it is reached.
     */
    static final long LIVE_AHEAD_MS = 300_000;

    private static final int MAX_LATITUDE_E7 = 900_000_000;
    private static final int MAX_LONGITUDE_E7 = 1_800_000_000;

    /** 1,000 km/h, rounded as {@link Position#speedKmh} rounds it. */
    private static final int MAX_SPEED_CM_PER_SEC = 27_778;

    private static final class NewestFix extends DeviceState {
        private long timeMs = Long.MIN_VALUE;

        @Override
        protected void reset() {
            timeMs = Long.MIN_VALUE;
        }
    }

    private final DeviceStates<NewestFix> devices;

    /**
     * Starts with no device known.
     *
     * @param maxDevices how many devices to keep, in [1, {@link DeviceStates#MAX_DEVICES}].
     */
    public PlausibilityStage(final int maxDevices) {
        devices = new DeviceStates<>(maxDevices, NewestFix::new);
    }

    @Override
    public void process(final PositionBatch batch) {
        final NewestFix newest = devices.of(batch.get(0).deviceId());
        for (int i = 0; i < batch.size(); i++) {
            final Position position = batch.get(i);
            judge(position);
            if (position.isValid()) {
                final long fixTimeMs = position.fixTimeMs();
                if (fixTimeMs > newest.timeMs && fixTimeMs <= position.receivedTimeMs() + LIVE_AHEAD_MS) {
                    newest.timeMs = fixTimeMs;
                } else {
                    position.history(true);
                }
            }
        }
    }

    /**
     * Adds the faults of place and time that can be seen in a position itself, and makes a speed that cannot be unknown.
     *
     * @param position with its received time set.
     */
    public static void judge(final Position position) {
        final int speedCmPerSec = position.speedCmPerSec();
        if (speedCmPerSec < 0 || speedCmPerSec > MAX_SPEED_CM_PER_SEC) {
            position.speedCmPerSec(Position.UNKNOWN);
        }
        final int latitude = position.latitudeE7();
        final int longitude = position.longitudeE7();
        if (latitude == Position.UNKNOWN || longitude == Position.UNKNOWN) {
            position.addFault(Position.FAULT_NO_FIX);
            return;
        }
        if (latitude > MAX_LATITUDE_E7
                || latitude < -MAX_LATITUDE_E7
                || longitude > MAX_LONGITUDE_E7
                || longitude < -MAX_LONGITUDE_E7) {
            position.addFault(Position.FAULT_RANGE);
        }
        if (latitude == 0 && longitude == 0) {
            position.addFault(Position.FAULT_NULL_ISLAND);
        }
        final long fixTimeMs = position.fixTimeMs();
        if (fixTimeMs < EARLIEST_MS || fixTimeMs > position.receivedTimeMs() + MAX_AHEAD_MS) {
            position.addFault(Position.FAULT_TIME);
        }
    }
}
