// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import java.util.List;

/**
 * How far the time of a stream's records was at the end of a minute of the engine's clock, and by what: a chain that begins with it
 * goes on as the one did that was there. It says nothing of a device.
 *
 * @param timeMs      the end of the minute, by the engine's clock, milliseconds since 1970-01-01 UTC.
 * @param behindMs    by how much the time of the records was behind it, at least 0.
 * @param leastEverMs the least delay that any record has had, at least 0; {@link #NONE} while all were ahead of their receipt.
 * @param leastMs     the least delay of the records of each minute, the one that ended first and those before it behind it;
 *                    {@link #NONE} where none came but such as were ahead of their receipt. As many as {@link #MINUTES}.
 */
public record EventTimeMark(long timeMs, long behindMs, long leastEverMs, List<Long> leastMs) {
    /** So many minutes are looked back over. */
    public static final int MINUTES = 10;

    /** How long a minute is, milliseconds. */
    public static final long MINUTE_MS = 60_000;

    /** No record came that tells of a delay. */
    public static final long NONE = -1;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when a number is none that a chain has said.
     */
    public EventTimeMark {
        leastMs = List.copyOf(leastMs);
        if (leastMs.size() != MINUTES) {
            throw new IllegalArgumentException("minutes: found " + leastMs.size() + ", allowed " + MINUTES);
        }
        if (timeMs < 0
                || timeMs % MINUTE_MS != 0
                || behindMs < 0
                || leastEverMs < NONE
                || leastMs.stream().anyMatch(least -> least < NONE)
                || (leastEverMs == NONE && leastMs.stream().anyMatch(least -> least != NONE))) {
            throw new IllegalArgumentException(
                    "found a mark that no chain makes: " + timeMs + " " + behindMs + " " + leastEverMs + " " + leastMs);
        }
    }
}
