// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;

/**
 * What a stream has let out of each device in a day, in memory that a file may lie under: a hash table with a head.
 * <pre>
 *   head:  | magic u32 | version u16 | entry length u16 | capacity i32 | 0 i32 | day i64 | devices i64 | untracked i64
 *          | epsilon of aggregates f64 | aggregates i64 | 0 ... | 64 bytes
 *   entry: | tag i64 | tag of the run i64 | its first time i64 | its last time i64 | its records i32 | most records i32 |
 *          | longest ms i64 | pseudonym of the longest i64 | records i64 | epsilon f64 | nearest stop cm i32 | smallest crowd i32 | 0 ... | 96 bytes
 * </pre>
 * All little endian; times as the stream published them, in milliseconds since 1970-01-01 UTC, the day in days since then.
 * Devices, and the pseudonyms of their present runs, are keyed tags, which nobody can compute without the stream's key of that
 * day, and nobody at all when it is destroyed; 0 is none. Of all pseudonyms of a device one alone is written down as it left,
 * that of its longest run: two would be linked by standing in one row, which rotating them is there to prevent.
 *
 * <p>One thread writes. Another, of whatever process, may read meanwhile: each number of a row is one that was true, though
 * not all of one moment.
 */
public final class DisclosureTable {
    static final int HEAD_LENGTH = 64;
    static final int ENTRY_LENGTH = 96;
    private static final int MAGIC = 0x4C44_4852; // RHDL
    private static final short VERSION = 2;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final int CAPACITY = 8;
    private static final int DAY = 16;
    private static final int DEVICES = 24;
    private static final int UNTRACKED = 32;
    private static final int AGGREGATE_EPSILON = 40;
    private static final int AGGREGATES = 48;

    static final int TAG = 0;
    static final int RUN_TAG = 8;
    static final int FIRST_MS = 16;
    static final int LAST_MS = 24;
    static final int RUN_RECORDS = 32;
    static final int MOST_RECORDS = 36;
    static final int LONGEST_MS = 40;
    static final int LONGEST_PSEUDONYM = 48;
    static final int RECORDS = 56;
    static final int EPSILON = 64;
    static final int NEAREST_STOP_CM = 72;
    static final int SMALLEST_CROWD = 76;

    /** {@link Row#nearestStopCm} and {@link Row#smallestCrowd} where no step of the stream says. */
    public static final int NOT_SAID = 0;

    private DisclosureTable() {}

    /**
     * What was let out of one device.
     *
     * @param records             how many left.
     * @param longestLinkedMs     the longest time from the first to the last record that left under one pseudonym.
     * @param mostLinkedRecords   the most records that left under one pseudonym.
     * @param longestPseudonym    the pseudonym of the longest time, of the first record while all are as long; 0 for none.
     * @param epsilon             the sum of what was spent, in the units of the stream's mechanism; 0 when none has a budget.
     * @param nearestStopCm       the way driven from the stop nearest to a record, as far as the stream's mechanism knew it when
     *                            the record left; {@link #NOT_SAID}.
     * @param smallestCrowd       the fewest devices in a place and time that a record left with; {@link #NOT_SAID}.
     */
    public record Row(
            long records,
            long longestLinkedMs,
            int mostLinkedRecords,
            long longestPseudonym,
            double epsilon,
            int nearestStopCm,
            int smallestCrowd) {}

    /**
     * How much memory a table takes.
     *
     * @param devices how many are to find a place.
     * @return bytes.
     */
    public static long length(final int devices) {
        return HEAD_LENGTH + (long) capacity(devices) * ENTRY_LENGTH;
    }

    /** A quarter of the places stays free, so that looking for one ends soon. */
    private static int capacity(final int devices) {
        return BitUtil.findNextPositivePowerOfTwo(Math.max(16, devices + devices / 3));
    }

    /** Makes a table of memory that is all zeros, or goes on with the one of that day that is there; false when it is another's. */
    static boolean open(final MutableDirectBuffer memory, final int devices, final long day) {
        if (memory.getInt(0, ORDER) == 0) {
            memory.putShort(4, VERSION, ORDER);
            memory.putShort(6, (short) ENTRY_LENGTH, ORDER);
            memory.putInt(CAPACITY, capacity(devices), ORDER);
            memory.putLong(DAY, day, ORDER);
            memory.putInt(0, MAGIC, ORDER);
            return true;
        }
        return isOfDay(memory, day) && capacityOf(memory) == capacity(devices);
    }

