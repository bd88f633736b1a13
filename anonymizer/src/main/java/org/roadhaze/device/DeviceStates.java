// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * State by device, for so many devices at most: when a further one comes, the one not seen for longest is forgotten, and
 * counted, and its state serves the new one. A device that returns after that is new.
 *
 * <p>Allocates only while it has room for further devices. Not thread safe: one worker's.
 */
public final class DeviceStates<S extends DeviceState> {
    /** The most devices that one worker may be given. */
    public static final int MAX_DEVICES = 10_000_000;

    private final Long2ObjectHashMap<S> byDevice = new Long2ObjectHashMap<>();
    private final SeenOrder order = new SeenOrder();
    /** The state at place p of the order is that at p - 1. */
    private final List<S> byPlace = new ArrayList<>();

    private final Supplier<S> factory;
    private final int maxDevices;
    /** The records of a frame are one device's: its state is looked for once. */
    private S last;

    private long evictions;

    /**
     * Makes room for some devices.
     *
     * @param maxDevices in [1, {@link #MAX_DEVICES}].
     * @param factory    makes a state as {@link DeviceState#reset()} leaves it.
     * @throws IllegalArgumentException when out of range.
     */
    public DeviceStates(final int maxDevices, final Supplier<S> factory) {
        if (maxDevices < 1 || maxDevices > MAX_DEVICES) {
            throw new IllegalArgumentException("maxDevices is " + maxDevices + ", allowed: 1 to " + MAX_DEVICES);
        }
        this.maxDevices = maxDevices;
        this.factory = factory;
    }

    /**
     * The device's state, from now on the one seen last.
     *
     * @param deviceId the device.
     * @return its state; as {@link DeviceState#reset()} leaves it when the device is new.
     */
    public S of(final long deviceId) {
        if (last != null && last.deviceId == deviceId) {
            return last;
        }
        S state = byDevice.get(deviceId);
        if (state == null) {
            state = byPlace.size() < maxDevices ? add() : evictOldest();
            state.deviceId = deviceId;
            byDevice.put(deviceId, state);
        }
        order.see(state.place);
        last = state;
        return state;
    }

    public int size() {
        return byDevice.size();
    }

    /**
     * How often a device was forgotten to make room.
     *
     * @return the count.
     */
    public long evictions() {
        return evictions;
    }

    private S add() {
        final S state = factory.get();
        state.place = order.add();
        byPlace.add(state);
        return state;
    }

    private S evictOldest() {
        final S state = byPlace.get(order.oldest() - 1);
        byDevice.remove(state.deviceId);
        state.reset();
        evictions++;
        return state;
    }
}
