// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

/** What is kept of one device; a link of the {@link DeviceStates} from the device seen last to the oldest. */
public abstract class DeviceState {
    long deviceId;
    DeviceState newer;
    DeviceState older;

    public final long deviceId() {
        return deviceId;
    }

    /** Forgets all: it becomes another device's. The {@link #deviceId()} is still the old one's during this call. */
    protected abstract void reset();
}
