// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.engine.Engine;
import org.roadhaze.engine.EngineSnapshot.StreamSnapshot;
import org.roadhaze.listener.ListenerOptions;
import org.roadhaze.listener.Listeners;
import org.roadhaze.reader.StreamReader;

/**
 * One record of the {@link ProbeDevice}, and what became of it in each stream.
 *
 * @param protocol over which it was sent.
 * @param raw      what was sent, field by field.
 * @param streams  what became of it, by stream.
 */
record ProbeRecord(String protocol, Map<String, String> raw, Map<String, Fate> streams) {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);

    /**
     * What one stream made of the record.
     *
     * @param words  {@code published}, or {@code kept back:} and the reason.
     * @param fields what was published, field by field; none when it was kept back.
     */
    record Fate(String words, Map<String, String> fields) {}

    /**
     * Sends the vehicle's record over every protocol that an engine listens for. Nobody else may talk to the engine
     * meanwhile: the record that a stream gains, or the reason that it counts, is then that of the vehicle.
     *
     * @param engine where to.
     * @param probe  the vehicle.
     * @return a record for each protocol, in the order of the listeners.
     * @throws IOException when one is not acknowledged.
     */
    static List<ProbeRecord> sendAll(final Engine engine, final ProbeDevice probe) throws IOException {
        final List<ProbeRecord> records = new ArrayList<>();
        final Set<String> protocols = new HashSet<>();
        for (final Listeners.Listening one : engine.listening()) {
            final ListenerOptions options = one.options();
            final String protocol = options.protocol().name();
            if (ProbeDevice.speaks(options) && protocols.add(protocol)) {
                final Map<String, StreamSnapshot> before = engine.snapshot().streams();
                probe.send(options, one.address());
                final Map<String, StreamSnapshot> after = engine.snapshot().streams();
                final Map<String, Fate> fates = new LinkedHashMap<>();
                before.forEach((stream, then) -> fates.put(stream, fate(engine, stream, then, after.get(stream))));
                records.add(new ProbeRecord(protocol, probe.raw(options), fates));
            }
        }
        return records;
    }

    private static Fate fate(
            final Engine engine, final String stream, final StreamSnapshot before, final StreamSnapshot after) {
        if (after.published() > before.published()) {
            return new Fate("published", published(engine, stream, before.published()));
        }
        for (final Map.Entry<SuppressionReason, Long> reason :
                after.suppressed().entrySet()) {
            if (reason.getValue() > before.suppressed().getOrDefault(reason.getKey(), 0L)) {
                return new Fate("kept back: " + reason.getKey().label(), Map.of());
            }
        }
        return new Fate("held, not published yet", Map.of());
    }

    /** The record of a stream with a number, from 0; waited for, since an acknowledgement need not mean persisted. */
    private static Map<String, String> published(final Engine engine, final String stream, final long number) {
        try (StreamReader reader = StreamReader.open(engine.data(), stream)) {
            final long giveUpNs = System.nanoTime() + PATIENCE_NS;
            for (long at = 0; at <= number; ) {
                if (reader.next()) {
                    at++;
                } else if (System.nanoTime() > giveUpNs) {
                    return Map.of();
                } else {
                    LockSupport.parkNanos(POLL_NS);
                }
            }
            return fields(reader);
        }
    }

    private static Map<String, String> fields(final StreamReader reader) {
        final Map<String, String> fields = new LinkedHashMap<>();
        if (reader.hasPseudonym()) {
            fields.put("id", reader.pseudonym());
        }
        if (reader.hasTime()) {
            fields.put("time", reader.time().toString());
        }
        if (reader.hasCoordinates()) {
            fields.put("latitude", Degrees.ofE7(reader.latitudeE7()));
            fields.put("longitude", Degrees.ofE7(reader.longitudeE7()));
        }
        if (reader.hasCell()) {
            fields.put("cell", reader.cell());
        }
        reader.attributes().forEach((name, value) -> fields.put(name, value.toString()));
        return fields;
    }
}
