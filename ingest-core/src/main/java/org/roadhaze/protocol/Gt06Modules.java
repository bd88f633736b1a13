// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.protocol;

import static org.roadhaze.protocol.Gt06.u16;
import static org.roadhaze.protocol.Gt06.u32;
import static org.roadhaze.protocol.Gt06.u8;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Contents that say themselves what is in them: pieces of information with a number each.
 * <pre>
 *  modules       | identifier u16 | length u8  | value | ...
 *  long modules  | identifier u16 | length u16 | value | ...
 *  information   | number u8 | value |
 *
 *  long module 0x33, a fix:
 *  | time s u32 | satellites u8 | altitude m i16 | latitude u32 | longitude u32 | speed km/h u8 | course word u16 |
 * </pre>
 * Numbers that no attribute exists for are passed over. Stateless.
 */
final class Gt06Modules {
    private static final int DONE = -1;

    private static final int INFORMATION_EXTERNAL_VOLTAGE = 0x00;
    private static final int INFORMATION_DOOR = 0x05;
    private static final int INFORMATION_ICCID = 0x0A;
    private static final int INFORMATION_VOLTAGE = 0x0B;
    private static final int INFORMATION_CARD = 0x1B;
    private static final int INFORMATION_CLIMATE = 0x1E;
    private static final int TIME_LENGTH = 6;

    private static final int MODULE_BATTERY_VOLTAGE = 0x18;
    private static final int MODULE_BATTERY_LEVEL = 0x6A;

    private static final int LONG_MODULE_IMSI = 0x02;
    private static final int LONG_MODULE_ICCID = 0x03;
    private static final int LONG_MODULE_HDOP = 0x28;
    private static final int LONG_MODULE_MILEAGE = 0x2E;
    private static final int LONG_MODULE_FIX = 0x33;
    private static final int LONG_MODULE_EVENT = 0x34;
    private static final int FIX_LENGTH = 18;

    private Gt06Modules() {}

    /** Returns -1, or the offset of the module that is longer than what is left. */
    static int read(final DirectBuffer buffer, final int from, final int end, final Position position) {
        int at = from;
        while (end - at >= 3) {
            final int length = u8(buffer, at + 2);
            final int value = at + 3;
            if (length > end - value) {
                return at;
            }
            switch (u16(buffer, at)) {
                case MODULE_BATTERY_VOLTAGE -> {
                    if (length == 2) {
                        position.attribute(Attribute.BATTERY_VOLTAGE.key(), 10L * u16(buffer, value));
                    }
                }
                case MODULE_BATTERY_LEVEL -> {
                    if (length == 1) {
                        position.attribute(Attribute.BATTERY_LEVEL.key(), u8(buffer, value));
                    }
                }
                default -> {
                    // No attribute for it.
                }
            }
            at = value + length;
        }
        return at == end ? DONE : at;
    }

    /** Returns -1, or the offset of the module that is longer than what is left. */
    static int readLong(final DirectBuffer buffer, final int from, final int end, final Position position) {
        int at = from;
        while (end - at >= 4) {
            final int length = u16(buffer, at + 2);
            final int value = at + 4;
            if (length > end - value) {
                return at;
            }
            longModule(u16(buffer, at), buffer, value, length, position);
            at = value + length;
        }
        return at == end ? DONE : at;
    }

    private static void longModule(
            final int module, final DirectBuffer buffer, final int value, final int length, final Position position) {
        if (module == LONG_MODULE_FIX && length == FIX_LENGTH) {
            fix(buffer, value, position);
        } else if (module == LONG_MODULE_EVENT && length >= 1) {
            position.attribute(Attribute.EVENT.key(), u8(buffer, value));
        } else if (module == LONG_MODULE_MILEAGE && length == 4) {
            position.attribute(Attribute.ODOMETER.key(), u32(buffer, value));
        } else if (module == MODULE_BATTERY_VOLTAGE && length == 2) {
            position.attribute(Attribute.BATTERY_VOLTAGE.key(), 10L * u16(buffer, value));
        } else if (module == LONG_MODULE_HDOP && length == 1) {
            position.hdopCenti(10 * u8(buffer, value));
        } else if (module == LONG_MODULE_IMSI) {
            Gt06FieldReader.bytes(Attribute.IMSI, value, value + length, position);
        } else if (module == LONG_MODULE_ICCID) {
            Gt06FieldReader.bytes(Attribute.ICCID, value, value + length, position);
        }
    }

    private static void fix(final DirectBuffer buffer, final int at, final Position position) {
        position.fixTimeMs(1000 * u32(buffer, at))
                .satellites(u8(buffer, at + 4))
                .altitudeCm(100 * buffer.getShort(at + 5, ByteOrder.BIG_ENDIAN))
                .speedKmh(u8(buffer, at + 15));
        Gt06FieldReader.place(u32(buffer, at + 7), u32(buffer, at + 11), u16(buffer, at + 16), position);
    }

    /** Reads one piece of information; one that has another length than is known is passed over. */
    static void information(
            final DirectBuffer buffer, final int at, final int end, final int zoneOffsetMs, final Position position) {
        if (at == end) {
            return;
        }
        final int value = at + 1;
        final int length = end - value;
        switch (u8(buffer, at)) {
            case INFORMATION_EXTERNAL_VOLTAGE, INFORMATION_VOLTAGE -> {
                if (length == 2) {
                    position.attribute(Attribute.EXTERNAL_VOLTAGE.key(), 10L * u16(buffer, value));
                }
            }
            case INFORMATION_DOOR -> {
                if (length == TIME_LENGTH + 1) {
                    position.fixTimeMs(Gt06.timeMs(buffer, value, zoneOffsetMs));
                }
                if (length == 1 || length == TIME_LENGTH + 1) {
                    position.attribute(Attribute.DOOR.key(), buffer.getByte(end - 1) & 1);
                }
            }
            case INFORMATION_ICCID -> {
                if (length == 26) {
                    Gt06FieldReader.bytes(Attribute.IMSI, value + 8, value + 16, position);
                    Gt06FieldReader.bytes(Attribute.ICCID, value + 16, value + 26, position);
                }
            }
            case INFORMATION_CARD -> Gt06FieldReader.bytes(Attribute.DRIVER_ID, value, end, position);
            case INFORMATION_CLIMATE -> {
                if (length == 8) {
                    position.attribute(Attribute.TEMPERATURE_1.key(), buffer.getInt(value, ByteOrder.BIG_ENDIAN))
                            .attribute(Attribute.HUMIDITY.key(), u32(buffer, value + 4));
                }
            }
            default -> {
                // No attribute for it.
            }
        }
    }
}
