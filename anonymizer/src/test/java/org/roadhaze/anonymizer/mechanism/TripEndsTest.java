// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

class TripEndsTest {
    private static final double RADIUS = 100;
    private static final long DWELL_MS = 180_000;
    private static final long SILENCE_MS = 1_200_000;
    private static final int TRACKS = 500;

    private final Position position = new Position();
    private final Candidate candidate = new Candidate();
    private final List<Long> left = new ArrayList<>();
    private final List<Integer> stopDistancesCm = new ArrayList<>();
    private final Map<SuppressionReason, Integer> suppressed = new EnumMap<>(SuppressionReason.class);
    private final Mechanism.Outlet outlet = new Mechanism.Outlet() {
        @Override
        public void pass(final Candidate passed) {
            left.add(passed.position().fixTimeMs());
            stopDistancesCm.add(passed.stopDistanceCm());
        }

        @Override
        public void suppress(final Candidate kept, final SuppressionReason reason) {
            suppressed.merge(reason, 1, Integer::sum);
        }
    };

    private static TripEnds.Parameters trimming(final double metres, final int mostHeld) {
        return new TripEnds.Parameters(
                metres,
                RADIUS,
                Duration.ofMillis(DWELL_MS),
                Duration.ofMillis(SILENCE_MS),
                Duration.ofHours(24),
                mostHeld);
    }

    private static TripEnds.Parameters dwell() {
        return new TripEnds.Parameters(
                0, RADIUS, Duration.ofMillis(DWELL_MS), Duration.ofHours(24), Duration.ofHours(24), 100_000);
    }

    private static Mechanism build(final TripEnds.Parameters parameters, final int devices) {
        return parameters.build(new MechanismContext(
                "s", KeyRing.inMemory(RawTrack.START_MS), devices, List.of(Attribute.SPEED.key())));
    }

    private void offer(final Mechanism mechanism, final long device, final long[] fix) {
        position.clear();
        position.deviceId(device).fixTimeMs(fix[0]).latitudeE7((int) fix[1]).longitudeE7((int) fix[2]);
        position.attribute(Attribute.IGNITION.key(), 1 - fix[3]);
        mechanism.accept(candidate.reset(position), outlet);
    }

    private void offer(final Mechanism mechanism, final RawTrack track) {
        for (final long[] fix : track.fixes) {
            offer(mechanism, 1, fix);
        }
    }

    @Test
    void shouldPublishTheMiddleOfATripWhenItIsDriven() {
        final RawTrack track = new RawTrack().drive(90, 3_000, 10, 10);
        offer(build(trimming(500, 1000), 10), track);

        // A fix every 100 m; those from 500 m on have left whose trip has gone on for 500 m, and past the radius of a
        // stop.
        assertThat(left)
                .hasSizeBetween(18, 20)
                .isSorted()
                .startsWith(track.fixes.get(5)[0]);
        assertThat(suppressed).containsExactly(Map.entry(SuppressionReason.TRIP_START, 5));
        assertThat(stopDistancesCm).allMatch(cm -> cm >= 50_000 - 1);
    }

    @Test
    void shouldDropWhatWaitsAtAStop() {
        final RawTrack track = new RawTrack().drive(90, 3_000, 10, 10);
        final int driven = track.fixes.size();
        track.stand(300, 10, 5, new Random(1));
        final Mechanism mechanism = build(trimming(500, 1000), 10);
        offer(mechanism, track);

        assertThat(Collections.max(left)).isLessThanOrEqualTo(track.fixes.get(driven - 1 - 5)[0]);
        assertThat(suppressed.get(SuppressionReason.TRIP_END)).isGreaterThanOrEqualTo(5 + 12);
        final int before = left.size();
        offer(mechanism, 1, new long[] {
            track.fixes.get(track.fixes.size() - 1)[0] + 1000, 377_800_000, -1_224_000_000, 0
        });
        assertThat(left).hasSize(before);
    }

    @Test
    void shouldNotBeDrivenOutByAReceiverThatWanders() {
        final RawTrack track = new RawTrack().drive(90, 1_500, 10, 10);
        final int driven = track.fixes.size();
        track.stand(170, 1, 30, new Random(2)); // Some 7 km of leg, and no stop yet.
        offer(build(trimming(500, 1000), 10), track);

        final long last = track.fixes.get(driven - 1)[0];
        assertThat(left).allMatch(time -> time <= last - 50_000);
    }

    @Test
    void shouldEndATripWhenTheEngineIsOff() {
        final RawTrack track = new RawTrack().drive(90, 1_500, 10, 10).engineOff();
        final Mechanism mechanism = build(trimming(500, 1000), 10);
        offer(mechanism, track);
        final int before = left.size();
        offer(mechanism, new RawTrack()); // Nothing.
        final RawTrack goingOn =
                new RawTrack().drive(90, 1_500, 10, 10).engineOff().drive(90, 900, 10, 10);
        for (final long[] fix : goingOn.fixes.subList(track.fixes.size(), goingOn.fixes.size())) {
            offer(mechanism, 1, fix);
        }

        assertThat(left).as("900 m are too short for twice 500").hasSize(before);
    }

    @Test
    void shouldNeitherPublishNorFollowAFixThatCannotBe() {
        final RawTrack track = new RawTrack().drive(90, 1_500, 10, 10);
        final Mechanism mechanism = build(trimming(500, 1000), 10);
        offer(mechanism, track);
        final int before = left.size();
        final long lastMs = track.fixes.get(track.fixes.size() - 1)[0];
        offer(mechanism, 1, new long[] {lastMs + 1_000, 378_700_000, -1_224_200_000, 0}); // 11 km north.
        offer(mechanism, 1, track.fixes.get(track.fixes.size() - 1).clone());

        assertThat(left).hasSize(before);
        assertThat(suppressed).containsEntry(SuppressionReason.INVALID_FIX, 1).containsEntry(SuppressionReason.LATE, 1);
    }

