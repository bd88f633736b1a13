// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Whose an id can be: the devices that have, for each of its records, a fix of its place and time. Nobody tells the verifier
 * which device an id is of, and with enough records there is one left.
 */
final class Owners {
    private static final int[] NOBODY = {};

    private final Truth truth;
    private final Records records;
    private final Map<Long, int[]> devicesOf = new HashMap<>();
    private int[] found = new int[64];
    private int count;

    Owners(final Truth truth, final Records records) {
        this.truth = truth;
        this.records = records;
    }

    /**
     * Looks for whose a record and its id can be.
     *
     * @return how many devices have a fix of this record's place and time, whatever its id.
     */
    int add(final int record) {
        count = 0;
        records.forEachFix(record, this::found);
        if (count > 0 && records.id(record) != Published.NO_ID) {
            final int[] before = devicesOf.get(records.id(record));
            devicesOf.put(records.id(record), before == null ? Arrays.copyOf(found, count) : common(before));
        }
        return count;
    }

    private void found(final int fix) {
        final int device = truth.deviceOf(fix);
        if (count > 0 && found[count - 1] == device) {
            return;
        }
        if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = device;
    }

    /** Both are ascending. */
    private int[] common(final int[] before) {
        int kept = 0;
        final int[] both = new int[Math.min(before.length, count)];
        for (int i = 0, j = 0; i < before.length && j < count; ) {
            if (before[i] == found[j]) {
                both[kept++] = before[i];
                i++;
                j++;
            } else if (before[i] < found[j]) {
                i++;
            } else {
                j++;
            }
        }
        return kept == before.length ? before : kept == 0 ? NOBODY : Arrays.copyOf(both, kept);
    }

    /** Whether records of an id were seen, and no device has a fix for each of them. */
    boolean isNobodys(final long id) {
        final int[] devices = devicesOf.get(id);
        return devices != null && devices.length == 0;
    }

    /** How many devices an id can be of. */
    int candidates(final long id) {
        return devicesOf.getOrDefault(id, NOBODY).length;
    }

    /** The only device that an id can be of; only where there is one. */
    int device(final long id) {
        return devicesOf.get(id)[0];
    }

    /** Whether a record of an id may come from a fix of this device. Of an id that can be nobody's, from any. */
    boolean mayBe(final long id, final int device) {
        final int[] devices = id == Published.NO_ID ? NOBODY : devicesOf.getOrDefault(id, NOBODY);
        return devices.length == 0 || Arrays.binarySearch(devices, device) >= 0;
    }
}
