// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.geometry.LocalMetres;

class EndedSegmentsTest {
    private static final long SILENCE_MS = 120_000;
    private static final long HORIZON_MS = 1_800_000;
    private static final double MOVED = 300;

    private record Ended(int latE7, int lonE7, long endMs, int north, int east, int handle) {}

    private static double metres(final double latA, final double lonA, final double latB, final double lonB) {
        final double north = latA - latB;
        final double east = (lonA - lonB) * Math.cos(Math.toRadians(latA / 1e7));
        return LocalMetres.PER_E7 * Math.hypot(north, east);
    }

    /** All that count, at whatever distance. */
    private static void weighAll(
            final List<Ended> all, final int latE7, final int lonE7, final long timeMs, final Confusion confusion) {
        for (final Ended one : all) {
            final double seconds = (timeMs - one.endMs()) / 1e3;
            if (timeMs - one.endMs() >= SILENCE_MS
                    && timeMs - one.endMs() <= HORIZON_MS
                    && metres(latE7, lonE7, one.latE7(), one.lonE7()) >= MOVED) {
                final double rolled = seconds / (seconds + 300);
                confusion.add(
                        metres(latE7, lonE7, one.latE7() + rolled * one.north(), one.lonE7() + rolled * one.east()),
                        seconds);
            }
        }
    }

    /** With an asked-for confusion that is never enough, everything within reach is looked at. */
    @ParameterizedTest
    @ValueSource(ints = {0, 378_000_000, -525_000_000, 690_000_000})
    void shouldWeighWhatIsThereAndNothingTwice(final int latitudeE7) {
        final Random random = new Random(latitudeE7);
        final EndedSegments index = new EndedSegments(100_000, SILENCE_MS, HORIZON_MS, MOVED);
        final List<Ended> all = new ArrayList<>();
        for (int round = 0; round < 3_000; round++) {
            if (all.size() > 200 && random.nextBoolean()) {
                index.remove(all.remove(random.nextInt(all.size())).handle());
            } else {
                // Within some 6 km: what lies farther may be left out.
                final int latE7 = latitudeE7 + random.nextInt(400_000);
                final int lonE7 = -1_224_000_000 + random.nextInt(400_000);
                final int north = random.nextInt(-80_000, 80_001);
                final int east = random.nextInt(-80_000, 80_001);
                final long endMs = round * (LatelyWeighed.LATELY_MS + 1) - random.nextInt(4_000_000);
                all.add(new Ended(latE7, lonE7, endMs, north, east, index.add(latE7, lonE7, endMs, north, east)));
            }
            final int latE7 = latitudeE7 + random.nextInt(400_000);
            final int lonE7 = -1_224_000_000 + random.nextInt(400_000);
            // So far apart that nobody remembers what was weighed before.
            final long timeMs = round * (LatelyWeighed.LATELY_MS + 1);
            final Confusion expected = new Confusion(50);
            final Confusion found = new Confusion(50);
            weighAll(all, latE7, lonE7, timeMs, expected);
            index.weigh(latE7, lonE7, timeMs, false, EndedSegments.NONE, Long.MIN_VALUE, found);

            assertThat(found.bits()).isCloseTo(expected.bits(), within(0.1));
            assertThat(index.size()).isEqualTo(all.size());
        }
    }

