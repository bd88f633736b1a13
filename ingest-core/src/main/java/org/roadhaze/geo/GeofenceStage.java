// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.geo;

import java.util.Arrays;
import org.roadhaze.device.DeviceState;
import org.roadhaze.device.DeviceStates;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.geometry.PolygonIndex;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.stage.Stage;

/**
 * Tells which geofences a vehicle enters and leaves: {@link Attribute#GEOFENCE_EXIT} and {@link Attribute#GEOFENCE_ENTER}
 * with the fence's number, exits first, each by ascending number, on the position at which it was seen.
 *
 * <p>A device whose first fix is inside a fence enters it with that fix, so that every exit has its enter. Positions with
 * faults and history change nothing and are told nothing. For a fence and a device, enter and exit take turns, unless
 * the device was forgotten in between (see {@link #evictions()}).
 *
 * <p>State: some 100 bytes a device, for a bounded number of devices. Allocates nothing once a device is known and its
 * list of fences has grown to the most that it was in. Not thread safe: one worker calls it.
 */
public final class GeofenceStage implements Stage {
    private static final class Presence extends DeviceState {
        private int[] inside = new int[4];
        private int count;
        /** The index's cell of the last fix, or -1. */
        private int cell = -1;

        @Override
        protected void reset() {
            count = 0;
            cell = -1;
        }
    }

    private final Geofences fences;
    private final PolygonIndex index;
    private final DeviceStates<Presence> states;
    private final int[] found;

    /**
     * Starts with no device known.
     *
     * @param fences  the fences.
     * @param devices who is to be known; this worker's.
     */
    public GeofenceStage(final Geofences fences, final DeviceTable devices) {
        this.fences = fences;
        index = fences.index();
        states = new DeviceStates<>(devices, Presence::new);
        found = new int[index.maxMatches()];
    }

    @Override
    public void process(final PositionBatch batch) {
        if (fences.size() == 0) {
            return;
        }
        final Presence presence = states.of(batch.get(0).deviceId());
        for (int i = 0; i < batch.size(); i++) {
            final Position position = batch.get(i);
            if (position.isValid() && !position.isHistory()) {
                locate(position, presence);
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
     * How often a device was forgotten to make room for another: were it inside a fence, its next fix enters it again.
     *
     * @return the count since the start.
     */
    public long evictions() {
        return states.evictions();
    }

    private void locate(final Position position, final Presence presence) {
        final int cell = index.cellOf(position.latitudeE7(), position.longitudeE7());
        if (cell == presence.cell && index.isUniform(cell)) {
            return;
        }
        presence.cell = cell;
        final int count = index.queryCell(cell, position.latitudeE7(), position.longitudeE7(), found);
        if (count == presence.count && Arrays.equals(found, 0, count, presence.inside, 0, count)) {
            return;
        }
        tell(position, Attribute.GEOFENCE_EXIT, presence.inside, presence.count, found, count);
        tell(position, Attribute.GEOFENCE_ENTER, found, count, presence.inside, presence.count);
        if (count > presence.inside.length) {
            presence.inside = new int[Math.min(found.length, 2 * count)];
        }
        System.arraycopy(found, 0, presence.inside, 0, count);
        presence.count = count;
    }

    /** What is in the first ascending list and not in the second. */
    private void tell(
            final Position position,
            final Attribute event,
            final int[] some,
            final int someCount,
            final int[] others,
            final int otherCount) {
        int other = 0;
        for (int i = 0; i < someCount; i++) {
            while (other < otherCount && others[other] < some[i]) {
                other++;
            }
            if (other == otherCount || others[other] != some[i]) {
                position.attribute(event.key(), fences.number(some[i]));
            }
        }
    }
}
