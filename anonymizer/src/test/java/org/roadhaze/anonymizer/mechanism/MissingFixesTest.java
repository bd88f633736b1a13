// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roadhaze.anonymizer.Candidate;
import org.roadhaze.anonymizer.Mechanism;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.EpochKeys;
import org.roadhaze.anonymizer.key.FixedEpochKeys;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.position.Attribute;
import org.roadhaze.position.Position;

/**
 * Trip ends behind a {@link ReorderBuffer} that loses records: whatever it was that was lost, what leaves keeps its distance
 * from every stop of the whole track.
 */
class MissingFixesTest {
    private static final double TRIM = 500;
    private static final double RADIUS = 100;
    private static final Duration DWELL = Duration.ofMinutes(3);
    private static final Duration SILENCE = Duration.ofMinutes(20);
    private static final long DAY_MS = 86_400_000;
    private static final int MOST_HELD = 1_000;
    private static final int JITTER_MS = 20_000;
    private static final int TRACKS = 120;

    private final Position position = new Position();
    private final Candidate candidate = new Candidate();

    /** What loses records. */
    private enum Loss {
        /** Others fill the buffer, now and then. */
        MEMORY,
        /** There is no key for the day, from midnight until a while later. */
        LATE_EPOCHS,
        /** The tracker's clock is ahead, now and then: its records come before their times. */
        INVALID_FIX
    }

    /** A record, and when it comes. */
    private record Arrival(long ms, long device, long timeMs, int latE7, int lonE7, boolean isEngineOff) {
        private static Arrival of(final long[] fix, final long ms) {
            return new Arrival(ms, 1, fix[0], (int) fix[1], (int) fix[2], fix[3] != 0);
        }
    }

    private record Outcome(List<Long> left, long lost) {}

    private static List<Arrival> arrivals(final List<long[]> fixes, final Loss loss, final Random random) {
        final List<Arrival> arrivals = new ArrayList<>();
        int ahead = 0;
        for (final long[] fix : fixes) {
            if (loss == Loss.INVALID_FIX && ahead == 0 && random.nextInt(20) == 0) {
                ahead = 1 + random.nextInt(12);
            }
            final long delayMs = ahead > 0 ? -(95_000 + random.nextInt(30_000)) : random.nextInt(JITTER_MS);
            ahead = Math.max(0, ahead - 1);
            arrivals.add(Arrival.of(fix, fix[0] + delayMs));
            if (loss == Loss.MEMORY && random.nextInt(40) == 0) {
                for (int other = 0; other < MOST_HELD; other++) {
                    arrivals.add(new Arrival(fix[0], 2 + other, fix[0] + random.nextInt(200), 10, 10, false));
                }
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::ms));
        return arrivals;
    }

    /** Of as many days as have keys, the last is that in which the track begins. */
    private static KeyRing keys(final Loss loss, final long startMs) {
        if (loss != Loss.LATE_EPOCHS) {
            return FixedEpochKeys.ring(1, startMs);
        }
        final long lastDay = startMs / DAY_MS;
        final long middle = lastDay - EpochKeys.MAX_LIVE_KEYS / 2;
        final KeyRing keys = FixedEpochKeys.ring(1, middle * DAY_MS);
        final EpochKeys random = keys.of("s.random", MechanismContext.RANDOMNESS_ROTATES);
        for (long day = middle - EpochKeys.MAX_LIVE_KEYS / 2 + 1; day <= lastDay; day++) {
            assertThat(random.keyOf(day)).isNotEqualTo(EpochKeys.NO_KEY);
        }
        return keys;
    }

    /** Late enough for midnight to be in the track. */
    private static List<long[]> moved(final RawTrack track, final Random random) {
        final long firstMs = track.fixes.get(0)[0];
        final long lastMs = track.fixes.get(track.fixes.size() - 1)[0];
        final long midnightMs = (firstMs / DAY_MS + 1) * DAY_MS;
        final long byMs = midnightMs - firstMs - (long) (random.nextDouble() * (lastMs - firstMs));
        track.fixes.forEach(fix -> fix[0] += byMs);
        return track.fixes;
    }

    private Outcome run(final List<long[]> fixes, final Loss loss, final boolean isBlind, final Random random) {
        final KeyRing keys = keys(loss, fixes.get(0)[0]);
        final MechanismContext context = new MechanismContext("s", keys, 5_000, List.of(Attribute.IGNITION.key()));
        final Mechanism tripEnds =
                new TripEnds.Parameters(TRIM, RADIUS, DWELL, SILENCE, Duration.ofHours(24), 10_000).build(context);
        final List<Long> left = new ArrayList<>();
        final StreamChain chain = new StreamChain(
                "s",
                List.of(
                        new ReorderBuffer.Parameters(Duration.ofSeconds(30), MOST_HELD).build(context),
                        isBlind ? blind(tripEnds) : tripEnds,
                        (passed, outlet) -> {
                            if (passed.position().deviceId() == 1) {
                                left.add(passed.position().fixTimeMs());
                            }
                            outlet.pass(passed);
                        }));
        final long withKeyAgainMs = (fixes.get(0)[0] / DAY_MS + 1) * DAY_MS
                + random.nextInt((int) Duration.ofMinutes(15).toMillis());
        long nowMs = 0;
        for (final Arrival arrival : arrivals(fixes, loss, random)) {
            nowMs = Math.max(nowMs, arrival.ms());
            if (loss == Loss.LATE_EPOCHS && nowMs >= withKeyAgainMs) {
                keys.advanceTo((withKeyAgainMs / DAY_MS - EpochKeys.MAX_LIVE_KEYS / 2 + 8) * DAY_MS);
            }
            offer(chain, arrival);
        }
        for (int i = 0; i < fixes.size(); i++) {
            chain.advanceTo(nowMs + 40_000, release -> {});
        }
        return new Outcome(left, chain.suppressed(SuppressionReason.valueOf(loss.name())));
    }

