// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import java.time.Duration;
import java.util.Set;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.config.ConfigMap;

/**
 * Lets a share of the devices through, drawn anew every day (of UTC), all records of one or none. Who is in it is a keyed
 * function of stream, device and day: each device is in with the probability of the share, whatever the others are.
 *
 * <p>A vehicle that somebody knows of may thus be in the stream or not; a mechanism with differential privacy gets the
 * stronger for it. What is left is sparser, and so easier to follow: sample before gaps and crowds are made, which then count
 * what is left.
 */
public final class DeviceSample implements Mechanism {
    private static final long DAY_MS = MechanismContext.RANDOMNESS_ROTATES.toMillis();

    private final EpochRandom random;
    private final double share;

    DeviceSample(final Parameters parameters, final MechanismContext context) {
        random = context.random(EpochRandom.Use.SAMPLE);
        share = parameters.sharePercent() / 100;
    }

    @Override
    public void accept(final Candidate candidate, final Outlet outlet) {
        final long timeMs = candidate.position().fixTimeMs();
        final long dayMs = timeMs - Math.floorMod(timeMs, DAY_MS);
        if (!random.hasKey(dayMs)) {
            outlet.suppress(candidate, SuppressionReason.LATE_EPOCHS);
        } else if (random.uniform(dayMs, candidate.position().deviceId(), 0) < share) {
            outlet.pass(candidate);
        } else {
            outlet.suppress(candidate, SuppressionReason.NOT_SAMPLED);
        }
    }

    /**
     * How many.
     *
     * @param sharePercent of the devices, in [0.1, 99.9].
     */
    public record Parameters(double sharePercent) implements MechanismParameters {
        static final double LEAST = 0.1;
        static final double MOST = 99.9;

        /** Refuses a share out of range. */
        public Parameters {
            Ranges.check("share", sharePercent, LEAST, MOST);
        }

        static Parameters read(final ConfigMap map) {
            return new Parameters(map.percent("share", LEAST, MOST));
        }

        @Override
        public Mechanism build(final MechanismContext context) {
            return new DeviceSample(this, context);
        }

        @Override
        public String effect() {
            return "only of " + sharePercent + " % of the devices, others every "
                    + Ranges.text(Duration.ofMillis(DAY_MS));
        }

        @Override
        public String canonical() {
            return "sample share=" + sharePercent + "%";
        }

        @Override
        public Rebuilding rebuilding() {
            return Rebuilding.PURE;
        }

        @Override
        public Set<String> inputs() {
            return Set.of("deviceId", "fixTime");
        }
    }
}
