// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.position;

/** What {@link Plausibility} found of a fix's time. */
public enum TimeFinding {
    /** Nothing is wrong with it. */
    SENSIBLE,
    /** It had lost 1024 weeks or twice as many, and has them again. */
    WEEKS_ADDED,
    /** There is none, or it is that of a clock that was never set: before 1990, or in January 2000. */
    NOT_SET,
    /** More than a day ahead of our clock. */
    FAR_AHEAD
}
