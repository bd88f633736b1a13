// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.roadhaze.evaluation.PoiRetrieval;
import org.roadhaze.evaluation.Utility;

/**
 * Figures as JSON tells them: {@code value, low, high, chance} and, of a share, {@code of}; null where there is none. A share of n has
 * the 95 % interval of Wilson's score, which takes the n for independent: those of one device are not, so that it is narrower than
 * the truth.
 */
final class FigureValues {
    private static final double Z = 1.959964;

    private FigureValues() {}

    /** Says why a figure has no value, where it has none. */
    static Map<String, Object> because(final Map<String, Object> figure, final String reason) {
        if (figure.get("value") == null) {
            figure.put("reason", reason);
        }
        return figure;
    }

    /** A share of {@code n}, with its interval; of none there is no share. */
    static Map<String, Object> share(final double value, final long n, final Double chance) {
        final Map<String, Object> figure = figure(n == 0 ? Double.NaN : value);
        if (n > 0) {
            final double shrink = 1 + Z * Z / n;
            final double middle = (value + Z * Z / (2 * n)) / shrink;
            final double half = Z / shrink * Math.sqrt(Math.max(0, value * (1 - value)) / n + Z * Z / (4.0 * n * n));
            figure.put("low", Math.max(0, middle - half));
            figure.put("high", Math.min(1, middle + half));
        }
        figure.put("chance", n == 0 || chance == null || chance.isNaN() ? null : chance);
        figure.put("of", n);
        return figure;
    }

    static Map<String, Object> figure(final double value) {
        final Map<String, Object> figure = new LinkedHashMap<>();
        figure.put("value", Double.isFinite(value) ? value : null);
        figure.put("low", null);
        figure.put("high", null);
        figure.put("chance", null);
        return figure;
    }

    static Map<String, Object> spread(final Utility.Spread spread) {
        final Map<String, Object> figure = figure(spread.p50());
        figure.put("mean", Double.isFinite(spread.mean()) ? spread.mean() : null);
        figure.put("p95", Double.isFinite(spread.p95()) ? spread.p95() : null);
        figure.put("p99", Double.isFinite(spread.p99()) ? spread.p99() : null);
        figure.put("most", Double.isFinite(spread.most()) ? spread.most() : null);
        return figure;
    }

    /**
     * The F score of stops found again. It is what was matched, of the mean of how many there are and how many the records show: of
     * so many it is a share, whose interval is never narrower than that of a share of the real ones or of those shown.
     *
     * @param found  over all devices together.
     * @param chance null where there is no other device.
     */
    static Map<String, Object> stops(final PoiRetrieval found, final Double chance) {
        final long tries = found.truth() == 0 ? 0 : Math.round((found.truth() + found.published()) / 2.0);
        return because(share(found.f(), tries, chance), "no vehicle of the traces stops for 15 minutes");
    }
}
