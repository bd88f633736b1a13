// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import org.roadhaze.device.DeviceStates;
import org.roadhaze.device.DeviceTable;
import org.roadhaze.position.Position;
import org.roadhaze.position.PositionBatch;

/**
 * Takes out of a batch what its device has sent before: a tracker sends again what it has no acknowledgement for, and a record
 * is to be stored once. It is acknowledged again, behind what it repeats.
 *
 * <p>Remembers the last records of every device, and, in {@link SeenBefore}, the last of all devices from before the start.
 * Records without a time of the device have no identity, and pass.
 *
 * <p>For each frame: {@link #filter}, then {@link #settle}, or {@link #takeBack} should it fail. No allocation in steady state. Not thread
 * safe: one worker's.
 */
public final class ResendFilter {
    private final int remember;
    private final DeviceStates<RecentTags> devices;
    private final RecordTags tags;
    private final SeenBefore before;
    private final boolean[] kept = new boolean[PositionBatch.MAX_POSITIONS];
    private final long[] keptTags = new long[PositionBatch.MAX_POSITIONS];
    private int keptTagCount;
    private RecentTags current;

    /**
     * Remembers records from now on.
     *
     * @param options how many.
     * @param known   of which devices; this worker's.
     * @param seenLog what was seen before the start, and the key under which it knows records.
     */
    public ResendFilter(final ResendOptions options, final DeviceTable known, final SeenLog seenLog) {
        this(options, known, seenLog.key(), seenLog.before());
    }

    private ResendFilter(
            final ResendOptions options, final DeviceTable known, final byte[] key, final SeenBefore before) {
        remember = options.remember();
        devices = new DeviceStates<>(known, RecentTags::new);
        tags = new RecordTags(key);
        this.before = before;
    }

    private ResendFilter() {
        remember = 0;
        devices = null;
        tags = null;
        before = null;
    }

    /**
     * A filter that knows of no start before.
     *
     * @param options how many records to remember.
     * @param known   of which devices; this worker's.
     * @param key     16 random bytes.
     * @return the filter.
     */
    public static ResendFilter inMemory(final ResendOptions options, final DeviceTable known, final byte[] key) {
        return new ResendFilter(options, known, key, new SeenBefore(0));
    }

    /**
     * A filter that remembers nothing.
     *
     * @return the filter.
     */
    public static ResendFilter none() {
        return new ResendFilter();
    }

    /**
     * Takes out what was sent before.
     *
     * @param batch the records of one device, as the decoder gave them; afterwards, those that are new.
     * @return how many were taken out.
     */
    public int filter(final PositionBatch batch) {
        keptTagCount = 0;
        current = null;
        final int size = batch.size();
        if (remember == 0 || size == 0) {
            return 0;
        }
        current = devices.of(batch.get(0).deviceId());
        current.begin(size, remember);
        int repeated = 0;
        for (int i = 0; i < size; i++) {
            kept[i] = isNew(batch.get(i), batch);
            repeated += kept[i] ? 0 : 1;
        }
        if (repeated > 0) {
            batch.keep(kept);
        }
        return repeated;
    }

    private boolean isNew(final Position position, final PositionBatch batch) {
        final long timeMs = position.fixTimeMs();
        if (timeMs == Position.UNKNOWN_TIME) {
            return true;
        }
        final long tag = tags.of(position, batch.frame());
        if (current.isKnown(tag, timeMs)) {
            return false;
        }
        final long storedIn = before.storedIn(tag);
        if (storedIn == SeenBefore.EVERYWHERE) {
            return false;
        }
        position.storedIn(storedIn);
        current.add(tag, timeMs);
        keptTags[keptTagCount++] = tag;
        return true;
    }

    /** The frame of the last {@link #filter} went through: it cannot be taken back any more. */
    public void settle() {
        current = null;
    }

    /** The frame of the last {@link #filter}, unless it was settled, came to nothing: when its device sends it again, it is new. */
    public void takeBack() {
        if (current != null) {
            current.takeBack();
            current = null;
        }
    }

    /** How many tags the records have that the last {@link #filter} kept. */
    public int tags() {
        return keptTagCount;
    }

    /**
     * A tag of a record that was kept.
     *
     * @param index in [0, {@link #tags()}).
     * @return the tag, for the {@link SeenLog}.
     */
    public long tag(final int index) {
        return keptTags[index];
    }
}
