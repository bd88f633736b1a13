// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.roadhaze.protocol.Gt06Field.*;

import java.util.ArrayList;
import java.util.List;

/**
 * What the content of a GT06 frame consists of, by type and length: makers extend contents without changing the type, so
 * that only the length tells them apart. Each line below is a content of known devices, field after field.
 *
 * <p>A length that is not in the table is read by the type's last line that takes the rest: later firmware appends fields.
 * Immutable.
 */
final class Gt06Layout {
    /** {@link #find}: the type, or this content of it, is not decoded. */
    static final Gt06Layout UNSUPPORTED = new Gt06Layout(0, true);
    /** {@link #find}: the content is too short for any content of this type. */
    static final Gt06Layout TOO_SHORT = new Gt06Layout(0, true);

    /** Added to a type whose content in a frame that starts with 7979 differs from that in a 7878 frame. */
    private static final int LONG = 0x100;
    /** Added to a type whose content begins with FFFF. */
    private static final int MARKED = 0x200;

    private static final int MARK = 0xFFFF;
    private static final int TYPES = 0x300;

    private static final Gt06Layout[][] BY_TYPE = new Gt06Layout[TYPES][];

    static {
        type(Gt06.LOGIN).of(IMEI).of(IMEI, DEVICE_TYPE, TIME_ZONE).of(IMEI, REST);
        type(0x10).of(GPS, REST);
        type(0x11).of(TIME, CELL, REST).of(GPS, CELL_MNC2_CI4);
        type(Gt06.LOCATION)
                .of(GPS, CELL)
                .of(GPS, CELL, INPUTS)
                .of(GPS, CELL, TERMINAL_INFORMATION, EXTERNAL_VOLTAGE, GSM_SIGNAL, SKIP_1)
                .of(IMEI, GPS, CELL)
                .of(GPS, CELL, MILEAGE)
                .exactly(36, GPS, CELL, MILEAGE, CARD)
                .exactly(108, GPS, CELL, MILEAGE, CARD)
                .of(GPS, CELL, REST);
        type(Gt06.STATUS)
                .of(HEARTBEAT)
                .exactly(14, TERMINAL_INFORMATION, REST)
                .exactly(16, REST)
                .of(HEARTBEAT, REST);
        type(0x15).of(SKIP_1, REPLY_WITH_LANGUAGE);
        type(Gt06.ALARM)
                .of(GPS, LBS_LENGTH, CELL, STATE)
                .of(GPS, LBS_LENGTH, CELL_CI4, STATE)
                .of(GPS, CELL, STATE)
                .of(GPS, SKIP_46, STATE)
                .of(GPS, LBS_LENGTH, CELL, STATE, MILEAGE)
                .of(GPS, REST);
        // The makers' 0x17 asks for the address of a cell, for a phone number; others send a fix by that type.
        type(0x17).orUnsupported().of(GPS, CELL, STATE, SKIP_1, SKIP_2).of(GPS, CELL, STATE, SKIP_4);
        type(0x18).of(TIME, CELL, REST);
        type(0x19).of(CELL, STATE);
        type(Gt06.ADDRESS_REQUEST_BY_PHONE).of(GPS, PHONE, LANGUAGE).of(REST);
        type(0x1E).of(GPS, CELL, REST);
        type(0x21).of(REPLY_WITH_CODE);
        type(Gt06.LOCATION_WITH_IGNITION)
                .of(GPS, CELL, IGNITION, UPLOAD)
                .of(GPS, CELL, IGNITION, UPLOAD, MILEAGE)
                .of(GPS, CELL_MNC2, IGNITION, UPLOAD)
                .of(GPS, CELL_MNC2, IGNITION, UPLOAD, MILEAGE)
                .exactly(42, GPS, CELL, SKIP_1, IGNITION, UPLOAD, MILEAGE, REST)
                .of(
                        SKIP_1,
                        IMEI,
                        SKIP_6,
                        GPS,
                        LBS_LENGTH,
                        CELL,
                        TERMINAL_INFORMATION,
                        EXTERNAL_VOLTAGE,
                        BATTERY_VOLTAGE_TENTHS,
                        GSM_SIGNAL,
                        ALERT,
                        MILEAGE,
                        ENGINE_MINUTES_2)
                .of(GPS, CELL, IGNITION, UPLOAD, REST);
        type(0x23).of(TERMINAL_INFORMATION, BATTERY_VOLTAGE, GSM_SIGNAL, LANGUAGE, REST);
        type(0x24)
                .of(GPS, CELL, IGNITION, EXTERNAL_VOLTAGE, BATTERY_VOLTAGE, SKIP_6, SKIP_4)
                .exactly(44, TIME, REST)
                .of(TIME, CELL, REST);
        type(0x25)
                .exactly(
                        73,
                        SKIP_1,
                        IMEI,
                        SKIP_6,
                        GPS,
                        LBS_LENGTH,
                        CELL_CI4,
                        SKIP_1,
                        TERMINAL_INFORMATION,
                        EXTERNAL_VOLTAGE,
                        BATTERY_VOLTAGE_TENTHS,
                        GSM_SIGNAL,
                        ALERT,
                        MILEAGE,
                        ENGINE_MINUTES_2,
                        DRIVER);
        type(0x26)
                .of(GPS, LBS_LENGTH, CELL, STATE)
                .of(GPS, LBS_LENGTH, CELL_CI4, STATE)
                .of(GPS, LBS_LENGTH, CELL, STATE, MILEAGE)
                .of(GPS, REST);
        type(0x27)
                .of(GPS, LBS_LENGTH, CELL, STATE, FENCE)
                .of(GPS, LBS_LENGTH, CELL, STATE, FENCE, MILEAGE)
                .of(GPS, REST);
        type(0x28).of(TIME, CELL, REST);
        type(Gt06.ADDRESS_REQUEST).of(GPS, PHONE, LANGUAGE).of(REST);
        type(0x2C).of(TIME, CELL, NEIGHBOURS, WIFI);
        type(0x2D).of(GPS, REST);
        type(0x2E).of(TIME, CELL, REST);
        type(0x31).of(GPS, CELL_MNC2_CI4, IGNITION, UPLOAD, MILEAGE, ALTITUDE).of(GPS, REST);
        type(0x32)
                .of(GPS, LBS_LENGTH, CELL_MNC2_CI4, STATE)
                .of(GPS, LBS_LENGTH, CELL_MNC2_CI4, STATE, ALTITUDE)
                .of(GPS, REST);
        type(LONG | 0x32).of(TIME_AND_PERHAPS_GPS);
        type(LONG | 0x33).of(TIME_AND_PERHAPS_GPS);
        type(0x34)
                .of(SKIP_4, GPS, SKIP_2, MILEAGE, CELL_CI4, SKIP_4, EXTERNAL_VOLTAGE, BATTERY_VOLTAGE, REST)
                .of(SKIP_4, GPS, REST);
        type(0x36)
                .of(
                        GPS,
                        CELL,
                        IGNITION,
                        UPLOAD,
                        MILEAGE,
                        EXTERNAL_VOLTAGE,
                        BATTERY_VOLTAGE_TENTHS,
                        ENGINE_MINUTES_4,
                        DRIVER_8)
                .of(HEARTBEAT, MODULES);
        type(0x37).of(GPS, REST);
        type(LONG | 0x38).of(GPS, REST);
        type(0x61).of(IMEI, GPS, CELL_CI4, SKIP_2, DRIVER_NUMBER).of(IMEI, GPS, REST);
        type(0x70).of(LONG_MODULES);
        type(Gt06.TIME_REQUEST).of(REST);
        type(0x8C).of(TIME, IGNITION, REST);
        type(0x94).of(EXTERNAL_VOLTAGE).of(INFORMATION);
        type(LONG | 0x94).of(INFORMATION);
        type(0x95).of(TIME, EVENT).of(EVENT_GPS, EVENT, REST);
        type(MARKED | 0x95).of(EVENT_GPS_WITH_SPEED, EXTERNAL_VOLTAGE_TENTHS, EVENT, REST);
        type(0x9B).of(SKIP_1, TEXT);
        type(0xA0)
                .of(GPS, CELL_LTE, IGNITION, UPLOAD)
                .of(GPS, CELL_LTE, IGNITION, UPLOAD, MILEAGE)
                .of(GPS, CELL_LTE_MNC2, IGNITION, UPLOAD)
                .of(GPS, CELL_LTE_MNC2, IGNITION, UPLOAD, MILEAGE)
                .of(GPS, REST);
        type(0xA1).of(TIME, CELLS_LTE_AND_WIFI);
        type(0xA2).of(TIME, CELLS_LTE_AND_WIFI);
        type(0xA3)
                .exactly(7, TERMINAL_INFORMATION, REST)
                .exactly(19, TERMINAL_INFORMATION, REST)
                .of(GPS, LBS_LENGTH, CELL_LTE, STATE)
                .of(GPS, LBS_LENGTH, CELL_LTE_MNC2, STATE)
                .of(GPS, REST);
        type(0xA4)
                .of(GPS, LBS_LENGTH, CELL_LTE, STATE, FENCE)
                .of(GPS, LBS_LENGTH, CELL_LTE_MNC2, STATE, FENCE)
                .of(GPS, REST);
        type(0xA5).of(CELL_LTE, STATE).of(CELL_LTE_MNC2, STATE);
        type(0xA7).of(CELL_LTE, REST);
        type(0xF1).of(EPOCH_TIME, REST);
        type(0xF2).of(EPOCH_TIME, REST);
        type(0xF3).of(TIME, WIFI);
    }

