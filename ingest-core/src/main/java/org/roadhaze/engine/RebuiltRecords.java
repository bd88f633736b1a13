// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import org.agrona.ExpandableArrayBuffer;
import org.roadhaze.anonymizer.Release;
import org.roadhaze.anonymizer.ReleaseGate;
import org.roadhaze.anonymizer.ReleaseSink;
import org.roadhaze.resend.LeftBefore;
import org.roadhaze.stream.ReleaseLayout;
import org.roadhaze.stream.StreamAppender;

/**
 * What one rebuilt chain lets out that has not left yet. A chain lets out in one order, whenever it is given the same; so what it
 * lets out before the last that has left has left as well, or, where more is known now or less, is not to leave. Nor is what it
 * lets out so early that it has left, or was kept back by a chain that knew more of what came before.
 *
 * <p>Of a stream that is cut into segments the segments show more than the order does, in which records of several vehicles may
 * change places that came late: what a segment lets out that is made again, and has not left, has yet to.
 */
final class RebuiltRecords implements ReleaseGate, ReleaseSink {
    private final LeftBefore left;
    private final ExpandableArrayBuffer records = new ExpandableArrayBuffer(4096);
    private int end;
    private int count;
    private long known;
    private long oldestMs = Long.MAX_VALUE;
    private boolean isGathering;

    RebuiltRecords(final LeftBefore left) {
        this.left = left;
    }

    @Override
    public boolean mayLeave(final Release release) {
        if (!left.take(release)) {
            return isGathering && left.canFollow(release);
        }
        known++;
        if (left.isCut()) {
            return false; // What is gathered is of segments that are made again, or was cut behind what left: its order
            // shows no more.
        }
        end = 0;
        count = 0;
        oldestMs = Long.MAX_VALUE;
        return false;
    }

    /** From now on, what has not left yet is to leave; before, it never will. */
    void beginGathering() {
        isGathering = true;
    }

    @Override
    public void release(final Release release) {
        final int length = ReleaseLayout.recordLength(release);
        records.putInt(end, length);
        records.checkLimit(end + Integer.BYTES + length);
        ReleaseLayout.putRecord(records, end + Integer.BYTES, release);
        end += Integer.BYTES + length;
        count++;
        oldestMs = Math.min(oldestMs, release.timeMs());
    }

    /** How many have yet to leave. */
    int count() {
        return count;
    }

    /** How many have left before. */
    long known() {
        return known;
    }

    /** The least time of those that have yet to leave; {@link Long#MAX_VALUE} when there are none. */
    long oldestMs() {
        return oldestMs;
    }

    void appendTo(final StreamAppender stream) {
        for (int at = 0; at < end; ) {
            final int length = records.getInt(at);
            if (!stream.hasRoom(length, 1)) {
                stream.flush();
            }
            stream.append(records, at + Integer.BYTES, length, 1);
            at += Integer.BYTES + length;
        }
    }
}
