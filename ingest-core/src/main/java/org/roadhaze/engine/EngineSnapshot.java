// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.listener.Listeners;
import org.roadhaze.position.TimeFinding;
import org.roadhaze.protocol.FrameResult;
import org.roadhaze.ring.CommitCounters;
import org.roadhaze.ring.FrameCounters;
import org.roadhaze.ring.IngestRing;
import org.roadhaze.ring.RingLag;

/**
 * The engine's counters at about one moment.
 *
 * @param frames            frames that were decoded, by result.
 * @param positions         positions that were decoded.
 * @param fixesAhead        fixes more than five minutes ahead of our clock, by protocol and transport (and time zone, if not
 *                          UTC); those without one are absent. Many of them say that devices are set to another time zone.
 * @param sentAgain         positions that their device had sent before: acknowledged again, not stored again.
 * @param failedFrames      frames at which a stage failed: neither persisted nor acknowledged.
 * @param listeners         what came in where, in the order in which they are bound.
 * @param streams           what each stream published and kept back.
 * @param connections       connections that are open.
 * @param uncuttable        connections closed since their bytes could not be cut into frames.
 * @param oversize          frames longer than the protocol allows.
 * @param datagramsDropped  datagrams that found the ring full.
 * @param stalls            times that a connection was left unread since the ring was full.
 */
public record EngineSnapshot(
        Map<FrameResult, Long> frames,
        long positions,
        Map<String, Long> fixesAhead,
        long sentAgain,
        long failedFrames,
        List<ListenerSnapshot> listeners,
        Map<String, StreamSnapshot> streams,
        long connections,
        long uncuttable,
        long oversize,
        long datagramsDropped,
        long stalls,
        int deadLetters,
        Lag lag) {
    /**
     * What came in at one listener.
     *
     * @param listening    the listener, with its counters of what did not become a frame.
     * @param frames       its frames, by result; results that never were are absent.
     * @param positions    positions in them.
     * @param sentAgain    positions that their device had sent before.
     * @param oddTimes     fixes among them whose time lost weeks, was never set or is far ahead; findings that never were
     *                     are absent.
     * @param failedFrames frames at which a stage failed.
     */
    public record ListenerSnapshot(
            Listeners.Listening listening,
            Map<FrameResult, Long> frames,
            long positions,
            long sentAgain,
            Map<TimeFinding, Long> oddTimes,
            long failedFrames) {}

    /**
     * What one stream did.
     *
     * @param published  records that left; of a journal frames that were sealed.
     * @param suppressed positions that were kept back, by reason; reasons that never applied are absent.
     */
    public record StreamSnapshot(long published, Map<SuppressionReason, Long> suppressed) {}

    /**
     * How far each part is behind the one before it. How far a reader is behind, an engine cannot know: it does not know its
     * readers, who say it themselves ({@link org.roadhaze.reader.ReaderLag}).
     *
     * @param ring           workers and persist handler behind the listeners, the disk behind these.
     * @param forces         forces of the disk so far; none unless acknowledgements wait for it.
     * @param meanForceNs    what one took, on the mean, nanoseconds.
     * @param longestForceNs what the longest took, nanoseconds.
     */
    public record Lag(RingLag ring, long forces, long meanForceNs, long longestForceNs) {
        static Lag of(final IngestRing ring) {
            final CommitCounters commits = ring.commitCounters();
            final long forces = commits.commits();
            return new Lag(ring.lag(), forces, forces == 0 ? 0 : commits.totalNs() / forces, commits.longestNs());
        }
    }

    static EngineSnapshot of(
            final IngestRing ring,
            final ProtocolTable protocols,
            final StreamRuntime runtime,
            final List<Listeners.Listening> listeners,
            final long stageFailures,
            final int deadLetters) {
        final FrameCounters[] workers = ring.counters();
        final List<ListenerSnapshot> sources = new ArrayList<>();
        final Map<FrameResult, Long> frames = new EnumMap<>(FrameResult.class);
        long positions = 0;
        for (int i = 0; i < listeners.size(); i++) {
            final ListenerSnapshot source = listenerSnapshot(listeners.get(i), i, workers);
            sources.add(source);
            source.frames().forEach((result, count) -> frames.merge(result, count, Long::sum));
            positions += source.positions();
        }
        final Map<String, StreamSnapshot> streams = new LinkedHashMap<>();
        for (int i = 0; i < runtime.names().size(); i++) {
            streams.put(runtime.names().get(i), streamSnapshot(runtime.chains(i), runtime.sealed(i)));
        }
        return new EngineSnapshot(
                frames,
                positions,
                fixesAhead(workers, protocols),
                sources.stream().mapToLong(ListenerSnapshot::sentAgain).sum(),
                stageFailures,
                sources,
                streams,
                listeners.stream().mapToLong(l -> l.counters().connections()).sum(),
                listeners.stream()
                        .mapToLong(l -> l.counters().uncuttableFrames())
                        .sum(),
                listeners.stream().mapToLong(l -> l.counters().oversizeFrames()).sum(),
                listeners.stream()
                        .mapToLong(l -> l.counters().datagramsDropped())
                        .sum(),
                listeners.stream().mapToLong(l -> l.counters().stalls()).sum(),
                deadLetters,
                Lag.of(ring));
    }

    static Map<String, Long> fixesAhead(final FrameCounters[] workers, final ProtocolTable protocols) {
        final Map<String, Long> fixes = new LinkedHashMap<>();
        for (final FrameCounters worker : workers) {
            for (int protocol = 0; protocol < protocols.size(); protocol++) {
                final long count = worker.fixesAhead(protocol);
                if (count > 0) {
                    fixes.merge(protocols.name(protocol), count, Long::sum);
                }
            }
        }
        return fixes;
    }

    private static ListenerSnapshot listenerSnapshot(
            final Listeners.Listening listening, final int index, final FrameCounters[] workers) {
        final Map<FrameResult, Long> frames = new EnumMap<>(FrameResult.class);
        final Map<TimeFinding, Long> oddTimes = new EnumMap<>(TimeFinding.class);
        long positions = 0;
        long sentAgain = 0;
        long failed = 0;
        for (final FrameCounters worker : workers) {
            for (final FrameResult result : FrameResult.values()) {
                final long count = worker.frames(index, result);
                if (count > 0) {
                    frames.merge(result, count, Long::sum);
                }
            }
            for (final TimeFinding finding : TimeFinding.values()) {
                final long count = worker.oddTimes(index, finding);
                if (count > 0) {
                    oddTimes.merge(finding, count, Long::sum);
                }
            }
            positions += worker.positions(index);
            sentAgain += worker.sentAgain(index);
            failed += worker.failed(index);
        }
        return new ListenerSnapshot(listening, frames, positions, sentAgain, oddTimes, failed);
    }

    private static StreamSnapshot streamSnapshot(final List<StreamChain> chains, final long sealed) {
        long published = sealed;
        final Map<SuppressionReason, Long> suppressed = new EnumMap<>(SuppressionReason.class);
        for (final StreamChain chain : chains) {
            published += chain.published();
            for (final SuppressionReason reason : SuppressionReason.values()) {
                final long count = chain.suppressed(reason);
                if (count > 0) {
                    suppressed.merge(reason, count, Long::sum);
                }
            }
        }
        return new StreamSnapshot(published, suppressed);
    }
}
