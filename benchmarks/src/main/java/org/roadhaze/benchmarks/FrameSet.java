// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;
import org.roadhaze.protocol.DeviceSession;
import org.roadhaze.protocol.ProtocolDecoder;
import org.roadhaze.simulator.FleetFrames;

/**
 * Many different frames of a driving fleet, one behind the other outside the heap: enough of them that neither the caches
 * nor the branch predictor can learn them by heart. The devices take turns; each device's frames are in order.
 */
final class FrameSet {
    static final int DEVICES = 200;
    private static final long NEXT_LAP = 1_000_000;

    static final long FIRST_FIX_TIME_MS = 1_790_000_000_000L;
    static final long RECEIVED_TIME_MS = FIRST_FIX_TIME_MS + 86_400_000;

    private final UnsafeBuffer memory;
    private final int[] offsets;
    private final long[] devices;
    private int at = -1;
    private long laps;

    /**
     * Drives.
     *
     * @param protocol   as the command line of the simulator spells it.
     * @param frames     how many.
     * @param records    in each.
     * @param ioElements in each record.
     */
    FrameSet(final String protocol, final int frames, final int records, final int ioElements) {
        final FleetFrames fleet = new FleetFrames(protocol, DEVICES, records, ioElements, FIRST_FIX_TIME_MS, 1);
        memory = new UnsafeBuffer(ByteBuffer.allocateDirect(frames * fleet.maxFrameLength()));
        offsets = new int[frames + 1];
        devices = new long[frames];
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[fleet.maxFrameLength()]);
        for (int i = 0; i < frames; i++) {
            final int length = fleet.next(i % DEVICES, frame);
            memory.putBytes(offsets[i], frame, 0, length);
            offsets[i + 1] = offsets[i] + length;
            devices[i] = fleet.imei(i % DEVICES);
        }
    }

    /** Goes to the next frame; after the last comes the first. */
    void advance() {
        if (++at == devices.length) {
            at = 0;
            laps++;
        }
    }

    /**
     * Decodes all frames.
     *
     * @param decoder of their protocol.
     * @return the positions, in the frames' order.
     */
    List<Position> positions(final ProtocolDecoder decoder) {
        final List<Position> positions = new ArrayList<>();
        final DeviceSession session = new DeviceSession();
        final PositionBatch batch = new PositionBatch();
        for (int i = 0; i < devices.length; i++) {
            session.reset(devices[i], RECEIVED_TIME_MS);
            decoder.decode(memory, offsets[i], offsets[i + 1] - offsets[i], session, batch);
            for (int j = 0; j < batch.size(); j++) {
                positions.add(new Position().copyFrom(batch.get(j)));
            }
        }
        return positions;
    }

    UnsafeBuffer buffer() {
        return memory;
    }

    int offset() {
        return offsets[at];
    }

    int length() {
        return offsets[at + 1] - offsets[at];
    }

    int size() {
        return devices.length;
    }

    /** Whose frame it is. */
    long device() {
        return devices[at];
    }

    /** Whose frame it is, when every lap is driven by other vehicles: else the second lap would all be history. */
    long deviceOfLap() {
        return devices[at] + laps * NEXT_LAP;
    }
}