    private final Gt06Field[] fields;
    private final int length;
    private final boolean exact;

    private Gt06Layout(final int length, final boolean exact, final Gt06Field... fields) {
        this.length = length;
        this.exact = exact;
        this.fields = fields;
    }

    /**
     * Finds what a content consists of.
     *
     * @param type          the frame's type, in [0, 255].
     * @param isLong        whether the frame starts with 7979.
     * @param first         the first two bytes of the content, or 0 when it is shorter.
     * @param contentLength bytes.
     * @return the layout, no longer than the content; {@link #UNSUPPORTED}; or {@link #TOO_SHORT}.
     */
    static Gt06Layout find(final int type, final boolean isLong, final int first, final int contentLength) {
        Gt06Layout[] layouts = null;
        if (isLong) {
            layouts = BY_TYPE[LONG | type];
        } else if (first == MARK) {
            layouts = BY_TYPE[MARKED | type];
        }
        if (layouts == null) {
            layouts = BY_TYPE[type];
        }
        if (layouts == null) {
            return UNSUPPORTED;
        }
        Gt06Layout best = TOO_SHORT;
        for (final Gt06Layout layout : layouts) {
            if (layout.exact) {
                if (layout.length == contentLength) {
                    return layout;
                }
                if (layout.length < contentLength && best == TOO_SHORT) {
                    best = UNSUPPORTED;
                }
            } else if (layout.length <= contentLength) {
                best = layout;
            }
        }
        return best;
    }

