// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfusionTest {
    private static double weight(final double metres, final double seconds) {
        final double mu = 50 + 2.5 * seconds;
        return Math.exp(-metres / mu) / (mu * mu);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "4, 2", "6, 2.584963", "8, 3"})
    void shouldBeTheLogarithmOfHowManyAreAlike(final int candidates, final double bits) {
        final Confusion confusion = new Confusion(bits - 1e-6);
        for (int i = 0; i < candidates; i++) {
            assertThat(i > 0 && bits > 0 && confusion.isEnough()).isFalse();
            confusion.add(1_000, 600);
        }

        assertThat(confusion.bits()).isCloseTo(bits, within(1e-6));
        assertThat(confusion.isEnough()).isTrue();
    }

    @Test
    void shouldBeNothingWithoutCandidates() {
        final Confusion confusion = new Confusion(1);
        assertThat(confusion.isEnough()).isFalse();
        assertThat(confusion.bits()).isZero();
        confusion.add(1_000_000, 120);
        assertThat(confusion.isEnough()).as("as good as none").isFalse();
    }

    /** Weights are off by at most a step of 1/32: the confusion by at most log2(e) / 32 bits, twice. */
    @Test
    void shouldBeTheShareOfTheLikeliest() {
        final Random random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            final Confusion confusion = new Confusion(2);
            double sum = 0;
            double largest = 0;
            for (int i = random.nextInt(30); i >= 0; i--) {
                final double seconds = 120 + random.nextInt(1_700);
                final double metres = 7 * (50 + 2.5 * seconds) * random.nextDouble();
                confusion.add(metres, seconds);
                sum += weight(metres, seconds);
                largest = Math.max(largest, weight(metres, seconds));
            }
            assertThat(confusion.bits()).isCloseTo(Math.log(sum / largest) / Math.log(2), within(2 * 1.4427 / 32));
        }
    }

    /** To the last bit, whatever lies beyond what counts. */
    @Test
    void shouldWeighManyAsOneAfterTheOther() {
        final Random random = new Random(2);
        final Confusion together = new Confusion(2);
        for (int count = 0; count <= MissColumns.CAPACITY; count++) {
            final Confusion single = new Confusion(2);
            final double[] metres = new double[count];
            final double[] seconds = new double[count];
            for (int i = 0; i < count; i++) {
                seconds[i] = random.nextInt(1_800);
                metres[i] = 12 * (50 + 2.5 * seconds[i]) * random.nextDouble();
                single.add(metres[i], seconds[i]);
            }
            together.clear();
            together.addAll(metres, seconds, count);

            assertThat(together.sum()).isEqualTo(single.sum());
            assertThat(together.bits()).isEqualTo(single.bits());
        }
    }

    /** Enough beside others that lie so far away stays enough with any of them. */
    @Test
    void shouldNotBeUndoneByWhatIsFarAway() {
        final Random random = new Random(2);
        int enough = 0;
        for (int round = 0; round < 10_000; round++) {
            final Confusion confusion = new Confusion(2.5);
            for (int i = random.nextInt(60); i >= 0; i--) {
                confusion.add(2_000 * random.nextDouble(), 120 + random.nextInt(900));
            }
            if (confusion.isEnoughBeside(2_000)) {
                enough++;
                for (int i = 0; i < 100; i++) {
                    confusion.add(2_000 + 3_000 * random.nextDouble(), 120 + random.nextInt(1_700));
                    assertThat(confusion.isEnough()).isTrue();
                }
            }
        }
        assertThat(enough).isGreaterThan(1_000);
    }
}
