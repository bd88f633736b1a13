// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

/**
 * Whose frame it is, as the listener stamped it, for the length of one {@link ProtocolDecoder#decode}. Reused. Not
 * thread safe.
 */
public final class DeviceSession {
    private long deviceId;
    private long receivedTimeMs;

    /**
     * Describes the next frame.
     *
     * @param device   the device's number, or {@link ProtocolDecoder#NO_DEVICE} before a login.
     * @param timeMs   when the frame was received, milliseconds since 1970-01-01 UTC: for protocols whose answer
     *                 carries the time, or whose fixes need a year.
     * @return this.
     */
    public DeviceSession reset(final long device, final long timeMs) {
        deviceId = device;
        receivedTimeMs = timeMs;
        return this;
    }

    public long deviceId() {
        return deviceId;
    }

    public boolean isLoggedIn() {
        return deviceId != ProtocolDecoder.NO_DEVICE;
    }

    public long receivedTimeMs() {
        return receivedTimeMs;
    }
}
