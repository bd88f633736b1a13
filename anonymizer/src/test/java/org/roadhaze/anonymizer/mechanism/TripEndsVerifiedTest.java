// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.evaluation.Finding;
import org.roadhaze.evaluation.Observed;
import org.roadhaze.evaluation.Places;
import org.roadhaze.evaluation.Promises;
import org.roadhaze.evaluation.Published;
import org.roadhaze.evaluation.StreamAudit;
import org.roadhaze.evaluation.StreamForm;
import org.roadhaze.evaluation.TraceFiles;
import org.roadhaze.evaluation.Track;
import org.roadhaze.evaluation.Violation;
import org.roadhaze.position.Position;

/**
 * The invariant of trip ends on real traces, held by the verifier, which finds stops and distances by its own code: every fix
 * that leaves is 500 driven metres or more from every stop of its trip.
 */
@EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
class TripEndsVerifiedTest {
    private static final double TRIM_METRES = 500;

    private static final StreamForm FORM =
            new StreamForm(false, OptionalLong.empty(), OptionalLong.of(1), Places.EXACT, Map.of(), false);

    /** Fixes that left, and what the verifier says of them. */
    private static final class Sums {
        private long fixes;
        private long left;
        private long untrue;
        private long checked;
        private long undecided;
        private long broken;
        private double nearest = Double.POSITIVE_INFINITY;

        private void add(final Track track, final double promisedMetres) {
            final StreamAudit audit = new StreamAudit(List.of(track), Promises.NONE.stops(promisedMetres), FORM, 1);
            fixes += track.size();
            left += trim(track, audit);
            for (final Finding finding : audit.findings()) {
                if (finding.rule() == Violation.Rule.STOP_DISTANCE) {
                    checked += finding.checked();
                    undecided += finding.undecided();
                    broken += finding.broken();
                    nearest = Math.min(nearest, finding.worst().orElse(nearest));
                } else {
                    untrue += finding.broken();
                }
            }
        }
    }

    private static long trim(final Track track, final StreamAudit audit) {
        final long[] left = new long[1];
        final Mechanism mechanism = new TripEnds.Parameters(
                        TRIM_METRES, 100, Duration.ofMinutes(3), Duration.ofMinutes(20), Duration.ofHours(24), 100_000)
                .build(MechanismContext.of("s", KeyRing.inMemory(track.timeMs(0))));
        final Mechanism.Outlet outlet = new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate candidate) {
                final Position position = candidate.position();
                audit.accept(new Observed(
                        0,
                        ++left[0],
                        Published.NO_ID,
                        position.fixTimeMs(),
                        position.latitudeE7() / 1e7,
                        position.longitudeE7() / 1e7,
                        Observed.NO_CELL,
                        Map.of()));
            }

            @Override
            public void suppress(final Candidate candidate, final SuppressionReason reason) {}
        };
        final Candidate candidate = new Candidate();
        final Position position = new Position();
        for (int i = 0; i < track.size(); i++) {
            position.clear();
            position.deviceId(1)
                    .fixTimeMs(track.timeMs(i))
                    .latitudeE7((int) Math.round(track.latitude(i) * 1e7))
                    .longitudeE7((int) Math.round(track.longitude(i) * 1e7));
            mechanism.accept(candidate.reset(position), outlet);
        }
        return left[0];
    }

    @ParameterizedTest
    @CsvSource({"geolife.delta.gz, 56", "cabs-24-days.delta.gz, 260", "cabs-one-day.csv.gz, 496", "cars-1hz.csv.gz, 12"
    })
    void shouldKeepItsDistanceFromEveryStopOfEveryTrace(final String file, final int devices) throws IOException {
        final List<Track> tracks = TraceFiles.read(Path.of(System.getProperty("roadhaze.shared"), "traces", file));
        assertThat(tracks).hasSize(devices);
        final Sums sums = new Sums();
        final Sums stricter = new Sums();
        for (final Track track : tracks) {
            sums.add(track, TRIM_METRES);
        }
        for (final Track track : tracks.subList(0, 5)) {
            stricter.add(track, TRIM_METRES + 100);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d fixes, %d left (%.1f %%), %d violations, %d undecided; nearest %.2f m%n",
                file,
                sums.fixes,
                sums.left,
                100.0 * sums.left / sums.fixes,
                sums.broken,
                sums.undecided,
                sums.nearest);
        assertThat(sums.left).isPositive().isEqualTo(sums.checked);
        assertThat(sums.broken + sums.undecided + sums.untrue).isZero();
        assertThat(stricter.broken)
                .as("the test of the test: 100 m more are not kept")
                .isPositive();
    }
}
