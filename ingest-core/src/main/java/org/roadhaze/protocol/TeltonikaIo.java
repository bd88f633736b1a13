// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.util.Arrays;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * What Teltonika's I/O elements mean: the permanent ones, which most of the maker's devices share ("AVL ID List" of the
 * devices, wiki.teltonika-gps.com). The lists of the models give the same numbers other meanings with other widths, so
 * a name goes only with the width that the maker gives it; what has none stays {@code io<number>}.
 *
 * <p>A flat table, indexed by width and id, that holds the attribute's key, and in bits that no key uses what is to be
 * done to the value. Immutable.
 */
final class TeltonikaIo {
    /** Ids that the table covers; none above has a name. */
    private static final int IDS = 512;

    private static final int IDS_SHIFT = 9;

    /** Sign-extend. */
    private static final int SIGNED = 1 << 28;
    /** The wire has tenths, the attribute hundredths. */
    private static final int TIMES_10 = 1 << 29;
    /** Not an attribute, but the position's own HDOP, in tenths. */
    private static final int HDOP = 1 << 30;

    private static final int ACTIONS = SIGNED | TIMES_10 | HDOP;

    /** For widths 1, 2, 4, 8: the key at {@code width's logarithm << 9 | id}. */
    private static final int[] KEYS = new int[4 * IDS];

    /** For text and bytes, at the id. */
    private static final int[] VARIABLE_KEYS = new int[IDS];

    static {
        for (int i = 0; i < KEYS.length; i++) {
            KEYS[i] = Attribute.ioKey(i & (IDS - 1));
        }
        Arrays.setAll(VARIABLE_KEYS, id -> Attribute.ioKey(id) | Attribute.BYTES);

        name(1, 1, Attribute.DIGITAL_INPUT_1);
        name(2, 1, Attribute.DIGITAL_INPUT_2);
        name(3, 1, Attribute.DIGITAL_INPUT_3);
        name(4, 1, Attribute.DIGITAL_INPUT_4);
        name(21, 1, Attribute.GSM_SIGNAL);
        name(69, 1, Attribute.GNSS_STATUS);
        name(80, 1, Attribute.DATA_MODE);
        name(113, 1, Attribute.BATTERY_LEVEL);
        name(179, 1, Attribute.DIGITAL_OUTPUT_1);
        name(180, 1, Attribute.DIGITAL_OUTPUT_2);
        name(200, 1, Attribute.SLEEP_MODE);
        name(239, 1, Attribute.IGNITION);
        name(240, 1, Attribute.MOVEMENT);

        name(6, 2, Attribute.ANALOG_INPUT_2);
        name(9, 2, Attribute.ANALOG_INPUT_1);
        name(17, 2, Attribute.AXIS_X, SIGNED);
        name(18, 2, Attribute.AXIS_Y, SIGNED);
        name(19, 2, Attribute.AXIS_Z, SIGNED);
        name(66, 2, Attribute.EXTERNAL_VOLTAGE);
        name(67, 2, Attribute.BATTERY_VOLTAGE);
        name(68, 2, Attribute.BATTERY_CURRENT);
        name(181, 2, Attribute.PDOP, TIMES_10);
        name(182, 2, Attribute.HDOP, HDOP);
        name(205, 2, Attribute.CELL_ID);
        name(206, 2, Attribute.LOCATION_AREA);

        name(16, 4, Attribute.ODOMETER);
        name(72, 4, Attribute.TEMPERATURE_1, SIGNED);
        name(73, 4, Attribute.TEMPERATURE_2, SIGNED);
        name(74, 4, Attribute.TEMPERATURE_3, SIGNED);
        name(75, 4, Attribute.TEMPERATURE_4, SIGNED);
        name(199, 4, Attribute.TRIP_ODOMETER);
        name(241, 4, Attribute.OPERATOR);

        name(11, 8, Attribute.ICCID);
        name(14, 8, Attribute.ICCID);
        name(78, 8, Attribute.DRIVER_ID);
        name(207, 8, Attribute.CARD);

        VARIABLE_KEYS[256] = Attribute.VIN.key() | Attribute.BYTES;
        VARIABLE_KEYS[325] = Attribute.VIN.key() | Attribute.BYTES;
    }

    private TeltonikaIo() {}

    /**
     * Adds an element to a position.
     *
     * @param position  the position.
     * @param widthLog2 the logarithm of the value's width in bytes, in [0, 3].
     * @param id        the element, in [0, 65535].
     * @param value     as on the wire, unsigned.
     */
    static void add(final Position position, final int widthLog2, final int id, final long value) {
        final int key = id < IDS ? KEYS[(widthLog2 << IDS_SHIFT) | id] : Attribute.ioKey(id);
        if ((key & ACTIONS) == 0) {
            position.attribute(key, value);
        } else {
            addConverted(position, widthLog2, key, value);
        }
    }

    /**
     * Adds an element of variable length to a position.
     *
     * @param position the position.
     * @param id       the element, in [0, 65535].
     * @param offset   of its bytes in the frame's buffer.
     * @param length   how many, in [0, 65535].
     */
    static void addBytes(final Position position, final int id, final int offset, final int length) {
        final int key = id < IDS ? VARIABLE_KEYS[id] : Attribute.ioKey(id) | Attribute.BYTES;
        position.attribute(key, ((long) offset << 16) | length);
    }

    /** The name of an element for a person. */
    static String label(final int widthLog2, final int id) {
        return Attribute.labelOf((id < IDS ? KEYS[(widthLog2 << IDS_SHIFT) | id] : Attribute.ioKey(id)) & ~ACTIONS);
    }

    /** The unit of an element on the wire for a person, with its scale, or an empty string. */
    static String unit(final int widthLog2, final int id) {
        final int key = id < IDS ? KEYS[(widthLog2 << IDS_SHIFT) | id] : Attribute.ioKey(id);
        final Attribute attribute = Attribute.ofKey(key & ~ACTIONS);
        if (attribute == null) {
            return "";
        }
        final int decimals = attribute.decimals() - ((key & (TIMES_10 | HDOP)) == 0 ? 0 : 1);
        return (decimals == 0 ? "" : "1e-" + decimals + " ") + attribute.unit();
    }

    /** The name of an element of variable length for a person. */
    static String variableLabel(final int id) {
        return Attribute.labelOf(id < IDS ? VARIABLE_KEYS[id] : Attribute.ioKey(id));
    }

    private static void addConverted(final Position position, final int widthLog2, final int key, final long value) {
        if ((key & HDOP) != 0) {
            position.hdopCenti((int) value * 10);
        } else if ((key & TIMES_10) != 0) {
            position.attribute(key & ~ACTIONS, value * 10);
        } else {
            final int unused = 64 - (8 << widthLog2);
            position.attribute(key & ~ACTIONS, value << unused >> unused);
        }
    }

    private static void name(final int id, final int width, final Attribute attribute) {
        name(id, width, attribute, 0);
    }

    private static void name(final int id, final int width, final Attribute attribute, final int action) {
        KEYS[(Integer.numberOfTrailingZeros(width) << IDS_SHIFT) | id] = attribute.key() | action;
    }
}
