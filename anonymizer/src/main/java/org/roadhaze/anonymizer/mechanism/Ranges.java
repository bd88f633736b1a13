// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.math.BigDecimal;
import java.time.Duration;

/** Refuses parameters out of their range, for programs that build them without a policy file. */
public final class Ranges {
    private Ranges() {}

    static void check(final String key, final Duration value, final Duration least, final Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw refused(key, text(value), text(least), text(most));
        }
    }

    static void check(final String key, final double value, final double least, final double most) {
        if (!(value >= least && value <= most)) {
            throw refused(key, Double.toString(value), Double.toString(least), Double.toString(most));
        }
    }

    static void check(final String key, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw refused(key, Integer.toString(value), Integer.toString(least), Integer.toString(most));
        }
    }

    /**
     * A length as a policy writes it.
     *
     * @param metres the length.
     * @return the text.
     */
    public static String metres(final double metres) {
        return BigDecimal.valueOf(metres).stripTrailingZeros().toPlainString() + " m";
    }

    /**
     * A duration as a policy writes it, in the largest unit that leaves it whole.
     *
     * @param duration at least one millisecond.
     * @return the text.
     */
    public static String text(final Duration duration) {
        final long ms = duration.toMillis();
        if (ms % 86_400_000 == 0 && ms > 86_400_000) {
            return ms / 86_400_000 + "d";
        }
        if (ms % 3_600_000 == 0 && ms > 0) {
            return ms / 3_600_000 + "h";
        }
        if (ms % 60_000 == 0 && ms > 0) {
            return ms / 60_000 + "min";
        }
        return ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
    }

    private static IllegalArgumentException refused(
            final String key, final String value, final String least, final String most) {
        return new IllegalArgumentException(key + ": found " + value + ", allowed " + least + " to " + most);
    }
}
