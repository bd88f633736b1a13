// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.roadhaze.protocol.Gt06.u16;
import static org.roadhaze.protocol.Gt06.u32;
import static org.roadhaze.protocol.Gt06.u8;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/** Reads the fields of a GT06 content into a position. Stateless, allocates nothing. */
final class Gt06FieldReader {
    private static final int DONE = -1;

    private static final int MCC_MASK = 0x7FFF;
    private static final int FULL_LEVEL = 6;

    private static final int TERMINAL_ARMED = 1;
    private static final int TERMINAL_BLOCKED = 1 << 7;

    /** Alerts by bits 3 to 5 of the terminal information, in the codes of the alert byte. */
    private static final int[] ALERT_BY_TERMINAL_INFORMATION = {0, 0x03, 0x02, 0x19, 0x01, 0, 0, 0};

    private Gt06FieldReader() {}

    /**
     * Reads a content.
     *
     * @param layout       which fits into the content.
     * @param buffer       the bytes.
     * @param content      where the content begins.
     * @param end          offset after it.
     * @param zoneOffsetMs how far the device's calendar is ahead of UTC.
     * @param position     to fill.
     * @return -1, or the offset at which the content contradicts itself.
     */
    static int read(
            final Gt06Layout layout,
            final DirectBuffer buffer,
            final int content,
            final int end,
            final int zoneOffsetMs,
            final Position position) {
        int at = content;
        for (int i = 0; i < layout.fieldCount(); i++) {
            final Gt06Field field = layout.field(i);
            final int failedAt = read(field, buffer, at, end, zoneOffsetMs, position);
            if (failedAt != DONE) {
                return failedAt;
            }
            at += field.length();
        }
        return DONE;
    }

