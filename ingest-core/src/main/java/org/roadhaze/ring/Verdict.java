// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

/** What a frame says of whoever sent it. */
public enum Verdict {
    /** It came as it was sent, and went through. */
    SOUND,
    /** The same, and all its records are minutes old: whoever sends it catches up with what he had kept. */
    LATE,
    /** Its check sum is wrong. */
    WRONG_SUM,
    /** A decoder, a stage or a chain threw at it. */
    POISON,
    /** Nothing: nothing vouches for its bytes, it came to nothing by a fault of ours, or it was not looked at. */
    UNJUDGED
}
