// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.stream;

import net.openhft.chronicle.core.time.TimeProvider;
import org.agrona.concurrent.EpochClock;

/**
 * The queue's clock: never goes back. With the wall clock alone, a step back over a roll stops every append until the
 * old time is reached again; and so does a restart after the clock was ahead, which is why the queue's last file counts too.
 */
final class MonotonicTime implements TimeProvider {
    private final EpochClock clock;
    private long latestMs;

    MonotonicTime(final EpochClock clock) {
        this.clock = clock;
    }

    /**
     * Never shows a time before this one.
     *
     * @param timeMs milliseconds since 1970-01-01 UTC.
     */
    synchronized void notBefore(final long timeMs) {
        latestMs = Math.max(latestMs, timeMs);
    }

    @Override
    public synchronized long currentTimeMillis() {
        latestMs = Math.max(latestMs, clock.time());
        return latestMs;
    }
}
