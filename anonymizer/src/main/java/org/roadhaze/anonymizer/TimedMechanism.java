// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

/**
 * A step that lets go by time what it holds, or learns from time: it is told how far time has come. Nobody tells the others,
 * which costs a chain of theirs nothing.
 */
public interface TimedMechanism extends Mechanism {
    /**
     * How far a clock may be ahead: a fix that is no farther ahead of the time of the records is taken, whatever a step's windows
     * are. Milliseconds.
     */
    long MOST_AHEAD_MS = 60_000;

    /**
     * Learns how far time has come, and lets go what waited for that: at most {@link #MOST_LET_GO_AT_ONCE}, the rest in later
     * calls. Called before every candidate, and now and then while none come: cheap when nothing is due.
     *
     * @param eventTimeMs the newest fix time that the stream has seen, moved on by the engine's clock while it saw none;
     *                    never goes back. Milliseconds since 1970-01-01 UTC.
     * @param outlet      where candidates go; the same in every call.
     */
    void advanceTo(long eventTimeMs, Outlet outlet);

    /**
     * Whether it tells the steps after it by {@link Outlet#advanceTo} how far time has come: then nobody else does.
     *
     * @return the same in every call; false unless it holds time itself back.
     */
    default boolean keepsTime() {
        return false;
    }

    /**
     * Whether more would go, were {@link #advanceTo} called again with the same time.
     *
     * @return false when nothing waits for its turn.
     */
    default boolean isLettingGo() {
        return false;
    }
}
