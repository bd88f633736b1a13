// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.roadhaze.stage.PlausibilityStage;
import org.roadhaze.stream.SteadyClock;

/**
 * Says once of every protocol that fixes come from the future. Devices that are set to local time, read as if it were
 * UTC, are valid and hours wrong, and nothing else of them looks odd. Says of our own clock when it is set by a second or
 * more. One thread's.
 */
final class ClockWatch {
    private static final long AHEAD_MIN = PlausibilityStage.LIVE_AHEAD_MS / 60_000;

    private static final long LEAST_STEP_MS = 1_000;
    private static final long NS_PER_MS = 1_000_000;

    private final Set<String> told = new HashSet<>();
    private final EpochClock wall;
    private final NanoClock elapsed;
    private final Consumer<String> warnings;
    private long offsetMs;

    /**
     * Looks from now on.
     *
     * @param wall     ours, as it is set.
     * @param elapsed  a clock that nobody sets.
     * @param warnings told, in words.
     */
    ClockWatch(final EpochClock wall, final NanoClock elapsed, final Consumer<String> warnings) {
        this.wall = wall;
        this.elapsed = elapsed;
        this.warnings = warnings;
        offsetMs = offset();
    }

    private long offset() {
        return wall.time() - elapsed.nanoTime() / NS_PER_MS;
    }

    /** Looks at our own clock. */
    void lookAtOurs() {
        final long stepMs = offset() - offsetMs;
        if (Math.abs(stepMs) >= LEAST_STEP_MS) {
            offsetMs += stepMs;
            warnings.accept("Our clock was set by " + stepMs / 1_000 + " s"
                    + (Math.abs(stepMs) <= SteadyClock.MAX_STEP_MS
                            ? "."
                            : ": more than an hour, which is followed only forward, and once it has lasted an hour."));
        }
    }

    /**
     * Looks at the counters.
     *
     * @param fixesAhead as {@link EngineSnapshot#fixesAhead} has them.
     */
    void look(final Map<String, Long> fixesAhead) {
        fixesAhead.forEach((protocol, count) -> {
            if (told.add(protocol)) {
                warnings.accept("Fixes of " + protocol + " are more than " + AHEAD_MIN + " min ahead of our clock, "
                        + count + " so far: is time-zone what the devices are set to, and is our clock right?");
            }
        });
    }
}
