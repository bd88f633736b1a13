// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * A duration that is drawn anew each time: {@code 60s..180s}, both ends included, or {@code 2min} for one that is always the
 * same.
 *
 * @param least the shortest.
 * @param most  the longest, at least as long.
 */
public record DurationRange(Duration least, Duration most) {
    /** What a person may write. */
    public static final String ALLOWED = "a duration with its unit, or two, the shorter first, such as 60s..3min";

    private static final String BETWEEN = "..";

    /** Refuses a longest that is shorter than the shortest. */
    public DurationRange {
        if (least.compareTo(most) > 0) {
            throw new IllegalArgumentException("range: found " + least + " to " + most + ", allowed the shorter first");
        }
    }

    /**
     * A duration that is always the same.
     *
     * @param always the duration.
     * @return the range of it alone.
     */
    public static DurationRange of(final Duration always) {
        return new DurationRange(always, always);
    }

    /**
     * Reads a range.
     *
     * @param node  what a person wrote.
     * @param least the shortest allowed.
     * @param most  the longest allowed.
     * @return the range; of {@code least} alone after a problem.
     */
    static DurationRange read(final ConfigNode node, final Duration least, final Duration most) {
        final String text = node.plain();
        final int between = text.indexOf(BETWEEN);
        final BigDecimal from = Unit.DURATION.parse(between < 0 ? text : text.substring(0, between));
        final BigDecimal to = between < 0 ? from : Unit.DURATION.parse(text.substring(between + BETWEEN.length()));
        final BigDecimal leastMs = BigDecimal.valueOf(least.toMillis());
        final BigDecimal mostMs = BigDecimal.valueOf(most.toMillis());
        if (!isWhole(from) || !isWhole(to) || from.compareTo(to) > 0) {
            node.problem(ALLOWED);
        } else if (from.compareTo(leastMs) < 0 || to.compareTo(mostMs) > 0) {
            node.problem(ConfigNode.range(Unit.DURATION.render(leastMs), Unit.DURATION.render(mostMs)));
        } else {
            return new DurationRange(Duration.ofMillis(from.longValueExact()), Duration.ofMillis(to.longValueExact()));
        }
        return of(least);
    }

    private static boolean isWhole(final BigDecimal ms) {
        return ms != null && ms.stripTrailingZeros().scale() <= 0;
    }
}
