// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What the records of a stream look like.
 *
 * @param hasId whether they carry an id.
 * @param rotateMs the time since 1970-01-01 UTC is cut into epochs of this many milliseconds, and no id is of two; empty for
 *     ids that know no epochs.
 * @param timeStepMs times are whole multiples of this many milliseconds, rounded down; empty if no time leaves.
 * @param places what leaves of the place.
 * @param attributes all names that may leave, each with its step: values are whole multiples of it, in the attribute's unit; 0
 *     for any value.
 * @param aggregate whether a record tells of many devices, and comes from no one fix.
 */
public record StreamForm(
        boolean hasId,
        OptionalLong rotateMs,
        OptionalLong timeStepMs,
        Places places,
        Map<String, Double> attributes,
        boolean aggregate) {
    public StreamForm {
        attributes = Map.copyOf(attributes);
        if (rotateMs.orElse(1) <= 0 || timeStepMs.orElse(1) <= 0) {
            throw new IllegalArgumentException(
                    "epochs of " + rotateMs + " ms, times in steps of " + timeStepMs + " ms");
        }
    }
}
