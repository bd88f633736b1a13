// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.roadhaze.config.ConfigNode;
import org.roadhaze.engine.EngineSnapshot;
import org.roadhaze.listener.ListenerCounters;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.listener.Listeners;

/**
 * What an engine did so far: a line for each listener, each stream, and how far what stands behind the
 * listeners lags. Counts and names of the configuration, and nothing that a device said.
 */
final class EngineReport {
    private static final double NS_PER_MS = 1e6;

    private EngineReport() {}

    /**
     * Prints the lines.
     *
     * @param snapshot the counters.
     * @param out      where to.
     */
    static void print(final EngineSnapshot snapshot, final PrintWriter out) {
        snapshot.listeners().forEach(listener -> out.println(line(listener)));
        snapshot.streams().forEach((name, stream) -> out.println(line(name, stream)));
        out.println(line(snapshot.lag()));
        if (snapshot.deadLetters() > 0) {
            out.println("dead letters: " + number(snapshot.deadLetters()) + " kept; to read: roadhaze dead-letters");
        }
        out.flush();
    }

    private static String line(final EngineSnapshot.ListenerSnapshot listener) {
        final Listeners.Listening listening = listener.listening();
        final ListenerCounters counters = listening.counters();
        final List<String> frames = new ArrayList<>();
        listener.frames().forEach((result, count) -> add(frames, count, ConfigNode.word(result)));
        add(frames, listener.failedFrames(), "failed");
        final List<String> refused = new ArrayList<>();
        add(refused, counters.uncuttableFrames(), "uncuttable");
        add(refused, counters.oversizeFrames(), "oversize");
        add(refused, counters.datagramsDropped(), "ring full");
        add(refused, counters.tooManyConnections(), "too many connections");
        add(refused, counters.connectionsWithoutLogin(), "without login");
        add(refused, counters.slowFrames(), "slow frames");
        add(refused, counters.silentConnections(), "silent");
        add(refused, counters.replacedConnections(), "replaced by newer ones");
        add(refused, counters.poisonedConnections(), "poisoned");
        add(refused, counters.wrongSumConnections(), "wrong check sums");
        add(refused, counters.inQuarantine(), "in quarantine");
        add(refused, counters.acknowledgementsDropped(), "acknowledgements not sent");
        add(refused, counters.socketErrors(), "socket errors");
        final long lateStalls = counters.lateStalls();
        final List<String> oddTimes = new ArrayList<>();
        listener.oddTimes().forEach((finding, count) -> add(oddTimes, count, ConfigNode.word(finding)));
        final StringBuilder line = new StringBuilder("listener ")
                .append(listening.options().protocol().name())
                .append(' ')
                .append(ConfigNode.word(listening.options().transport()))
                .append(' ')
                .append(Listeners.text(listening.address()));
        if (listening.options().transport() == ListenerOptions.Transport.TCP) {
            line.append(": connections: ")
                    .append(number(counters.connections()))
                    .append(" open, ")
                    .append(number(counters.connectionsOpened()))
                    .append(" so far; stalls: ")
                    .append(number(counters.stalls()))
                    .append(lateStalls == 0 ? ";" : ", of late records " + number(lateStalls) + ";");
        } else {
            line.append(':');
        }
        line.append(" frames: ")
                .append(list(frames))
                .append("; records: ")
                .append(number(listener.positions()))
                .append("; sent again: ")
                .append(number(listener.sentAgain()))
                .append("; dropped or closed: ")
                .append(list(refused));
        if (!oddTimes.isEmpty()) {
            line.append("; times: ").append(list(oddTimes));
        }
        return line.toString();
    }

    private static String line(final String name, final EngineSnapshot.StreamSnapshot stream) {
        final List<String> suppressed = new ArrayList<>();
        stream.suppressed().forEach((reason, count) -> add(suppressed, count, reason.label()));
        return "stream " + name + ": published: " + number(stream.published()) + "; suppressed: " + list(suppressed);
    }

    private static String line(final EngineSnapshot.Lag lag) {
        final String ring = "behind: ring: " + number(lag.ring().frames()) + " of "
                + number(lag.ring().slots()) + " slots";
        if (lag.forces() == 0) {
            return ring;
        }
        return ring
                + String.format(
                        Locale.ROOT,
                        "; disk: %,d bytes, %.1f ms into a force; forces: %,d so far, %.1f ms on the mean, %.1f ms at most",
                        lag.ring().unforcedBytes(),
                        lag.ring().forcingNs() / NS_PER_MS,
                        lag.forces(),
                        lag.meanForceNs() / NS_PER_MS,
                        lag.longestForceNs() / NS_PER_MS);
    }

    private static void add(final List<String> counts, final long count, final String name) {
        if (count > 0) {
            counts.add(number(count) + " " + name);
        }
    }

    private static String list(final List<String> counts) {
        return counts.isEmpty() ? "none" : String.join(", ", counts);
    }

    private static String number(final long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
