// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.time.Duration;

/**
 * When a sender of poison is no longer listened to. A connection is closed at the first frame at which a decoder or a stage
 * throws, and after so many wrong check sums in a row; each time is an offence of its device, or of its address while no device
 * is known. After so many offences within so long, the device, or the address, is refused for a while.
 *
 * @param wrongSums          in a row that close a connection, 1 to 1,000.
 * @param offences           of a device, 1 to 100; 0: no device is ever refused.
 * @param offencesPerAddress of an IPv4 address or IPv6 network of 64 bits, 1 to 100; 0: no address is ever refused. Mobile
 *                           operators put many trackers behind one address.
 * @param within             how long an offence counts, 1 s to 1 d.
 * @param refuse             for how long one is refused, 1 s to 1 d.
 */
public record QuarantineOptions(int wrongSums, int offences, int offencesPerAddress, Duration within, Duration refuse) {
    /** The most wrong check sums in a row. */
    public static final int MOST_WRONG_SUMS = 1_000;

    /** The most offences: the time of each is kept. */
    public static final int MOST_OFFENCES = 100;

    /** The least that any of the times may be. */
    public static final Duration LEAST = Duration.ofSeconds(1);

    /** The most that any of the times may be. */
    public static final Duration MOST = Duration.ofDays(1);

    /** A device that sends the same poison again and again costs a connection every five minutes. */
    public static final QuarantineOptions DEFAULT =
            new QuarantineOptions(5, 3, 30, Duration.ofMinutes(10), Duration.ofMinutes(5));

    /** Checks the ranges. */
    public QuarantineOptions {
        check("wrong-sums", wrongSums, 1, MOST_WRONG_SUMS);
        check("offences", offences, 0, MOST_OFFENCES);
        check("offences-per-address", offencesPerAddress, 0, MOST_OFFENCES);
        check("within", within);
        check("refuse", refuse);
    }

    private static void check(final String key, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "quarantine." + key + ": found " + value + ", allowed " + least + " to " + most);
        }
    }

    private static void check(final String key, final Duration value) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "quarantine." + key + ": found " + value + ", allowed " + LEAST + " to " + MOST);
        }
    }
}
