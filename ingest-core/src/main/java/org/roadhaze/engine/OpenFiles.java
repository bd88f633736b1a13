// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.roadhaze.listener.ConnectionLimits;

/** How many files and sockets this process may have open at a time; queues have to roll while connections take the rest. */
final class OpenFiles {
    /** For queue files, key files, and sockets that are accepted only to be refused. */
    static final long RESERVE = 64;

    private static final long UNKNOWN = Long.MAX_VALUE;

    private OpenFiles() {}

    /**
     * What is left for connections.
     *
     * @return at least 1; very many where the system does not say.
     */
    static long forConnections() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return Math.max(1, system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - RESERVE);
        }
        return UNKNOWN;
    }

    /**
     * Limits that can be kept.
     *
     * @param limits    as they were asked for.
     * @param available what is left for connections.
     * @return the same, or with fewer connections.
     */
    static ConnectionLimits within(final ConnectionLimits limits, final long available) {
        if (limits.connections() <= available) {
            return limits;
        }
        return new ConnectionLimits(
                (int) available, limits.perAddress(), limits.loginWithin(), limits.frameWithin(), limits.silence());
    }
}
