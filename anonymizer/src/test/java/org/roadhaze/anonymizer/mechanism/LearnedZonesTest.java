// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.position.Position;

class LearnedZonesTest {
    private static final double RADIUS = 500;
    private static final double SHIFT = 350;
    private static final long HOUR_MS = 3_600_000;
    private static final long AFTER_MS = 6 * HOUR_MS;
    private static final double[] HOME = {0, 0};

    private final Position position = new Position();
    private final Candidate candidate = new Candidate();
    private int passed;
    private int hidden;
    private final Mechanism.Outlet outlet = new Mechanism.Outlet() {
        @Override
        public void pass(final Candidate one) {
            passed++;
        }

        @Override
        public void suppress(final Candidate one, final SuppressionReason reason) {
            assertThat(reason).isEqualTo(SuppressionReason.LEARNED_ZONE);
            hidden++;
        }
    };

    private static LearnedZones build(final int places, final KeyRing keys, final int devices) {
        return new LearnedZones(
                new LearnedZones.Parameters(
                        RADIUS,
                        SHIFT,
                        places,
                        Duration.ofMinutes(30),
                        Duration.ofMillis(AFTER_MS),
                        Duration.ofDays(14)),
                new MechanismContext("s", keys, devices, List.of()));
    }

    private static LearnedZones build(final int places) {
        return build(places, FixedEpochKeys.ring(5, VehicleLife.START_MS), 10);
    }

    /** Whether it leaves. */
    private boolean offer(
            final LearnedZones zones, final long device, final long timeMs, final int latE7, final int lonE7) {
        position.clear();
        position.deviceId(device).fixTimeMs(timeMs).latitudeE7(latE7).longitudeE7(lonE7);
        final int before = passed;
        zones.accept(candidate.reset(position), outlet);
        return passed > before;
    }

    private boolean offer(
            final LearnedZones zones, final double hoursSinceStart, final double north, final double east) {
        return offer(
                zones,
                1,
                VehicleLife.START_MS + Math.round(hoursSinceStart * HOUR_MS),
                VehicleLife.latE7(north),
                VehicleLife.lonE7(east));
    }

    private void stand(final LearnedZones zones, final double fromHour, final double hours, final double[] place) {
        for (double hour = fromHour; hour <= fromHour + hours; hour += 1.0 / 60) {
            offer(zones, hour, place[0], place[1]);
        }
    }

    @Test
    void shouldLetOutWhatIsNotLearnedAndHideItFromTheFirstNightOn() {
        final LearnedZones zones = build(3);
        assertThat(offer(zones, 0, 2_000, 0)).isTrue();
        stand(zones, 0.1, 5.9, HOME);
        assertThat(hidden).isZero();
        stand(zones, 6.01, 0.2, HOME);
        assertThat(hidden).isPositive();

        assertThat(offer(zones, 6.3, 499, 0)).isFalse();
        assertThat(offer(zones, 6.4, 0, -499)).isFalse();
        assertThat(offer(zones, 6.5, 1_250, 0)).isTrue();
    }

    @Test
    void shouldLearnWhereATrackerFellAsleepWhereverItWakes() {
        final LearnedZones zones = build(3);
        offer(zones, 0, 3_000, 0);
        offer(zones, 0.05, 1_500, 0);
        offer(zones, 0.1, 0, 0);

        assertThat(offer(zones, 6.2, 300, 0)).as("seen again 300 m from home").isFalse();
        assertThat(offer(zones, 6.3, 1_300, 0)).isTrue();
    }

    @Test
    void shouldTakeStaysOfOnePlaceTogetherAndLeaveShortOnesOut() {
        final LearnedZones zones = build(3);
        double hour = 0;
        for (int stay = 0; stay < 13; stay++) {
            stand(zones, hour, 0.52, new double[] {stay % 2 * 60, 0});
            stand(zones, hour + 0.6, 0.4, new double[] {5_000, 0}); // Never for half an hour.
            hour += 1;
        }
        assertThat(offer(zones, hour, 400, 0)).as("13 stays of 31 minutes").isFalse();
        assertThat(offer(zones, hour + 0.1, 5_000, 0)).isTrue();
    }

