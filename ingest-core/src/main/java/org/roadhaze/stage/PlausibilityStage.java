// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

import org.roadhaze.device.DeviceState;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Plausibility;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * The first stage: marks fixes that cannot be, and fixes that are history.
 *
 * <p>What {@link Plausibility} finds at fault is kept out of live state. A fix that is not newer than the newest seen of its
 * device, or is minutes ahead of our clock, is history: it is kept, and moves no live state. Trackers send what they had
 * buffered, some of them newest first.
 */
public final class PlausibilityStage implements Stage {
    /**
     * How far ahead of ours a fix may be and still move live state, as that of a clock that is set: five minutes. One wild
     * time would otherwise make history of every true fix until it is reached.
     */
    public static final long LIVE_AHEAD_MS = 300_000;

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
     * @param known who is to be known; this worker's.
     */
    public PlausibilityStage(final DeviceTable known) {
        devices = new DeviceStates<>(known, NewestFix::new);
    }

    @Override
    public void process(final PositionBatch batch) {
        final NewestFix newest = devices.of(batch.get(0).deviceId());
        for (int i = 0; i < batch.size(); i++) {
            final Position position = batch.get(i);
            Plausibility.judge(position);
            if (position.isValid()) {
                final long fixTimeMs = position.fixTimeMs();
                if (fixTimeMs > newest.timeMs && !isAhead(position)) {
                    newest.timeMs = fixTimeMs;
                } else {
                    position.history(true);
                }
            }
        }
    }

    /**
     * Whether a position is from later than a clock that is set could say. A time zone that is not what the device is set
     * to looks like this, and a wild clock.
     *
     * @param position with its received time set.
     * @return false when it has no time.
     */
    public static boolean isAhead(final Position position) {
        return position.fixTimeMs() > position.receivedTimeMs() + LIVE_AHEAD_MS;
    }
}