    private static int read(
            final Gt06Field field,
            final DirectBuffer buffer,
            final int at,
            final int end,
            final int zoneOffsetMs,
            final Position position) {
        switch (field) {
            case GPS -> gps(buffer, at, zoneOffsetMs, position);
            case EVENT_GPS -> {
                position.fixTimeMs(Gt06.timeMs(buffer, at, zoneOffsetMs));
                place(u32(buffer, at + 6), u32(buffer, at + 10), u16(buffer, at + 14), position);
            }
            case EVENT_GPS_WITH_SPEED -> {
                position.fixTimeMs(Gt06.timeMs(buffer, at + 3, zoneOffsetMs))
                        .satellites(u8(buffer, at + 9) & 0x0F)
                        .speedKmh(u16(buffer, at + 20));
                place(u32(buffer, at + 10), u32(buffer, at + 14), u16(buffer, at + 18), position);
            }
            case TIME_AND_PERHAPS_GPS -> {
                if (end - at >= Gt06Field.GPS.length() && u8(buffer, at + 6) != 0) {
                    gps(buffer, at, zoneOffsetMs, position);
                } else {
                    position.fixTimeMs(Gt06.timeMs(buffer, at, zoneOffsetMs));
                }
            }
            case TIME -> position.fixTimeMs(Gt06.timeMs(buffer, at, zoneOffsetMs));
            case EPOCH_TIME -> position.fixTimeMs(1000 * u32(buffer, at));

            case CELL -> {
                final long word = buffer.getLong(at, ByteOrder.BIG_ENDIAN);
                final int mnc = (int) (word >>> 40) & 0xFF;
                cell((int) (word >>> 48), mnc, (word >>> 24) & 0xFFFF, word & 0xFF_FFFF, position);
            }
            case CELL_CI4 ->
                cell(u16(buffer, at), u8(buffer, at + 2), u16(buffer, at + 3), u32(buffer, at + 5), position);
            case CELL_MNC2 -> {
                final long cell = u32(buffer, at + 5) & 0xFF_FFFF;
                cell(u16(buffer, at), u16(buffer, at + 2), u16(buffer, at + 4), cell, position);
            }
            case CELL_MNC2_CI4 ->
                cell(u16(buffer, at), u16(buffer, at + 2), u16(buffer, at + 4), u32(buffer, at + 6), position);
            case CELL_LTE -> {
                final long cell = buffer.getLong(at + 7, ByteOrder.BIG_ENDIAN);
                cell(u16(buffer, at), u8(buffer, at + 2), u32(buffer, at + 3), cell, position);
            }
            case CELL_LTE_MNC2 -> {
                final long cell = buffer.getLong(at + 8, ByteOrder.BIG_ENDIAN);
                cell(u16(buffer, at), u16(buffer, at + 2), u32(buffer, at + 4), cell, position);
            }
            case CELLS_LTE_AND_WIFI -> {
                return Gt06Surroundings.cells(buffer, at, end, position);
            }
            case WIFI -> Gt06Surroundings.accessPoints(buffer, at, end, position);

            case STATE -> {
                terminalInformation(u8(buffer, at), u8(buffer, at + 3), position);
                level(u8(buffer, at + 1), position);
                position.attribute(Attribute.GSM_SIGNAL.key(), u8(buffer, at + 2));
            }
            case HEARTBEAT -> {
                terminalInformation(u8(buffer, at), 0, position);
                level(u8(buffer, at + 1), position);
                position.attribute(Attribute.GSM_SIGNAL.key(), u8(buffer, at + 2));
            }
            case TERMINAL_INFORMATION -> terminalInformation(u8(buffer, at), 0, position);
            case GSM_SIGNAL -> position.attribute(Attribute.GSM_SIGNAL.key(), u8(buffer, at));
            case ALERT -> {
                if (u8(buffer, at) != 0) {
                    position.attribute(Attribute.ALARM.key(), u8(buffer, at));
                }
            }
            case IGNITION -> position.attribute(Attribute.IGNITION.key(), buffer.getByte(at) == 0 ? 0 : 1);
            case UPLOAD ->
                position.attribute(Attribute.EVENT.key(), u8(buffer, at))
                        .attribute(Attribute.ARCHIVE.key(), buffer.getByte(at + 1) == 0 ? 0 : 1);
            case EVENT -> position.attribute(Attribute.EVENT.key(), u8(buffer, at));
            case INPUTS ->
                position.attribute(Attribute.IGNITION.key(), u8(buffer, at) >>> 7)
                        .attribute(Attribute.DIGITAL_INPUT_2.key(), (u8(buffer, at) >>> 6) & 1);

            case EXTERNAL_VOLTAGE -> position.attribute(Attribute.EXTERNAL_VOLTAGE.key(), 10L * u16(buffer, at));
            case EXTERNAL_VOLTAGE_TENTHS ->
                position.attribute(Attribute.EXTERNAL_VOLTAGE.key(), 100L * u16(buffer, at));
            case BATTERY_VOLTAGE -> position.attribute(Attribute.BATTERY_VOLTAGE.key(), 10L * u16(buffer, at));
            case BATTERY_VOLTAGE_TENTHS -> position.attribute(Attribute.BATTERY_VOLTAGE.key(), 100L * u8(buffer, at));
            case MILEAGE -> position.attribute(Attribute.ODOMETER.key(), u32(buffer, at));
            case ENGINE_MINUTES_2 -> position.attribute(Attribute.ENGINE_HOURS.key(), 60L * u16(buffer, at));
            case ENGINE_MINUTES_4 -> position.attribute(Attribute.ENGINE_HOURS.key(), 60L * u32(buffer, at));
            case ALTITUDE -> position.altitudeCm(100 * buffer.getShort(at, ByteOrder.BIG_ENDIAN));
            case DRIVER_NUMBER -> position.attribute(Attribute.DRIVER_ID.key(), u32(buffer, at));
            case DRIVER_8 -> bytes(Attribute.DRIVER_ID, at, at + 8, position);
            case DRIVER -> bytes(Attribute.DRIVER_ID, at, end, position);
            case CARD -> {
                if (at < end) {
                    bytes(Attribute.CARD, at + 1, Math.min(at + 1 + u8(buffer, at), end), position);
                }
            }

            case REPLY_WITH_LANGUAGE -> bytes(Attribute.RESULT, at + 4, end - 2, position);
            case REPLY_WITH_CODE -> bytes(Attribute.RESULT, at + 5, end, position);
            case TEXT -> bytes(Attribute.RESULT, at, end, position);
            case INFORMATION -> Gt06Modules.information(buffer, at, end, zoneOffsetMs, position);
            case MODULES -> {
                return Gt06Modules.read(buffer, at, end, position);
            }
            case LONG_MODULES -> {
                return Gt06Modules.readLong(buffer, at, end, position);
            }
            case LBS_LENGTH,
                    NEIGHBOURS,
                    LANGUAGE,
                    FENCE,
                    PHONE,
                    DEVICE_TYPE,
                    TIME_ZONE,
                    IMEI,
                    SKIP_1,
                    SKIP_2,
                    SKIP_4,
                    SKIP_6,
                    SKIP_46,
                    REST -> {
                // Nothing that is kept.
            }
        }
        return DONE;
    }

