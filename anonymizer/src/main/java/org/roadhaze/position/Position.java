// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.position;

import java.util.Arrays;

/**
 * One decoded record of a device: a fix, or a status without one, with the attributes that came beside it.
 *
 * <p>Mutable and reused: it belongs to its {@link PositionBatch} and is valid until that is cleared. Whoever keeps a
 * position longer copies it with {@link #copyFrom}. Integers in the unit that the name gives; {@link #UNKNOWN} and
 * {@link #UNKNOWN_TIME} stand for "the device did not say".
 *
 * <p>Attributes are pairs of a key (see {@link Attribute}) and a value. A numeric value is the raw integer in the
 * attribute's unit and scale; a text or binary value is a place in the frame, {@code offset << 16 | length}, and lives
 * only as long as the frame does.
 *
 * <p>Not thread safe: one worker owns it.
 */
public final class Position {
    /** An integer field that the device did not give. */
    public static final int UNKNOWN = Integer.MIN_VALUE;

    /** A time that the device did not give. */
    public static final long UNKNOWN_TIME = Long.MIN_VALUE;

    /** Fault bit: the record has no fix of its own (a status, or the receiver had none yet). */
    public static final int FAULT_NO_FIX = 1;
    /** Fault bit: the receiver itself said that the fix is not valid. */
    public static final int FAULT_DEVICE_INVALID = 1 << 1;
    /** Fault bit: latitude or longitude out of range. */
    public static final int FAULT_RANGE = 1 << 2;
    /** Fault bit: latitude and longitude are both zero, what trackers send before their first fix. */
    public static final int FAULT_NULL_ISLAND = 1 << 3;
    /** Fault bit: no time, one of a clock that was never set, or one further in the future than a clock can be wrong. */
    public static final int FAULT_TIME = 1 << 4;

    private static final int INITIAL_ATTRIBUTES = 32;

    private long deviceId;
    private long fixTimeMs;
    private long receivedTimeMs;
    private int latitudeE7;
    private int longitudeE7;
    private int altitudeCm;
    private int speedCmPerSec;
    private int courseCdeg;
    private int hdopCenti;
    private int satellites;
    private int faults;
    /** Whether {@link Plausibility} has seen the place and the times as they are now. */
    private boolean judged;

    private boolean history;
    private int weeksAdded;

    private long storedIn;

    private int attributeCount;
    private int[] attributeKeys = new int[INITIAL_ATTRIBUTES];
    private long[] attributeValues = new long[INITIAL_ATTRIBUTES];

    /** A position whose every field is unknown. */
    public Position() {
        clear();
    }

    /** Forgets everything: every field unknown, no attribute, no fault. */
    public void clear() {
        deviceId = 0;
        fixTimeMs = UNKNOWN_TIME;
        receivedTimeMs = UNKNOWN_TIME;
        latitudeE7 = UNKNOWN;
        longitudeE7 = UNKNOWN;
        altitudeCm = UNKNOWN;
        speedCmPerSec = UNKNOWN;
        courseCdeg = UNKNOWN;
        hdopCenti = UNKNOWN;
        satellites = UNKNOWN;
        faults = 0;
        judged = false;
        history = false;
        storedIn = 0;
        weeksAdded = 0;
        attributeCount = 0;
    }

    /**
     * Copies every field and the numeric attributes; text and binary ones stay behind, since their frame will be gone.
     *
     * @param other the position to copy.
     * @return this.
     */
    public Position copyFrom(final Position other) {
        deviceId = other.deviceId;
        fixTimeMs = other.fixTimeMs;
        receivedTimeMs = other.receivedTimeMs;
        latitudeE7 = other.latitudeE7;
        longitudeE7 = other.longitudeE7;
        altitudeCm = other.altitudeCm;
        speedCmPerSec = other.speedCmPerSec;
        courseCdeg = other.courseCdeg;
        hdopCenti = other.hdopCenti;
        satellites = other.satellites;
        faults = other.faults;
        judged = other.judged;
        history = other.history;
        storedIn = other.storedIn;
        weeksAdded = other.weeksAdded;
        attributeCount = 0;
        for (int i = 0; i < other.attributeCount; i++) {
            if (!Attribute.isBytes(other.attributeKeys[i])) {
                attribute(other.attributeKeys[i], other.attributeValues[i]);
            }
        }
        return this;
    }

    /**
     * The device's number: its IMEI where it has one. This is the identity that never leaves a pseudonymous stream.
     *
     * @return the number, positive.
     */
    public long deviceId() {
        return deviceId;
    }

    public Position deviceId(final long value) {
        deviceId = value;
        return this;
    }

    /**
     * When the receiver took the fix, by its own clock, and by the {@linkplain #weeksAdded() weeks} that it had lost count of.
     *
     * @return milliseconds since 1970-01-01 UTC, or {@link #UNKNOWN_TIME}.
     */
    public long fixTimeMs() {
        return fixTimeMs;
    }

    public Position fixTimeMs(final long value) {
        fixTimeMs = value;
        weeksAdded = 0;
        judged = false;
        return this;
    }

    /**
     * Weeks that were added to the device's time, which had lost them: the system counts weeks modulo 1024.
     *
     * @return a multiple of 1024; 0 when the time is the device's own.
     */
    public int weeksAdded() {
        return weeksAdded;
    }

