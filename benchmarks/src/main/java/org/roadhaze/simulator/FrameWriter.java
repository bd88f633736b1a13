// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

import java.io.IOException;

/**
 * Fills the frames of devices with their next fixes, and writes down in the ledger what became of them.
 *
 * <p>Owned by the simulator's loop; allocates nothing per frame. Not thread safe.
 */
final class FrameWriter {
    private final FixSource source;
    private final DeviceProtocol protocol;
    private final Ledger ledger;
    private final Fix[] fixes;

    /**
     * A writer.
     *
     * @param source          where the devices are.
     * @param protocol        how they talk.
     * @param ledger          or null for none.
     * @param recordsPerFrame fixes that a device gathers; the last frame of a trace may have fewer.
     */
    FrameWriter(final FixSource source, final DeviceProtocol protocol, final Ledger ledger, final int recordsPerFrame) {
        this.source = source;
        this.protocol = protocol;
        this.ledger = ledger;
        fixes = new Fix[recordsPerFrame];
        for (int i = 0; i < fixes.length; i++) {
            fixes[i] = new Fix();
        }
    }

    FixSource source() {
        return source;
    }

    int frameCapacity() {
        return protocol.maxFrameLength(fixes.length);
    }

    /** Records of a frame that a device has to remember for the ledger. */
    int remembered() {
        return ledger == null ? 0 : fixes.length;
    }

    boolean hasNext(final SimulatedDevice device) {
        return source.hasNext(device.index);
    }

    boolean isReady(final SimulatedDevice device, final long wallMs) {
        return source.readyAtMs(device.index, fixes.length) <= wallMs;
    }

    /**
     * Writes a device's next frame over the one before.
     *
     * @param device that {@link #hasNext}.
     */
    void write(final SimulatedDevice device) {
        int count = 0;
        while (count < fixes.length && source.hasNext(device.index)) {
            final Fix fix = fixes[count];
            source.next(device.index, fix);
            protocol.quantize(fix);
            if (ledger != null) {
                device.recordTimesMs[count] = fix.timeMs;
                device.recordPlacesE7[2 * count] = fix.latitudeE7;
                device.recordPlacesE7[2 * count + 1] = fix.longitudeE7;
            }
            count++;
        }
        device.frameLength = protocol.frame(device.frameBytes, device.imei, device.frames, fixes, count);
        device.records = count;
        device.frames++;
    }

    /**
     * Notes that a device's frame was acknowledged; {@link #flush} writes it down.
     *
     * @param device whose frame.
     */
    void acknowledged(final SimulatedDevice device) {
        if (ledger != null) {
            for (int i = 0; i < device.records; i++) {
                ledger.append(
                        device.imei,
                        device.recordTimesMs[i],
                        device.recordPlacesE7[2 * i],
                        device.recordPlacesE7[2 * i + 1],
                        device.acknowledged + i);
            }
        }
        device.acknowledged += device.records;
        device.records = 0;
    }

    /** Writes down what was noted: before any frame is sent. */
    void flush() {
        if (ledger != null) {
            ledger.flush();
        }
    }

    void close() throws IOException {
        if (ledger != null) {
            ledger.close();
        }
    }
}
