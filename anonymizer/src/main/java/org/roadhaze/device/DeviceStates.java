// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * State by device, for so many devices at most: when a further one comes, the one not seen for longest is forgotten, and
 * counted, and its state serves the new one. A device that returns after that is new.
 *
 * <p>Who they are is the business of a {@link DeviceTable}. Where several share one, a device is forgotten when none of them saw it
 * for longest, and each of them counts it when it next meets what it kept of it.
 *
 * <p>Allocates only while it has room for further devices. Not thread safe: one worker's.
 */
public final class DeviceStates<S extends DeviceState> {
    /** How many devices {@link #lookAhead} takes at most: what is kept of them stays in the nearest cache until they come. */
    public static final int MOST_AHEAD = 16;

    private final DeviceTable table;
    private final Supplier<S> factory;
    /** The state at place p of the table is that at p - 1; null for a place whose devices were never asked for here. */
    private final List<S> byPlace = new ArrayList<>();

    private final int[] placesAhead = new int[MOST_AHEAD];

    private int size;
    private long evictions;

    /**
     * Keeps state of the devices of a table.
     *
     * @param table   who they are; the same worker's.
     * @param factory makes a state as {@link DeviceState#reset()} leaves it.
     */
    public DeviceStates(final DeviceTable table, final Supplier<S> factory) {
        this.table = table;
        this.factory = factory;
    }

    /**
     * Keeps state of some devices, with a table of its own.
     *
     * @param maxDevices in [1, {@link DeviceTable#MAX_DEVICES}].
     * @param factory    makes a state as {@link DeviceState#reset()} leaves it.
     * @throws IllegalArgumentException when out of range.
     */
    public DeviceStates(final int maxDevices, final Supplier<S> factory) {
        this(new DeviceTable(maxDevices), factory);
    }

    /**
     * The device's state, from now on the one seen last.
     *
     * @param deviceId the device.
     * @return its state; as {@link DeviceState#reset()} leaves it when the device is new.
     */
    public S of(final long deviceId) {
        final long seat = table.seatOf(deviceId);
        final int index = DeviceTable.placeOf(seat) - 1;
        final S state = index < byPlace.size() ? byPlace.get(index) : null;
        if (state == null) {
            return add(index, seat, deviceId);
        }
        if (state.seat != seat) {
            state.reset();
            evictions++;
            state.sit(seat, deviceId);
        }
        return state;
    }

    /**
     * Looks for devices that will be asked for soon, which are not seen by that: for {@link #ahead}.
     *
     * @param deviceIds the devices.
     * @param count     how many, at most {@link #MOST_AHEAD}.
     */
    public void lookAhead(final long[] deviceIds, final int count) {
        for (int i = 0; i < count; i++) {
            placesAhead[i] = table.peek(deviceIds[i]);
        }
    }

    /**
     * The state of a device that was looked for.
     *
     * @param index of the device among those of the last {@link #lookAhead}.
     * @return its state, or that of one that is forgotten for it; null when there is none.
     */
    public S ahead(final int index) {
        final int place = placesAhead[index];
        return place == 0 || place > byPlace.size() ? null : byPlace.get(place - 1);
    }

    public int size() {
        return size;
    }

    /**
     * How often a device was forgotten to make room.
     *
     * @return the count.
     */
    public long evictions() {
        return evictions;
    }

    private S add(final int index, final long seat, final long deviceId) {
        while (index >= byPlace.size()) {
            byPlace.add(null);
        }
        final S state = factory.get();
        state.sit(seat, deviceId);
        byPlace.set(index, state);
        size++;
        return state;
    }
}
