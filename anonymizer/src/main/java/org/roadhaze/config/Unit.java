// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of quantities that carry a unit in a configuration. A number without a unit is refused, 0 included. */
final class Unit {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?([A-Za-z%/]*)");

    /** Minutes are {@code min}, since {@code m} is a metre everywhere else in the file. */
    static final Unit DURATION = new Unit(
            "a duration",
            "10ms, 1s, 5min, 24h, 730d",
            "ms",
            1,
            "s",
            1_000,
            "min",
            60_000,
            "h",
            3_600_000,
            "d",
            86_400_000);

    static final Unit DISTANCE = new Unit("a distance", "200m, 1.5km", "m", 1, "km", 1_000);
    static final Unit INFORMATION = new Unit("an amount of information", "1bit, 2.5bit", "bit", 1);
    static final Unit PER_METRE = new Unit("a number per metre", "0.0069/m", "/m", 1);
    static final Unit PERCENTAGE = new Unit("a percentage", "12.5%", "%", 1);
    static final Unit SIZE =
            new Unit("a size", "512B, 64KiB, 16MiB, 2GiB", "B", 1, "KiB", 1 << 10, "MiB", 1 << 20, "GiB", 1 << 30);

    private final String noun;
    private final String examples;
    private final Map<String, Integer> scales = new LinkedHashMap<>();

    private Unit(final String noun, final String examples, final Object... unitsAndScales) {
        this.noun = noun;
        this.examples = examples;
        for (int i = 0; i < unitsAndScales.length; i += 2) {
            scales.put((String) unitsAndScales[i], (Integer) unitsAndScales[i + 1]);
        }
    }

    /**
     * Reads a quantity.
     *
     * @param text what a person wrote.
     * @return it in the smallest unit of this kind, or null when it is none or has no unit of this kind.
     */
    BigDecimal parse(final String text) {
        final Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        final Integer scale = scales.get(matcher.group(2));
        return scale == null ? null : new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(scale));
    }

    /**
     * Writes a quantity as a person would: in the largest unit that leaves it whole.
     *
     * @param value in the smallest unit.
     * @return the text.
     */
    String render(final BigDecimal value) {
        String text = value.stripTrailingZeros().toPlainString()
                + scales.keySet().iterator().next();
        for (final Map.Entry<String, Integer> unit : scales.entrySet()) {
            final BigDecimal[] parts = value.divideAndRemainder(BigDecimal.valueOf(unit.getValue()));
            if (parts[0].signum() > 0 && parts[1].signum() == 0) {
                text = parts[0].toBigInteger() + unit.getKey();
            }
        }
        return text;
    }

    String allowed() {
        return noun + " with its unit, such as " + examples;
    }
}
