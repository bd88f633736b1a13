// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roadhaze.listener.EngineSimulation.Death;
import org.roadhaze.listener.EngineSimulation.Outcome;
import org.roadhaze.ring.AckLevel;

/**
 * Thousands of interleavings of everything that an engine does with everything that can go wrong.
 * {@code -Droadhaze.seed=N} does one of them again, {@code -Droadhaze.seeds=N} does so many.
 */
@Timeout(600)
class EngineSimulationTest {
    private static final int SEEDS = Integer.getInteger("roadhaze.seeds", 1_500);
    private static final Long ONE_SEED = Long.getLong("roadhaze.seed");

    /** So many are enough to find an engine that breaks its promise. */
    private static final int SEEDS_TO_BE_FOUND_OUT = 200;

    @ParameterizedTest
    @DisplayName(
            "R1, R2, R3, R6, R15, R22, R24, R28, R36: what is acknowledged is kept, once, in order, and nothing else")
    @CsvSource({"SYNCED, POWER_CUT", "SYNCED, KILL", "PERSISTED, KILL"})
    void shouldKeepWhatItAcknowledged(final AckLevel level, final Death worst) {
        long promised = 0;
        long deaths = 0;
        long twice = 0;
        long sentAgain = 0;
        long stalls = 0;
        long replaced = 0;
        final long first = ONE_SEED == null ? 1 : ONE_SEED;
        final long last = ONE_SEED == null ? SEEDS : ONE_SEED;
        for (long seed = first; seed <= last; seed++) {
            final Outcome outcome = new EngineSimulation(seed, level, worst).run();
            assertThat(outcome.wrong)
                    .as("%s, %s: replay with -Droadhaze.seed=%d", level, worst, seed)
                    .isEmpty();
            promised += outcome.promised;
            deaths += outcome.deaths;
            twice += outcome.twice;
            sentAgain += outcome.sentAgain;
            stalls += outcome.stalls;
            replaced += outcome.replaced;
        }
        System.out.printf(
                "%s, %s: %d seeds, %d records acknowledged, %d sent again, %d stored again, %d deaths, %d stalls,"
                        + " %d replaced%n",
                level, worst, last - first + 1, promised, sentAgain, twice, deaths, stalls, replaced);
        if (ONE_SEED == null) {
            assertThat(promised).isGreaterThan(10L * SEEDS);
            assertThat(deaths).isGreaterThan(SEEDS);
            assertThat(sentAgain).isGreaterThan(SEEDS);
            if (worst == Death.KILL) {
                assertThat(twice).isZero();
            }
            assertThat(stalls).isPositive();
            assertThat(replaced).isPositive();
        }
    }

    @Test
    void shouldDoTheSameAgain() {
        final Outcome first = new EngineSimulation(7, AckLevel.SYNCED, Death.POWER_CUT).run();
        final Outcome second = new EngineSimulation(7, AckLevel.SYNCED, Death.POWER_CUT).run();
        assertThat(second).usingRecursiveComparison().isEqualTo(first);
    }

    @Test
    void shouldFindAnEngineThatAcknowledgesBeforeItFlushes() {
        assertFound(seed -> new EngineSimulation(seed, AckLevel.RECEIVED, Death.KILL));
    }

    @Test
    void shouldFindAnEngineThatAcknowledgesBeforeItForces() {
        assertFound(seed -> new EngineSimulation(seed, AckLevel.PERSISTED, Death.POWER_CUT));
    }

    @Test
    void shouldFindADiskThatLies() {
        assertFound(seed -> new EngineSimulation(seed, AckLevel.SYNCED, Death.POWER_CUT).withALyingDisk());
    }

    private static void assertFound(final LongFunction<EngineSimulation> simulation) {
        for (long seed = 1; seed <= SEEDS_TO_BE_FOUND_OUT; seed++) {
            if (simulation.apply(seed).run().wrong.stream()
                    .anyMatch(each -> each.endsWith("acknowledged and is lost"))) {
                return;
            }
        }
        throw new AssertionError("not found with " + SEEDS_TO_BE_FOUND_OUT + " seeds");
    }
}
