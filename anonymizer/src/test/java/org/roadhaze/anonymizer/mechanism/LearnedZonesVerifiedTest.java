// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
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
import org.roadhaze.evaluation.ZonePromise;
import org.roadhaze.position.Position;

/** The invariant of learned zones, held by the verifier, which finds where a vehicle stays by its own code. */
class LearnedZonesVerifiedTest {
    private static final double RADIUS_METRES = 500;
    private static final Duration STAY = Duration.ofMinutes(30);
    private static final Duration AFTER = Duration.ofHours(6);
    private static final Duration HALF_LIFE = Duration.ofDays(14);
    private static final ZonePromise PROMISE =
            new ZonePromise(RADIUS_METRES, 3, STAY.toMillis(), AFTER.toMillis(), HALF_LIFE.toMillis());

    private static final StreamForm FORM =
            new StreamForm(false, OptionalLong.empty(), OptionalLong.of(1), Places.EXACT, Map.of(), false);

    /** What becomes of the promise when a mechanism lets out what one with this radius and time does. */
    private static Finding audit(final Track track, final double radiusMetres, final Duration after) {
        final StreamAudit audit = new StreamAudit(List.of(track), Promises.NONE.zones(PROMISE), FORM, 1);
        final Mechanism mechanism = new LearnedZones.Parameters(radiusMetres, 100, 3, STAY, after, HALF_LIFE)
                .build(MechanismContext.of("s", KeyRing.inMemory(track.timeMs(0))));
        final long[] left = new long[1];
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
        return audit.findings().stream()
                .filter(finding -> finding.rule() == Violation.Rule.LEARNED_ZONE)
                .findFirst()
                .orElseThrow();
    }

    private static Track life(final int seed) {
        final Random random = new Random(seed);
        final Track.Builder track = Track.builder("d");
        for (final VehicleLife.Fix fix : new VehicleLife(random, 1 + random.nextInt(3), 4_000).days(10).fixes) {
            track.add(fix.timeMs(), fix.latE7() / 1e7, fix.lonE7() / 1e7);
        }
        return track.build();
    }

    @Test
    void shouldLetNothingOutAroundPlacesWhereAVehicleStays() {
        long near = 0;
        for (int seed = 0; seed < 40; seed++) {
            final Finding finding = audit(life(seed), RADIUS_METRES, AFTER);
            assertThat(finding.checked()).as("seed %d", seed).isPositive();
            assertThat(finding.broken() + finding.undecided())
                    .as("seed %d, worst %s", seed, finding.worst())
                    .isZero();
            near += finding.worst().isPresent() ? 1 : 0;
        }
        assertThat(near).as("lives in which the verifier knows of a place").isGreaterThan(30);
    }

    /** The test of the test: a smaller radius is found, and a mechanism that learns too late. */
    @Test
    void shouldFindAMechanismThatIsBroken() {
        long smaller = 0;
        long later = 0;
        for (int seed = 0; seed < 20; seed++) {
            smaller += audit(life(seed), 200, AFTER).broken() > 0 ? 1 : 0;
            later += audit(life(seed), RADIUS_METRES, AFTER.multipliedBy(4)).broken() > 0 ? 1 : 0;
        }
        assertThat(smaller).as("of 20 lives, with a smaller radius").isGreaterThan(4);
        assertThat(later).as("of 20 lives, with four times the time to learn").isGreaterThan(10);
    }

    @Test
    @EnabledIfSystemProperty(named = "roadhaze.shared", matches = ".+")
    void shouldLetNothingOutAroundPlacesWherePeopleStay() throws IOException {
        long checked = 0;
        long known = 0;
        for (final Track track :
                TraceFiles.read(Path.of(System.getProperty("roadhaze.shared"), "traces", "geolife.delta.gz"))) {
            final Finding finding = audit(track, RADIUS_METRES, AFTER);
            assertThat(finding.broken() + finding.undecided())
                    .as("worst %s", finding.worst())
                    .isZero();
            checked += finding.checked();
            known += finding.worst().isPresent() ? 1 : 0;
        }
        System.out.printf("geolife: %d records checked, of %d people a place is known%n", checked, known);
        assertThat(known).isPositive();
    }
}
