// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

/** What is kept of one device by a {@link DeviceStates}. */
public abstract class DeviceState {
    long deviceId;
    /** Where it stands among the others, see {@link SeenOrder}. */
    int place;

    public final long deviceId() {
        return deviceId;
    }

    /** Forgets all: it becomes another device's. The {@link #deviceId()} is still the old one's during this call. */
    protected abstract void reset();
}
