// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import java.time.Duration;

/**
 * When acknowledgements go, and how many wait for one force of the disk.
 *
 * @param level when.
 * @param every with {@link AckLevel#SYNCED}: from the beginning of one force to that of the next, at least, 0 to 1 s. More
 *              of what arrives meanwhile shares a force; each acknowledgement waits for longer.
 * @param bytes with {@link AckLevel#SYNCED}: so much that waits begins a force before its time, 4 KiB to 1 GiB.
 */
public record CommitOptions(AckLevel level, Duration every, long bytes) {
    /** The most that {@code every} may be. */
    public static final Duration MOST_EVERY = Duration.ofSeconds(1);

    /** The usual {@code every}. */
    public static final Duration DEFAULT_EVERY = Duration.ofMillis(2);

    /** The least that {@code bytes} may be. */
    public static final long LEAST_BYTES = 4 << 10;

    /** The most that {@code bytes} may be. */
    public static final long MOST_BYTES = 1L << 30;

    /** The usual {@code bytes}. */
    public static final long DEFAULT_BYTES = 4 << 20;

    /** Checks the ranges. */
    public CommitOptions {
        if (every.isNegative() || every.compareTo(MOST_EVERY) > 0) {
            throw new IllegalArgumentException("commit.every: found " + every + ", allowed 0 to " + MOST_EVERY);
        }
        if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "commit.bytes: found " + bytes + ", allowed " + LEAST_BYTES + " to " + MOST_BYTES);
        }
    }

    /**
     * A level with the usual group.
     *
     * @param level when acknowledgements go.
     * @return the options.
     */
    public static CommitOptions of(final AckLevel level) {
        return new CommitOptions(level, DEFAULT_EVERY, DEFAULT_BYTES);
    }
}
