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
        /** Distance to the places at which the device stays longest. */
        LEARNED_ZONE,
        /** Distinct devices of the truth in its cell and window. */
        CROWD,
        /** What of the place may leave: which cells, their centres alone. */
        PLACE,
        /** Area of its cell. */
        CELL_AREA,
        /** Time from the first to the last record of one id. */
        SEGMENT_LENGTH,
        /** Silence of a device between two ids. */
        SEGMENT_GAP,
        /** One id never stands for two devices. */
        ONE_DEVICE,
        /** Time in whole steps. */
        TIME_STEP,
        /** No id outlives its epoch. */
        ID_EPOCH,
        /** Attributes, and other fields, that may leave. */
        ATTRIBUTE,
        /** Attributes in whole steps. */
        ATTRIBUTE_STEP,
        /** Budget of a device and day. */
        EPSILON
    }
}
