// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.acceptance;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;

/** What else wants to run on the machine of a test that measures time. */
final class Crowd {
    private Crowd() {}

    /** A build is no benchmark: it allows several times as much, unless {@code -Droadhaze.strict=true} says otherwise. */
    private static final double ALLOWANCE = Boolean.getBoolean("roadhaze.strict") ? 1 : 4;

    /** A time in which something is to be done, longer in proportion where more wants to run than there are cores. */
    static Duration stretched(final Duration time) {
        final OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
        final double crowd = Math.max(1, machine.getSystemLoadAverage() / machine.getAvailableProcessors());
        return Duration.ofMillis((long) (time.toMillis() * crowd * ALLOWANCE));
    }
}
