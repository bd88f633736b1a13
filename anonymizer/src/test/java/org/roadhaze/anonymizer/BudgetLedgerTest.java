// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roadhaze.anonymizer.BudgetLedger.Answer;

class BudgetLedgerTest {
    private static final long NOON_MS = 1_752_408_000_000L;
    private static final long DAY_MS = 86_400_000;

    @Test
    void shouldGrantUpToTheLimitAndNotAUnitMore() {
        final BudgetLedger ledger = new BudgetLedger(10);

        assertThat(ledger.spend(NOON_MS, 1, 60, 100)).isEqualTo(Answer.GRANTED);
        assertThat(ledger.spend(NOON_MS, 1, 41, 100)).isEqualTo(Answer.SPENT);
        assertThat(ledger.spend(NOON_MS, 1, 40, 100)).isEqualTo(Answer.GRANTED);
        assertThat(ledger.spend(NOON_MS, 1, 1, 100)).isEqualTo(Answer.SPENT);
        assertThat(ledger.spentNanos(NOON_MS, 1)).isEqualTo(100);
        assertThat(ledger.tellCell(NOON_MS, 1, 1)).isEqualTo(Answer.GRANTED);
        assertThat(ledger.tellCell(NOON_MS, 1, 1)).isEqualTo(Answer.SPENT);
        assertThat(ledger.spentNanos(NOON_MS, 1)).isEqualTo(100);
        assertThat(ledger.cellsTold(NOON_MS, 1)).isEqualTo(1);
    }

    @Test
    void shouldHoldTheLargestNumbersApart() {
        final BudgetLedger ledger = new BudgetLedger(10);
        assertThat(ledger.spend(NOON_MS, 1, BudgetLedger.MOST_NANOS, BudgetLedger.MOST_NANOS))
                .isEqualTo(Answer.GRANTED);
        for (int i = 0; i < BudgetLedger.MOST_CELLS; i++) {
            assertThat(ledger.tellCell(NOON_MS, 1, BudgetLedger.MOST_CELLS)).isEqualTo(Answer.GRANTED);
        }

        assertThat(ledger.tellCell(NOON_MS, 1, BudgetLedger.MOST_CELLS)).isEqualTo(Answer.SPENT);
        assertThat(ledger.spend(NOON_MS, 1, 1, BudgetLedger.MOST_NANOS)).isEqualTo(Answer.SPENT);
        assertThat(ledger.spentNanos(NOON_MS, 1)).isEqualTo(BudgetLedger.MOST_NANOS);
        assertThat(ledger.cellsTold(NOON_MS, 1)).isEqualTo(BudgetLedger.MOST_CELLS);
    }

    @Test
    void shouldKeepDaysApartAndGrantNothingInThoseThatAreClosed() {
        final BudgetLedger ledger = new BudgetLedger(10);
        for (int day = 0; day < 10; day++) {
            final long time = NOON_MS + day * DAY_MS;
            assertThat(ledger.spend(time, 1, 100, 100)).isEqualTo(Answer.GRANTED);
            assertThat(ledger.spend(time, 1, 1, 100)).isEqualTo(Answer.SPENT);
        }
        for (int day = 0; day < 10; day++) {
            final Answer answer = ledger.spend(NOON_MS + day * DAY_MS, 1, 1, 100);
            assertThat(answer).isEqualTo(day < 10 - BudgetLedger.DAYS ? Answer.TOO_OLD : Answer.SPENT);
        }
        assertThat(ledger.spend(0, 2, 1, 100)).isEqualTo(Answer.TOO_OLD);
        assertThat(ledger.spentNanos(0, 2)).isZero();
    }

    @Test
    void shouldGrantNothingWithoutRoomForTheAccount() {
        final BudgetLedger ledger = new BudgetLedger(3);
        for (int device = 1; device <= 3; device++) {
            assertThat(ledger.spend(NOON_MS, device, 1, 100)).isEqualTo(Answer.GRANTED);
        }

        assertThat(ledger.spend(NOON_MS, 4, 1, 100)).isEqualTo(Answer.NO_ROOM);
        assertThat(ledger.tellCell(NOON_MS, 4, 1)).isEqualTo(Answer.NO_ROOM);
        assertThat(ledger.spend(NOON_MS, 3, 1, 100)).isEqualTo(Answer.GRANTED);
        assertThat(ledger.spend(NOON_MS + DAY_MS, 4, 1, 100)).isEqualTo(Answer.GRANTED);
        assertThat(ledger.spend(NOON_MS, 0, 1, 100)).as("no device").isEqualTo(Answer.NO_ROOM);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldSayWhatAPlainMapSays(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final BudgetLedger ledger = new BudgetLedger(2_000);
        final Map<String, Long> truth = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            final long device = 356307042441013L + random.nextInt(1_500) * 8L;
            final long time = NOON_MS + random.nextInt(BudgetLedger.DAYS) * DAY_MS;
            final long nanos = random.nextLong(1, 50);
            final long limit = random.nextLong(50, 150);
            final String account = device + " " + time;
            final long spent = truth.getOrDefault(account, 0L);
            final boolean granted = spent + nanos <= limit;
            if (i == 0) {
                ledger.spend(NOON_MS + (BudgetLedger.DAYS - 1) * DAY_MS, 1, 1, 1);
            }

            assertThat(ledger.spend(time, device, nanos, limit)).isEqualTo(granted ? Answer.GRANTED : Answer.SPENT);
            truth.put(account, spent + (granted ? nanos : 0));
            assertThat(ledger.spentNanos(time, device)).isEqualTo(truth.get(account));
        }
    }

    /** Four threads want more of the same devices than there is, all at a time. */
    @Test
    void shouldNotBeOverspentByThreadsTogether() throws InterruptedException, ExecutionException {
        final int devices = 200;
        final int threads = 4;
        final long limit = 1_000;
        final BudgetLedger ledger = new BudgetLedger(devices);
        final ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            final List<Future<long[]>> grants = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                final long seed = thread;
                grants.add(pool.submit(() -> spendMuch(ledger, devices, limit, seed)));
            }
            final long[] granted = new long[devices + 1];
            for (final Future<long[]> one : grants) {
                final long[] some = one.get();
                for (int device = 1; device <= devices; device++) {
                    granted[device] += some[device];
                }
            }
            for (int device = 1; device <= devices; device++) {
                assertThat(granted[device])
                        .isEqualTo(ledger.spentNanos(NOON_MS, device))
                        .isEqualTo(limit);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static long[] spendMuch(final BudgetLedger ledger, final int devices, final long limit, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] granted = new long[devices + 1];
        for (int i = 0; i < 200_000; i++) {
            final int device = 1 + random.nextInt(devices);
            if (ledger.spend(NOON_MS, device, 1, limit) == Answer.GRANTED) {
                granted[device]++;
            }
        }
        for (int device = 1; device <= devices; device++) {
            while (ledger.spend(NOON_MS, device, 1, limit) == Answer.GRANTED) {
                granted[device]++;
            }
        }
        return granted;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void shouldRefuseRoomForSoManyDevices(final int devices) {
        assertThatThrownBy(() -> new BudgetLedger(devices)).isInstanceOf(IllegalArgumentException.class);
    }
}
