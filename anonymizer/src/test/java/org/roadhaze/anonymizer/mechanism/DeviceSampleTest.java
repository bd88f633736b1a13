// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.position.Position;

class DeviceSampleTest {
    private static final long DAY_MS = 86_400_000;
    private static final long MIDNIGHT_MS = 20_282 * DAY_MS;
    private static final int DEVICES = 100_000;

    private final Position position = new Position();
    private final Candidate candidate = new Candidate();
    private boolean passed;
    private final Mechanism.Outlet outlet = new Mechanism.Outlet() {
        @Override
        public void pass(final Candidate one) {
            passed = true;
        }

        @Override
        public void suppress(final Candidate one, final SuppressionReason reason) {
            passed = false;
        }
    };

    private static Mechanism sample(final double percent, final String stream) {
        return new DeviceSample.Parameters(percent)
                .build(MechanismContext.of(stream, FixedEpochKeys.ring(7, MIDNIGHT_MS)));
    }

    private boolean isIn(final Mechanism sample, final long device, final long timeMs) {
        position.clear();
        position.deviceId(device).fixTimeMs(timeMs).latitudeE7(1).longitudeE7(1);
        sample.accept(candidate.reset(position), outlet);
        return passed;
    }

    /** 4.9 standard deviations: a fair sample fails with a probability of 1e-6, were it not of a fixed key. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 20, 50, 99})
    void shouldLetAShareThrough(final double percent) {
        final Mechanism sample = sample(percent, "s");
        int in = 0;
        for (int device = 1; device <= DEVICES; device++) {
            in += isIn(sample, device, MIDNIGHT_MS) ? 1 : 0;
        }

        final double share = percent / 100;
        assertThat((double) in / DEVICES).isCloseTo(share, within(4.9 * Math.sqrt(share * (1 - share) / DEVICES)));
    }

    /** Two days, and two streams, are independent: half of the half is in both; the bound as above. */
    @Test
    void shouldDrawAnewEachDayAndForEachStream() {
        final Mechanism sample = sample(50, "s");
        final Mechanism other = sample(50, "s");
        int both = 0;
        for (int device = 1; device <= DEVICES; device++) {
            final boolean in = isIn(sample, device, MIDNIGHT_MS);
            assertThat(isIn(sample, device, MIDNIGHT_MS + DAY_MS - 1))
                    .as("all day")
                    .isEqualTo(in);
            assertThat(isIn(other, device, MIDNIGHT_MS + 1))
                    .as("after a restart")
                    .isEqualTo(in);
            both += in && isIn(sample, device, MIDNIGHT_MS + DAY_MS) ? 1 : 0;
        }

        assertThat((double) both / DEVICES).isCloseTo(0.25, within(4.9 * Math.sqrt(0.25 * 0.75 / DEVICES)));
    }

    @Test
    void shouldAllocateNothingPerRecord() {
        final Mechanism sample = sample(50, "s");
        int in = 0;
        for (int i = 0; i < 50_000; i++) {
            in += isIn(sample, i, MIDNIGHT_MS + i) ? 1 : 0;
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50_000; i++) {
            in += isIn(sample, i, MIDNIGHT_MS + i) ? 1 : 0;
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(5_000);
        assertThat(in).isPositive();
    }
}
