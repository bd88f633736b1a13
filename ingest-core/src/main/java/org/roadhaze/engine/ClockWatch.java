// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.roadhaze.stage.PlausibilityStage;

/**
 * Says once of every protocol that fixes come from the future. Devices that are set to local time, read as if it were
 * UTC, are valid and hours wrong, and nothing else of them looks odd. One thread's.
 */
final class ClockWatch {
    private static final long AHEAD_MIN = PlausibilityStage.LIVE_AHEAD_MS / 60_000;

    private final Set<String> told = new HashSet<>();
    private final Consumer<String> warnings;

    ClockWatch(final Consumer<String> warnings) {
        this.warnings = warnings;
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