    /** Reads {@link Gt06Field#GPS}: in three loads, since a bounds check for each of its bytes costs more than the rest. */
    static void gps(final DirectBuffer buffer, final int at, final int zoneOffsetMs, final Position position) {
        final long first = buffer.getLong(at, ByteOrder.BIG_ENDIAN);
        final long second = buffer.getLong(at + 8, ByteOrder.BIG_ENDIAN);
        position.fixTimeMs(Gt06.timeMs(first, zoneOffsetMs))
                .satellites((int) (first >>> 8) & 0x0F)
                .speedKmh((int) second & 0xFF);
        final long latitude = (first & 0xFF) << 24 | second >>> 40;
        place(latitude, (second >>> 8) & 0xFFFF_FFFFL, u16(buffer, at + 16), position);
    }

    /** Sets latitude and longitude, whose signs are in the course word, and the course. */
    static void place(final long latitude, final long longitude, final int courseWord, final Position position) {
        final int latitudeE7 = Gt06.toE7(latitude);
        final int longitudeE7 = Gt06.toE7(longitude);
        final int courseDeg = courseWord & Gt06.COURSE_MASK;
        position.latitudeE7((courseWord & Gt06.NORTH) != 0 ? latitudeE7 : -latitudeE7)
                .longitudeE7((courseWord & Gt06.WEST) != 0 ? -longitudeE7 : longitudeE7)
                .courseCdeg(courseDeg < 360 ? 100 * courseDeg : courseDeg == 360 ? 0 : Position.UNKNOWN);
        if ((courseWord & Gt06.POSITIONED) == 0) {
            position.addFault(Position.FAULT_DEVICE_INVALID);
        }
        if ((courseWord & Gt06.IGNITION_KNOWN) != 0) {
            position.attribute(Attribute.IGNITION.key(), courseWord >>> 15);
        }
    }

    private static void cell(final int mcc, final int mnc, final long area, final long cell, final Position position) {
        position.attribute(Attribute.MCC.key(), mcc & MCC_MASK)
                .attribute(Attribute.MNC.key(), mnc)
                .attribute(Attribute.LOCATION_AREA.key(), area)
                .attribute(Attribute.CELL_ID.key(), cell);
    }

    private static void terminalInformation(final int bits, final int alert, final Position position) {
        position.attribute(Attribute.STATUS.key(), bits)
                .attribute(Attribute.IGNITION.key(), (bits & Gt06Encoder.STATE_IGNITION) != 0 ? 1 : 0)
                .attribute(Attribute.CHARGING.key(), (bits & Gt06Encoder.STATE_CHARGING) != 0 ? 1 : 0)
                .attribute(Attribute.ARMED.key(), bits & TERMINAL_ARMED)
                .attribute(Attribute.BLOCKED.key(), (bits & TERMINAL_BLOCKED) != 0 ? 1 : 0);
        final int code = alert != 0 ? alert : ALERT_BY_TERMINAL_INFORMATION[(bits >>> 3) & 7];
        if (code != 0) {
            position.attribute(Attribute.ALARM.key(), code);
        }
    }

    /** Older models send 0 to 6, later ones a percentage; what is neither is not a level. */
    private static void level(final int level, final Position position) {
        if (level <= FULL_LEVEL) {
            position.attribute(Attribute.BATTERY_LEVEL.key(), level * 100 / FULL_LEVEL);
        } else if (level <= 100) {
            position.attribute(Attribute.BATTERY_LEVEL.key(), level);
        }
    }

    /** Adds a place in the frame as an attribute, unless it is empty. */
    static void bytes(final Attribute attribute, final int from, final int to, final Position position) {
        if (to > from) {
            position.attribute(attribute.key() | Attribute.BYTES, ((long) from << 16) | (to - from));
        }
    }
}