    private void offer(final StreamChain chain, final Arrival arrival) {
        position.clear();
        position.deviceId(arrival.device())
                .fixTimeMs(arrival.timeMs())
                .receivedTimeMs(arrival.ms())
                .latitudeE7(arrival.latE7())
                .longitudeE7(arrival.lonE7())
                .attribute(Attribute.IGNITION.key(), arrival.isEngineOff() ? 0 : 1);
        chain.offer(position, release -> {});
    }

    private static Mechanism blind(final Mechanism mechanism) {
        return new Mechanism() {
            @Override
            public void accept(final Candidate candidate, final Outlet outlet) {
                mechanism.accept(candidate, outlet);
            }
        };
    }

    /** How many left, how many of them too near to a stop, and how many records were lost. */
    private int[] tryAll(final Loss loss, final boolean isBlind) {
        final int[] sums = new int[3];
        for (int seed = 0; seed < TRACKS; seed++) {
            final Random random = new Random(seed);
            final RawTrack track = RawTrack.random(random);
            final List<long[]> fixes = moved(track, random);
            final Outcome outcome = run(fixes, loss, isBlind, random);
            final double[] nearest = track.metresToStops(RADIUS, DWELL.toMillis(), SILENCE.toMillis(), true);
            final Set<Long> left = new HashSet<>(outcome.left());
            for (int i = 0; i < nearest.length; i++) {
                if (left.contains(fixes.get(i)[0])) {
                    sums[0]++;
                    // 1 in 1000: the checker takes its cosine elsewhere.
                    sums[1] += nearest[i] < TRIM * 0.999 ? 1 : 0;
                }
            }
            sums[2] += (int) outcome.lost();
        }
        return sums;
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void shouldKeepTheDistanceFromStopsThatLostRecordsWouldHaveShown(final Loss loss) {
        final int[] sums = tryAll(loss, false);

        assertThat(sums[0]).as("left").isGreaterThan(10 * TRACKS);
        assertThat(sums[1]).as("too near").isZero();
        assertThat(sums[2]).as("lost").isGreaterThan(TRACKS);
    }

    /** The test of the test: trip ends that are not told of what is lost let more out. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void shouldFindWhatLeavesWhenNobodyTellsOfTheLoss(final Loss loss) {
        assertThat(tryAll(loss, true)[1]).isPositive();
    }

    private void follow(final TripEnds tripEnds, final List<Long> left, final long[] fix) {
        tripEnds.accept(candidate.reset(at(fix)), new Mechanism.Outlet() {
            @Override
            public void pass(final Candidate passed) {
                left.add(passed.position().fixTimeMs());
            }

            @Override
            public void suppress(final Candidate kept, final SuppressionReason reason) {}
        });
    }

    private Position at(final long[] fix) {
        position.clear();
        return position.deviceId(1).fixTimeMs(fix[0]).latitudeE7((int) fix[1]).longitudeE7((int) fix[2]);
    }

    /** One record of a clock that is ten hours ahead costs no more than one that is missing then. */
    @Test
    void shouldGoOnBesideAMissingFixOfAClockThatIsHoursAhead() {
        final RawTrack track = new RawTrack().drive(90, 20_000, 15, 10);
        final int missing = track.fixes.size() / 3;
        final long[] ahead = track.fixes.get(10).clone();
        ahead[0] += Duration.ofHours(10).toMillis();
        final List<Long> left = left(track, missing, Map.of(10, ahead, missing, track.fixes.get(missing)));
        // 150 m a fix: four on either side of the missing one are nearer than 500 m, and of those after it one more.
        final long missingMs = track.fixes.get(missing)[0];
        assertThat(left)
                .noneMatch(ms -> Math.abs(ms - missingMs) <= 30_000)
                .anyMatch(ms -> ms < missingMs && ms >= missingMs - 60_000)
                .anyMatch(ms -> ms > missingMs && ms <= missingMs + 80_000)
                .hasSizeGreaterThan(100);
    }

    /** A missing fix on the other side of the world, to where it takes a vehicle days: it costs what one here costs. */
    @Test
    void shouldGoOnSoonBesideAMissingFixThatIsAJump() {
        final RawTrack track = new RawTrack().drive(90, 20_000, 15, 10);
        final int missing = track.fixes.size() / 3;
        final long[] here = track.fixes.get(missing);
        final long[] jump = {here[0], -here[1], here[2] + 1_700_000_000L, 0};
        assertThat(left(track, missing, Map.of(missing, jump)))
                .noneMatch(ms -> Math.abs(ms - here[0]) <= 30_000)
                .anyMatch(ms -> ms > here[0] && ms <= here[0] + 80_000)
                .hasSizeGreaterThan(100);
    }

    /**
     * When what leaves of a track was driven.
     *
     * @param missing which of its fixes does not come.
     * @param missed  what trip ends are told to have missed, by the fix before which they are.
     */
    private List<Long> left(final RawTrack track, final int missing, final Map<Integer, long[]> missed) {
        final TripEnds tripEnds =
                (TripEnds) new TripEnds.Parameters(TRIM, RADIUS, DWELL, SILENCE, Duration.ofHours(24), 10_000)
                        .build(MechanismContext.of("s", FixedEpochKeys.ring(1, RawTrack.START_MS)));
        final List<Long> left = new ArrayList<>();
        for (int i = 0; i < track.fixes.size(); i++) {
            if (missed.containsKey(i)) {
                tripEnds.miss(candidate.reset(at(missed.get(i))));
            }
            if (i != missing) {
                follow(tripEnds, left, track.fixes.get(i));
            }
        }
        return left;
    }
}