    int fieldCount() {
        return fields.length;
    }

    Gt06Field field(final int index) {
        return fields[index];
    }

    private static Contents type(final int type) {
        return new Contents(type);
    }

    /** The contents of a type, put together when the class is loaded. */
    private static final class Contents {
        private final int type;
        private final List<Gt06Layout> layouts = new ArrayList<>();

        Contents(final int type) {
            this.type = type;
        }

        /** A content of these fields: of exactly their length, unless the last takes the rest. */
        Contents of(final Gt06Field... fields) {
            final boolean open = fields[fields.length - 1].takesTheRest();
            return add(new Gt06Layout(lengthOf(fields), !open, fields));
        }

        /** A content of exactly this length, of which the last field takes what is left. */
        Contents exactly(final int length, final Gt06Field... fields) {
            if (length < lengthOf(fields)) {
                throw new IllegalStateException("type " + type + ": " + length + " bytes are too few for the fields");
            }
            return add(new Gt06Layout(length, true, fields));
        }

        /** Shorter contents are not wrong, but another message of this type: they are not decoded. */
        Contents orUnsupported() {
            return add(UNSUPPORTED);
        }

        private Contents add(final Gt06Layout layout) {
            layouts.add(layout);
            BY_TYPE[type] = layouts.toArray(Gt06Layout[]::new);
            return this;
        }

        private static int lengthOf(final Gt06Field... fields) {
            int sum = 0;
            for (final Gt06Field field : fields) {
                sum += field.length();
            }
            return sum;
        }
    }
}
