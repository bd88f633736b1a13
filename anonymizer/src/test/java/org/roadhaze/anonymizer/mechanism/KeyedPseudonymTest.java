// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.anonymizer.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roadhaze.anonymizer.StreamChain;
import org.roadhaze.anonymizer.SuppressionReason;
import org.roadhaze.anonymizer.key.EpochKeys;
import org.roadhaze.anonymizer.key.KeyRing;
import org.roadhaze.position.Position;

class KeyedPseudonymTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long DAY_MS = DAY.toMillis();
    private static final long NOON = 20_000 * DAY_MS + DAY_MS / 2;

    private static final int BUSY_RECORDS = 200_000;

    private final KeyRing keys = KeyRing.inMemory(NOON);
    private final StreamChain chain = chain();
    private long pseudonym;

    private StreamChain chain() {
        return new StreamChain("s", List.of(mechanism()));
    }

    private KeyedPseudonym mechanism() {
        return new KeyedPseudonym(new KeyedPseudonym.Parameters(DAY), keys.of("s", DAY));
    }

    private static Position fix(final long deviceId, final long fixTimeMs) {
        return new Position()
                .deviceId(deviceId)
                .fixTimeMs(fixTimeMs)
                .receivedTimeMs(fixTimeMs)
                .latitudeE7(1)
                .longitudeE7(1);
    }

    private long pseudonym(final StreamChain of, final long deviceId, final long fixTimeMs) {
        of.offer(fix(deviceId, fixTimeMs), release -> pseudonym = release.pseudonym());
        return pseudonym;
    }

    @Test
    void shouldForgetAPseudonymWithItsKey() {
        final long before = pseudonym(chain, 1, NOON);
        keys.advanceTo(NOON + 2 * DAY_MS);
        final long late = pseudonym(chain, 1, NOON);

        assertThat(late).isNotEqualTo(before);
        assertThat(pseudonym(chain, 1, NOON)).as("all late records alike").isEqualTo(late);
    }

    /** While someone else holds the lock that a miss needs, only what is still cached gets through. */
    @Test
    void shouldForgetNothingElseWhenFarEpochsLoseTheirKeys() throws InterruptedException {
        final Map<Long, Long> before = new HashMap<>();
        for (long device = 0; device < 1_000; device++) {
            before.put(device, pseudonym(chain, device, NOON));
        }
        for (int i = 0; i < 5_000; i++) {
            pseudonym(chain, 7, NOON - (12_000 - i) * DAY_MS);
        }
        final Map<Long, Long> after = new HashMap<>();
        final Thread worker = new Thread(() -> {
            for (long device = 0; device < 1_000; device++) {
                after.put(device, pseudonym(chain, device, NOON));
            }
        });
        synchronized (keys.of("s", DAY)) {
            worker.start();
            worker.join(Duration.ofSeconds(10).toMillis());
            assertThat(worker.isAlive()).as("waits for the lock").isFalse();
        }

        assertThat(after).isEqualTo(before);
    }

    /** The worker has gone home: no record comes after the first. */
    @Test
    void shouldLeaveNoPseudonymOfADeadKeyInMemoryThoughNoRecordComes(@TempDir final Path directory) throws IOException {
        final long complement = ~pseudonym(chain, 1, NOON);
        pseudonym = 0;
        assertThat(HeapDump.holds(directory, complement))
                .as("while its key lives")
                .isTrue();

        keys.advanceTo(NOON + 2 * DAY_MS);

        assertThat(HeapDump.holds(directory, complement)).as("after its key").isFalse();
    }

    @Test
    void shouldEraseWithinASecondWhatADisplacedKeyHasMade() {
        final KeyedPseudonym mechanism = mechanism();
        final StreamChain one = new StreamChain("s", List.of(mechanism));
        for (int i = 0; i < 2 * EpochKeys.MAX_LIVE_KEYS; i++) {
            pseudonym(one, 1, NOON - (2 * EpochKeys.MAX_LIVE_KEYS - i) * DAY_MS);
        }
        assertThat(mechanism.keptOfDeadKeys()).as("before").isPositive();

        keys.advanceTo(NOON + 1_000);

        assertThat(mechanism.keptOfDeadKeys()).isZero();
    }

    @Test
    void shouldKeepNothingOfAKeyThatDiedBeforeItsPseudonymWasKept() {
        final KeyedPseudonym mechanism = mechanism();
        final long serial = keys.of("s", DAY).keyOf(NOON / DAY_MS);
        keys.advanceTo(NOON + 2 * DAY_MS);
        mechanism.keep(1, NOON / DAY_MS, serial, 0x11);

        assertThat(mechanism.keptOfDeadKeys()).isZero();
    }

    /** A worker that publishes late and timely records without a pause while keys die every few milliseconds. */
    @Test
    void shouldMixNothingUpWhileWhatDeadKeysMadeIsErased() throws InterruptedException {
        final Duration minute = Duration.ofMinutes(1);
        final EpochKeys minutes = EpochKeys.inMemory(minute, NOON);
        final KeyedPseudonym mechanism = new KeyedPseudonym(new KeyedPseudonym.Parameters(minute), minutes);
        final StreamChain busy = new StreamChain("s", List.of(mechanism));
        final AtomicLong nowMs = new AtomicLong(NOON);
        final Map<Long, Long> owners = new HashMap<>();
        final AtomicInteger mistaken = new AtomicInteger();
        final Thread worker = new Thread(() -> {
            final SplittableRandom random = new SplittableRandom(17);
            for (int i = 0; i < BUSY_RECORDS; i++) {
                final long device = random.nextLong(1, 201);
                final long fixTimeMs = nowMs.getOpaque() - random.nextInt(5) * minute.toMillis();
                final long owner = fixTimeMs / minute.toMillis() * 1_000 + device;
                busy.offer(fix(device, fixTimeMs), release -> {
                    final Long before = owners.putIfAbsent(release.pseudonym(), owner);
                    if (before != null && before != owner) {
                        mistaken.incrementAndGet();
                    }
                });
            }
        });
        worker.start();
        while (worker.isAlive()) {
            minutes.advanceTo(nowMs.addAndGet(10_000));
            Thread.onSpinWait();
        }
        worker.join();

        assertThat(mistaken.get()).as("pseudonyms of two devices or epochs").isZero();
        assertThat(busy.published()).isEqualTo(BUSY_RECORDS);
        assertThat(nowMs.get() - NOON).as("many keys have died").isGreaterThan(100 * minute.toMillis());
        assertThat(mechanism.keptOfDeadKeys()).isZero();
    }

    @Test
    void shouldSuppressWhatIsOfAnEpochTooFarAway() {
        for (int i = 0; i < EpochKeys.MAX_LIVE_KEYS; i++) {
            pseudonym(chain, 1, NOON - i * DAY_MS);
        }
        final long published = chain.published();
        pseudonym = 0;
        pseudonym(chain, 1, NOON - 10_000 * DAY_MS);

        assertThat(pseudonym).as("nothing left").isZero();
        assertThat(chain.suppressed(SuppressionReason.LATE_EPOCHS)).isEqualTo(2);
        assertThat(chain.published()).isEqualTo(published);
    }

    @Test
    void shouldKeepPseudonymsWhileKeysLive() {
        final long before = pseudonym(chain, 1, NOON);
        keys.advanceTo(NOON + DAY_MS);

        assertThat(pseudonym(chain, 1, NOON)).isEqualTo(before);
        assertThat(pseudonym(chain, 1, NOON + DAY_MS)).isNotEqualTo(before);
    }

    @Test
    void shouldGiveAllWorkersOfAStreamTheSamePseudonyms() {
        final StreamChain other = chain();

        assertThat(pseudonym(other, 1, NOON)).isEqualTo(pseudonym(chain, 1, NOON));
    }

    @Test
    void shouldStayRightWhenMoreDevicesReportThanAreRemembered() {
        final SplittableRandom random = new SplittableRandom(11);
        final Map<Long, Long> first = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            final long device = 356_307_042_000_000L + random.nextInt(150_000);
            final long now = pseudonym(chain, device, NOON);
            final Long before = first.putIfAbsent(device, now);
            if (before != null) {
                assertThat(now).isEqualTo(before);
            }
        }
        assertThat(new HashSet<>(first.values())).hasSameSizeAs(first.keySet());
    }
}
