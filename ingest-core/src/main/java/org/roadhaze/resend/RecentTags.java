// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.roadhaze.device.DeviceState;

/** The tags of the last records of one device. What a frame added can be taken back until the next frame begins. */
final class RecentTags extends DeviceState {
    private static final int LEAST_CAPACITY = 64;
    private static final long[] NO_TAGS = {};

    private long[] tags = NO_TAGS;
    private int next;
    private long newestTimeMs = Long.MIN_VALUE;
    private int added;
    private long newestBeforeMs;

    @Override
    protected void reset() {
        Arrays.fill(tags, RecordTags.NONE);
        next = 0;
        newestTimeMs = Long.MIN_VALUE;
        added = 0;
    }

    /**
     * Begins a frame. Room grows with what a device sends in a frame: what it may send again is the last of them.
     *
     * @param records how many records it has.
     * @param most    how many to remember at most, a power of two.
     */
    void begin(final int records, final int most) {
        added = 0;
        newestBeforeMs = newestTimeMs;
        final int wanted = Math.min(most, Math.max(LEAST_CAPACITY, BitUtil.findNextPositivePowerOfTwo(2 * records)));
        if (wanted > tags.length) {
            final long[] more = new long[wanted];
            for (int i = 0; i < tags.length; i++) {
                more[i] = tags[(next + i) & (tags.length - 1)]; // Oldest first; those behind are not in use yet.
            }
            next = tags.length;
            tags = more;
        }
    }

    /** A record that is newer than all that came before was not among them, and most are. */
    boolean isKnown(final long tag, final long timeMs) {
        if (timeMs <= newestTimeMs) {
            for (final long known : tags) {
                if (known == tag) {
                    return true;
                }
            }
        }
        return false;
    }

    void add(final long tag, final long timeMs) {
        tags[next & (tags.length - 1)] = tag;
        next++;
        added++;
        newestTimeMs = Math.max(newestTimeMs, timeMs);
    }

    /**
     * The frame came to nothing: the device will send it again, and then it is not to be known. As many of the oldest tags as it
     * had are lost.
     */
    void takeBack() {
        for (; added > 0; added--) {
            next--;
            tags[next & (tags.length - 1)] = RecordTags.NONE;
        }
        newestTimeMs = newestBeforeMs;
    }
}
