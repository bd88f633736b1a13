// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.nio.file.Path;
import java.util.List;
import org.roadhaze.anonymizer.policy.Policy;
import org.roadhaze.geo.Geofences;
import org.roadhaze.geo.RouteParameters;
import org.roadhaze.listener.ConnectionLimits;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.listener.QuarantineOptions;
import org.roadhaze.resend.ResendOptions;
import org.roadhaze.ring.RingOptions;

/**
 * Everything an engine runs by.
 *
 * @param data       the data directory; made when it is not there.
 * @param listeners  where devices connect, at least one.
 * @param eventLoops threads that serve sockets: 1 to 64.
 * @param ring       the ring's size and threads.
 * @param maxDevices devices that each worker keeps state of, 1 to 10,000,000; the one not seen for longest is forgotten.
 * @param geofences  fences whose crossing is an event; may be none.
 * @param route      when a trip begins and ends.
 * @param limits     how many connections there may be, and how long they may keep us waiting.
 * @param quarantine when a sender of poison is refused.
 * @param resends    what is remembered to know what is sent again.
 * @param disk       how much of the disk has to be free.
 * @param journal    how frames are sealed, where the policy has a journal.
 * @param policy     the streams.
 */
public record EngineOptions(
        Path data,
        List<ListenerOptions> listeners,
        int eventLoops,
        RingOptions ring,
        int maxDevices,
        Geofences geofences,
        RouteParameters route,
        ConnectionLimits limits,
        QuarantineOptions quarantine,
        ResendOptions resends,
        DiskMarks disk,
        JournalOptions journal,
        Policy policy) {
    /** Copies the lists. */
    public EngineOptions {
        listeners = List.copyOf(listeners);
    }

    /**
     * The same with another data directory.
     *
     * @param other the directory.
     * @return a copy.
     */
    public EngineOptions withData(final Path other) {
        return new EngineOptions(
                other,
                listeners,
                eventLoops,
                ring,
                maxDevices,
                geofences,
                route,
                limits,
                quarantine,
                resends,
                disk,
                journal,
                policy);
    }

    /**
     * The same with other listeners.
     *
     * @param others where devices connect.
     * @return a copy.
     */
    public EngineOptions withListeners(final List<ListenerOptions> others) {
        return new EngineOptions(
                data,
                others,
                eventLoops,
                ring,
                maxDevices,
                geofences,
                route,
                limits,
                quarantine,
                resends,
                disk,
                journal,
                policy);
    }
}
