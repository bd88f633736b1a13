// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.position.Position;

/** What trimming keeps of real people's stops, on traces that are not part of the project. */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class TripEndsOnTracesTest {
    /** Stays as the literature has them: so long within such a diameter; the same place when this near. */
    private static final double STAY_METRES = 200;

    private static final long STAY_MS = Duration.ofMinutes(15).toMillis();
    private static final double SAME_METRES = 100;

    private record Fix(long timeMs, int latE7, int lonE7) {}

    private static List<List<Fix>> people() throws IOException {
        final Path file = Path.of(System.getProperty("roadhaze.shared"), "traces", "geolife.delta.gz");
        final List<List<Fix>> people = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            long time = 0;
            long lat = 0;
            long lon = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    people.add(new ArrayList<>());
                    time = 0;
                    lat = 0;
                    lon = 0;
                    continue;
                }
                final String[] deltas = line.split(",", -1);
                time += Long.parseLong(deltas[0]);
                lat += Long.parseLong(deltas[1]);
                lon += Long.parseLong(deltas[2]);
                people.get(people.size() - 1).add(new Fix(time * 1000, (int) lat * 100, (int) lon * 100));
            }
        }
        return people;
    }

    private static List<Fix> trimmed(final List<Fix> track, final double trimMetres) {
        final Mechanism mechanism = new TripEnds.Parameters(
                        trimMetres, 100, Duration.ofMinutes(3), Duration.ofMinutes(20), Duration.ofHours(24), 100_000)
                .build(MechanismContext.of("s", KeyRing.inMemory(track.get(0).timeMs())));
        final List<Fix> left = new ArrayList<>();
        final Mechanism.Outlet outlet = new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate candidate) {
                final Position position = candidate.position();
                left.add(new Fix(position.fixTimeMs(), position.latitudeE7(), position.longitudeE7()));
            }

            @Override
            public void suppress(final Candidate candidate, final SuppressionReason reason) {}
        };
        final Candidate candidate = new Candidate();
        final Position position = new Position();
        for (final Fix fix : track) {
            position.clear();
            position.deviceId(1).fixTimeMs(fix.timeMs()).latitudeE7(fix.latE7()).longitudeE7(fix.lonE7());
            mechanism.accept(candidate.reset(position), outlet);
        }
        return left;
    }

    private static double metres(final Fix a, final Fix b) {
        return LocalMetres.between(a.latE7(), a.lonE7(), b.latE7(), b.lonE7());
    }

    /** Places where somebody stayed, each once: runs of fixes of which no two are farther apart than the diameter. */
    private static List<Fix> stays(final List<Fix> track) {
        final List<Fix> places = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= track.size(); i++) {
            int fits = i;
            while (i < track.size() && fits > begin && metres(track.get(fits - 1), track.get(i)) <= STAY_METRES) {
                fits--;
            }
            if (i == track.size() || fits > begin) {
                if (i > begin && track.get(i - 1).timeMs() - track.get(begin).timeMs() >= STAY_MS) {
                    addPlace(places, track.subList(begin, i));
                    begin = i;
                } else {
                    begin = fits;
                }
            }
        }
        return places;
    }

    private static void addPlace(final List<Fix> places, final List<Fix> run) {
        long lat = 0;
        long lon = 0;
        for (final Fix fix : run) {
            lat += fix.latE7();
            lon += fix.lonE7();
        }
        final Fix centre = new Fix(run.get(0).timeMs(), (int) (lat / run.size()), (int) (lon / run.size()));
        if (places.stream().noneMatch(place -> metres(place, centre) <= SAME_METRES)) {
            places.add(centre);
        }
    }

    private static List<Fix> averaged(final List<Fix> track) {
        final int half = 15;
        final List<Fix> averaged = new ArrayList<>();
        long lat = 0;
        long lon = 0;
        int from = 0;
        int to = 0;
        for (int i = 0; i < track.size(); i++) {
            while (to < Math.min(track.size(), i + half + 1)) {
                lat += track.get(to).latE7();
                lon += track.get(to).lonE7();
                to++;
            }
            while (from < i - half) {
                lat -= track.get(from).latE7();
                lon -= track.get(from).lonE7();
                from++;
            }
            averaged.add(new Fix(track.get(i).timeMs(), (int) (lat / (to - from)), (int) (lon / (to - from))));
        }
        return averaged;
    }

    /** Places that are found again, and what that is worth: F = 2pr / (p + r). */
    private static double f(final List<Fix> truth, final List<Fix> found) {
        final long matched = truth.stream()
                .filter(place -> found.stream().anyMatch(other -> metres(place, other) <= SAME_METRES))
                .count();
        if (matched == 0) {
            return 0;
        }
        final double precision = (double) matched / found.size();
        final double recall = (double) matched / truth.size();
        return 2 * precision * recall / (precision + recall);
    }

    @Test
    void shouldHideTheStopsOfPeopleAndPublishTheRestOfTheirWays() throws IOException {
        final List<List<Fix>> people = people();
        for (final double trim : new double[] {250, 500, 1000}) {
            double sum = 0;
            double sumAveraged = 0;
            long published = 0;
            long all = 0;
            int counted = 0;
            for (final List<Fix> track : people) {
                final List<Fix> truth = stays(track);
                if (truth.isEmpty()) {
                    continue;
                }
                final List<Fix> left = trimmed(track, trim);
                sum += f(truth, stays(left));
                sumAveraged += f(truth, stays(averaged(left)));
                published += left.size();
                all += track.size();
                counted++;
            }
            System.out.printf(
                    Locale.ROOT,
                    "trim %.0f m, %d people: stays found again F %.3f, by a moving average %.3f; %.1f %% of the fixes"
                            + " published%n",
                    trim,
                    counted,
                    sum / counted,
                    sumAveraged / counted,
                    100.0 * published / all);
            if (trim == 500) {
                assertThat(Math.max(sum, sumAveraged) / counted).isLessThanOrEqualTo(0.11);
                // 42.9 % of the fixes lie so far from every stop, as RawTrack counts: more no mechanism could publish.
                assertThat((double) published / all).isGreaterThanOrEqualTo(0.415);
            }
        }
    }
}
