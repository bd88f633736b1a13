// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.config.ConfigMap;

/** Lets the event time out, rounded down to a step: {@code floor(t / step) * step} since 1970-01-01 UTC. */
public final class TimeRounding implements Mechanism {
    private final long stepMs;

    TimeRounding(final Parameters parameters) {
        stepMs = parameters.step().toMillis();
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final long fixTimeMs = candidate.position().fixTimeMs();
        candidate.release().timeMs(fixTimeMs - Math.floorMod(fixTimeMs, stepMs));
        outlet.pass(candidate);
    }

    /**
     * How coarse.
     *
     * @param step in [1 ms, 7 d]; one millisecond is exact.
     */
    public record Parameters(Duration step) implements MechanismParameters {
        static final Duration LEAST = Duration.ofMillis(1);
        static final Duration MOST = Duration.ofDays(7);

        /** Refuses a step out of range. */
        public Parameters {
            Ranges.check("round", step, LEAST, MOST);
        }

        static Parameters read(final ConfigMap map) {
            return new Parameters(map.duration("round", LEAST, MOST));
        }

        static Parameters exact(final ConfigMap map) {
            return new Parameters(LEAST);
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new TimeRounding(this);
        }

        @Override
        public String effect() {
            return step.equals(LEAST) ? "exact, to the millisecond" : "rounded down to " + Ranges.text(step);
        }

        @Override
        public String canonical() {
            return "round " + step.toMillis() + "ms";
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("fixTime");
        }
    }
}
