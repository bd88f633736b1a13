// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import org.agrona.MutableDirectBuffer;

/**
 * The frames of a fleet in the built-in city without the sockets: what each device would send next. Not thread safe.
 */
public final class FleetFrames {
    private final FixSource source;
    private final DeviceProtocol protocol;
    private final Fix[] fixes;
    private final int[] serials;

    /**
     * Plans the drives.
     *
     * @param protocolName    as the command line spells it.
     * @param devices         at least 1.
     * @param recordsPerFrame as many as the protocol allows.
     * @param ioElements      attributes per record beside the fix, as many as the protocol allows.
     * @param firstFixTimeMs  of every device; fixes are a second apart.
     * @param seed            the same seed gives the same frames.
     */
    public FleetFrames(
            final String protocolName,
            final int devices,
            final int recordsPerFrame,
            final int ioElements,
            final long firstFixTimeMs,
            final long seed) {
        final DeviceProtocols.Entry entry = DeviceProtocols.byName(protocolName);
        protocol = entry.factory().create(false, ioElements);
        source = new CityFleet(devices, DeviceProtocols.SECOND_MS, firstFixTimeMs, seed);
        serials = new int[devices];
        fixes = new Fix[recordsPerFrame];
        for (int i = 0; i < recordsPerFrame; i++) {
            fixes[i] = new Fix();
        }
    }

    /**
     * Who a device is.
     *
     * @param device in [0, devices).
     * @return its IMEI.
     */
    public long imei(final int device) {
        return source.imei(device);
    }

    /**
     * An upper bound of what {@link #next} writes.
     *
     * @return bytes.
     */
    public int maxFrameLength() {
        return protocol.maxFrameLength(fixes.length);
    }

    /**
     * Writes a device's next frame.
     *
     * @param device in [0, devices).
     * @param buffer to write to, from 0 on.
     * @return the length in bytes.
     */
    public int next(final int device, final MutableDirectBuffer buffer) {
        for (final Fix fix : fixes) {
            source.next(device, fix);
            protocol.quantize(fix);
        }
        return protocol.frame(buffer, source.imei(device), serials[device]++, fixes, fixes.length);
    }
}
