// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;

/**
 * Lets the {@linkplain Candidate#segment() number} of the segment out instead of the device: 64 bits that are keyed by stream,
 * device and the time at which the segment begins. All records of a segment carry it, and no other record does. Whoever has
 * the key of the day can compute it; once that is destroyed, nobody can tell it from coin throws.
 *
 * <p>A record that is in no segment does not leave.
 */
public final class SegmentPseudonym implements Mechanism {
    SegmentPseudonym() {}

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        if (candidate.segment() == Candidate.NO_SEGMENT) {
            outlet.suppress(candidate, SuppressionReason.SEGMENT_GAP);
            return;
        }
        candidate.release().pseudonym(candidate.segment());
        outlet.pass(candidate);
    }

    /** There is nothing to choose. */
    public record Parameters() implements MechanismParameters {
        @Override
        public Mechanism build(final MechanismContext context) {
            return new SegmentPseudonym();
        }

        @Override
        public String effect() {
            return "a random number for each piece of a track, another one after each gap; its key is destroyed at most "
                    + Ranges.text(MechanismContext.RANDOMNESS_ROTATES) + " after its day";
        }

        @Override
        public String canonical() {
            return "per-segment";
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            return Set.of();
        }
    }
}