    @Test
    void shouldNotBeMisledByAReceiverThatWanders() {
        final LearnedZones zones = build(3);
        for (int minute = 0; minute < 400; minute++) {
            offer(zones, minute / 60.0, minute % 9 == 0 ? 300 : 0, 0); // Every nine minutes a fix far away.
        }
        assertThat(offer(zones, 7, 400, 0)).isFalse();
    }

    @Test
    void shouldLearnNothingFromLateFixes() {
        final LearnedZones zones = build(3);
        offer(zones, 24, 5_000, 0);
        stand(zones, 0, 20, HOME);

        assertThat(zones.placesOf(1).size()).isZero();
        assertThat(hidden).isZero();
    }

    @Test
    void shouldForgetAPlaceThatIsNotStayedAtAnyMore() {
        final LearnedZones zones = build(3);
        stand(zones, 0, 8, HOME);
        assertThat(offer(zones, 9, 0, 100)).isFalse();
        // 8 h are less than a quarter of 6 h after 2.4 half-lives; time passes with stays elsewhere.
        for (int day = 1; day < 40; day++) {
            stand(zones, 24.0 * day, 1, new double[] {1_000.0 * day * 5, 9_000});
        }
        assertThat(offer(zones, 24 * 40, 0, 100)).isTrue();
    }

    @Test
    void shouldGiveAZoneToWhereItStaysTwiceAsLong() {
        final LearnedZones zones = build(1);
        stand(zones, 0, 8, HOME);
        final double[] newHome = {5_000, 0};
        stand(zones, 10, 10, newHome);
        assertThat(offer(zones, 21, 5_000, 100)).as("10 h are not twice 8").isTrue();
        assertThat(offer(zones, 21.1, 0, 100)).isFalse();
        stand(zones, 22, 8, newHome);
        assertThat(offer(zones, 31, 5_000, 100)).isFalse();
        assertThat(offer(zones, 31.1, 0, 100)).isTrue();
    }

    @Test
    void shouldHideTheSameHoleFromWhomeverAsksAfterARestart() {
        final List<Boolean> before = hole(build(3), 0, 1);

        assertThat(hole(build(3), 15, 1)).as("another day, 15 m beside").isEqualTo(before);
        assertThat(hole(build(3, FixedEpochKeys.ring(6, VehicleLife.START_MS), 10), 0, 1))
                .as("another key")
                .isNotEqualTo(before);
        assertThat(hole(build(3), 0, 2)).as("another device").isNotEqualTo(before);
    }

    /** What leaves of a line of points to the north, some 20 m apart, relative to where the vehicle lives. */
    private List<Boolean> hole(final LearnedZones zones, final double beside, final long device) {
        final long later = Math.round(beside * 24 * HOUR_MS);
        for (int minute = 0; minute < 400; minute++) {
            offer(
                    zones,
                    device,
                    VehicleLife.START_MS + later + minute * 60_000L,
                    VehicleLife.latE7(beside),
                    VehicleLife.lonE7(0));
        }
        final List<Boolean> leaves = new ArrayList<>();
        for (int i = -60; i < 60; i++) {
            leaves.add(offer(
                    zones,
                    device,
                    VehicleLife.START_MS + later,
                    VehicleLife.latE7(20 * i + beside),
                    VehicleLife.lonE7(0)));
        }
        return leaves;
    }

    @Test
    void shouldForgetADeviceForAnother() {
        final LearnedZones zones = build(3, FixedEpochKeys.ring(5, VehicleLife.START_MS), 1);
        stand(zones, 0, 8, HOME);
        assertThat(offer(zones, 2, 1, VehicleLife.latE7(0), VehicleLife.lonE7(0)))
                .as("whose home it is not")
                .isTrue();
        assertThat(offer(zones, 9, 0, 0)).as("begins anew").isTrue();
    }

