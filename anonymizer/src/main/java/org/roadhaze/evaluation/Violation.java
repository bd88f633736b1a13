// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

/**
 * One broken promise.
 *
 * @param record the record that breaks it.
 * @param rule which promise.
 * @param found what was found and what is allowed; no device and no place.
 */
public record Violation(Published record, Rule rule, String found) {
    /** What a stream can promise of its records. */
    public enum Rule {
        /** The record comes from a fix of the truth. */
        TRUE_FIX,
        /** Driven metres to every stop and to both ends of its trip. */
        STOP_DISTANCE,
        /** Distinct devices of the truth in its cell and window. */
        CROWD,
        /** Area of its cell. */
        CELL_AREA,
        /** Time from the first to the last record of one id. */
        SEGMENT_LENGTH,
        /** Silence of a device between two ids. */
        SEGMENT_GAP,
        /** One id never stands for two devices. */
        ONE_DEVICE,
        /** Attributes that may leave. */
        ATTRIBUTE,
        /** Budget of a device and day. */
        EPSILON
    }
}
