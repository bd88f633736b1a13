// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.math.BigDecimal;

/** Prints degrees as they are stored, digit for digit: a double in between would invent digits. */
final class Degrees {
    private static final int DECIMALS = 7;

    private Degrees() {}

    static String ofE7(final int e7) {
        final BigDecimal degrees = BigDecimal.valueOf(e7, DECIMALS).stripTrailingZeros();
        return degrees.scale() < 0 ? degrees.setScale(0).toPlainString() : degrees.toPlainString();
    }
}
