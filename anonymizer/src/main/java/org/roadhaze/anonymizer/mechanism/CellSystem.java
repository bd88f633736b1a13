// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Arrays;

/**
 * Whose cell an id is of. All ids that leave have 64 bits, and their first four tell the system:
 * <pre>
 *  0x0  H3: its own index, whose first bit is 0 and whose mode is 1
 *  0xA  {@link EqualAreaGrid}
 *  0xC  {@link LadderGrid}
 *  0xE  S2: its own id, shifted right by four bits, which are zero up to level 28
 * </pre>
 */
public enum CellSystem {
    /** An index of H3, of resolution 0 to 15. */
    H3(0x0),
    /** A cell of {@link EqualAreaGrid}. */
    EQUAL_AREA(0xA),
    /** A cell of {@link LadderGrid}: of a crowd or a count. */
    LADDER(0xC),
    /** A cell of S2, of level 0 to {@link S2Index#MOST_LEVEL}. */
    S2(0xE),
    /** Of a version of the engine that is newer than this code. */
    UNKNOWN(-1);

    private static final int TAG_SHIFT = 60;
    private static final int TAG_BITS = 4;
    private static final CellSystem[] BY_TAG = new CellSystem[1 << TAG_BITS];

    static {
        Arrays.fill(BY_TAG, UNKNOWN);
        for (final CellSystem system : values()) {
            if (system.tag >= 0) {
                BY_TAG[system.tag] = system;
            }
        }
    }

    private final int tag;

    CellSystem(final int tag) {
        this.tag = tag;
    }

    /** The first four bits of an id of this system, the others zero. */
    long tag() {
        return (long) tag << TAG_SHIFT;
    }

    /**
     * The system of an id.
     *
     * @param cell an id that left.
     * @return the system.
     */
    public static CellSystem of(final long cell) {
        return BY_TAG[(int) (cell >>> TAG_SHIFT)];
    }

    /**
     * An id as the tools of its system write it: 15 hexadecimal digits of H3, the token of S2 (its id without the zeros at the
     * end), 16 digits of others.
     *
     * @param cell an id that left.
     * @return the text.
     */
    public static String text(final long cell) {
        if (of(cell) != S2) {
            return Long.toHexString(cell);
        }
        final String digits = Long.toHexString(s2Id(cell));
        final String padded = "0".repeat(Long.SIZE / TAG_BITS - digits.length()) + digits;
        int end = padded.length();
        while (padded.charAt(end - 1) == '0') {
            end--;
        }
        return padded.substring(0, end);
    }

    /**
     * The id by which S2's own libraries know a cell.
     *
     * @param cell an id of the system {@link #S2}.
     * @return theirs.
     */
    public static long s2Id(final long cell) {
        return cell << TAG_BITS;
    }

    /** The id that leaves, of one that S2's own libraries know. */
    static long ofS2(final long id) {
        return S2.tag() | (id >>> TAG_BITS);
    }
}
