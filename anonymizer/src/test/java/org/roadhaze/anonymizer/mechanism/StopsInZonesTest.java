// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.evaluation.Finding;
import org.roadhaze.evaluation.Observed;
import org.roadhaze.evaluation.Places;
import org.roadhaze.evaluation.Promises;
import org.roadhaze.evaluation.Published;
import org.roadhaze.evaluation.StreamAudit;
import org.roadhaze.evaluation.StreamForm;
import org.roadhaze.evaluation.Track;
import org.roadhaze.evaluation.Violation;
import org.roadhaze.geometry.LocalMetres;
import org.roadhaze.geometry.PolygonIndex;
import org.roadhaze.position.Position;

/**
 * Trip ends beside zones: vehicles drive into a zone by one road, stand in it for five to fifteen minutes, and leave it by
 * another. The verifier, which knows of no zone, holds what leaves to its distance from every stop.
 */
class StopsInZonesTest {
    private static final long START_MS = 1_752_393_600_000L;
    private static final double LATITUDE = 45.5;
    private static final double LONGITUDE = 7.6;
    private static final double METRES_PER_DEGREE = LocalMetres.PER_E7 * 1e7;
    private static final double SHRINK = Math.cos(Math.toRadians(LATITUDE));
    private static final double ZONE_METRES = 300;
    private static final double TRIM_METRES = 500;

    private static final StreamForm FORM =
            new StreamForm(false, OptionalLong.empty(), OptionalLong.of(1), Places.EXACT, Map.of(), false);

    private static double latitude(final double north) {
        return LATITUDE + north / METRES_PER_DEGREE;
    }

    private static double longitude(final double east) {
        return LONGITUDE + east / METRES_PER_DEGREE / SHRINK;
    }

    /** A square zone, twice 300 m wide. */
    private static Mechanism zones() {
        final double south = latitude(-ZONE_METRES);
        final double north = latitude(ZONE_METRES);
        final double west = longitude(-ZONE_METRES);
        final double east = longitude(ZONE_METRES);
        return new SensitiveZones(PolygonIndex.of(List.of(new GeometryFactory().createPolygon(new Coordinate[] {
            new Coordinate(west, south),
            new Coordinate(east, south),
            new Coordinate(east, north),
            new Coordinate(west, north),
            new Coordinate(west, south)
        }))));
    }

    private static Mechanism tripEnds() {
        return new TripEnds.Parameters(
                        TRIM_METRES, 100, Duration.ofMinutes(3), Duration.ofMinutes(20), Duration.ofHours(1), 10_000)
                .build(MechanismContext.of("s", KeyRing.inMemory(START_MS)));
    }

    /** From 4 km away straight to the middle, a stop, and straight on in another direction. */
    private static Track drive(final Random random) {
        final double in = Math.toRadians(random.nextInt(360));
        final double out = in + Math.toRadians(60 + random.nextInt(240));
        final int metresPerFix = 50 + random.nextInt(100);
        final List<double[]> places = new ArrayList<>();
        for (int metres = 4_000; metres > 0; metres -= metresPerFix) {
            places.add(new double[] {-metres * Math.cos(in), -metres * Math.sin(in)});
        }
        final int standing = 30 + random.nextInt(60);
        for (int i = 0; i < standing; i++) {
            places.add(new double[] {3 * random.nextGaussian(), 3 * random.nextGaussian()});
        }
        for (int metres = metresPerFix; metres <= 4_000; metres += metresPerFix) {
            places.add(new double[] {metres * Math.cos(out), metres * Math.sin(out)});
        }
        final Track.Builder track = Track.builder("d");
        for (int i = 0; i < places.size(); i++) {
            track.add(
                    START_MS + 10_000L * i, rounded(latitude(places.get(i)[0])), rounded(longitude(places.get(i)[1])));
        }
        return track.build();
    }

    private static double rounded(final double degrees) {
        return Math.rint(degrees * 1e7) / 1e7;
    }

    private static Finding stopDistances(final Track track, final Mechanism... mechanisms) {
        final StreamAudit audit = new StreamAudit(List.of(track), Promises.NONE.stops(TRIM_METRES), FORM, 1);
        final List<Mechanism> steps = new ArrayList<>(List.of(mechanisms));
        final long[] left = new long[1];
        steps.add((Candidate candidate, Mechanism.Outlet outlet) -> {
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
            outlet.pass(candidate);
        });
        final StreamChain chain = new StreamChain("s", steps);
        final Position position = new Position();
        for (int i = 0; i < track.size(); i++) {
            position.clear();
            position.deviceId(1)
                    .fixTimeMs(track.timeMs(i))
                    .receivedTimeMs(track.timeMs(i))
                    .latitudeE7((int) Math.round(track.latitude(i) * 1e7))
                    .longitudeE7((int) Math.round(track.longitude(i) * 1e7));
            chain.offer(position, release -> {});
        }
        assertThat(chain.suppressed(SuppressionReason.SENSITIVE_ZONE)).isPositive();
        assertThat(chain.published()).isPositive();
        return audit.findings().stream()
                .filter(finding -> finding.rule() == Violation.Rule.STOP_DISTANCE)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldKeepTheDistanceFromStopsInAZone() {
        for (int seed = 0; seed < 200; seed++) {
            final Finding finding = stopDistances(drive(new Random(seed)), zones(), tripEnds());
            assertThat(finding.checked()).as("seed %d", seed).isPositive();
            assertThat(finding.broken() + finding.undecided())
                    .as("seed %d", seed)
                    .isZero();
        }
    }

    private static Mechanism blind(final Mechanism mechanism) {
        return new Mechanism() {
            @Override
            public void accept(final Candidate candidate, final Outlet outlet) {
                mechanism.accept(candidate, outlet);
            }
        };
    }

    /** The test of the test: trip ends that are not shown what the zone keeps back let more out. */
    @Test
    void shouldFindWhatLeavesWhenTheZoneHidesTheStop() {
        long broken = 0;
        for (int seed = 0; seed < 20; seed++) {
            broken += stopDistances(drive(new Random(seed)), zones(), blind(tripEnds()))
                    .broken();
        }
        assertThat(broken).isPositive();
    }

    /** A home in a zone is a home: what is learned of it hides more than the zone does. */
    @Test
    void shouldLearnTheStaysInAZone() {
        final LearnedZones learned = (LearnedZones) new LearnedZones.Parameters(
                        500, 100, 3, Duration.ofMinutes(30), Duration.ofHours(6), Duration.ofDays(14))
                .build(MechanismContext.of("s", KeyRing.inMemory(START_MS)));
        final StreamChain chain = new StreamChain("s", List.of(zones(), learned));
        final Position position = new Position();
        for (int i = 0; i < 100; i++) {
            final long timeMs = START_MS + Duration.ofMinutes(5L * i).toMillis();
            position.clear();
            position.deviceId(1)
                    .fixTimeMs(timeMs)
                    .receivedTimeMs(timeMs)
                    .latitudeE7((int) (LATITUDE * 1e7))
                    .longitudeE7((int) (LONGITUDE * 1e7));
            chain.offer(position, release -> {});
        }

        assertThat(chain.suppressed(SuppressionReason.SENSITIVE_ZONE)).isEqualTo(100);
        assertThat(learned.placesOf(1).hides((int) (latitude(ZONE_METRES + 100) * 1e7), (int) (LONGITUDE * 1e7)))
                .isTrue();
    }
}