    /**
     * Lives of some weeks, against where their vehicles truly stood: once one has stood at a place for the time that it
     * takes, with what short stays and wandering receivers may cost and what a week forgets, nothing leaves from around it.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldLetNothingOutFromAroundAPlaceOnceItIsLearned(final int placeCount) {
        int near = 0;
        for (int seed = 0; seed < 150; seed++) {
            final Random random = new Random(31L * placeCount + seed);
            final VehicleLife life = new VehicleLife(random, placeCount, 6_000).days(7);
            final LearnedZones zones = build(3);
            passed = 0;
            for (final VehicleLife.Fix fix : life.fixes) {
                final boolean leaves = offer(zones, 1, fix.timeMs(), fix.latE7(), fix.lonE7());
                if (leaves) {
                    assertFarFromLearnedPlaces(zones.placesOf(1), fix);
                }
                for (int i = 0; i < placeCount; i++) {
                    // Who parks 20 m off on average is at most 100 m off here, and a degree is as long as it is at
                    // home.
                    if (fix.stoodMs().get(i) > 2.5 * AFTER_MS && fix.metresTo(life.places[i]) < RADIUS - 110) {
                        near++;
                        assertThat(leaves).as("place %d of life %d", i, seed).isFalse();
                    }
                }
            }
            assertThat(passed).as("life %d", seed).isGreaterThan(life.fixes.size() / 50);
        }
        assertThat(near).isGreaterThan(10_000);
    }

    /** By the haversine formula, to a thousandth: the mechanism has a plane of its own. */
    private static void assertFarFromLearnedPlaces(final LearnedPlaces places, final VehicleLife.Fix fix) {
        for (int i = 0; i < places.size(); i++) {
            if (places.isLearned(i)) {
                final double lat1 = Math.toRadians(fix.latE7() / 1e7);
                final double lat2 = Math.toRadians(places.latitudeE7(i) / 1e7);
                final double lon = Math.toRadians((fix.lonE7() - places.longitudeE7(i)) / 1e7);
                final double chord = Math.pow(Math.sin((lat1 - lat2) / 2), 2)
                        + Math.cos(lat1) * Math.cos(lat2) * Math.pow(Math.sin(lon / 2), 2);
                assertThat(2 * 6_371_008.8 * Math.asin(Math.sqrt(chord))).isGreaterThan(0.999 * RADIUS);
            }
        }
    }

    @Test
    void shouldAllocateNothing() {
        final long[] left = new long[2];
        final Mechanism.Outlet counting = new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate one) {
                left[0]++;
            }

            @Override
            public void suppress(final Candidate one, final SuppressionReason reason) {
                left[1]++;
            }
        };
        final LearnedZones zones = build(3, KeyRing.inMemory(VehicleLife.START_MS), 1_000);
        final List<VehicleLife> lives = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            lives.add(new VehicleLife(new Random(seed), 12, 4_000).days(4));
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long[] allocated = new long[4];
        int records = 0;
        for (int round = 0; round < allocated.length; round++) {
            records = 0;
            allocated[round] = -threads.getCurrentThreadAllocatedBytes();
            for (int device = 0; device < lives.size(); device++) {
                final List<VehicleLife.Fix> fixes = lives.get(device).fixes;
                for (int i = 0; i < fixes.size(); i++, records++) {
                    final VehicleLife.Fix fix = fixes.get(i);
                    position.clear();
                    position.deviceId(device)
                            .fixTimeMs(fix.timeMs() + round * 30L * 86_400_000)
                            .latitudeE7(fix.latE7())
                            .longitudeE7(fix.lonE7());
                    zones.accept(candidate.reset(position), counting);
                }
            }
            allocated[round] += threads.getCurrentThreadAllocatedBytes();
        }
        assertThat(left[0]).isPositive();
        assertThat(left[1]).isPositive();
        assertThat(records).isGreaterThan(50_000);
        // The bean itself allocates a little; one byte a record would be 50,000.
        assertThat(Arrays.stream(allocated).min().orElseThrow()).isLessThan(2_000);
    }
}
