// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

/**
 * How much of the disk has to be free. Below the one mark the engine takes nothing more in, long before the disk is full;
 * above the other it goes on by itself. Between them it stays as it is.
 *
 * @param stopBelowBytes   takes nothing in below this: at least 16 MiB.
 * @param resumeAboveBytes goes on above this: more than {@code stopBelowBytes}.
 */
public record DiskMarks(long stopBelowBytes, long resumeAboveBytes) {
    /** The least that {@code stopBelowBytes} may be: what is on its way when it is noticed still has to be written. */
    public static final long LEAST_BYTES = 16L << 20;

    /** The most that either may be. */
    public static final long MOST_BYTES = 1L << 50;

    /** Some seconds at full load, and a file of an hour that is begun. */
    public static final DiskMarks DEFAULT = new DiskMarks(512L << 20, 1L << 30);

    /** Checks the ranges. */
    public DiskMarks {
        if (stopBelowBytes < LEAST_BYTES || resumeAboveBytes <= stopBelowBytes || resumeAboveBytes > MOST_BYTES) {
            throw new IllegalArgumentException("disk: found stop-below " + stopBelowBytes + " and resume-above "
                    + resumeAboveBytes + ", allowed " + LEAST_BYTES + " or more, and more than that");
        }
    }

    /**
     * Whether to take nothing in.
     *
     * @param freeBytes what is free now.
     * @param holding   whether nothing is taken in now.
     * @return true below the lower mark, and up to the higher one once it was.
     */
    boolean isHolding(final long freeBytes, final boolean holding) {
        return freeBytes < stopBelowBytes || (holding && freeBytes <= resumeAboveBytes);
    }
}