    /**
     * A tracker who weighs all segments at whatever distance is never surer than the index says: a query ends sooner than he
     * does only when what it leaves out cannot matter. Vehicles up to 72 km/h. The other way round it misses what lies farther
     * than it looks, so that a sparse fleet waits longer.
     */
    @ParameterizedTest
    @CsvSource({"100, 0.5", "300, 0.75", "1000, 0.9", "3000, 0.95"})
    void shouldNeverFindMoreConfusionThanThereIs(final int segments, final double leastFound) {
        final Random random = new Random(segments);
        int enough = 0;
        int allEnough = 0;
        for (int town = 0; town < 20; town++) {
            final EndedSegments index = new EndedSegments(100_000, SILENCE_MS, HORIZON_MS, MOVED);
            final List<Ended> all = new ArrayList<>();
            for (int i = 0; i < segments; i++) {
                final int latE7 = 378_000_000 + random.nextInt(1_800_000);
                final int lonE7 = -1_224_000_000 + random.nextInt(2_300_000);
                final double angle = 2 * Math.PI * random.nextDouble();
                final double rollE7 = 540_000 * random.nextDouble();
                final int north = (int) (rollE7 * Math.cos(angle));
                final int east = (int) (rollE7 * Math.sin(angle) / 0.79);
                final long endMs = (long) (HORIZON_MS * (1 - Math.pow(random.nextDouble(), 3)));
                all.add(new Ended(latE7, lonE7, endMs, north, east, index.add(latE7, lonE7, endMs, north, east)));
            }
            for (int query = 0; query < 200; query++) {
                final int latE7 = 378_000_000 + random.nextInt(1_800_000);
                final int lonE7 = -1_224_000_000 + random.nextInt(2_300_000);
                final long timeMs = HORIZON_MS + random.nextInt((int) SILENCE_MS);
                final Confusion found = new Confusion(2.5);
                index.weigh(latE7, lonE7, timeMs, false, EndedSegments.NONE, Long.MIN_VALUE, found);
                final Confusion expected = new Confusion(2.5 - 1e-3);
                weighAll(all, latE7, lonE7, timeMs, expected);
                if (found.isEnough()) {
                    enough++;
                    assertThat(expected.isEnough())
                            .as("%s bits", expected.bits())
                            .isTrue();
                }
                allEnough += expected.isEnough() ? 1 : 0;
            }
        }
        assertThat((double) enough / allEnough).isGreaterThan(leastFound);
    }

    @Test
    void shouldStopWhenItIsEnoughAndForgetWhatIsOld() {
        final EndedSegments index = new EndedSegments(10, SILENCE_MS, HORIZON_MS, MOVED);
        final int[] handles = new int[10];
        for (int i = 0; i < 10; i++) {
            handles[i] = index.add(500_000_000 + i, 80_000_000, 1_000L * i, 0, 0);
        }
        assertThat(index.add(500_000_000, 80_000_000, 0, 0, 0)).isEqualTo(EndedSegments.NONE);

        final Confusion confusion = new Confusion(3);
        index.weigh(500_100_000, 80_000_000, 200_000, false, handles[0], Long.MIN_VALUE, confusion);
        assertThat(confusion.isEnough()).as("nine").isTrue();
        index.weigh(500_100_000, 80_000_000, HORIZON_MS + 4_999, false, EndedSegments.NONE, 3_000, confusion);
        assertThat(index.size()).isEqualTo(7);
        index.weigh(500_100_000, 80_000_000, HORIZON_MS + 4_999, false, EndedSegments.NONE, 5_000, confusion);
        assertThat(index.size()).isEqualTo(5);
        for (final int handle : handles) {
            index.remove(handle);
        }
        assertThat(index.size()).isZero();
        assertThat(index.add(0, 0, 0, 0, 0)).isNotEqualTo(EndedSegments.NONE);
    }

    @Test
    void shouldTakePlacesAtTheEndsOfTheMap() {
        final EndedSegments index = new EndedSegments(10, SILENCE_MS, HORIZON_MS, MOVED);
        index.add(900_000_000, 1_800_000_000, 0, 2_000_000, 2_000_000);
        index.add(-900_000_000, -1_800_000_000, 0, -2_000_000, -2_000_000);
        final Confusion confusion = new Confusion(1);
        index.weigh(900_000_000, -1_800_000_000, 200_000, false, EndedSegments.NONE, Long.MIN_VALUE, confusion);
        index.weigh(-900_000_000, 1_800_000_000, 200_000, false, EndedSegments.NONE, Long.MIN_VALUE, confusion);
        assertThat(index.size()).isEqualTo(2);
    }
}
