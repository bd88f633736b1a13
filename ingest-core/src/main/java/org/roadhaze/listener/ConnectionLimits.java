// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import java.time.Duration;

/**
 * How many connections there may be, and how long one may keep us waiting. All times count from the last progress of the
 * kind that they are about, in seconds during which the engine itself ran: a pause of ours is nobody's fault.
 *
 * @param connections at one time in all, 1 to 10,000,000.
 * @param perAddress  at one time from one IPv4 address or IPv6 network of 64 bits, 1 to 10,000,000. Mobile operators put many
 *                    trackers behind one address.
 * @param loginWithin for a device to say who it is, 1 s to 1 h.
 * @param frameWithin for a frame that was begun to be complete, 1 s to 1 h.
 * @param silence     without a byte, 1 s to 30 d.
 */
public record ConnectionLimits(
        int connections, int perAddress, Duration loginWithin, Duration frameWithin, Duration silence) {
    /** The most connections. */
    public static final int MOST_CONNECTIONS = 10_000_000;

    /** The least that any of the times may be. */
    public static final Duration LEAST = Duration.ofSeconds(1);

    /** The most that a login or a frame may take. */
    public static final Duration MOST_WITHIN = Duration.ofHours(1);

    /** The longest silence. */
    public static final Duration MOST_SILENCE = Duration.ofDays(30);

    /** For a node with a public address. */
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(
            100_000, 20_000, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(30));

    /** Checks the ranges. */
    public ConnectionLimits {
        check("connections", connections);
        check("per-address", perAddress);
        check("login-within", loginWithin, MOST_WITHIN);
        check("frame-within", frameWithin, MOST_WITHIN);
        check("silence", silence, MOST_SILENCE);
    }

    private static void check(final String key, final int value) {
        if (value < 1 || value > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "limits." + key + ": found " + value + ", allowed 1 to " + MOST_CONNECTIONS);
        }
    }

    private static void check(final String key, final Duration value, final Duration most) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "limits." + key + ": found " + value + ", allowed " + LEAST + " to " + most);
        }
    }
}
