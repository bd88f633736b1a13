// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file that tells who was where, what left, and every figure that follows, worked out by hand.
 *
 * <pre>
 *  stay DEVICE FROM TO EVERY NORTH EAST              minutes since 1970-01-01 UTC, both ends; metres from 0, 0
 *  go   DEVICE FROM TO EVERY NORTH EAST NORTH EAST   the same, evenly from one place to the other
 *  out  ID DEVICE MINUTE NORTH EAST SIDE RELEASED    a record of that minute: a place, or a square of so many metres
 *  chain NAME [NUMBER]                               what makes records, where no line does
 *  expect FIGURE VALUE                               to a thousandth of itself
 * </pre>
 */
final class Scenario {
    private static final long MINUTE = 60_000;

    private final Path file;
    private final Map<String, Track.Builder> tracks = new LinkedHashMap<>();
    private final Map<String, Double> expected = new LinkedHashMap<>();
    final List<Published> records = new ArrayList<>();
    String chain = "";
    long chainNumber;

    private Scenario(final Path file) {
        this.file = file;
    }

    static Scenario read(final Path file) throws IOException {
        final Scenario scenario = new Scenario(file);
        for (final String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                scenario.add(List.of(line.strip().split("\\s+", -1)));
            }
        }
        assertFalse(scenario.expected.isEmpty(), file + " expects something");
        return scenario;
    }

    static Stream<Path> files(final String directory) throws IOException {
        final Path root = Path.of(Scenario.class.getResource(directory).getPath());
        try (Stream<Path> all = Files.list(root)) {
            return all.sorted().toList().stream();
        }
    }

    private void add(final List<String> words) {
        switch (words.get(0)) {
            case "stay" -> go(words, number(words, 5), number(words, 6), number(words, 5), number(words, 6));
            case "go" -> go(words, number(words, 5), number(words, 6), number(words, 7), number(words, 8));
            case "out" -> out(words);
            case "chain" -> {
                chain = words.get(1);
                chainNumber = words.size() > 2 ? Long.parseLong(words.get(2)) : 0;
            }
            case "expect" -> expected.put(words.get(1), number(words, 2));
            default -> throw new IllegalArgumentException(file + ": found " + words.get(0));
        }
    }

    private void go(
            final List<String> words,
            final double fromNorth,
            final double fromEast,
            final double toNorth,
            final double toEast) {
        final Track.Builder track = tracks.computeIfAbsent(words.get(1), Track::builder);
        final double from = number(words, 2);
        final double to = number(words, 3);
        for (double minute = from; minute <= to; minute += number(words, 4)) {
            final double share = to > from ? (minute - from) / (to - from) : 0;
            track.add(
                    Math.round(minute * MINUTE),
                    AttacksTest.degrees(fromNorth + share * (toNorth - fromNorth)),
                    AttacksTest.degrees(fromEast + share * (toEast - fromEast)));
        }
    }

    private void out(final List<String> words) {
        final long timeMs = Math.round(number(words, 3) * MINUTE);
        final double side = number(words, 6) / 1000;
        records.add(new Published(
                Long.parseLong(words.get(1)),
                timeMs,
                AttacksTest.degrees(number(words, 4)),
                AttacksTest.degrees(number(words, 5)),
                side * side,
                List.copyOf(tracks.keySet()).indexOf(words.get(2)),
                timeMs,
                Math.round(number(words, 7) * MINUTE),
                List.of()));
    }

    private static double number(final List<String> words, final int index) {
        return Double.parseDouble(words.get(index));
    }

    List<Track> tracks() {
        return tracks.values().stream().map(Track.Builder::build).toList();
    }

    /** Every figure that the file expects was found, and is what it says. */
    void check(final Map<String, Double> found) {
        expected.forEach((name, value) -> assertEquals(
                value,
                found.getOrDefault(name, Double.NEGATIVE_INFINITY),
                Math.max(1e-9, Math.abs(Double.isFinite(value) ? value : 0) / 1000),
                () -> file.getFileName() + ": " + name));
    }
}
