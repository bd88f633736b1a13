// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.config.ConfigMap;

/** Lets the coordinates out as the device gave them. A policy has to say so in that word. */
public final class ExactPlace implements Mechanism {
    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        candidate
                .release()
                .coordinates(
                        candidate.position().latitudeE7(), candidate.position().longitudeE7());
        outlet.pass(candidate);
    }

    /** There is nothing to set. */
    public record Parameters() implements MechanismParameters {
        static Parameters read(final ConfigMap map) {
            return new Parameters();
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new ExactPlace();
        }

        @Override
        public String effect() {
            return "exact coordinates";
        }

        @Override
        public String canonical() {
            return "exact";
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("place");
        }
    }
}
