// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

/** How long a device has kept us waiting, and for what, by {@link LoopState#aliveMs}. One connection's; its loop's alone. */
final class Deadlines {
    private static final long NO_TAIL = -1;

    private final ConnectionLimits limits;
    private long openedMs;
    private long heardMs;
    private long tailBegunMs = NO_TAIL;

    Deadlines(final ConnectionLimits limits) {
        this.limits = limits;
    }

    void opened(final long aliveMs) {
        openedMs = aliveMs;
        heardMs = aliveMs;
    }

    void heard(final long aliveMs) {
        heardMs = aliveMs;
    }

    /** What came last is the beginning of a frame. */
    void beginsTail(final long aliveMs) {
        if (tailBegunMs == NO_TAIL) {
            tailBegunMs = aliveMs;
        }
    }

    /** A frame is whole, or there is nothing of the next one. */
    void endsTail() {
        tailBegunMs = NO_TAIL;
    }

    boolean isAnyOver(final long aliveMs, final boolean isKnown) {
        return isLoginOver(aliveMs, isKnown)
                || isFrameOver(aliveMs)
                || aliveMs - heardMs > limits.silence().toMillis();
    }

    /** Counts which one it is. */
    void count(final long aliveMs, final boolean isKnown, final ListenerCounters counters) {
        if (isLoginOver(aliveMs, isKnown)) {
            counters.withoutLogin();
        } else if (isFrameOver(aliveMs)) {
            counters.slowFrame();
        } else {
            counters.silent();
        }
    }

    private boolean isLoginOver(final long aliveMs, final boolean isKnown) {
        return !isKnown && aliveMs - openedMs > limits.loginWithin().toMillis();
    }

    private boolean isFrameOver(final long aliveMs) {
        return tailBegunMs != NO_TAIL
                && aliveMs - tailBegunMs > limits.frameWithin().toMillis();
    }
}
