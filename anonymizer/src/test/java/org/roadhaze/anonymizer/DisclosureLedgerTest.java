// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.roadhaze.anonymizer.key.EpochRandom;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.position.Position;

class DisclosureLedgerTest {
    private static final long DAY_MS = 86_400_000;
    private static final long NOON_MS = 1_790_000_000_000L / DAY_MS * DAY_MS + DAY_MS / 2;

    private final KeyRing keys = KeyRing.inMemory(NOON_MS);
    private final Map<Long, MutableDirectBuffer> tables = new HashMap<>();
    private final Position position = new Position();
    private final Candidate candidate = new Candidate();

    private DisclosureLedger ledger(final int devices) {
        return new DisclosureLedger(
                new EpochRandom(keys.of("s", Duration.ofHours(24)), EpochRandom.Use.LEDGER),
                (day, length) -> tables.computeIfAbsent(day, any -> new UnsafeBuffer(new byte[(int) length])),
                devices);
    }

    private Candidate leaves(final long device, final long pseudonym, final long timeMs) {
        position.clear();
        // What was published of the time counts, not what it was.
        candidate.reset(position.deviceId(device).fixTimeMs(timeMs - 123));
        candidate.release().pseudonym(pseudonym);
        candidate.release().timeMs(timeMs);
        return candidate;
    }

    private List<DisclosureTable.Row> rows(final long nowMs) {
        return DisclosureTable.rows(tables.get(nowMs / DAY_MS));
    }

    @Test
    void shouldKnowTheLongestThatWasLinked() {
        final DisclosureLedger ledger = ledger(10);
        ledger.released(leaves(7, 100, NOON_MS), NOON_MS);
        ledger.released(leaves(7, 100, NOON_MS + 90_000), NOON_MS);
        ledger.released(leaves(7, 100, NOON_MS + 60_000), NOON_MS);
        ledger.released(leaves(7, 200, NOON_MS + 400_000), NOON_MS);
        ledger.released(leaves(7, 200, NOON_MS + 430_000), NOON_MS);

        assertThat(rows(NOON_MS)).containsExactly(new DisclosureTable.Row(5, 90_000, 3, 100, 0, 0, 0));
    }

