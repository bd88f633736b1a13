// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Counts what becomes of one promise. Not thread safe. */
final class Tally {
    private final Violation.Rule rule;
    private final String promise;
    private final String counted;
    private final int mostShown;
    private final List<Finding.Breach> shown = new ArrayList<>();
    private OptionalDouble bound = OptionalDouble.empty();
    private String unit = "";
    private boolean lessIsWorse;
    private double worst = Double.NaN;
    private long checked;
    private long undecided;
    private long broken;

    /**
     * @param counted what is counted, in the plural.
     * @param mostShown of how many violations more is kept than their number.
     */
    Tally(final Violation.Rule rule, final String promise, final String counted, final int mostShown) {
        this.rule = rule;
        this.promise = promise;
        this.counted = counted;
        this.mostShown = mostShown;
    }

    Tally atLeast(final double least, final String ofUnit) {
        lessIsWorse = true;
        return bound(least, ofUnit);
    }

    Tally atMost(final double most, final String ofUnit) {
        lessIsWorse = false;
        return bound(most, ofUnit);
    }

    private Tally bound(final double value, final String ofUnit) {
        bound = OptionalDouble.of(value);
        unit = ofUnit;
        return this;
    }

    void checked() {
        checked++;
    }

    /** Of one that was counted as checked. */
    void undecided() {
        undecided++;
    }

    /** Of one that was counted as checked. */
    void broken(final long index, final long ordinal, final String found) {
        broken++;
        if (shown.size() < mostShown) {
            shown.add(new Finding.Breach(index, ordinal, found));
        }
    }

    void figure(final double value) {
        worst = Double.isNaN(worst) ? value : lessIsWorse ? Math.min(worst, value) : Math.max(worst, value);
    }

    Finding finding() {
        return new Finding(
                rule,
                promise,
                counted,
                checked,
                undecided,
                broken,
                Double.isFinite(worst) ? OptionalDouble.of(worst) : OptionalDouble.empty(),
                bound,
                unit,
                shown);
    }
}
