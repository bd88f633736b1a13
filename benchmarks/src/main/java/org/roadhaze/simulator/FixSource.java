// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

/**
 * Where the devices of a fleet are: for each, an ordered row of fixes, no two with the same time.
 *
 * <p>Read by the simulator's loop alone; allocates nothing per fix. Not thread safe.
 */
interface FixSource {
    /** {@link #readyAtMs}: the fixes lie in the past. */
    long READY = Long.MIN_VALUE;

    int devices();

    /**
     * Who a device is.
     *
     * @param device in [0, {@link #devices()}).
     * @return its IMEI, from a range that no real device has.
     */
    long imei(int device);

    boolean hasNext(int device);

    /**
     * When a device will have taken its next fixes: a tracker cannot send what it has not seen yet.
     *
     * @param device in [0, {@link #devices()}).
     * @param fixes  how many of the next.
     * @return milliseconds since 1970-01-01 UTC, or {@link #READY}.
     */
    long readyAtMs(int device, int fixes);

    /**
     * Takes the next fix of a device; only after {@link #hasNext} said so.
     *
     * @param device in [0, {@link #devices()}).
     * @param out    every field is set.
     */
    void next(int device, Fix out);
}
