// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.roadhaze.anonymizer.policy.StreamPolicy;

class RepeatableKeysTest {
    private static final long NOON_MS = 1_752_408_000_000L;
    private static final Duration HOUR = Duration.ofHours(1);

    private static long pseudonym(final long seed, final String stream, final int epochs) {
        final EpochKeys keys = KeyRing.repeatable(seed, NOON_MS).of(stream, HOUR);
        return keys.pseudonym(1, NOON_MS / HOUR.toMillis() + epochs);
    }

    @Test
    void shouldBeThoseOfTheirSeedStreamAndEpoch() {
        assertThat(pseudonym(1, "s", 0)).isEqualTo(pseudonym(1, "s", 0)).isNotEqualTo(EpochKeys.NO_PSEUDONYM);
        assertThat(pseudonym(2, "s", 0)).isNotEqualTo(pseudonym(1, "s", 0));
        assertThat(pseudonym(1, "t", 0)).isNotEqualTo(pseudonym(1, "s", 0));
        final EpochKeys keys = KeyRing.repeatable(1, NOON_MS).of("s", HOUR);
        final long epoch = NOON_MS / HOUR.toMillis();
        final EpochRandom.Subkey now = new EpochRandom.Subkey(epoch);
        final EpochRandom.Subkey next = new EpochRandom.Subkey(epoch + 1);
        keys.subkey(epoch, 1, now);
        keys.subkey(epoch + 1, 1, next);
        assertThat(next.key0).as("the next epoch has another key").isNotEqualTo(now.key0);
    }

    /** What a seed protects is open to whoever guesses the seed. */
    @Test
    void shouldLetNothingOut() {
        final StreamPolicy stream = new StreamPolicy("s", "", HOUR, false, List.of());
        assertThatThrownBy(() -> stream.newChain(KeyRing.repeatable(1, NOON_MS), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keys of stream s: found those of a seed, allowed random ones: what leaves is no replay");
        assertThat(stream.newChain(KeyRing.inMemory(NOON_MS), 1).stream()).isEqualTo("s");
        assertThat(KeyRing.inMemory(NOON_MS).isRepeatable()).isFalse();
    }
}