    @Test
    void shouldLinkNothingThatHasNoPseudonym() {
        final DisclosureLedger ledger = ledger(10);
        ledger.released(leaves(7, Release.NO_PSEUDONYM, NOON_MS), NOON_MS);
        ledger.released(leaves(7, Release.NO_PSEUDONYM, NOON_MS + 90_000), NOON_MS);

        assertThat(rows(NOON_MS)).containsExactly(new DisclosureTable.Row(2, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void shouldKeepTheSmallestCrowdTheNearestStopAndTheSumOfEpsilon() {
        final DisclosureLedger ledger = ledger(10);
        final int[] crowds = {9, 5, 0, 7};
        final int[] stops = {80_000, 50_001, 0, 60_000};
        for (int i = 0; i < crowds.length; i++) {
            leaves(7, 1, NOON_MS);
            candidate.crowd(crowds[i]);
            candidate.stopDistanceCm(stops[i]);
            candidate.epsilon(0.25);
            ledger.released(candidate, NOON_MS);
        }

        final DisclosureTable.Row row = rows(NOON_MS).get(0);
        assertThat(row.smallestCrowd()).isEqualTo(5);
        assertThat(row.nearestStopCm()).isEqualTo(50_001);
        assertThat(row.epsilon()).isEqualTo(1.0);
    }

    @Test
    void shouldGoOnWithTheTableOfTheDayAndBeginTheNextDayAnew() {
        ledger(10).released(leaves(7, 1, NOON_MS), NOON_MS);
        final DisclosureLedger restarted = ledger(10);
        restarted.released(leaves(7, 1, NOON_MS + 5_000), NOON_MS + 5_000);
        restarted.released(leaves(7, 1, NOON_MS + DAY_MS), NOON_MS + DAY_MS);

        assertThat(rows(NOON_MS)).containsExactly(new DisclosureTable.Row(2, 5_000, 2, 1, 0, 0, 0));
        assertThat(rows(NOON_MS + DAY_MS)).containsExactly(new DisclosureTable.Row(1, 0, 1, 1, 0, 0, 0));
    }

    @Test
    void shouldAgreeWithACountByHandForManyDevices() {
        final DisclosureLedger ledger = ledger(1000);
        final Random random = new Random(5);
        final Map<Long, Long> counted = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final long device = 350_000_000_000_000L + random.nextInt(1000);
            counted.merge(device, 1L, Long::sum);
            ledger.released(leaves(device, device, NOON_MS + i), NOON_MS);
        }

        final List<DisclosureTable.Row> rows = rows(NOON_MS);
        assertThat(rows).hasSameSizeAs(counted.keySet());
        assertThat(rows).allSatisfy(row -> assertThat(row.records()).isEqualTo(counted.get(row.longestPseudonym())));
    }

    @Test
    void shouldCountWhatFindsNoPlace() {
        final DisclosureLedger ledger = ledger(12);
        for (int device = 1; device <= 100; device++) {
            ledger.released(leaves(device, 1, NOON_MS), NOON_MS);
        }

        final long tracked = rows(NOON_MS).size();
        assertThat(tracked).isBetween(12L, 16L);
        assertThat(DisclosureTable.untracked(tables.get(NOON_MS / DAY_MS))).isEqualTo(100 - tracked);
    }

    @Test
    void shouldCountDeparturesByTheMinuteWhereNoTimeIsPublished() {
        final DisclosureLedger ledger = ledger(10);
        for (final long departureMs : new long[] {NOON_MS + 59_000, NOON_MS + 60_001}) {
            leaves(7, 100, NOON_MS).release().timeMs(Release.NO_TIME);
            ledger.released(candidate, departureMs);
        }

        assertThat(rows(NOON_MS)).containsExactly(new DisclosureTable.Row(2, 60_000, 2, 100, 0, 0, 0));
    }

    @Test
    void shouldAddUpWhatAggregatesCostEachDeviceAndTakeThemForNone() {
        final DisclosureLedger ledger = ledger(10);
        for (final double spent : new double[] {1.5, 0, 0.25}) {
            leaves(0, Release.NO_PSEUDONYM, NOON_MS).epsilon(spent);
            ledger.released(candidate, NOON_MS);
        }
        leaves(0, Release.NO_PSEUDONYM, NOON_MS).epsilon(4);
        ledger(10).released(candidate, NOON_MS + DAY_MS);

        assertThat(rows(NOON_MS)).isEmpty();
        assertThat(DisclosureTable.aggregates(tables.get(NOON_MS / DAY_MS))).isEqualTo(3);
        assertThat(DisclosureTable.aggregateEpsilon(tables.get(NOON_MS / DAY_MS)))
                .isEqualTo(1.75);
        assertThat(DisclosureTable.aggregateEpsilon(tables.get(NOON_MS / DAY_MS + 1)))
                .isEqualTo(4);
    }

    @Test
    void shouldHoldNeitherADeviceNumberNorAnExactTimeNorTwoPseudonymsOfADevice() {
        final long device = 356_307_042_441_013L;
        final long[] pseudonyms = {0x1234_5678_9ABC_DEF0L, 0x0FED_CBA9_8765_4321L, 0x5555_6666_7777_8888L};
        final DisclosureLedger ledger = ledger(10);
        for (int i = 0; i < pseudonyms.length; i++) {
            ledger.released(leaves(device, pseudonyms[i], NOON_MS), NOON_MS);
            ledger.released(leaves(device, pseudonyms[i], NOON_MS + (i == 1 ? 90_000 : 30_000)), NOON_MS);
        }

        assertThat(holds(device)).isFalse();
        assertThat(holds(NOON_MS - 123)).isFalse();
        assertThat(holds(pseudonyms[0])).isFalse();
        assertThat(holds(pseudonyms[1])).isTrue();
        assertThat(holds(pseudonyms[2])).isFalse();
    }

    private boolean holds(final long value) {
        final MutableDirectBuffer table = tables.get(NOON_MS / DAY_MS);
        for (int at = 0; at + Long.BYTES <= table.capacity(); at++) {
            if (table.getLong(at) == value || table.getLong(at) == Long.reverseBytes(value)) {
                return true;
            }
        }
        return false;
    }
}
