// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * The segments that a stream let out, for a new {@link SplitAndGap} that is given again what one was given that died. Where that one
 * cut a track depended on all that came before; but the number of a segment is a function of the fix at which it began, so that what
 * left shows at which fixes those began of which anything left. Written by one thread, before there are workers.
 */
public interface SegmentsThatLeft {
    /** Of {@link #knownFromMs}: all segments are known. */
    long ALL = Long.MIN_VALUE;

    /**
     * Whether anything left under a number.
     *
     * @param segment the number that a segment has that begins at some fix.
     * @return true when it did begin there.
     */
    boolean hasLeft(long segment);

    /**
     * Whether all that left has been let out again: of what comes now nothing has left, and each track can be cut as it may be cut
     * now.
     *
     * @return once true, always true.
     */
    boolean isOver();

    /**
     * From when on all segments are made again that began: of those that began before, some can be missing that left.
     *
     * @return milliseconds since 1970-01-01 UTC, by the time of their first fix; {@link #ALL} when none is missing.
     */
    long knownFromMs();
}
