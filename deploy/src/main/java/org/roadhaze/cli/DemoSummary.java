// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.engine.EngineSnapshot;

/** What the demonstration says at its end: one record raw and as each stream has it; what was kept back, and why. */
final class DemoSummary {
    /** Stands where there is nothing. */
    static final String ABSENT = "-";

    private DemoSummary() {}

    /**
     * Prints one record raw and as published, side by side.
     *
     * @param record what was sent, and what became of it.
     * @param out    where to.
     */
    static void sideBySide(final ProbeRecord record, final PrintWriter out) {
        final Set<String> fields = new LinkedHashSet<>(record.raw().keySet());
        record.streams().values().forEach(fate -> fields.addAll(fate.fields().keySet()));
        final List<List<String>> columns = new ArrayList<>();
        columns.add(column("", "", fields, field -> field));
        columns.add(column("sent", "", fields, field -> record.raw().getOrDefault(field, ABSENT)));
        record.streams()
                .forEach((stream, fate) -> columns.add(column(
                        stream, fate.words(), fields, field -> fate.fields().getOrDefault(field, ABSENT))));
        out.println();
        out.printf("One record, as a %s tracker sent it and as each stream has it:%n", record.protocol());
        for (int row = 0; row < columns.get(0).size(); row++) {
            final StringBuilder line = new StringBuilder();
            for (final List<String> column : columns) {
                final int width = column.stream().mapToInt(String::length).max().orElse(0);
                line.append("  ")
                        .append(column.get(row))
                        .append(" ".repeat(width - column.get(row).length()));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static List<String> column(
            final String head, final String words, final Set<String> fields, final UnaryOperator<String> value) {
        final List<String> column = new ArrayList<>(List.of(head, words));
        fields.forEach(field -> column.add(value.apply(field)));
        return column;
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