    /**
     * Whether memory holds the table of a day, as this version writes it.
     *
     * @param memory anything.
     * @param day    days since 1970-01-01 UTC.
     * @return whether it does.
     */
    public static boolean isOfDay(final MutableDirectBuffer memory, final long day) {
        return isTable(memory) && memory.getLong(DAY, ORDER) == day;
    }

    private static boolean isTable(final MutableDirectBuffer memory) {
        return memory.capacity() >= HEAD_LENGTH
                && memory.getInt(0, ORDER) == MAGIC
                && memory.getShort(4, ORDER) == VERSION
                && memory.getShort(6, ORDER) == ENTRY_LENGTH
                && BitUtil.isPowerOfTwo(capacityOf(memory))
                && memory.capacity() == HEAD_LENGTH + (long) capacityOf(memory) * ENTRY_LENGTH;
    }

    private static int capacityOf(final MutableDirectBuffer memory) {
        return memory.getInt(CAPACITY, ORDER);
    }

    /**
     * The entry of a device, taken for it when it is new.
     *
     * @return where it begins; -1 when all places but the free ones are taken.
     */
    static int entry(final MutableDirectBuffer memory, final long tag) {
        final int mask = capacityOf(memory) - 1;
        int place = (int) tag & mask;
        while (true) {
            final int at = HEAD_LENGTH + place * ENTRY_LENGTH;
            final long found = memory.getLong(at + TAG, ORDER);
            if (found == tag) {
                return at;
            }
            if (found == 0) {
                final long devices = memory.getLong(DEVICES, ORDER);
                if (devices >= mask - mask / 4) {
                    memory.putLong(UNTRACKED, memory.getLong(UNTRACKED, ORDER) + 1, ORDER);
                    return -1;
                }
                memory.putLong(DEVICES, devices + 1, ORDER);
                memory.putLong(at + TAG, tag, ORDER);
                return at;
            }
            place = (place + 1) & mask;
        }
    }

    /**
     * All rows of a table.
     *
     * @param memory the table.
     * @return one per device, in no order.
     * @throws IllegalArgumentException when it is no table.
     */
    public static List<Row> rows(final MutableDirectBuffer memory) {
        if (!isTable(memory)) {
            throw new IllegalArgumentException("no disclosure table of version " + VERSION);
        }
        final List<Row> rows = new ArrayList<>();
        for (int place = 0; place < capacityOf(memory); place++) {
            final int at = HEAD_LENGTH + place * ENTRY_LENGTH;
            if (memory.getLong(at + TAG, ORDER) != 0 && memory.getLong(at + RECORDS, ORDER) > 0) {
                rows.add(new Row(
                        memory.getLong(at + RECORDS, ORDER),
                        memory.getLong(at + LONGEST_MS, ORDER),
                        memory.getInt(at + MOST_RECORDS, ORDER),
                        memory.getLong(at + LONGEST_PSEUDONYM, ORDER),
                        memory.getDouble(at + EPSILON, ORDER),
                        memory.getInt(at + NEAREST_STOP_CM, ORDER),
                        memory.getInt(at + SMALLEST_CROWD, ORDER)));
            }
        }
        return rows;
    }

    /**
     * Records of devices that found no place.
     *
     * @param memory a table.
     * @return how many.
     */
    public static long untracked(final MutableDirectBuffer memory) {
        return memory.getLong(UNTRACKED, ORDER);
    }

    /** An aggregate left, which is of no device alone. */
    static void addAggregate(final MutableDirectBuffer memory, final double epsilon) {
        memory.putLong(AGGREGATES, memory.getLong(AGGREGATES, ORDER) + 1, ORDER);
        memory.putDouble(AGGREGATE_EPSILON, memory.getDouble(AGGREGATE_EPSILON, ORDER) + epsilon, ORDER);
    }

    /**
     * Aggregates that left: counts of many devices.
     *
     * @param memory a table.
     * @return how many.
     */
    public static long aggregates(final MutableDirectBuffer memory) {
        return memory.getLong(AGGREGATES, ORDER);
    }

    /**
     * What the aggregates of the day cost each device at most, by composition. Windows of which none left cost as well: they
     * are added with the next that leaves.
     *
     * @param memory a table.
     * @return epsilon; 0 when there are none.
     */
    public static double aggregateEpsilon(final MutableDirectBuffer memory) {
        return memory.getDouble(AGGREGATE_EPSILON, ORDER);
    }
}
