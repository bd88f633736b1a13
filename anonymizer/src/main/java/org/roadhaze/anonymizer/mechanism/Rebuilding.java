// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

/**
 * What may be made again of a mechanism's state after the process died, by giving a new one the records that the dead one was
 * given, in their order. From the least demanding on: of a chain, the last of its mechanisms' holds.
 */
public enum Rebuilding {
    /** It holds nothing: what it does with a record is a function of that record, of keys and parameters. */
    PURE,
    /** It holds records. What leaves of one is a function of that record, keys and parameters; when, and whether, is not. */
    BY_RECORD,
    /** It holds records. What leaves of one depends on which others are in its window. */
    BY_WINDOW,
    /** It holds none. What leaves depends on what came long before, but what has left shows how: see {@link SegmentsThatLeft}. */
    BY_WHAT_LEFT,
    /** Nothing: what leaves depends on what came long before. */
    NEVER
}
