// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stage;

/** What a stage keeps of one device; a link of the {@link DeviceStates} from the device seen last to the oldest. */
public abstract class DeviceState {
    long deviceId;
    DeviceState newer;
    DeviceState older;

    /** Forgets all: it becomes another device's. */
    protected abstract void reset();
}
