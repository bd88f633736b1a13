// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

/**
 * When each frame of each device is to be sent when a rate is given: frame by frame, one device after the other, evenly
 * spread, fixed before the first one is sent. What the target does changes nothing in it, so that latency that is
 * measured from it hides no waiting ("coordinated omission").
 *
 * <p>Times are nanoseconds of the loop's clock. Not thread safe.
 */
final class FrameSchedule {
    private final int devices;
    private final double nsPerFrame;
    private final long startNs;
    private long cursor;

    FrameSchedule(final int devices, final int recordsPerFrame, final long recordsPerSecond, final long startNs) {
        this.devices = devices;
        this.startNs = startNs;
        nsPerFrame = 1e9 * recordsPerFrame / recordsPerSecond;
    }

    /**
     * When a device is to send a frame.
     *
     * @param device which.
     * @param frame  its number on the device.
     * @return the time.
     */
    long plannedNs(final int device, final long frame) {
        return at(frame * devices + device);
    }

    /**
     * How many frames a device is to send before some time.
     *
     * @param device which.
     * @param ns     the time.
     * @return the number of the first frame that is planned for then or later.
     */
    long framesBefore(final int device, final long ns) {
        long frames = Math.max(0, (long) ((ns - startNs) / nsPerFrame - device) / devices);
        while (plannedNs(device, frames) < ns) {
            frames++;
        }
        while (frames > 0 && plannedNs(device, frames - 1) >= ns) {
            frames--;
        }
        return frames;
    }

    /**
     * Moves on to the next device in turn, if its turn has come.
     *
     * @param nowNs the time.
     * @return the device, or -1 when it is too early.
     */
    int nextDue(final long nowNs) {
        if (at(cursor) > nowNs) {
            return -1;
        }
        return (int) (cursor++ % devices);
    }

    /**
     * When the next turn is.
     *
     * @return the time.
     */
    long nextNs() {
        return at(cursor);
    }

    private long at(final long slot) {
        return startNs + (long) (slot * nsPerFrame);
    }
}
