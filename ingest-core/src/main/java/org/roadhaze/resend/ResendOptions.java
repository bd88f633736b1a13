// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.resend;

import org.agrona.BitUtil;

/**
 * What is remembered in order to know a record that is sent again.
 *
 * @param remember     the last records of each device, a power of two up to {@link #MOST_REMEMBERED}; 0: none, and what is sent
 *                     again is stored again.
 * @param acrossStarts the last records of all devices that a start of the engine still knows, up to {@link #MOST_ACROSS}.
 */
public record ResendOptions(int remember, int acrossStarts) {
    /** The least that can be remembered of a device, if anything. */
    public static final int LEAST_REMEMBERED = 16;

    /** The most that can be remembered of a device. */
    public static final int MOST_REMEMBERED = 1 << 14;

    /** The most that a start can know. */
    public static final int MOST_ACROSS = 1 << 25;

    /** The least that a start can know, if anything is remembered. */
    public static final int LEAST_ACROSS = 1_000;

    /** Two frames of as many records as there can be; two million records for a start. */
    public static final ResendOptions DEFAULT = new ResendOptions(512, 2_000_000);

    /** Nothing is remembered. */
    public static final ResendOptions NONE = new ResendOptions(0, 0);

    /** Checks the ranges. */
    public ResendOptions {
        if (remember != 0
                && (remember < LEAST_REMEMBERED || remember > MOST_REMEMBERED || !BitUtil.isPowerOfTwo(remember))) {
            throw new IllegalArgumentException("remember: found " + remember + ", allowed 0, or a power of two from "
                    + LEAST_REMEMBERED + " to " + MOST_REMEMBERED);
        }
        if (acrossStarts < 0 || acrossStarts > MOST_ACROSS) {
            throw new IllegalArgumentException("acrossStarts: found " + acrossStarts + ", allowed 0 to " + MOST_ACROSS);
        }
    }

    /** Whether anything is remembered. */
    public boolean isOn() {
        return remember > 0;
    }
}
