// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.geometry.LocalMetres;

/**
 * Segments of an engine that dies again and again, and is given the last of its frames again, not all. It knows less than one that
 * never dies, and so need not begin the same segments. What holds: nothing leaves twice; between two segments of a vehicle are the
 * gap's time and way; each segment has every record that one which never dies would let out of it, wherever it was when the engine
 * died; and little less leaves. {@code -Droadhaze.rebuildSeed=N} does one seed again, {@code -Droadhaze.rebuildSeeds=N} so many.
 */
@Timeout(600)
class SegmentSimulationTest {
    private static final int SEEDS = Integer.getInteger("roadhaze.rebuildSeeds", 2);
    private static final Long ONE_SEED = Long.getLong("roadhaze.rebuildSeed");

    /** So many that segments of the others end nearby. */
    private static final int VEHICLES = 16;

    /** Twice as long as is given again, and more. */
    private static final int STEPS = 2_500;

    private static final long SEGMENT_MS = 30_000;
    private static final long LEAST_GAP_MS = 60_000;
    private static final double MOVED_METRES = 100;
    /** A place is told to less than 12 m, which tells the vehicles apart: their ways are 44 m apart. */
    private static final double CELL_METRES = 12;

    private static final int WAYS_E7 = 4_000;
    private static final int FIRST_WAY_E7 = 520_000_000;
    private static final double LEAST_SHARE = 0.8;

    private static final String CUT =
            "      - split-and-gap: { segment: 30s, gap: density, confusion: 1bit, moved: 100m, horizon: 3min }\n";

    private static final String STREAM = """
                identity: { pseudonym: per-segment }
                location:
                  - reorder: { late: 40s }
                  - trip-ends: { trim: 200m, stop-radius: 50m, stop-dwell: 30s, silence: 2min, longest-wait: 1min }
            """ + CUT + """
                  - cell: { h3: 12, publish: both }
                time: { round: 1s }
                attributes: { keep: [speed] }
            """;

    @TempDir
    private Path directory;

    /** A record, as it is read by who knows the ways of the vehicles. */
    private record Seen(String segment, long vehicle, long timeMs, int latE7, int lonE7) {
        static Seen of(final String text) {
            final String[] fields = text.split(" ", -1);
            final String[] place = fields[3].split(",", -1);
            final int latE7 = Integer.parseInt(place[0]);
            final long way = Math.round((latE7 - FIRST_WAY_E7) / (double) WAYS_E7);
            return new Seen(fields[0], way, Long.parseLong(fields[1]), latE7, Integer.parseInt(place[1]));
        }

        String fix() {
            return vehicle + " " + timeMs;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"persisted", "synced"})
    void shouldLetSegmentsOutWholeAndOnceAndKeepTheirGaps(final String ack) throws IOException {
        int left = 0;
        int expected = 0;
        int deaths = 0;
        int lateDeaths = 0;
        int leftAtStarts = 0;
        final long first = ONE_SEED == null ? 1 : ONE_SEED;
        final long last = ONE_SEED == null ? SEEDS : ONE_SEED;
        for (long seed = first; seed <= last; seed++) {
            final String config = RebuildSimulationTest.CONFIG.formatted(ack) + STREAM;
            final Path own = Files.createDirectory(directory.resolve("seed-" + seed));
            final RebuildSimulation simulation = new RebuildSimulation(seed, own, config, VEHICLES, STEPS);
            final RebuildSimulation.Outcome outcome = simulation.run();
            final List<Seen> seen = outcome.stored().stream().map(Seen::of).toList();
            final String again = ack + ": again with -Droadhaze.rebuildSeed=" + seed;
            assertThat(simulation.isOneChain())
                    .as("never begun anew; %s", again)
                    .isTrue();
            assertThat(seen.stream().map(Seen::fix)).as(again).doesNotHaveDuplicates();
            assertThat(gapsTooShort(seen)).as(again).isEmpty();
            final List<String> uncut =
                    simulation.expectedOf(config.replace(CUT, "").replace("{ pseudonym: per-segment }", "none"));
            assertThat(missing(seen, uncut.stream().map(Seen::of).toList()))
                    .filteredOn(one -> simulation.delaysMs.get(one.timeMs()) <= simulation.mostDelayMs())
                    .as(again)
                    .isEmpty();
            left += seen.size();
            expected += outcome.expected().size();
            deaths += simulation.deaths;
            lateDeaths += simulation.lateDeaths;
            leftAtStarts += simulation.leftAtStarts;
        }
        System.out.printf(
                "segments, %s: %d seeds, %d deaths, %d of them late, %d records left, %d of them at starts; %d of one that"
                        + " never dies%n",
                ack, last - first + 1, deaths, lateDeaths, left, leftAtStarts, expected);
        assertThat((double) left / expected).isGreaterThan(LEAST_SHARE);
        if (ONE_SEED == null) {
            assertThat(lateDeaths).isGreaterThan(5 * SEEDS);
        }
    }

    private static Map<Long, List<Seen>> byVehicle(final List<Seen> seen) {
        final Map<Long, List<Seen>> byVehicle = new HashMap<>();
        seen.forEach(one -> byVehicle
                .computeIfAbsent(one.vehicle(), vehicle -> new ArrayList<>())
                .add(one));
        byVehicle.values().forEach(track -> track.sort((a, b) -> Long.compare(a.timeMs(), b.timeMs())));
        return byVehicle;
    }

    private static List<String> gapsTooShort(final List<Seen> seen) {
        final List<String> wrong = new ArrayList<>();
        for (final List<Seen> track : byVehicle(seen).values()) {
            for (int i = 1; i < track.size(); i++) {
                final Seen end = track.get(i - 1);
                final Seen begin = track.get(i);
                final double metres =
                        LocalMetres.between(end.latE7(), end.lonE7(), begin.latE7(), begin.lonE7()) + 2 * CELL_METRES;
                if (!end.segment().equals(begin.segment())
                        && (begin.timeMs() - end.timeMs() < LEAST_GAP_MS || metres < MOVED_METRES)) {
                    wrong.add(end + " and " + begin);
                }
            }
        }
        return wrong;
    }

    /** Of what leaves where nothing is cut, what is in a segment by its time, and is not there. */
    private static List<Seen> missing(final List<Seen> seen, final List<Seen> uncut) {
        final Set<String> there = new HashSet<>();
        seen.forEach(one -> there.add(one.fix()));
        final Map<String, Seen> firsts = new HashMap<>();
        seen.forEach(one -> firsts.merge(one.segment(), one, (a, b) -> a.timeMs() < b.timeMs() ? a : b));
        final Map<Long, List<Seen>> firstsOf = byVehicle(List.copyOf(firsts.values()));
        return uncut.stream()
                .filter(one -> !there.contains(one.fix()))
                .filter(one -> firstsOf.getOrDefault(one.vehicle(), List.of()).stream()
                        .anyMatch(
                                first -> one.timeMs() >= first.timeMs() && one.timeMs() < first.timeMs() + SEGMENT_MS))
                .toList();
    }
}