    @Test
    void shouldPublishFewerWhenMoreWouldWaitThanMay() {
        final RawTrack track = new RawTrack().drive(90, 3_000, 10, 1);
        offer(build(trimming(500, 16), 10), track);

        // Of 500 m to some 2,400, 625 m at most in 16 fixes.
        assertThat(left).isSorted().hasSizeBetween(40, 60);
        assertThat(suppressed.get(SuppressionReason.MEMORY)).isPositive();
    }

    @Test
    void shouldGiveUpWhatADeviceHeldThatIsForgotten() {
        final Mechanism mechanism = build(trimming(500, 1000), 1);
        final RawTrack track = new RawTrack().drive(90, 900, 10, 10);
        offer(mechanism, track);
        offer(mechanism, 2, track.fixes.get(0));

        assertThat(suppressed.get(SuppressionReason.MEMORY)).isPositive();
        assertThat(left).isEmpty();
    }

    /** The guarantee, against stops that are found by looking at every run from every fix. */
    @ParameterizedTest
    @ValueSource(doubles = {50, 250, 500, 1000})
    void shouldPublishNothingNearerToAStopThanTheTrim(final double trimMetres) {
        int published = 0;
        for (int seed = 0; seed < TRACKS; seed++) {
            final RawTrack track = RawTrack.random(new Random(seed));
            left.clear();
            stopDistancesCm.clear();
            offer(build(trimming(trimMetres, seed % 2 == 0 ? 100_000 : 16), 2), track);
            published += assertFarFromStops(
                    track, seed, trimMetres, track.metresToStops(RADIUS, DWELL_MS, SILENCE_MS, true));
        }
        assertThat(published).isGreaterThan(TRACKS);
    }

    @Test
    void shouldPublishNothingOfADwell() {
        int published = 0;
        for (int seed = 0; seed < TRACKS; seed++) {
            final RawTrack track = RawTrack.random(new Random(seed));
            left.clear();
            stopDistancesCm.clear();
            offer(build(dwell(), 2), track);
            published += assertFarFromStops(
                    track,
                    seed,
                    1e-6,
                    track.metresToStops(RADIUS, DWELL_MS, Duration.ofHours(24).toMillis(), false));
        }
        assertThat(published).isGreaterThan(100 * TRACKS);
    }

    private int assertFarFromStops(final RawTrack track, final int seed, final double metres, final double[] nearest) {
        final Map<Long, Integer> index = new HashMap<>();
        for (int i = 0; i < track.fixes.size(); i++) {
            index.put(track.fixes.get(i)[0], i);
        }
        for (int i = 0; i < left.size(); i++) {
            // 1 in 1000: the checker takes its cosine elsewhere.
            final double away = nearest[index.get(left.get(i))];
            assertThat(away).as("fix %d of track %d", left.get(i), seed).isGreaterThanOrEqualTo(metres * 0.999);
            if (metres >= 50) {
                assertThat(stopDistancesCm.get(i) / 100.0).isLessThanOrEqualTo(away * 1.001);
            }
        }
        return left.size();
    }

    @Test
    void shouldAllocateNothingPerRecord() {
        final Mechanism mechanism = build(trimming(500, 64), 1_000);
        final RawTrack track = new RawTrack();
        final Random random = new Random(9);
        for (int i = 0; i < 40; i++) {
            track.drive(random.nextInt(360), 2_000, 12, 5).stand(200, 5, 10, random);
        }
        final Mechanism.Outlet nowhere = new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate passed) {}

            @Override
            public void suppress(final Candidate kept, final SuppressionReason reason) {}
        };
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        int records = 0;
        final int half = track.fixes.size() / 2;
        for (int i = 0; i < track.fixes.size(); i++) {
            if (i == half) {
                allocated = -threads.getCurrentThreadAllocatedBytes();
                records = 0;
            }
            final long[] fix = track.fixes.get(i);
            for (int device = 1; device <= 100; device++) {
                position.clear();
                position.deviceId(device)
                        .fixTimeMs(fix[0])
                        .latitudeE7((int) fix[1])
                        .longitudeE7((int) fix[2]);
                mechanism.accept(candidate.reset(position), nowhere);
                records++;
            }
        }
        allocated += threads.getCurrentThreadAllocatedBytes();

        assertThat(allocated).as("bytes for %d records", records).isLessThan(records / 10);
    }

    /** Late and repeated records publish nothing that the ordered ones did not. */
    @Test
    void shouldPublishNothingMoreForLateAndRepeatedRecords() {
        for (int seed = 0; seed < 500; seed++) {
            final Random random = new Random(seed);
            final RawTrack track = RawTrack.random(random);
            left.clear();
            offer(build(trimming(250, 100_000), 2), track);
            final List<Long> ordered = new ArrayList<>(left);
            left.clear();
            final Mechanism mechanism = build(trimming(250, 100_000), 2);
            for (int i = 0; i < track.fixes.size(); i++) {
                offer(mechanism, 1, track.fixes.get(i));
                if (random.nextInt(20) == 0) {
                    offer(mechanism, 1, track.fixes.get(Math.max(0, i - random.nextInt(5))));
                }
            }
            assertThat(left).as("track %d", seed).isEqualTo(ordered);
        }
    }
}
