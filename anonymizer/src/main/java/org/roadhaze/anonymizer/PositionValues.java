// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/** Attributes of a position by their keys, whether it has a field for them or a list. Stateless. */
final class PositionValues {
    /** What a position has not. */
    static final long ABSENT = Long.MIN_VALUE;

    private PositionValues() {}

    /**
     * What a position has of an attribute.
     *
     * @param from the position.
     * @param key  the attribute's.
     * @return the first value, or {@link #ABSENT}.
     */
    static long of(final Position from, final int key) {
        if (key == Attribute.SPEED.key()) {
            return orAbsent(from.speedCmPerSec());
        }
        if (key == Attribute.COURSE.key()) {
            return orAbsent(from.courseCdeg());
        }
        if (key == Attribute.ALTITUDE.key()) {
            return orAbsent(from.altitudeCm());
        }
        if (key == Attribute.SATELLITES.key()) {
            return orAbsent(from.satellites());
        }
        if (key == Attribute.HDOP.key()) {
            return orAbsent(from.hdopCenti());
        }
        final int index = from.indexOfAttribute(key);
        return index < 0 ? ABSENT : from.attributeValue(index);
    }

    private static long orAbsent(final int value) {
        return value == Position.UNKNOWN ? ABSENT : value;
    }

    /**
     * Gives a position a value.
     *
     * @param position gets it.
     * @param key      the attribute's.
     * @param value    not {@link #ABSENT}.
     */
    static void put(final Position position, final int key, final long value) {
        if (key == Attribute.SPEED.key()) {
            position.speedCmPerSec((int) value);
        } else if (key == Attribute.COURSE.key()) {
            position.courseCdeg((int) value);
        } else if (key == Attribute.ALTITUDE.key()) {
            position.altitudeCm((int) value);
        } else if (key == Attribute.SATELLITES.key()) {
            position.satellites((int) value);
        } else if (key == Attribute.HDOP.key()) {
            position.hdopCenti((int) value);
        } else {
            position.attribute(key, value);
        }
    }
}
