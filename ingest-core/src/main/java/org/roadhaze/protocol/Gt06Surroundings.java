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
 * What a device without a fix can hear: cells and Wi-Fi access points.
 * <pre>
 *  cells          | MCC u16 | MNC u8 or u16 | 7 x (LAC u32, cell u64, RSSI u8) | timing advance u8 |
 *  access points  | count n u8 | n x (MAC, signal u8), or n x (MAC, signal u16) |
 * </pre>
 * The first cell is the one that serves the device. Bit 15 of MCC says that MNC has two bytes. Stateless.
 */
final class Gt06Surroundings {
    private static final int CELLS = 7;
    private static final int CELL_LENGTH = 13;
    private static final int MNC_HAS_TWO_BYTES = 1 << 15;
    private static final int DONE = -1;

    private Gt06Surroundings() {}

    /** Returns -1, or the offset at which the content ends too early. */
    static int cells(final DirectBuffer buffer, final int at, final int end, final Position position) {
        final int mcc = u16(buffer, at);
        final int mncLength = (mcc & MNC_HAS_TWO_BYTES) != 0 ? 2 : 1;
        final int first = at + 2 + mncLength;
        final int after = first + CELLS * CELL_LENGTH + 1;
        if (end < after) {
            return end;
        }
        position.attribute(Attribute.MCC.key(), mcc & ~MNC_HAS_TWO_BYTES)
                .attribute(Attribute.MNC.key(), mncLength == 2 ? u16(buffer, at + 2) : u8(buffer, at + 2))
                .attribute(Attribute.LOCATION_AREA.key(), u32(buffer, first))
                .attribute(Attribute.CELL_ID.key(), buffer.getLong(first + 4, ByteOrder.BIG_ENDIAN));
        accessPoints(buffer, after, end, position);
        return DONE;
    }

    /** Adds the access points as they are, unless there are none or something else is there (a language). */
    static void accessPoints(final DirectBuffer buffer, final int at, final int end, final Position position) {
        if (at >= end) {
            return;
        }
        final int count = u8(buffer, at);
        final int length = end - at - 1;
        if (length == 7 * count || length == 8 * count) {
            Gt06FieldReader.bytes(Attribute.WIFI, at + 1, end, position);
        }
    }
}
