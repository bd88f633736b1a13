// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What became of one promise.
 *
 * @param rule which.
 * @param promise in words, with its bound.
 * @param counted what was counted, in words.
 * @param checked how many of those.
 * @param undecided how many keep it or break it depending on which of several fixes or devices they come from; they count as
 *     kept.
 * @param broken how many break it whatever they come from.
 * @param worst the figure nearest to the bound, or farthest beyond it, in the best reading; empty where there is none.
 * @param bound in the same unit.
 * @param unit of the two.
 * @param violations the first of those that broke it.
 */
public record Finding(
        Violation.Rule rule,
        String promise,
        String counted,
        long checked,
        long undecided,
        long broken,
        OptionalDouble worst,
        OptionalDouble bound,
        String unit,
        List<Breach> violations) {
    /**
     * One that broke it.
     *
     * @param index of its document in the queue.
     * @param ordinal of the record in the stream, from 1.
     * @param found what was found and what is allowed; no device and no place.
     */
    public record Breach(long index, long ordinal, String found) {}

    public Finding {
        violations = List.copyOf(violations);
    }

    public boolean isKept() {
        return broken == 0;
    }
}
