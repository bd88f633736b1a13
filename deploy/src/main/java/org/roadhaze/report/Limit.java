// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

/**
 * A limit that the policy sets to a figure.
 *
 * @param figure  what was found.
 * @param bound   how much may be found.
 * @param isLeast whether it is the least that must be found, as of usefulness, and not the most.
 */
public record Limit(Figure figure, double bound, boolean isLeast) {
    /** Whether anything was measured that the limit could be held to. */
    public boolean isMeasured() {
        return figure.value() != null;
    }

    /** Whether what was measured is within the limit; what was not measured breaks none. */
    public boolean isKept() {
        return !isMeasured() || (isLeast ? figure.value() >= bound : figure.value() <= bound);
    }
}
