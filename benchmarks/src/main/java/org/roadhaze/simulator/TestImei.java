// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.simulator;

/**
 * IMEIs that no real device has.
 *
 * <p>An IMEI is an eight-digit type allocation code, a six-digit serial number and a Luhn check digit (3GPP TS 23.003,
 * section 6.2). Codes that begin with 00 are kept for test devices; ours begin with 001017, which leaves eight digits to
 * tell devices apart.
 */
final class TestImei {
    /** How many there are. */
    static final int COUNT = 100_000_000;

    private static final long PREFIX = 1_017L;

    private TestImei() {}

    /**
     * The IMEI with a number.
     *
     * @param number in [0, {@link #COUNT}).
     * @return 15 digits, the leading zeros of which a number does not show.
     */
    static long of(final int number) {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("number of a test IMEI: found " + number + ", allowed 0 to 99999999");
        }
        final long body = PREFIX * COUNT + number;
        return body * 10 + luhnDigit(body);
    }

    /**
     * A number for a device's name: the same for the same name, spread evenly. Two names may share one.
     *
     * @param name the name.
     * @return in [0, {@link #COUNT}).
     */
    static int numberOf(final String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        return (int) Long.remainderUnsigned(hash * 0x9E3779B97F4A7C15L, COUNT);
    }

    /** The digit that makes the Luhn sum (every second digit from the right doubled) a multiple of ten. */
    static int luhnDigit(final long body) {
        int sum = 0;
        boolean doubled = true;
        for (long rest = body; rest > 0; rest /= 10) {
            final int digit = (int) (rest % 10);
            final int weighed = doubled ? digit * 2 : digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
            doubled = !doubled;
        }
        return (10 - sum % 10) % 10;
    }
}
