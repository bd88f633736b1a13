// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import java.util.Arrays;

/**
 * What one stream lets out of one position. It starts empty, and only mechanisms fill it: what no mechanism put here
 * does not leave (deny by default).
 *
 * <p>Mutable and reused; valid during {@link ReleaseSink#release}. Not thread safe.
 */
public final class Release {
    /** {@link #pseudonym()} of a release without one. */
    public static final long NO_PSEUDONYM = 0;

    /** {@link #timeMs()} of a release without a time. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** {@link #latitudeE7()} and {@link #longitudeE7()} of a release without coordinates. */
    public static final int NO_COORDINATE = Integer.MIN_VALUE;

    /** {@link #cell()} of a release without a cell. */
    public static final long NO_CELL = 0;

    private long pseudonym;
    private long timeMs;
    private int latitudeE7;
    private int longitudeE7;
    private long cell;
    private int attributeCount;
    private int[] attributeKeys = new int[16];
    private long[] attributeValues = new long[16];

    public Release() {
        clear();
    }

    /** Empties the release. */
    public void clear() {
        pseudonym = NO_PSEUDONYM;
        timeMs = NO_TIME;
        latitudeE7 = NO_COORDINATE;
        longitudeE7 = NO_COORDINATE;
        cell = NO_CELL;
        attributeCount = 0;
    }

    /**
     * The identity under which the record leaves.
     *
     * @return 64 keyed or random bits, or {@link #NO_PSEUDONYM}.
     */
    public long pseudonym() {
        return pseudonym;
    }

    public void pseudonym(final long value) {
        pseudonym = value;
    }

    /**
     * The event time as far as the policy lets it be known.
     *
     * @return milliseconds since 1970-01-01 UTC, or {@link #NO_TIME}.
     */
    public long timeMs() {
        return timeMs;
    }

    public void timeMs(final long value) {
        timeMs = value;
    }

    /**
     * WGS 84 latitude.
     *
     * @return degrees scaled by 1e7, or {@link #NO_COORDINATE}.
     */
    public int latitudeE7() {
        return latitudeE7;
    }

    /**
     * WGS 84 longitude.
     *
     * @return degrees scaled by 1e7, or {@link #NO_COORDINATE}.
     */
    public int longitudeE7() {
        return longitudeE7;
    }

    /**
     * Sets the coordinates that leave.
     *
     * @param latE7 latitude, degrees scaled by 1e7.
     * @param lonE7 longitude, degrees scaled by 1e7.
     */
    public void coordinates(final int latE7, final int lonE7) {
        latitudeE7 = latE7;
        longitudeE7 = lonE7;
    }

    /**
     * The cell that the fix lies in: {@link org.roadhaze.anonymizer.mechanism.CellSystem} tells by the first bits of its id
     * whose cell it is.
     *
     * @return its id, or {@link #NO_CELL}.
     */
    public long cell() {
        return cell;
    }

    public void cell(final long value) {
        cell = value;
    }

    /**
     * Lets a numeric attribute out.
     *
     * @param key   see {@link org.roadhaze.position.Attribute}; never one marked as bytes.
     * @param value the integer in the attribute's scale.
     */
    public void attribute(final int key, final long value) {
        final int index = attributeCount;
        if (index == attributeKeys.length) {
            attributeKeys = Arrays.copyOf(attributeKeys, 2 * index);
            attributeValues = Arrays.copyOf(attributeValues, 2 * index);
        }
        attributeKeys[index] = key;
        attributeValues[index] = value;
        attributeCount = index + 1;
    }

    public int attributeCount() {
        return attributeCount;
    }

    public int attributeKey(final int index) {
        return attributeKeys[index];
    }

    public long attributeValue(final int index) {
        return attributeValues[index];
    }
}