    void addWeeks(final int weeks, final long ms) {
        fixTimeMs += ms;
        weeksAdded += weeks;
    }

    /**
     * When the frame reached us, by our clock.
     *
     * @return milliseconds since 1970-01-01 UTC, or {@link #UNKNOWN_TIME}.
     */
    public long receivedTimeMs() {
        return receivedTimeMs;
    }

    public Position receivedTimeMs(final long value) {
        receivedTimeMs = value;
        judged = false;
        return this;
    }

    /**
     * WGS 84 latitude as the wire had it; in range where {@link Plausibility} has found no {@link #faults()}.
     *
     * @return degrees scaled by 1e7, north positive, or {@link #UNKNOWN}.
     */
    public int latitudeE7() {
        return latitudeE7;
    }

    public Position latitudeE7(final int value) {
        latitudeE7 = value;
        judged = false;
        return this;
    }

    /**
     * WGS 84 longitude as the wire had it; in range where {@link Plausibility} has found no {@link #faults()}.
     *
     * @return degrees scaled by 1e7, east positive, or {@link #UNKNOWN}.
     */
    public int longitudeE7() {
        return longitudeE7;
    }

    public Position longitudeE7(final int value) {
        longitudeE7 = value;
        judged = false;
        return this;
    }

    /**
     * Height above mean sea level.
     *
     * @return centimetres, or {@link #UNKNOWN}.
     */
    public int altitudeCm() {
        return altitudeCm;
    }

    public Position altitudeCm(final int value) {
        altitudeCm = value;
        return this;
    }

    /**
     * Speed over ground.
     *
     * @return centimetres per second, or {@link #UNKNOWN}.
     */
    public int speedCmPerSec() {
        return speedCmPerSec;
    }

    public Position speedCmPerSec(final int value) {
        speedCmPerSec = value;
        return this;
    }

    /**
     * Sets the speed from whole kilometres per hour, the wire unit of most trackers, rounded to the nearest cm/s.
     *
     * @param kmh kilometres per hour, at least 0.
     * @return this.
     */
    public Position speedKmh(final int kmh) {
        speedCmPerSec = (kmh * 1000 + 18) / 36;
        return this;
    }

    /**
     * Course over ground.
     *
     * @return hundredths of a degree clockwise from true north, in [0, 36000), or {@link #UNKNOWN}.
     */
    public int courseCdeg() {
        return courseCdeg;
    }

    public Position courseCdeg(final int value) {
        courseCdeg = value;
        return this;
    }

    /**
     * Horizontal dilution of precision.
     *
     * @return hundredths, or {@link #UNKNOWN}.
     */
    public int hdopCenti() {
        return hdopCenti;
    }

    public Position hdopCenti(final int value) {
        hdopCenti = value;
        return this;
    }

    /**
     * Satellites used for the fix.
     *
     * @return the count, or {@link #UNKNOWN}.
     */
    public int satellites() {
        return satellites;
    }

    public Position satellites(final int value) {
        satellites = value;
        return this;
    }

    /**
     * What is known to be wrong with the fix: a set of {@code FAULT_} bits. A decoder adds what the device said of it, {@link
     * Plausibility#judge} what cannot be.
     *
     * @return 0 for a fix that, once judged, may be used and published.
     */
    public int faults() {
        return faults;
    }

    public Position addFault(final int bit) {
        faults |= bit;
        return this;
    }

    boolean isJudged() {
        return judged;
    }

    void judged() {
        judged = true;
    }

    /**
     * Whether this is a usable fix.
     *
     * @return true when no fault is known.
     */
    public boolean isValid() {
        return faults == 0;
    }

    /**
     * Whether an equally old or newer fix of the device was seen before: true for what a tracker had buffered. Such a
     * record is kept, but turns no live state backwards.
     *
     * @return true for history.
     */
    public boolean isHistory() {
        return history;
    }

    public Position history(final boolean value) {
        history = value;
        return this;
    }

    /**
     * Which streams have this record already, from before the engine was killed: it is sent again for the others.
     *
     * @return a bit for each; 0 for a record that is new.
     */
    public long storedIn() {
        return storedIn;
    }

    public Position storedIn(final long streams) {
        storedIn = streams;
        return this;
    }

    /**
     * Adds an attribute. A key that was added before is added again: the device said it twice.
     *
     * @param key   see {@link Attribute}.
     * @param value the raw integer, or for a key marked {@link Attribute#BYTES} {@code offset << 16 | length}.
     * @return this.
     */
    public Position attribute(final int key, final long value) {
        final int index = attributeCount;
        if (index == attributeKeys.length) {
            attributeKeys = Arrays.copyOf(attributeKeys, 2 * index);
            attributeValues = Arrays.copyOf(attributeValues, 2 * index);
        }
        attributeKeys[index] = key;
        attributeValues[index] = value;
        attributeCount = index + 1;
        return this;
    }

    public int attributeCount() {
        return attributeCount;
    }

    public int attributeKey(final int index) {
        return attributeKeys[index];
    }

    public long attributeValue(final int index) {
        return attributeValues[index];
    }

    /**
     * The first attribute with a key.
     *
     * @param key see {@link Attribute}.
     * @return its index, or -1.
     */
    public int indexOfAttribute(final int key) {
        for (int i = 0; i < attributeCount; i++) {
            if (attributeKeys[i] == key) {
                return i;
            }
        }
        return -1;
    }
}
