// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.engine.EngineSnapshot;
import org.roadhaze.reader.StreamReader;

/** What the demonstration says at its end: one record raw and as each stream has it; what was kept back, and why. */
final class DemoSummary {
    private static final String ABSENT = "-";

    private DemoSummary() {}

    /**
     * Prints one record raw and as published, side by side.
     *
     * @param data    the data directory.
     * @param streams names of the streams.
     * @param raw     what the device sent.
     * @param out     where to.
     */
    static void sideBySide(
            final Path data, final List<String> streams, final Map<String, String> raw, final PrintWriter out) {
        final Map<String, Map<String, String>> published = new LinkedHashMap<>();
        for (final String stream : streams) {
            published.put(stream, first(data, stream));
        }
        out.println();
        out.println("One record, as the tracker sent it and as each stream has it:");
        out.printf("  %-14s %-26s%s%n", "", "sent", columns(published.keySet()));
        final Set<String> fields = new LinkedHashSet<>(raw.keySet());
        published.values().forEach(record -> fields.addAll(record.keySet()));
        for (final String field : fields) {
            final List<String> cells = published.values().stream()
                    .map(record -> record.getOrDefault(field, ABSENT))
                    .toList();
            out.printf("  %-14s %-26s%s%n", field, raw.getOrDefault(field, ABSENT), columns(cells));
        }
    }

    private static String columns(final Iterable<String> cells) {
        final StringBuilder text = new StringBuilder();
        for (final String cell : cells) {
            text.append(String.format(" %-22s", cell));
        }
        return text.toString();
    }

    private static Map<String, String> first(final Path data, final String stream) {
        final Map<String, String> fields = new LinkedHashMap<>();
        try (StreamReader reader = StreamReader.open(data, stream)) {
            if (!reader.next()) {
                return fields;
            }
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
        }
        return fields;
    }

    /**
     * Prints what each stream published and kept back.
     *
     * @param snapshot the engine's counters.
     * @param out      where to.
     */
    static void streams(final EngineSnapshot snapshot, final PrintWriter out) {
        out.println();
        out.println("What left, what was kept back, and why:");
        snapshot.streams()
                .forEach((name, stream) -> out.printf(
                        Locale.ROOT,
                        "  %-12s %,10d published   %s%n",
                        name,
                        stream.published(),
                        stream.suppressed().isEmpty()
                                ? "nothing kept back"
                                : stream.suppressed().entrySet().stream()
                                        .map(e -> String.format(
                                                Locale.ROOT,
                                                "%,d kept back: %s",
                                                e.getValue(),
                                                e.getKey().label()))
                                        .collect(Collectors.joining(", "))));
    }

    /**
     * The {@code streams} field of {@code demo --json}.
     *
     * @param snapshot the engine's counters.
     * @return an object.
     */
    static String streamsJson(final EngineSnapshot snapshot) {
        return snapshot.streams().entrySet().stream()
                .map(e ->
                        "\"" + e.getKey() + "\":{\"published\":" + e.getValue().published() + ",\"suppressed\":{"
                                + suppressedJson(e.getValue().suppressed()) + "}}")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String suppressedJson(final Map<SuppressionReason, Long> suppressed) {
        return suppressed.entrySet().stream()
                .map(e -> "\"" + e.getKey().label() + "\":" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
