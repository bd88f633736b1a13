// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.device;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;

/**
 * Gives each device a seat, as many devices at most as there are places: when a further one comes, the one not seen for longest
 * loses its place to it. A device that returns after that gets a new seat.
 *
 * <p>All {@link DeviceStates} of a worker may share one: a device is then looked for once a frame, however many of them keep
 * something of it.
 *
 * <p>Allocates only while it has room for further devices. Not thread safe: one worker's.
 */
public final class DeviceTable {
    /** The most devices that one worker may be given. */
    public static final int MAX_DEVICES = 10_000_000;

    /** No device has it: places begin at 1. */
    private static final long NO_SEAT = 0;

    private static final long NEXT_TENANT = 1L << Integer.SIZE;

    private final int maxDevices;
    /** A seat is a place and, above it, how many devices have lost that place. */
    private final Long2LongHashMap seats = new Long2LongHashMap(NO_SEAT);

    private final SeenOrder order = new SeenOrder();
    /** Whose place p is, at p - 1. */
    private final LongArrayList devices = new LongArrayList();

    /** The records of a frame are one device's, and all that keep something of it ask. */
    private long lastDevice;

    private long lastSeat = NO_SEAT;

    /**
     * Makes room for some devices.
     *
     * @param maxDevices in [1, {@link #MAX_DEVICES}].
     * @throws IllegalArgumentException when out of range.
     */
    public DeviceTable(final int maxDevices) {
        if (maxDevices < 1 || maxDevices > MAX_DEVICES) {
            throw new IllegalArgumentException("maxDevices is " + maxDevices + ", allowed: 1 to " + MAX_DEVICES);
        }
        this.maxDevices = maxDevices;
    }

    /**
     * The device's seat; the device is from now on the one seen last.
     *
     * @param deviceId the device.
     * @return the same as long as the device is known, and never another device's.
     */
    long seatOf(final long deviceId) {
        if (deviceId == lastDevice && lastSeat != NO_SEAT) {
            return lastSeat;
        }
        long seat = seats.get(deviceId);
        if (seat == NO_SEAT) {
            seat = devices.size() < maxDevices ? add(deviceId) : succeedOldest(deviceId);
            seats.put(deviceId, seat);
        }
        order.see(placeOf(seat));
        lastDevice = deviceId;
        lastSeat = seat;
        return seat;
    }

    /**
     * The place of a device, which stays when it was seen last.
     *
     * @param deviceId the device.
     * @return as {@link #placeOf}; 0 when the device has none.
     */
    int peek(final long deviceId) {
        return placeOf(seats.get(deviceId));
    }

    /**
     * The place of a seat.
     *
     * @param seat from {@link #seatOf}.
     * @return in [1, the most devices that it was made for]; places are handed out in ascending order.
     */
    static int placeOf(final long seat) {
        return (int) seat;
    }

    private long add(final long deviceId) {
        devices.addLong(deviceId);
        return order.add();
    }

    private long succeedOldest(final long deviceId) {
        final int place = order.oldest();
        final long seat = seats.remove(devices.getLong(place - 1));
        devices.setLong(place - 1, deviceId);
        return seat + NEXT_TENANT;
    }
}
