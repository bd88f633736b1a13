// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One figure of an evaluation.
 *
 * @param name   as in JSON, such as {@code relinkFull}.
 * @param value  null where it could not be measured.
 * @param low    lower end of its 95 % interval; null without one.
 * @param high   upper end.
 * @param chance what guessing would find; null where nothing is guessed.
 * @param of     how many were tried; null where nothing was counted.
 * @param spread other figures of the same, by name, such as {@code p95}.
 * @param reason why there is no value, in words; null where there is one, or none is known.
 */
public record Figure(
        String name,
        Double value,
        Double low,
        Double high,
        Double chance,
        Long of,
        Map<String, Double> spread,
        String reason) {
    /** Of all sequels of pieces, the share that follows after a longer silence than is looked over. */
    static final String OVER_LONGER_SILENCES = "overLongerSilences";

    private static final String[] SPREAD = {"mean", "p95", "p99", "most", OVER_LONGER_SILENCES};

    /** Copies the spread. */
    public Figure {
        spread = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(spread));
    }

    /**
     * A figure as an evaluation tells it.
     *
     * @param name   its name.
     * @param values {@code value, low, high, chance, of, mean, p95, p99, most, overLongerSilences, reason}, as far as they are there.
     * @return the figure.
     */
    public static Figure of(final String name, final Map<String, Object> values) {
        final Map<String, Double> spread = new LinkedHashMap<>();
        for (final String each : SPREAD) {
            if (number(values, each) != null) {
                spread.put(each, number(values, each));
            }
        }
        return new Figure(
                name,
                number(values, "value"),
                number(values, "low"),
                number(values, "high"),
                number(values, "chance"),
                values.get("of") instanceof Number tries ? tries.longValue() : null,
                spread,
                values.get("reason") instanceof String reason ? reason : null);
    }

    private static Double number(final Map<String, Object> values, final String key) {
        return values.get(key) instanceof Number number ? number.doubleValue() : null;
    }
}
