// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

/** What is kept of one device by a {@link DeviceStates}. */
public abstract class DeviceState {
    /** Of its device, see {@link DeviceTable}. */
    long seat;

    private long deviceId;

    final void sit(final long newSeat, final long newDeviceId) {
        seat = newSeat;
        deviceId = newDeviceId;
    }

    public final long deviceId() {
        return deviceId;
    }

    /** Forgets all: it becomes another device's. The {@link #deviceId()} is still the old one's during this call. */
    protected abstract void reset();
}
