// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import java.util.List;

/**
 * The pieces that GT06 contents are put together from, in the makers' words. A field of length 0 takes what is left of
 * the content, and comes last. {@link Gt06FieldReader} reads them, {@link Gt06Explanation} shows them.
 */
enum Gt06Field {
    /** A fix, with its time; the course word is in {@link Gt06}. */
    GPS(
            part(6, "Date and time", null),
            part(1, "GPS length, satellites", "4 bits each"),
            part(4, "Latitude", "1/1800000 deg"),
            part(4, "Longitude", "1/1800000 deg"),
            part(1, "Speed", "km/h"),
            part(2, "Course, status", "10 bits deg")),
    /** The fix of a camera's event: no satellites, no speed. */
    EVENT_GPS(
            part(6, "Date and time", null),
            part(4, "Latitude", "1/1800000 deg"),
            part(4, "Longitude", "1/1800000 deg"),
            part(2, "Course, status", "10 bits deg")),
    /** The fix of a camera's event as later models send it: the speed comes last and has two bytes. */
    EVENT_GPS_WITH_SPEED(
            part(3, "Mark", null),
            part(6, "Date and time", null),
            part(1, "GPS length, satellites", "4 bits each"),
            part(4, "Latitude", "1/1800000 deg"),
            part(4, "Longitude", "1/1800000 deg"),
            part(2, "Course, status", "10 bits deg"),
            part(2, "Speed", "km/h")),
    /** A time, and a fix unless the byte after it is zero. */
    TIME_AND_PERHAPS_GPS(part(6, "Date and time", null), part(0, "GPS", null)),
    TIME(part(6, "Date and time", null)),
    EPOCH_TIME(part(4, "Time", "s")),

    CELL(part(2, "MCC", ""), part(1, "MNC", ""), part(2, "LAC", ""), part(3, "Cell ID", "")),
    CELL_CI4(part(2, "MCC", ""), part(1, "MNC", ""), part(2, "LAC", ""), part(4, "Cell ID", "")),
    CELL_MNC2(part(2, "MCC", ""), part(2, "MNC", ""), part(2, "LAC", ""), part(3, "Cell ID", "")),
    CELL_MNC2_CI4(part(2, "MCC", ""), part(2, "MNC", ""), part(2, "LAC", ""), part(4, "Cell ID", "")),
    CELL_LTE(part(2, "MCC", ""), part(1, "MNC", ""), part(4, "LAC", ""), part(8, "Cell ID", "")),
    CELL_LTE_MNC2(
            part(2, "MCC, bit 15: MNC has 2 bytes", ""),
            part(2, "MNC", ""),
            part(4, "LAC", ""),
            part(8, "Cell ID", "")),
    /** Neighbouring cells, and Wi-Fi access points behind them; bit 15 of MCC says that MNC has two bytes. */
    CELLS_LTE_AND_WIFI(
            part(2, "MCC, bit 15: MNC has 2 bytes", ""), part(0, "MNC, cells, timing advance, access points", null)),
    LBS_LENGTH(part(1, "LBS length", "byte")),
    NEIGHBOURS(part(1, "RSSI", ""), part(36, "Neighbour cells", null), part(1, "Timing advance", "")),
    WIFI(part(0, "Wi-Fi access points", null)),

    /** What an alarm says of the device. */
    STATE(
            part(1, "Terminal information", "bits"),
            part(1, "Voltage level", "0 to 6, or %"),
            part(1, "GSM signal strength", ""),
            part(1, "Alert", ""),
            part(1, "Language", "")),
    /** What a heartbeat says of the device. */
    HEARTBEAT(
            part(1, "Terminal information", "bits"),
            part(1, "Voltage level", "0 to 6, or %"),
            part(1, "GSM signal strength", ""),
            part(2, "Language, extended port", "")),
    TERMINAL_INFORMATION(part(1, "Terminal information", "bits")),
    GSM_SIGNAL(part(1, "GSM signal strength", "")),
    ALERT(part(1, "Alert", ""), part(1, "Language", "")),
    LANGUAGE(part(2, "Language", "")),
    FENCE(part(1, "Fence number", "")),
    IGNITION(part(1, "ACC", "bool")),
    UPLOAD(part(1, "Data upload mode", ""), part(1, "Re-upload", "bool")),
    EVENT(part(1, "Event", "")),
    INPUTS(part(2, "Inputs", "bits: 15 ignition, 14 input 2")),

    EXTERNAL_VOLTAGE(part(2, "External voltage", "10 mV")),
    EXTERNAL_VOLTAGE_TENTHS(part(2, "External voltage", "0.1 V")),
    BATTERY_VOLTAGE(part(2, "Battery voltage", "10 mV")),
    BATTERY_VOLTAGE_TENTHS(part(1, "Battery voltage", "0.1 V")),
    MILEAGE(part(4, "Mileage", "m")),
    ENGINE_MINUTES_2(part(2, "Engine time", "min")),
    ENGINE_MINUTES_4(part(4, "Engine time", "min")),
    ALTITUDE(part(2, "Altitude", "m")),
    DRIVER_NUMBER(part(4, "Driver card", "")),
    DRIVER_8(part(8, "Driver card", null)),
    DRIVER(part(0, "Driver card", null)),
    /** A length byte and so many bytes of a magnetic card, then more about the card. */
    CARD(part(0, "Card", null)),
    PHONE(part(21, "Phone number", null)),
    DEVICE_TYPE(part(2, "Type identity code", "")),
    TIME_ZONE(part(2, "Time zone, language", "")),
    IMEI(part(8, "Terminal ID", null)),

    REPLY_WITH_LANGUAGE(part(4, "Server flag", null), part(0, "Text, language", null)),
    REPLY_WITH_CODE(part(4, "Server flag", null), part(1, "Code, 1 ASCII, 2 UTF-16", ""), part(0, "Text", null)),
    TEXT(part(0, "Text", null)),
    INFORMATION(part(0, "Information", null)),
    /** Modules: identifier u16, length u8, value. */
    MODULES(part(0, "Modules", null)),
    /** Modules: identifier u16, length u16, value. */
    LONG_MODULES(part(0, "Modules", null)),

    SKIP_1(part(1, "Reserved", null)),
    SKIP_2(part(2, "Reserved", null)),
    SKIP_4(part(4, "Reserved", null)),
    SKIP_6(part(6, "Reserved", null)),
    SKIP_46(part(46, "Reserved", null)),
    REST(part(0, "Not decoded", null));

    /** A piece of a field, for a person: of length 0 when it takes what is left, without a unit when it is no number. */
    record Part(int length, String name, String unit) {}

    /** Unmodifiable. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Part> parts;

    private final int length;

    Gt06Field(final Part... parts) {
        this.parts = List.of(parts);
        int sum = 0;
        for (final Part part : parts) {
            sum += part.length;
        }
        length = sum;
    }

    List<Part> parts() {
        return parts;
    }

    /** Bytes, without a part that takes what is left. */
    int length() {
        return length;
    }

    boolean takesTheRest() {
        return parts.get(parts.size() - 1).length == 0;
    }

    private static Part part(final int length, final String name, final String unit) {
        return new Part(length, name, unit);
    }
}
