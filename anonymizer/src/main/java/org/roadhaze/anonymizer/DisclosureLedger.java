// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import static org.roadhaze.anonymizer.DisclosureTable.EPSILON;
import static org.roadhaze.anonymizer.DisclosureTable.FIRST_MS;
import static org.roadhaze.anonymizer.DisclosureTable.LAST_MS;
import static org.roadhaze.anonymizer.DisclosureTable.LONGEST_MS;
import static org.roadhaze.anonymizer.DisclosureTable.LONGEST_PSEUDONYM;
import static org.roadhaze.anonymizer.DisclosureTable.MOST_RECORDS;
import static org.roadhaze.anonymizer.DisclosureTable.NEAREST_STOP_CM;
import static org.roadhaze.anonymizer.DisclosureTable.NOT_SAID;
import static org.roadhaze.anonymizer.DisclosureTable.RECORDS;
import static org.roadhaze.anonymizer.DisclosureTable.RUN_RECORDS;
import static org.roadhaze.anonymizer.DisclosureTable.RUN_TAG;
import static org.roadhaze.anonymizer.DisclosureTable.SMALLEST_CROWD;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.roadhaze.anonymizer.key.EpochRandom;

/**
 * Adds up what a stream lets out of each device: for how long its records can be linked by what they carry, with how small a
 * crowd it left, what it has spent of its budget, how near to a stop it was seen; and what aggregates cost each of them. A
 * table a day, so bounded; what finds no place in it is counted. Whoever looks learns of devices by their pseudonyms alone.
 *
 * <p>In steady state nothing is allocated; at the first record of a day its table is opened. One worker's.
 */
public final class DisclosureLedger {
    /** Of nobody: for programs that keep no account. */
    public static final DisclosureLedger NONE = new DisclosureLedger(null, null, 0);

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long DAY_MS = 86_400_000;
    private static final long NO_DAY = Long.MIN_VALUE;
    private static final long DEVICES = 0;
    private static final long RUNS = 1;

    /** Where a stream publishes no time, records are as far apart as their departures, to the minute. */
    private static final long DEPARTURE_MS = 60_000;

    private final EpochRandom tags;
    private final Tables tables;
    private final int devices;
    private MutableDirectBuffer table;
    private long day = NO_DAY;

    /** The records of a frame are one device's: its entry is looked for once. */
    private long lastDevice;

    private int lastEntry;

    private long lastPseudonym;
    private long lastRunTag;

    /** Where the tables lie. */
    @FunctionalInterface
    public interface Tables {
        /**
         * Opens the table of a day.
         *
         * @param day    days since 1970-01-01 UTC.
         * @param length its length in bytes.
         * @return its memory, all zeros when it is new; null when there is none to be had, and no account of the day is kept.
         */
        MutableDirectBuffer of(long day, long length);
    }

    /**
     * Makes a ledger.
     *
     * @param tags    makes the tags of devices.
     * @param tables  where to write.
     * @param devices how many devices find a place in a day, at least 1.
     */
    public DisclosureLedger(final EpochRandom tags, final Tables tables, final int devices) {
        this.tags = tags;
        this.tables = tables;
        this.devices = devices;
    }

    /**
     * Told of every record that leaves.
     *
     * @param candidate the record, and whose it is; of no device when it is an aggregate.
     * @param nowMs     the engine's clock: what counts is the day on which it leaves.
     */
    public void released(final Candidate candidate, final long nowMs) {
        if (tables == null) {
            return;
        }
        final long today = Math.floorDiv(nowMs, DAY_MS);
        if (today != day) {
            open(today);
        }
        if (table == null) {
            return;
        }
        final long device = candidate.position().deviceId();
        if (device == 0) {
            DisclosureTable.addAggregate(table, candidate.epsilon());
            return;
        }
        if (device != lastDevice && !find(device)) {
            return;
        }
        add(lastEntry, candidate, nowMs);
    }

    private boolean find(final long device) {
        lastDevice = 0;
        final long dayMs = day * DAY_MS;
        if (!tags.hasKey(dayMs)) {
            return false;
        }
        lastEntry = DisclosureTable.entry(table, tag(device, DEVICES));
        if (lastEntry < 0) {
            return false;
        }
        lastDevice = device;
        return true;
    }

    private void open(final long today) {
        final MutableDirectBuffer opened = tables.of(today, DisclosureTable.length(devices));
        table = opened != null && DisclosureTable.open(opened, devices, today) ? opened : null;
        day = today;
        lastDevice = 0;
        lastPseudonym = Release.NO_PSEUDONYM;
    }

    private long tag(final long subject, final long which) {
        final long bits = tags.bits(day * DAY_MS, subject, which);
        return bits == 0 ? 1 : bits;
    }

    private long runTag(final long pseudonym) {
        if (pseudonym == Release.NO_PSEUDONYM) {
            return 0;
        }
        if (pseudonym != lastPseudonym) {
            if (!tags.hasKey(day * DAY_MS)) {
                return 0; // The day's key died since its device was found; no other device is found any more either.
            }
            lastRunTag = tag(pseudonym, RUNS);
            lastPseudonym = pseudonym;
        }
        return lastRunTag;
    }

    private void add(final int at, final Candidate candidate, final long nowMs) {
        final long records = table.getLong(at + RECORDS, ORDER);
        final Release release = candidate.release();
        table.putLong(at + RECORDS, records + 1, ORDER);
        if (records == 0) {
            table.putLong(at + LONGEST_PSEUDONYM, release.pseudonym(), ORDER);
        }
        link(
                at,
                release.pseudonym(),
                release.timeMs() == Release.NO_TIME ? nowMs - Math.floorMod(nowMs, DEPARTURE_MS) : release.timeMs());
        if (candidate.epsilon() > 0) {
            table.putDouble(at + EPSILON, table.getDouble(at + EPSILON, ORDER) + candidate.epsilon(), ORDER);
        }
        putSmaller(at + NEAREST_STOP_CM, candidate.stopDistanceCm());
        putSmaller(at + SMALLEST_CROWD, candidate.crowd());
    }

    private void link(final int at, final long pseudonym, final long timeMs) {
        long firstMs = timeMs;
        long lastMs = timeMs;
        int records = 1;
        final long tag = runTag(pseudonym);
        if (tag != 0 && tag == table.getLong(at + RUN_TAG, ORDER)) {
            firstMs = Math.min(firstMs, table.getLong(at + FIRST_MS, ORDER));
            lastMs = Math.max(lastMs, table.getLong(at + LAST_MS, ORDER));
            records += table.getInt(at + RUN_RECORDS, ORDER);
        } else {
            table.putLong(at + RUN_TAG, tag, ORDER);
        }
        table.putLong(at + FIRST_MS, firstMs, ORDER);
        table.putLong(at + LAST_MS, lastMs, ORDER);
        table.putInt(at + RUN_RECORDS, records, ORDER);
        if (records > table.getInt(at + MOST_RECORDS, ORDER)) {
            table.putInt(at + MOST_RECORDS, records, ORDER);
        }
        if (lastMs - firstMs > table.getLong(at + LONGEST_MS, ORDER)) {
            table.putLong(at + LONGEST_MS, lastMs - firstMs, ORDER);
            table.putLong(at + LONGEST_PSEUDONYM, pseudonym, ORDER);
        }
    }

    private void putSmaller(final int at, final int value) {
        final int known = table.getInt(at, ORDER);
        if (value != NOT_SAID && (known == NOT_SAID || value < known)) {
            table.putInt(at, value, ORDER);
        }
    }
}
